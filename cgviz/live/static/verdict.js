// One gradient held against one slope: what there is to say of it, as cgviz/checks/slope_comparison.py says it.

import { finite, number } from "./number.js";
import { larger, uncertain } from "./slope.js";

const TOO_LARGE = "the gradient is too large for a number";
const COARSE = "not checked: the smallest step is too coarse here, no two sizes agree";

// Whether it is rounding that makes a slope uncertain, and not that the function changes too fast.
/** @type {(seen: Slope) => boolean} */
function isHidden({ steps, h, unsure }) {
  const best = steps.reduce((a, b) => (Math.abs(b.h - h) < Math.abs(a.h - h) ? b : a));
  return best.noise / best.h > 0.1 * unsure;
}

// The slopes of all the steps, where each is farther on than the one before.
/** @type {(steps: Step[], part: (x: number) => number, ordered: (a: number, b: number) => boolean) => number[]} */
function trend(steps, part, ordered) {
  const all = steps.map(({ central }) => part(central)).filter((x) => x === x);
  return all.length > 3 && all.slice(1).every((x, k) => ordered(all[k], x)) ? all : [];
}

// Whether smaller steps show larger slopes throughout, as of a root at 0: then the gradient is infinite.
/** @type {(steps: Step[], sign: number) => boolean} */
function grows(steps, sign) {
  const all = trend(steps, (x) => sign * x, (a, b) => a < b);
  return all.length > 0 && all[all.length - 1] > 100 * Math.abs(all[0]);
}

// Whether smaller steps show smaller slopes throughout, as of x**1.5 at 0: then the gradient is 0.
/** @type {(steps: Step[], grad: number) => boolean} */
function vanishes(steps, grad) {
  const all = trend(steps, Math.abs, (a, b) => a > b);
  const last = all[all.length - 1];
  return all.length > 0 && last < 0.01 * all[0] && Math.abs(grad) <= last;
}

// The state, "agrees", "wrong", "no slope" or "unchecked", and what there is to note.
/** @type {(seen: Slope, grad: number) => [state: string, note: string]} */
export function compare(seen, grad) {
  const { slope, unsure, left, right, kind, steps, scale } = seen;
  if (kind === "jump" && finite(grad)) return ["no slope", "jump, here or nearer than the smallest step: no slope is seen"];
  if (slope !== slope) return ["unchecked", "not checked: no value on either side"];
  if (!finite(slope)) return [grad === slope ? "unchecked" : "wrong", TOO_LARGE];
  if (!finite(grad)) return grad === grad && grows(steps, Math.sign(grad)) ? ["agrees", "the slope grows without end here"] : ["wrong", "no number"];
  if (kind === "kink" || kind === "near") {
    const [low, high] = [Math.min(left, right), Math.max(left, right)];
    const slack = 1e-3 * larger(low, high);
    const between = low - slack <= grad && grad <= high + slack;
    if (between && kind === "near") return ["unchecked", "not checked: a kink is nearer than the smallest step"];
    return [between ? "no slope" : "wrong", `kink: slope ${number(left)} to the left, ${number(right)} to the right`];
  }
  if (kind === "coarse") return ["unchecked", COARSE];
  const close = Math.abs(grad - slope) <= 1e-5 * larger(grad, slope) + 20 * unsure + 1e-12 * scale;
  const small = vanishes(steps, grad) || (Math.abs(grad) <= unsure && unsure <= 1e-3 * scale);
  if (close && uncertain(slope, unsure, scale) && !small) return ["unchecked", isHidden(seen) ? "not checked: rounding hides the slope" : COARSE];
  return [close ? "agrees" : "wrong", kind === "edge" ? "edge of the domain: steps to one side" : ""];
}
