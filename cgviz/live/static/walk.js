// Gradient descent as numbers and words: the steps and the sentences of cgviz/descent.py, sentence for sentence.

import { TOO_LARGE } from "./functions.js";
import { finite, number } from "./number.js";
import { Refusal } from "./refusal.js";

// The steps from a start on: { rows: [[point …, value, gradient …], …], ended }. Throws if the start has no value.
/** @type {(graph: any, data: any[], leaves: (number | undefined)[], model: { get(name: string): any }, numbers: Record<string, number>) => Walk} */
export function walk(graph, data, leaves, model, numbers) {
  /** @type {string[]} */
  const names = model.get("names");
  /** @type {number[][]} */
  const rows = [];
  let point = names.map((name) => numbers[`start ${name}`]);
  /** @param {string} why */
  const ended = (why) => ({ rows, ended: why });
  for (let k = 0; k <= model.get("count"); k++) {
    let lost = endless(point, names.map((name) => `${name} would be`));
    if (lost) return ended(`step ${k} leads too far: ${lost}`);
    let here;
    try {
      leaves.forEach((i, n) => i === undefined || (data[i] = point[n]));
      const { grad } = graph.backward(graph.forward(data), {}, null);
      here = [data[graph.root], ...leaves.map((i) => (i === undefined ? 0 : grad[i]))];
    } catch (error) {
      if (!k || !(error instanceof Refusal)) throw error;
      return ended(`step ${k} leads ${error.failure === TOO_LARGE ? "too far" : "to where there is no value"}: ${error.message}`);
    }
    lost = endless(here, ["the value is", ...names.map((name) => `the gradient of ${name} is`)]);
    if (lost && !k) throw new Refusal(`no step can be taken from this start: ${lost} there`);
    if (lost) return ended(`step ${k} leads too far: ${lost} there`);
    rows.push([...point, ...here]);
    point = point.map((x, n) => x - numbers.rate * here[n + 1]);
  }
  return ended("");
}

// The first of these that is no finite number, in words; nothing if all are.
/** @type {(numbers: number[], words: string[]) => string} */
export function endless(numbers, words) {
  const i = numbers.findIndex((x) => !finite(x));
  return i < 0 ? "" : `${words[i]} ${number(numbers[i])}`;
}

// The vectors as multiples of the largest number in them: so nothing here is too large for a number.
/** @type {(vectors: number[][]) => number[][]} */
function scaled(vectors) {
  const largest = Math.max(...vectors.flat().map(Math.abs)) || 1;
  return vectors.map((vector) => vector.map((x) => x / largest));
}

// What the steps come to, in one sentence; `n` numbers are moved.
/** @type {(walk: Walk, n: number) => string} */
export function verdict({ rows, ended }, n) {
  if (ended) return `${ended[0].toUpperCase()}${ended.slice(1)}. A smaller rate may help.`;
  const count = rows.length - 1;
  if (!count) return "";
  const moves = scaled(rows.slice(1).map((row, k) => row.slice(0, n).map((x, i) => x / 2 - rows[k][i] / 2)));
  const [first, last] = scaled([rows[0], rows[count]].map((row) => row.slice(n + 1))).map((slopes) => Math.hypot(...slopes));
  const after = `after ${count} step${count > 1 ? "s" : ""}`;
  if (!rows[0].slice(n + 1).some(Boolean)) return "The gradient is 0 at the start, so no step leads anywhere.";
  /** @type {any[]} */
  const lengths = moves.map((move) => Math.hypot(...move));
  const turns = moves.slice(1).map((move, k) => move.reduce((sum, x, i) => sum + x * moves[k][i], 0) < 0).slice(-3);
  const up = rows[count][n] > rows[0][n];
  if (lengths.at(-1) > lengths[0] * (1 + 1e-9) && up) {
    const each = lengths.every((length, k) => !k || lengths[k - 1] < length);
    return `Diverging: ${each ? "each step is longer than the one before" : "the steps get longer and lead up"}. A smaller rate comes down.`;
  }
  if (turns.length && turns.every(Boolean)) {
    if (lengths.at(-1) > 0.999 * lengths[0]) return "Back and forth: each step lands on the other side of the minimum, and no closer.";
    return "Overshooting: each step lands on the other side of the minimum, though closer. A smaller rate goes straight.";
  }
  if (last > first * (1 + 1e-9)) {
    return up ? "Diverging: the steps lead up. A smaller rate comes down." : `Descending: ${after} the gradient is larger than it was, so the way down gets steeper.`;
  }
  const share = last / first;
  /** @param {string} still */
  const said = (still) => `${after} the gradient is ${still}${(100 * share).toFixed(share >= 0.1 ? 0 : 1)} % of what it was.`;
  if (share > 0.5) return `Crawling: ${said("still ")} A larger rate gets further.`;
  return share >= 0.001 ? `Descending: ${said("")}` : `Arrived: ${after} the gradient is as good as 0.`;
}
