// A small plot for the tools: an SVG of fixed size whose axes, lines and dots are moved in place.

import { set } from "./elements.js";
import { finite, number, typeset } from "./number.js";
import { sketch } from "./shapes.js";

// How wide an element is, in pixels where its text had 14 of them: for that text plots are drawn.
/** @type {(element: HTMLElement) => number} */
export const measureWidth = (element) => (14 * element.clientWidth) / parseFloat(getComputedStyle(element).fontSize);

export class Plot {
  /**
   * @param {number} width
   * @param {number} height
   * @param {string} title
   */
  constructor(width, height, title) {
    this.size = { width: width - 72, height: height - 50 };
    this.heading = sketch("title");
    this.description = sketch("desc");
    this.ticks = sketch("g");
    this.inner = sketch("svg", { x: 60, y: 8, ...this.size }); // it cuts off what lies outside of the axes
    this.svg = sketch("svg", { class: "cg-plot", role: "img", width, height, viewBox: `0 0 ${width} ${height}`, style: `--cg-w: ${width}; --cg-h: ${height}` });
    this.svg.append(this.heading, this.description, this.ticks, this.inner);
    /** @type {Record<string, any>} */
    this.parts = {};
    /** @type {Axis} */
    this.x = this.y = { low: 0, high: 1 };
    this.key = "";
    this.heading.textContent = title;
  }

  // Each axis is { low, high, name, log }.
  /** @type {(x: Axis, y: Axis) => void} */
  axes(x, y) {
    Object.assign(this, { x, y });
    const key = JSON.stringify([x, y]);
    if (key === this.key) return;
    this.key = key;
    const { width, height } = this.size;
    /** @type {(x: number, y: number, anchor: string, words?: string) => SVGElement} */
    const label = (x, y, anchor, words) => sketch("text", { x, y, "text-anchor": anchor }, words);
    const marks = [sketch("rect", { x: 60, y: 8, width, height })];
    for (const at of ticks(x)) {
      const left = 60 + this.across(at);
      marks.push(sketch("path", { d: `M${left} 8v${height + 4}`, class: at ? "" : "cg-zero" }), label(Math.min(left, width + 72 - 3.5 * number(at).length), height + 24, "middle", writeTick(x, at)));
    }
    for (const at of ticks(y)) {
      const top = 8 + this.down(at);
      marks.push(sketch("path", { d: `M56 ${top}h${width + 4}`, class: at ? "" : "cg-zero" }), label(54, top + 4, "end", writeTick(y, at)));
    }
    const upright = (y.name ?? "").length < 3; // a letter or two are read as it is written
    const side = label(0, upright ? 4 : 0, "middle", y.name);
    set(side, "transform", `translate(11 ${8 + height / 2})${upright ? "" : " rotate(-90)"}`);
    this.ticks.replaceChildren(...marks, label(60 + width / 2, height + 40, "middle", x.name), side);
  }

  /** @type {(x: number) => number} */
  across(x) {
    return this.size.width * share(this.x, x);
  }

  /** @type {(y: number) => number} */
  down(y) {
    return this.size.height * (1 - share(this.y, y));
  }

  /** @type {(name: string, tag: string) => any} */
  part(name, tag) {
    if (!this.parts[name]) this.inner.append((this.parts[name] = sketch(tag, { class: name })));
    return this.parts[name];
  }

  // A line through points [x, y]; where y is no number, and where it leaps over the whole plot, there is a gap.
  /** @type {(name: string, points: number[][]) => void} */
  line(name, points) {
    let d = "";
    /** @type {number | null} */
    let before = null;
    for (const [x, y] of points) {
      const now = finite(y) ? Math.min(2, Math.max(-1, this.down(y) / this.size.height)) : null;
      const leap = before !== null && now !== null && Math.min(before, now) < 0 && Math.max(before, now) > 1;
      if (now !== null) d += `${before === null || leap ? "M" : "L"}${this.across(x).toFixed(1)} ${(now * this.size.height).toFixed(1)}`;
      before = now;
    }
    set(this.part(name, "path"), "d", d);
  }

  /** @type {(name: string, x: number, y: number, r?: number) => void} */
  dot(name, x, y, r = 5) {
    const dot = this.part(name, "circle");
    for (const [key, value] of Object.entries({ r: finite(y) ? r : 0, cx: this.across(x), cy: finite(y) ? this.down(y) : 0 })) set(dot, key, String(value));
  }
}

// Where a number stands between the two ends of an axis: 0 to 1. (Between halves of floats no distance overflows.)
/**
 * @param {Axis} axis
 * @param {number} x
 */
function share({ low, high, log }, x) {
  return log ? (Math.log(x) - Math.log(low)) / (Math.log(high) - Math.log(low)) : (x / 2 - low / 2) / (high / 2 - low / 2);
}

const RAISED = new Map([..."-0123456789"].map((sign, k) => [sign, "⁻⁰¹²³⁴⁵⁶⁷⁸⁹"[k]]));

// A number at an axis. What is far from 1 on an axis of powers is written as one.
/** @type {(axis: Axis, at: number) => string} */
function writeTick({ log }, at) {
  const power = Math.round(Math.log10(at));
  return log && Math.abs(power) > 2 ? `10${[...String(power)].map((sign) => RAISED.get(sign)).join("")}` : typeset(number(at));
}

// A few round numbers between the ends of an axis, by the rule of cgviz/pictures/chart.py.
/**
 * @param {Axis} axis
 * @returns {number[]}
 */
export function ticks({ low, high, log }) {
  const [from, to] = log ? [Math.log10(low), Math.log10(high)] : [low, high];
  const rough = to / 5 - from / 5;
  if (rough < 1e-300) return [from, to];
  const power = +`1e${Math.floor(Math.log10(rough))}`;
  const enough = rough * (1 - 1e-9); // what arithmetic may add to a round number
  const step = log ? Math.max(1, Math.ceil(enough)) : ([1, 2, 5].find((k) => k * power >= enough) ?? 10) * power;
  const found = [];
  for (let k = Math.ceil(from / step - 1e-9); k <= to / step + 1e-9; k++) found.push(log ? +`1e${k * step}` : +(k * step).toPrecision(12));
  return found;
}
