// Every operation, written from the rows in cgviz/ops/rows.py by `python -m cgviz.live.javascript`. Do not edit.
// @ts-nocheck: a comparison counts as 1 or 0 here

import { NO_NUMBER, TOO_LARGE, over, power, throwing } from "./functions.js";

/** @type {Record<string, Operation>} */
export const ROWS = (() => {
  const abs = throwing(Math.abs, TOO_LARGE);
  const exp = throwing(Math.exp, TOO_LARGE);
  const log = throwing(Math.log, NO_NUMBER);
  const log1p = throwing(Math.log1p, NO_NUMBER);
  const sqrt = throwing(Math.sqrt, NO_NUMBER);
  const sin = throwing(Math.sin, NO_NUMBER);
  const cos = throwing(Math.cos, NO_NUMBER);
  const tan = throwing(Math.tan, NO_NUMBER);
  const arctan = Math.atan;
  const maximum = (a, b) => (a >= b || a !== a ? a : b);
  const minimum = (a, b) => (a <= b || a !== a ? a : b);
  const tanh = throwing(Math.tanh, TOO_LARGE);
  const unsaturated = (y, x) => (y * y < 0.9 ? 1 - y * y : Math.cosh(x) ** -2);
  const complement = (y, x) => (y < 0.9 ? 1 - y : ((e) => e / (1 + e))(Math.exp(-Math.abs(x))));
  const log_or_zero = (a, g) => (a > 0 ? Math.log(a) : a === 0 || (a < 0 && g === 0) ? 0 : NaN);
  return {
    add: { f: (a, b) => (a + b), d: [(g, y, a, b) => g, (g, y, a, b) => g], text: "{0:1} + {1:1}", binds: 1 },
    sub: { f: (a, b) => (a - b), d: [(g, y, a, b) => g, (g, y, a, b) => (-g)], text: "{0:1} - {1:2}", binds: 1 },
    mul: { f: (a, b) => (a * b), d: [(g, y, a, b) => (g * b), (g, y, a, b) => (g * a)], text: "{0:2} · {1:2}", binds: 2 },
    div: { f: (a, b) => over(a, b), d: [(g, y, a, b) => over(g, b), (g, y, a, b) => over((g * over((-a), b)), b)], text: "{0:2} / {1:3}", binds: 2 },
    neg: { f: (x) => (-x), d: [(g, y, x) => (-g)], text: "-{0:2}", binds: 2 },
    power: { f: (a, b) => power(a, b), d: [(g, y, a, b) => ((g * b) * power(a, (b - 1.0 + (b == 0) * 1.0))), (g, y, a, b) => ((g * y) * log_or_zero(a, g))], text: "{0:5}^{1:5}", binds: 4 },
    abs: { f: (x) => abs(x), d: [(g, y, x) => (g * ((x > 0) * 1.0 - (x < 0) * 1.0))], text: "|{0}|", binds: 9 },
    exp: { f: (x) => exp(x), d: [(g, y, x) => (g * y)], text: "exp({0})", binds: 9 },
    log: { f: (x) => log(x), d: [(g, y, x) => over(g, x)], text: "log({0})", binds: 9 },
    log1p: { f: (x) => log1p(x), d: [(g, y, x) => over(g, (1.0 + x))], text: "log1p({0})", binds: 9 },
    sqrt: { f: (x) => sqrt(x), d: [(g, y, x) => over(g, (2.0 * y))], text: "sqrt({0})", binds: 9 },
    sin: { f: (x) => sin(x), d: [(g, y, x) => (g * cos(x))], text: "sin({0})", binds: 9 },
    cos: { f: (x) => cos(x), d: [(g, y, x) => ((-g) * sin(x))], text: "cos({0})", binds: 9 },
    tan: { f: (x) => tan(x), d: [(g, y, x) => (g * (1.0 + (y * y)))], text: "tan({0})", binds: 9 },
    arctan: { f: (x) => arctan(x), d: [(g, y, x) => over(g, (1.0 + (x * x)))], text: "arctan({0})", binds: 9 },
    maximum: { f: (a, b) => maximum(a, b), d: [(g, y, a, b) => (g * (1.0 - (b > a) * 0.5 - (b >= a) * 0.5)), (g, y, a, b) => (g * (1.0 - (a > b) * 0.5 - (a >= b) * 0.5))], text: "max({0}, {1})", binds: 9 },
    minimum: { f: (a, b) => minimum(a, b), d: [(g, y, a, b) => (g * (1.0 - (a > b) * 0.5 - (a >= b) * 0.5)), (g, y, a, b) => (g * (1.0 - (b > a) * 0.5 - (b >= a) * 0.5))], text: "min({0}, {1})", binds: 9 },
    tanh: { f: (x) => tanh(x), d: [(g, y, x) => (g * unsaturated(y, x))], text: "tanh({0})", binds: 9 },
    sigmoid: { f: (x) => over(exp(minimum(x, 0.0)), (1.0 + exp((-abs(x))))), d: [(g, y, x) => ((g * y) * complement(y, x))], text: "sigmoid({0})", binds: 9 },
    relu: { f: (x) => maximum(x, 0.0), d: [(g, y, x) => (g * ((x > 0.0) * 1.0))], text: "relu({0})", binds: 9 },
    leaky_relu: { f: (x) => maximum(x, (0.01 * x)), d: [(g, y, x) => (g * maximum(((x > 0.0) * 1.0), 0.01))], text: "leaky_relu({0})", binds: 9 },
    softplus: { f: (x) => (maximum(x, 0.0) + log1p(exp((-abs(x))))), d: [(g, y, x) => (g * over(exp(minimum(x, 0.0)), (1.0 + exp((-abs(x))))))], text: "softplus({0})", binds: 9 },
    sign: { f: (x) => ((x > 0) * 1.0 - (x < 0) * 1.0), d: [(g, y, x) => (g * 0.0)], text: "sign({0})", binds: 9 },
    greater: { f: (a, b) => ((a > b) * 1.0), d: [(g, y, a, b) => (g * 0.0), (g, y, a, b) => (g * 0.0)], text: "[{0} > {1}]", binds: 9 },
    greater_equal: { f: (a, b) => ((a >= b) * 1.0), d: [(g, y, a, b) => (g * 0.0), (g, y, a, b) => (g * 0.0)], text: "[{0} ≥ {1}]", binds: 9 },
    share: { f: (a, b) => (1.0 - (b > a) * 0.5 - (b >= a) * 0.5), d: [(g, y, a, b) => (g * 0.0), (g, y, a, b) => (g * 0.0)], text: "([{0} > {1}] + [{0} ≥ {1}]) / 2", binds: 2 },
    unsaturated: { f: (a, b) => unsaturated(a, b), d: [(g, y, a, b) => ((g * -2.0) * a), (g, y, a, b) => (g * 0.0)], text: "1 - {0:5}²", binds: 1 },
    complement: { f: (a, b) => complement(a, b), d: [(g, y, a, b) => (-g), (g, y, a, b) => (g * 0.0)], text: "1 - {0:2}", binds: 1 },
    lower: { f: (x) => (x - 1.0 + (x == 0) * 1.0), d: [(g, y, x) => g], text: "{0:1} - 1", binds: 1 },
    log_or_zero: { f: (a, b) => log_or_zero(a, b), d: [(g, y, a, b) => over(g, a), (g, y, a, b) => (g * 0.0)], text: "log({0})", binds: 9 },
  };
})();
