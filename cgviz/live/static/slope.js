// The slope of a function at a point, found by small steps: as cgviz/checks/finite_differences.py finds it. Where it has no value it is NaN.

import { finite } from "./number.js";

export const HALF = 2 ** -53; // the relative error of one rounding

/** @type {(a: number, b: number) => number} */
export const larger = (a, b) => Math.max(Math.abs(a), Math.abs(b));

// (L(x + h) - L(x - h)) / 2h, with the step that a float can take.
/** @type {(f: (x: number) => number, x: number, h: number) => number} */
export const central = (f, x, h) => (f(x + h) - f(x - h)) / (x + h - (x - h) || 2 * h);

// On which side of x there is no L: "+", "−" or neither.
/** @type {(f: (x: number) => number, x: number, h: number) => string} */
export const outside = (f, x, h) => (finite(f(x + h)) ? (finite(f(x - h)) ? "" : "−") : "+");

// The slope by the best of several steps, and the slopes to both sides.
// `size` is that of the numbers on the way: where they cancel out, their rounding is neither kink nor jump.
/** @type {(f: (x: number) => number, x: number, size: number) => { slope: number, unsure: number, left: number, right: number, kind: string }} */
export function measure(f, x, size) {
  const scale = Math.max(1, Math.abs(x));
  const here = f(x);
  let [best, unsure, digits, before] = [NaN, Infinity, Infinity, NaN];
  for (let k = 1; k <= 10; k++) {
    const h = scale * 10 ** -k;
    const now = central(f, x, h);
    const apart = Math.abs(now - before) + (2 * HALF * Math.max(1e-3, Math.abs(here))) / h;
    const share = Math.min(1, apart / Math.max(Math.abs(now), 1e-300));
    if (share < digits || (share === digits && apart < unsure)) [best, unsure, digits] = [now, apart, share];
    before = now;
  }
  /** @param {number} h */
  const side = (h) => (f(x + h * scale) - here) / (x + h * scale - x);
  const [left, right, wideLeft, wideRight] = [-1e-5, 1e-5, -1e-3, 1e-3].map(side);
  const [apart, wide, steep] = [Math.abs(right - left), Math.abs(wideRight - wideLeft), larger(left, right)];
  const smooth = !(apart >= 1e-4 * steep + (HALF * Math.max(100 * Math.abs(here), 8 * size)) / 1e-5 && apart >= 0.5 * wide);
  const jump = steep > 50 * larger(wideLeft, wideRight);
  return { slope: best, unsure, left, right, kind: smooth ? "" : jump ? "jump" : "kink" };
}
