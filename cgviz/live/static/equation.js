// Equations between numbers, true as they are printed: as cgviz/chain_rule/equation.py finds them.

import { writeTerm } from "./formula.js";
import { finite, FULL, number } from "./number.js";
import { Refusal } from "./refusal.js";

// With how many digits the numbers of an equation are to be written, for what is printed to be true as it is printed,
// and its sign: as cgviz/chain_rule/equation.py finds them.
/** @type {(compute: (...xs: number[]) => number, xs: number[], y: number) => [digits: number, sign: string]} */
export function precision(compute, xs, y) {
  const counts = [...Array(12).keys()].map((k) => k + 4).concat(FULL);
  /** @param {(again: number) => boolean} agree */
  const fits = (agree) => counts.find((n) => {
    try {
      return agree(compute(...xs.map((x) => (finite(x) ? +number(x, n) : x))));
    } catch (error) {
      if (error instanceof Refusal) return false;
      throw error;
    }
  });
  const n = fits((again) => number(again) === number(y));
  return n ? [n, "="] : [fits((again) => Math.abs(again - y) <= 2e-3 * Math.abs(y)) ?? FULL, "≈"];
}

// Numbers and their sum, "1 - 3 = -2".
/** @type {(xs: number[], total: number) => string} */
export function writeSum(xs, total) {
  /** @type {(...xs: number[]) => number} */
  const add = (...xs) => xs.reduce((a, b) => a + b);
  let [n, sign] = precision(add, xs, total);
  // rounding on the way may hide what is left
  if (xs.length > 2 && xs.every(finite) && number(exactly(xs.map((x) => +number(x, n)))) !== number(total)) sign = "≈";
  return `${number(xs[0], n)}${xs.slice(1).map((x) => writeTerm(x, n)).join("")} ${sign} ${number(total)}`;
}

// A sum with what each addition has rounded off.
/** @type {(xs: number[]) => number} */
function exactly(xs) {
  let [sum, lost] = [0, 0];
  for (const x of xs) {
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return sum + lost;
}
