// The slope of a function at a point, found by small steps: as cgviz/checks/finite_differences.py finds it, line by line
// (tests/page/cases.json holds them together). Where something has no value it is NaN.

import { finite } from "./number.js";

export const HALF = 2 ** -53; // the relative error of one rounding
const FINEST = 32 * HALF; // of fewer floats than 16, the function's own rounding is most of what a step shows

/** @type {(a: number, b: number) => number} */
export const larger = (a, b) => Math.max(Math.abs(a), Math.abs(b));

// (L(x + h) - L(x - h)) / 2h, with the step that a float can take.
/** @type {(f: (x: number) => number, x: number, h: number) => number} */
export const central = (f, x, h) => (f(x + h) - f(x - h)) / (x + h - (x - h) || 2 * h);

// On which side of x there is no L: "+", "−" or neither.
/** @type {(f: (x: number) => number, x: number, h: number) => string} */
export const outside = (f, x, h) => (finite(f(x + h)) ? (finite(f(x - h)) ? "" : "−") : "+");

/** @type {(most: number, count: number) => number[]} */
const tenths = (most, count) => Array.from({ length: count }, (all, k) => most * +`1e-${k + 1}`);

// The sizes of the steps, the largest first, and finer ones, for what changes fast or has a kink near by.
/** @type {(x: number) => number[][]} */
function sizes(x) {
  const most = Math.abs(x);
  /** @param {number[]} all */
  const able = (all) => all.filter((h) => h > FINEST * most && x - h < x && x < x + h);
  let tried = tenths(Math.max(1, most), 10);
  if (x && most < 1e-2) {
    const close = tenths(most, 6); // the edge of a domain may be as near as 0 is
    tried = [...tried.filter((h) => h > 3 * close[0]), ...close];
  }
  tried = able(tried);
  return [tried, able(tenths(tried.at(-1) ?? most, 6))];
}

// What a step shows; at the edge of a domain, `central` is the slope of a parabola to the other side.
/** @type {(f: (x: number) => number, x: number, h: number, here: number, size: number) => Step} */
function look(f, x, h, here, size) {
  const [above, below] = [f(x + h), f(x - h)];
  const noise = 2 * HALF * Math.max(size, ...[here, above, below].map((y) => Math.abs(y) || 0));
  const [right, left] = [(above - here) / h, (here - below) / h];
  let central = (above - below) / (2 * h);
  if (central !== central) {
    const side = above === above ? 1 : -1;
    const [one, two] = [side > 0 ? above : below, f(x + 2 * side * h)];
    central = (two === two ? 4 * one - 3 * here - two : 2 * (one - here)) / (2 * side * h);
  }
  const bend = finite(right - left) ? Math.abs(right - left) : NaN;
  return { h, central, right, left, noise, bend, bends: bend > 1e-4 * larger(right, left) + (4 * noise) / h };
}

// How much the value differs from the one in the middle, to the right and to the left; 0 where there is none.
/** @type {(step: Step) => number[]} */
const rises = ({ h, right, left }) => [right * h || 0, -left * h || 0];

// Whether the values on each side settle, and on another than that in the middle; from a pole they grow apart.
/** @type {(steps: Step[]) => boolean} */
function jumps(steps) {
  const all = steps.map(rises);
  if (all.length < 3 || !all.flat().every(finite)) return false;
  const [before, across] = steps.slice(-2).map(({ central, h }) => Math.abs(central || 0) * h);
  if (before > 0 && across > 3 * before) return false;
  const height = larger(all[2][0], all[2][1]);
  const moved = Math.max(...[0, 1].flatMap((k) => [0, 1].map((side) => Math.abs(all[k][side] - all[k + 1][side]))));
  return height > 8 * steps[2].noise && moved <= 0.2 * height;
}

// Whether the values to the sides come no nearer to that in the middle as the steps become smaller.
/** @type {(steps: Step[]) => boolean} */
function keepsDistance(steps) {
  const all = steps.map((step) => larger(rises(step)[0], rises(step)[1]));
  return all.length > 2 && all[2] > 8 * steps[2].noise && all[1] > 0.9 * all[0] && all[2] > 0.9 * all[1];
}

// Whether a kink is near and not here: then a line along one side misses the value in the middle, at all sizes alike.
/** @type {(steps: Step[]) => boolean} */
const isBeside = (steps) => [0, 1].some((side) => {
  const [y2, y1, y0] = steps.map((step) => rises(step)[side]);
  const [h2, h1, h0] = steps.map(({ h }) => h);
  const [near, far] = [y0 - (h0 * (y1 - y0)) / (h1 - h0), y1 - (h1 * (y2 - y1)) / (h2 - h1)];
  return Math.abs(near) > 16 * steps[2].noise && Math.abs(near) > 0.5 * Math.abs(far);
});

// Whether the slope has settled with larger steps, before the rounding of smaller ones.
/** @type {(steps: Step[]) => boolean} */
const hasSettled = (steps) => steps.some((a, k) => {
  const [b, c] = steps.slice(k + 1);
  if (!c || !(c.bend < 0.5 * b.bend && b.bend < 0.5 * a.bend)) return false;
  const [one, two] = [b.right + b.left, c.right + c.left];
  return Math.abs(one - two) <= 1e-4 * larger(one, two);
});

