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

// The sizes of the steps, the largest first. The edge of a domain, or a jump, may be as near as 0 is.
/** @type {(x: number) => number[]} */
function sizes(x) {
  /** @type {(most: number, count: number) => number[]} */
  const steps = (most, count) => Array.from({ length: count }, (all, k) => most * 10 ** -(k + 1));
  const far = steps(Math.max(1, Math.abs(x)), 10);
  if (!x || Math.abs(x) >= 1e-2) return far;
  const close = steps(Math.abs(x), 6);
  return [...far.filter((h) => h > 3 * close[0]), ...close];
}

// Whether to one side the result keeps its distance though the step shrinks: two slopes may agree in spite of it.
/** @type {(f: (x: number) => number, x: number, steps: number[], size: number) => boolean} */
function jumps(f, x, steps, size) {
  const here = f(x);
  return [-1, 1].some((side) => {
    const [far, near] = steps.map((h) => Math.abs(f(x + side * h) - here));
    return near > 2000 * HALF * Math.max(Math.abs(here), size) && near > 0.9 * far;
  });
}

// The slope by the best of several steps (at a jump none), and the slopes to both sides.
// `size` is that of the numbers on the way: where they cancel out, their rounding is neither kink nor jump.
/** @type {(f: (x: number) => number, x: number, size: number) => { slope: number, unsure: number, left: number, right: number, kind: string }} */
export function measure(f, x, size) {
  const here = f(x);
  const tried = sizes(x);
  let [best, step, unsure, digits, before] = [NaN, 0, Infinity, Infinity, NaN];
  for (const h of tried) {
    const now = central(f, x, h);
    const apart = Math.abs(now - before) + (2 * HALF * Math.max(1e-3, Math.abs(here))) / h;
    const share = apart / Math.max(Math.abs(now), 1e-300);
    const found = share >= 1e-3 ? 1 : share; // of a slope of 0 no digit can agree
    if (found < digits || (found === digits && apart < unsure)) [best, step, unsure, digits] = [now, h, apart, found];
    before = now;
  }
  // Right beside a pole or a kink: what is farther away than the best step says nothing.
  const most = Math.max(1, Math.abs(x));
  const scale = step > 0 && step < 1e-5 * most ? step / 1e-5 : most;
  /** @param {number} h */
  const side = (h) => (f(x + h * scale) - here) / (x + h * scale - x);
  const [left, right, wideLeft, wideRight] = [-1e-5, 1e-5, -1e-3, 1e-3].map(side);
  const [apart, wide, steep] = [Math.abs(right - left), Math.abs(wideRight - wideLeft), larger(left, right)];
  const rounding = (HALF * Math.max(100 * Math.abs(here), 8 * size)) / (1e-5 * Math.min(1, scale));
  const smooth = !(apart >= 1e-4 * steep + rounding && apart >= 0.5 * wide);
  const jump = jumps(f, x, tried.slice(-2), size) || (!smooth && steep > 50 * larger(wideLeft, wideRight));
  return { slope: jump ? NaN : best, unsure, left, right, kind: jump ? "jump" : smooth ? "" : "kink" };
}
