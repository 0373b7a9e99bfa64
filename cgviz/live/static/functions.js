// What the operations in ops.js need. Their functions throw where Python's own raise: NO_NUMBER outside of the domain,
// TOO_LARGE where it overflows.

import { finite } from "./number.js";
import { Refusal } from "./refusal.js";

export const NO_NUMBER = new Refusal("not defined there");
export const TOO_LARGE = new Refusal("too large for a number");
/** @type {(failure: Error) => never} */
const fail = (failure) => {
  throw failure;
};

// A function of JavaScript's own that throws: `infinite` where it makes an infinity of finite numbers.
/** @type {(f: (...xs: number[]) => number, infinite: Error) => (a: number, b?: number) => number} */
export const throwing = (f, infinite) => (a, b) => {
  const y = f(a, /** @type {number} */ (b));
  if (finite(y)) return y;
  const xs = b === undefined ? [a] : [a, b];
  if (y !== y && xs.every((x) => x === x)) fail(NO_NUMBER);
  if (y === y && xs.every(finite)) fail(infinite);
  return y;
};
/** @type {(a: number, b: number) => number} */
export const over = (a, b) => (b === 0 ? fail(NO_NUMBER) : a / b);
/** @type {(a: number, b: number) => number} */
export const power = (a, b) => {
  if (a === 1 || (a === -1 && Math.abs(b) === Infinity)) return 1;
  const y = a ** b;
  if (!finite(y) && finite(a) && finite(b)) fail(y !== y || a === 0 ? NO_NUMBER : TOO_LARGE);
  return y;
};
