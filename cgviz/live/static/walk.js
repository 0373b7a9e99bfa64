// Gradient descent as numbers and words: the steps and the sentences of cgviz/run/descent.py, sentence for sentence.

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
  const endWith = (why) => ({ rows, ended: why });
  for (let k = 0; k <= model.get("count"); k++) {
    let lost = endless(point, names.map((name) => `${name} would be`));
    if (lost) return endWith(`step ${k} leads too far: ${lost}`);
    let here;
    try {
      leaves.forEach((i, n) => i === undefined || (data[i] = point[n]));
      const grad = graph.gradients(graph.tape.forward(data));
      here = [data[graph.root], ...leaves.map((i) => (i === undefined ? 0 : grad[i]))];
    } catch (error) {
      if (!k || !(error instanceof Refusal)) throw error;
      return endWith(`step ${k} leads ${error.failure === TOO_LARGE ? "too far" : "to where there is no value"}: ${error.message}`);
    }
    lost = endless(here, ["the value is", ...names.map((name) => `the gradient of ${name} is`)]);
    if (lost && !k) throw new Refusal(`no step can be taken from this start: ${lost} there`);
    if (lost) return endWith(`step ${k} leads too far: ${lost} there`);
    rows.push([...point, ...here]);
    point = point.map((x, n) => x - numbers.rate * here[n + 1]);
  }
  return endWith("");
}

// The first of these that is no finite number, in words; nothing if all are.
/** @type {(numbers: number[], words: string[]) => string} */
export function endless(numbers, words) {
  const i = numbers.findIndex((x) => !finite(x));
  return i < 0 ? "" : `${words[i]} ${number(numbers[i])}`;
}

// The vectors as multiples of the largest number in them: so nothing here is too large for a number.
/** @type {(vectors: number[][]) => number[][]} */
function scaleVectors(vectors) {
  const largest = Math.max(...vectors.flat().map(Math.abs)) || 1;
  return vectors.map((vector) => vector.map((x) => x / largest));
}

const LAST = 3;

// Whether a value is larger than one before it by more than their last digits.
/** @type {(a: number, b: number) => boolean} */
const rises = (a, b) => b - a > 1e-12 * Math.max(Math.abs(a), Math.abs(b)) + 1e-15;

// Whether the way that is left is short beside the way from the start, if the steps go on to shrink as they do.
/** @type {(slopes: number[][], lengths: number[]) => boolean} */
function hasSettled(slopes, lengths) {
  const [before, last] = lengths.slice(-2);
  if (last < 1e-9 * lengths[0]) return true;
  const way = Math.hypot(...slopes[0].map((_, i) => slopes.slice(0, -1).reduce((sum, slope) => sum + slope[i], 0)));
  return last < before && last / (1 - last / before) < 0.01 * way;
}

// What the steps come to, in one sentence; `n` numbers are moved.
/** @type {(walk: Walk, n: number) => string} */
export function verdict({ rows, ended }, n) {
  if (ended) return `${ended[0].toUpperCase()}${ended.slice(1)}. A smaller rate may help.`;
  const count = rows.length - 1;
  if (!count) return "";
  const points = rows.map((row) => row.slice(0, n));
  const gradients = rows.map((row) => row.slice(n + 1));
  /** @param {number[][]} vectors */
  const constant = (vectors) => vectors.every((vector) => vector.every((x, i) => x === vectors[0][i]));
  if (!gradients[0].some(Boolean)) return "The gradient is 0 at the start, so no step leads anywhere: it may be a minimum, a maximum or a flat place.";
  if (constant(points)) return "Standing still: the steps are too small to change the numbers. A larger rate gets further.";
  const after = `after ${count} step${count > 1 ? "s" : ""}`;
  const values = scaleVectors(rows.map((row) => [row[n]])).flat();
  const slopes = scaleVectors(gradients);
  const lengths = slopes.map((slope) => Math.hypot(...slope));
  const share = lengths[0] ? lengths[count] / lengths[0] : Infinity;
  const higher = rises(values[0], values[count]);
  if (share < 0.001 && hasSettled(slopes, lengths)) {
    if (higher) return `Settled above the start: ${after} the gradient is as good as 0. A smaller rate comes down.`;
    return `Arrived: ${after} the gradient is as good as 0.`;
  }
  /** @type {<T>(list: T[], test: (a: T, b: T) => boolean) => boolean[]} */
  const pairs = (list, test) => list.slice(1).map((b, k) => test(list[k], b));
  const up = pairs(values, rises);
  const turns = pairs(slopes, (a, b) => a.reduce((sum, x, i) => sum + x * b[i], 0) < 0);
  const longer = pairs(lengths, (a, b) => b > a * (1 + 1e-9));
  /** @param {boolean[]} list */
  const lately = (list) => list.slice(-LAST).every(Boolean);
  if (lately(up) && lately(longer)) {
    return `Diverging: ${longer.every(Boolean) ? "each step is longer than the one before" : "the last steps get longer and lead up"}. A smaller rate comes down.`;
  }
  if (lately(turns)) {
    const lands = turns.every(Boolean) ? "each step lands" : "the last steps land";
    /** @param {number} k */
    const before = (k) => Math.max(k - 2, 0);
    const [length, value] = [lengths, values].map((list) => list[before(count)]);
    if (Math.abs(lengths[count] / length - 1) < 1e-6 && Math.abs(values[count] - value) < 1e-6) return `Back and forth: ${lands} on the other side of the minimum, and no closer.`;
    const closer = lengths.map((x, k) => !k || (x < lengths[before(k)] && !rises(values[before(k)], values[k])));
    if (lately(closer)) return `Overshooting: ${lands} on the other side of the minimum, though closer. A smaller rate goes straight.`;
  }
  if (higher || up.slice(-Math.max(LAST, Math.floor(count / 2))).some(Boolean)) {
    return `Jumping: the value rises in ${up.filter(Boolean).length} of ${count} steps. A smaller rate comes down.`;
  }
  if (constant(gradients)) return `Falling steadily: ${after} the gradient is still the same, so no minimum is in sight. A larger rate gets further.`;
  if (share > 1 + 1e-9) return `Descending: ${after} the gradient is larger than it was, so the way down gets steeper.`;
  const percent = share < 0.001 ? "less than 0.1" : (100 * share).toFixed(share >= 0.1 ? 0 : 1);
  if (share > 0.5 && turns.at(-1)) return "Overshooting: the last step lands on the other side of the minimum. A smaller rate goes straight.";
  if (share > 0.5 && !turns.slice(-LAST).some(Boolean)) return `Crawling: ${after} the gradient is still ${percent} % of what it was. A larger rate gets further.`;
  return `Descending: ${after} the gradient is ${percent} % of what it was.`;
}
