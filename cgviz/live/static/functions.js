// The functions that the operations in ops.js are made of. Each throws where Python's own raises: NO_NUMBER outside of its
// domain, TOO_LARGE where it overflows.

const NO_NUMBER = new Error("not defined there");
const TOO_LARGE = new Error("too large for a number");
const fail = (failure) => {
  throw failure;
};
const { tanh, abs } = Math;
const exp = (x) => (Math.exp(x) === Infinity && finite(x) ? fail(TOO_LARGE) : Math.exp(x));
const log = (x) => (x <= 0 ? fail(NO_NUMBER) : Math.log(x));
const log1p = (x) => (x <= -1 ? fail(NO_NUMBER) : Math.log1p(x));
const sqrt = (x) => (x < 0 ? fail(NO_NUMBER) : Math.sqrt(x));
const turn = (f) => (x) => (abs(x) === Infinity ? fail(NO_NUMBER) : f(x));
const [sin, cos, tan] = [Math.sin, Math.cos, Math.tan].map(turn);
const arctan = Math.atan;
const over = (a, b) => (b === 0 ? fail(NO_NUMBER) : a / b);
const power = (a, b) => {
  if (a === 1 || (a === -1 && abs(b) === Infinity)) return 1;
  const y = a ** b;
  if (!finite(y) && finite(a) && finite(b)) fail(y !== y || a === 0 ? NO_NUMBER : TOO_LARGE);
  return y;
};
const maximum = (a, b) => (a >= b || a !== a ? a : b);
const minimum = (a, b) => (a <= b || a !== a ? a : b);
const log_or_zero = (x) => (x > 0 ? Math.log(x) : x === 0 ? 0 : NaN);
