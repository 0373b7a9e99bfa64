// How numbers are written: as cgviz/text.py writes them, digit for digit (tests/live/test_page.py compares).

const finite = Number.isFinite;
const FULL = 17; // so many digits tell each number from all others

// Four significant digits, or as many as asked. An exact tie goes to the even digit, as in Python.
function number(x, n = 4) {
  if (x !== x) return "NaN";
  if (!finite(x)) return x > 0 ? "∞" : "-∞";
  if (x === 0) return "0";
  if (n >= FULL) return exact(x);
  const tie = tied(x, n);
  const rounded = tie ? +even(x, n) : +x.toPrecision(n);
  const size = Math.abs(rounded);
  if (size >= 1e-4 && size < 10 ** n) return String(rounded);
  const [digits, e] = (tie ? even(x, n) : x.toExponential(n - 1)).split("e");
  return scientific(String(+digits), e);
}

// Whether a number lies just between two of n digits: then it is what its first n + 1 say, and nothing besides. Of four:
// From 0.0001 on five digits are a whole number of 256ths: nearly all other numbers need no closer look.
function tied(x, n) {
  if (n === 4 && Math.abs(x) >= 1e-4 && !Number.isInteger(256 * x)) return false;
  const more = x.toExponential(n);
  return more[more.indexOf("e") - 1] === "5" && +more === x && /^50*e/.test(x.toExponential(25).slice(n + 1 + (x < 0)));
}

// Such a number with its last digit even: the page's own rounding goes away from 0.
function even(x, n) {
  const [digits, e] = x.toExponential(n).split("e");
  const cut = digits.slice(0, -1);
  return cut.at(-1) % 2 ? x.toExponential(n - 1) : `${cut}e${e}`;
}

function scientific(digits, e) {
  return `${digits}e${e < 0 ? "-" : "+"}${String(Math.abs(e)).padStart(2, "0")}`;
}

// In full, as Python prints it, but whole numbers without a point.
function exact(x) {
  if (!finite(x)) return x !== x ? "nan" : x > 0 ? "inf" : "-inf";
  if (Number.isInteger(x) && Math.abs(x) < 1e15) return String(x);
  const [digits, e] = x.toExponential().split("e");
  if (-4 <= e && e < 16) return String(x) + (Number.isInteger(x) ? ".0" : "");
  return scientific(digits, e);
}

// In a sentence: in full where that is short.
const brief = (x) => (exact(x).length <= 8 ? exact(x) : number(x));

// A formula from its template, "{0:2} · {1:2}": operand 0 in parentheses if it binds less tightly than 2.
// A piece is a pair of its text and how tightly it binds.
function fill(template, pieces) {
  return template.replace(/\{(\d)(?::(\d))?\}/g, (all, i, least) => {
    const [text, binds] = pieces[i];
    return least && binds < least ? `(${text})` : text;
  });
}

const digits = (x, n) => [number(x, n), x < 0 ? 2 : 9];
const signed = (x, n) => number(x, n).replace(/^(-?)(.*)$/, (all, sign, rest) => ` ${sign || "+"} ${rest}`);

// With how many digits the numbers of an equation are to be written, for what is printed to be true as it is printed,
// and its sign: as cgviz/equation.py finds them.
function precision(compute, xs, y) {
  const counts = [...Array(12).keys()].map((k) => k + 4).concat(FULL);
  const fits = (agree) => counts.find((n) => {
    try {
      return agree(compute(...xs.map((x) => (finite(x) ? +number(x, n) : x))));
    } catch {
      return false;
    }
  });
  const n = fits((again) => number(again) === number(y));
  return n ? [n, "="] : [fits((again) => Math.abs(again - y) <= 2e-3 * Math.abs(y)) ?? FULL, "≈"];
}

// Numbers and their sum, "1 - 3 = -2".
function added(xs, total) {
  const add = (...xs) => xs.reduce((a, b) => a + b);
  let [n, sign] = precision(add, xs, total);
  // rounding on the way may hide what is left
  if (xs.length > 2 && xs.every(finite) && number(exactly(xs.map((x) => +number(x, n)))) !== number(total)) sign = "≈";
  return `${number(xs[0], n)}${xs.slice(1).map((x) => signed(x, n)).join("")} ${sign} ${number(total)}`;
}

// A sum with what each addition has rounded off.
function exactly(xs) {
  let [sum, lost] = [0, 0];
  for (const x of xs) {
    const next = sum + x;
    lost += Math.abs(sum) >= Math.abs(x) ? sum - next + x : x - next + sum;
    sum = next;
  }
  return sum + lost;
}
