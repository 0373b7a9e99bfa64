// How numbers are written: as cgviz/text.py writes them, digit for digit (tests/live/test_page.py compares).

export const finite = Number.isFinite;

// Four significant digits. An exact tie goes to the even digit, as in Python.
/** @type {(x: number) => string} */
export function number(x) {
  if (x !== x) return "NaN";
  if (!finite(x)) return x > 0 ? "∞" : "-∞";
  if (x === 0) return "0";
  const tie = tied(x);
  const rounded = tie ? +even(x) : +x.toPrecision(4);
  const size = Math.abs(rounded);
  if (size >= 1e-4 && size < 1e4) return String(rounded);
  const [digits, e] = (tie ? even(x) : x.toExponential(3)).split("e");
  return scientific(String(+digits), e);
}

// Whether a number lies just between two of four digits: then it is what its first five say, and nothing besides.
// From 0.0001 on five digits are a whole number of 256ths: nearly all other numbers need no closer look.
/** @type {(x: number) => boolean} */
function tied(x) {
  if (Math.abs(x) >= 1e-4 && !Number.isInteger(256 * x)) return false;
  const five = x.toExponential(4);
  return five[five.indexOf("e") - 1] === "5" && +five === x && /^-?.....50*e/.test(x.toExponential(25));
}

// Such a number with its last digit even: the page's own rounding goes away from 0.
/** @type {(x: number) => string} */
function even(x) {
  const [digits, e] = x.toExponential(4).split("e");
  const cut = digits.slice(0, -1);
  return Number(cut.at(-1)) % 2 ? x.toExponential(3) : `${cut}e${e}`;
}

/** @type {(digits: string, e: string) => string} */
function scientific(digits, e) {
  return `${digits}e${+e < 0 ? "-" : "+"}${String(Math.abs(+e)).padStart(2, "0")}`;
}

// In full, as Python prints it, but whole numbers without a point.
/** @type {(x: number) => string} */
export function exact(x) {
  if (!finite(x)) return x !== x ? "nan" : x > 0 ? "inf" : "-inf";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return String(x);
  const [digits, e] = x.toExponential().split("e");
  if (-4 <= +e && +e < 16) return String(x) + (Number.isInteger(x) ? ".0" : "");
  return scientific(digits, e);
}

// In a sentence: in full where that is short.
/** @type {(x: number) => string} */
export const brief = (x) => (exact(x).length <= 8 ? exact(x) : number(x));
