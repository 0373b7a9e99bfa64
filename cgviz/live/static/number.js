// How numbers are written: as cgviz/text.py writes them, digit for digit (tests/page/cases.json holds them together).

export const finite = Number.isFinite;
export const FULL = 17; // so many digits tell each number from all others

// Four significant digits, or as many as asked. An exact tie goes to the even digit, as in Python.
/** @type {(x: number, n?: number) => string} */
export function number(x, n = 4) {
  if (x !== x) return "NaN";
  if (!finite(x)) return x > 0 ? "∞" : "-∞";
  if (x === 0) return "0";
  if (n >= FULL) return exact(x);
  const tie = isTie(x, n);
  const rounded = tie ? +even(x, n) : +x.toPrecision(n);
  const size = Math.abs(rounded);
  if (size >= 1e-4 && size < 10 ** n) return String(rounded);
  const [digits, e] = (tie ? even(x, n) : x.toExponential(n - 1)).split("e");
  return scientific(String(+digits), e);
}

// Whether a number lies just between two of n digits: then it is what its first n + 1 say, and nothing besides. Of four:
// From 0.0001 on five digits are a whole number of 256ths: nearly all other numbers need no closer look.
/** @type {(x: number, n: number) => boolean} */
function isTie(x, n) {
  if (n === 4 && Math.abs(x) >= 1e-4 && !Number.isInteger(256 * x)) return false;
  const more = x.toExponential(n);
  return more[more.indexOf("e") - 1] === "5" && +more === x && /^50*e/.test(x.toExponential(25).slice(n + 1 + Number(x < 0)));
}

// Such a number with its last digit even: the page's own rounding goes away from 0.
/** @type {(x: number, n: number) => string} */
function even(x, n) {
  const [digits, e] = x.toExponential(n).split("e");
  const cut = digits.slice(0, -1);
  return Number(cut.at(-1)) % 2 ? x.toExponential(n - 1) : `${cut}e${e}`;
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

const NEGATIVE = /(?<![^\s([=·,/|^∂:])-(?=[\p{L}\p{N}_.∞(∂|])|(?<=\de)-(?=\d)|(?<=\s)-(?=\s)/gu;
const FACTOR = /(?<=[·/+−] )−(?:\d[\d.]*(?:e[+−]\d+)?|∞)(?![\p{L}\p{N}_^.])/gu;

// A text as mathematics has it, for what is shown and not copied as code: true minus signs, points in products, and
// negative factors in parentheses. As cgviz/text.py does it.
/** @type {(text: string) => string} */
export const typeset = (text) => (/[-*]/.test(text) ? text.replaceAll(" * ", " · ").replace(NEGATIVE, "−").replace(FACTOR, "($&)") : text);