// The step at which the slopes to both sides of a kink are seen best: larger ones bend, smaller ones round.
/** @type {(steps: Step[]) => Step} */
function sharpest(steps) {
  const unsure = steps.slice(1).map((step, k) => (step.bends ? Math.abs(step.right - steps[k].right) + Math.abs(step.left - steps[k].left) + step.noise / step.h : Infinity));
  return steps[1 + unsure.indexOf(Math.min(...unsure))];
}

// What settles as the steps become smaller, and the step that shows it.
/** @type {(steps: Step[]) => [kind: string, seen?: Step]} */
function classify(steps) {
  const { right = NaN, left = NaN } = steps.at(-1) ?? {};
  if (right !== right || left !== left) return [jumps(steps.slice(-3)) ? "jump" : "edge"];
  if (larger(right, left) === Infinity) return [right === -left ? "coarse" : "smooth"]; // too large for a number
  const both = steps.filter(({ bend }) => bend === bend);
  const last = both.findLastIndex(({ bends }) => bends);
  if (last < 0) return [keepsDistance(both.slice(-3)) ? "jump" : "smooth", both.at(-1)];
  const [seen, wider] = [both[last], both.slice(Math.max(0, last - 2), last)];
  const before = wider.at(-1);
  const finer = both.slice(last + 1).find(({ noise, h, bend }) => (4 * noise) / h < 0.25 * seen.bend && bend < 0.5 * seen.bend);
  if (finer) return ["smooth", finer];
  if (before && seen.bend < 0.5 * before.bend) return ["smooth", seen];
  if (!before || wider.length < 2) return ["coarse", seen];
  if (jumps([...wider, seen])) return ["jump", seen];
  if (larger(seen.right - before.right, seen.left - before.left) <= 0.2 * seen.bend) return [isBeside([...wider, seen]) ? "near" : "kink", sharpest(both)];
  return [hasSettled(both) ? "smooth" : "coarse", seen];
}

// The slope of the size at which two neighbours agree most closely, and how sure it is.
/** @type {(steps: Step[], kind: string) => { slope: number, h: number, unsure: number }} */
function best(steps, kind) {
  const ends = steps.slice(-2);
  if (ends.length > 1 && ends[0].central === ends[1].central && Math.abs(ends[0].central) === Infinity && kind !== "jump") return { slope: ends[0].central, h: ends[1].h, unsure: 0 };
  let [found, digits] = [{ slope: NaN, h: 0, unsure: Infinity }, Infinity];
  steps.slice(1).forEach(({ h, central, noise, bend, bends }, k) => {
    const wide = steps[k];
    const beyond = bends && wide.bends && 0.5 * wide.bend <= bend && bend <= 2 * wide.bend; // both reach beyond a kink
    const unsure = Math.abs(wide.central - central) + noise / h;
    if (!finite(unsure) || (beyond && kind !== "kink")) return;
    const share = unsure / Math.max(Math.abs(central), 1e-300);
    // Of a function that changes fast, large steps see nothing, and agree on that.
    if (share >= 1e-3 && steps.slice(k + 2).some((step) => Math.abs(step.central - central) > 10 * (unsure + step.noise / step.h))) return;
    const rank = share < 1e-3 ? share : 1; // of a slope of 0 no digit can agree
    if (rank < digits || (rank === digits && unsure < found.unsure)) [found, digits] = [{ slope: central, h, unsure }, rank];
  });
  const last = steps.findLast(({ central }) => central === central);
  return found.slope !== found.slope && last ? { slope: last.central, h: last.h, unsure: Infinity } : found;
}

// Whether not even two digits of a slope are known; one that is 0 beside the `scale` of slopes has none.
/** @type {(slope: number, unsure: number, scale: number) => boolean} */
export const uncertain = (slope, unsure, scale) => slope !== slope || unsure > 1e-2 * Math.max(Math.abs(slope), 1e-6 * scale);

// The slope by the best of several steps (at a jump none), the slopes to both sides, and of what kind the place is.
// `size` is that of the numbers on the way: where they cancel out, their rounding is neither kink nor jump.
/** @type {(f: (x: number) => number, x: number, size: number) => Slope} */
export function measure(f, x, size) {
  /** @param {number} x */
  const value = (x) => {
    const y = f(x);
    return finite(y) ? y : NaN;
  };
  const here = value(x);
  /** @type {Step[]} */
  const steps = [];
  /** @type {any} */
  let found;
  for (const some of sizes(x)) {
    steps.push(...some.map((h) => look(value, x, x + h - x, here, size)));
    const [kind, seen] = classify(steps);
    const scale = Math.min(1, Math.max(0, ...steps.map(({ noise }) => noise)) / (2 * HALF) / Math.max(1, Math.abs(x)));
    found = { ...best(steps, kind), left: seen?.left ?? NaN, right: seen?.right ?? NaN, kind, steps, scale };
    if (!["near", "coarse", "jump"].includes(kind) && !uncertain(found.slope, found.unsure, found.scale)) break;
  }
  return found.kind === "jump" ? { ...found, slope: NaN } : found;
}
