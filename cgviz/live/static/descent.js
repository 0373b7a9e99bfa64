// Gradient descent: the view of a graph, moved to one of the steps, and above it the curve or the contours with all of
// them. The sliders say where the steps begin, how long they are, and which of them is shown.

import { h, set, write } from "./elements.js";
import { precision } from "./equation.js";
import { nearest } from "./inputs.js";
import { number } from "./number.js";
import { measureWidth, Plot } from "./plot.js";
import { Refusal } from "./refusal.js";
import { sketch } from "./shapes.js";
import { ownOf } from "./state.js";
import { trail } from "./trail.js";
import { View } from "./view.js";
import { verdict, walk } from "./walk.js";

const PACE = 700;

export class Descent extends View {
  /** @param {HTMLElement} el */
  build(el) {
    super.build(el);
    /** @type {string[]} */
    const names = this.model.get("names");
    const f = this.model.get("called");
    /** @type {[string[], string]} */
    const [slopes, y] = [this.model.get("written").slice(0, -1), this.model.get("written").at(-1)];
    /** @type {(text: string, title: string, act: () => void) => HTMLElement} */
    const button = (text, title, act) => h("button", { type: "button", title, "aria-label": title, onclick: act }, text);
    /** @type {any} */
    this.parts = {
      back: button("←", "one step back", () => this.go(this.at - 1)),
      play: button("play", "take the steps one after the other", () => this.play()),
      on: button("→", "one step on", () => this.go(this.at + 1)),
      rule: h("div", { class: "cg-taken" }),
      verdict: h("p", { class: "cg-verdict" }),
      curve: h("span", { class: "cg-sample" }),
      tangent: h("span", { class: "cg-sample" }, "tangent"),
      told: h("span"),
      lost: h("span"),
      place: h("div", { class: "cg-land" }),
    };
    const { back, play, on, rule, verdict, curve, tangent, told, lost, place } = this.parts;
    const legend = names.length > 1 ? [] : [h("span", { class: "cg-row" }, curve, tangent)];
    const hint = h("p", { class: "cg-hint" }, ...legend, told, h("span", { class: "cg-act" }, "A click chooses the start."), lost);
    play.classList.add("cg-play");
    const columns = ["step", ...names, f, ...slopes.map((name) => `∂${y}/∂${name}`)];
    const head = h("thead", {}, h("tr", {}, ...columns.map((name) => h("th", { scope: "col" }, name))));
    /** @type {{ cells: HTMLElement[], row: HTMLElement }[]} */
    this.rows = Array.from({ length: this.model.get("count") + 1 }, (all, k) => {
      const cells = columns.slice(1).map(() => h("td"));
      return { cells, row: h("tr", { onclick: () => this.go(k) }, h("th", { scope: "row" }, String(k)), ...cells) };
    });
    const table = h("table", {}, head, h("tbody", {}, ...this.rows.map(({ row }) => row)));
    /** @type {HTMLElement} */
    this.list = h("div", { class: "cg-table", tabindex: 0, role: "region", "aria-label": "all steps" }, table);
    const buttons = h("div", { class: "cg-row", role: "group", "aria-label": "steps" }, back, play, on);
    const strip = h("div", { class: "cg-strip" }, h("div", { class: "cg-around" }, place, hint), h("div", { class: "cg-trail" }, buttons, rule, this.list));
    this.el.classList.add("cg-descent");
    this.el.prepend(strip, verdict);
    /** @type {ResizeObserver} */
    this.sized = new ResizeObserver(() => this.resize());
    this.sized.observe(place);
  }

  // The plot is made anew when there is more or less room for it, so that its text keeps its size.
  resize() {
    const width = Math.max(230, Math.min(480, Math.floor(measureWidth(this.parts.place))));
    if (!width || width === this.width) return; // none: it has left the page
    /** @type {number | undefined} */
    this.width = width;
    const [x, y] = this.model.get("names");
    const what = y ? `the contours of ${this.model.get("called")} and the steps` : `${this.model.get("called")} along ${x} and the steps`;
    /** @type {any} */
    this.plot = new Plot(width, Math.round(0.42 * width) + 110, what);
    this.parts.place.replaceChildren(this.plot.svg);
    this.faults.listen(this.plot.inner, "click", (event) => this.begin(event));
    this.drawn = undefined;
    if (this.data) this.guard("drawing the steps", () => this.show());
  }

  // The rate and the step move nothing but the steps. A number that the result does not depend on stays where it is.
  /** @param {string} name */
  moves(name) {
    return !name.startsWith("start ") || super.moves(name.slice("start ".length));
  }

  // The numbers of the sliders, those of the kernel as long as the page does not follow them.
  get numbers() {
    return { ...this.model.get("state").inputs, ...this.inputs?.numbers };
  }

  // All steps from these numbers on: { rows: [[point …, value, gradient …], …], ended }. Throws if the start has no value.
  /** @type {(numbers: Record<string, number>, data?: any[]) => Walk & { key: string, graph: Graph }} */
  walk({ step, ...numbers }, data = this.data) {
    const key = JSON.stringify(numbers); // whichever step is shown, the steps are the same
    if (this.walked?.key === key && this.walked.graph === this.graph) return this.walked;
    const leaves = this.model.get("names").map((/** @type {string} */ name) => ownOf(this.model.get("leaves"), name));
    /** @type {any} */
    this.walked = { key, graph: this.graph, ...walk(this.graph, [...data], leaves, this.model, numbers) };
    return this.walked;
  }

  // The graph stands where the sliders lead to.
  /** @type {(numbers: Record<string, number>, data?: any[]) => any[]} */
  evaluate(numbers, data = this.data) {
    const all = { ...this.model.get("state").inputs, ...numbers }; // those not yet followed are the kernel's
    const { rows } = this.walk(all, data);
    /** @type {string[]} */
    const names = this.model.get("names");
    const here = rows[present(all.step, rows)];
    return super.evaluate(Object.fromEntries(names.map((name, i) => [name, here[i]])), data);
  }

  /** @param {boolean} moving */
  redraw(moving) {
    super.redraw(moving);
    this.show();
  }

  // Draw the steps, and write them down.
  show() {
    const { parts } = this;
    /** @type {[string[], string]} */
    const [names, f] = [this.model.get("written").slice(0, -1), this.model.get("written").at(-1)]; // in formulas
    const { step, rate } = this.numbers;
    let found = this.model.get("state").walk;
    try {
      if (this.ahead || (this.alive && !this.model.get("own"))) found = this.walk(this.numbers);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      found = this.walked ?? found; // where the start has no value; the message says so
    }
    const { rows, ended } = found;
    /** @type {number} */
    this.last = rows.length - 1;
    /** @type {number} */
    this.at = present(step, rows);
    this.rows.forEach(({ row, cells }, k) => {
      row.hidden = k > this.last;
      set(row, "aria-current", String(k === this.at));
      cells.forEach((cell, i) => write(cell, k > this.last ? "" : number(rows[k][i])));
    });
    const here = rows[this.at];
    /** @type {(x: number, rate: number, slope: number) => number} */
    const move = (x, rate, slope) => x - rate * slope;
    /** @type {(name: string, i: number) => string} */
    const next = (name, i) => {
      /** @type {[number, number, number]} */
      const xs = [here[i], rate, here[names.length + 1 + i]];
      const [n, sign] = precision(move, xs, move(...xs));
      const slope = number(xs[2], n);
      return `next ${name} = ${number(xs[0], n)} - ${number(rate, n)} · ${xs[2] < 0 ? `(${slope})` : slope} ${sign} ${number(move(...xs))}`;
    };
    write(parts.rule, names.map(next).join("\n"));
    write(parts.verdict, verdict(found, names.length));
    parts.verdict.classList.toggle("cg-away", Boolean(ended) || /^(Diverging|Back|Jumping|Settled)/.test(parts.verdict.textContent));
    set(parts.back, "aria-disabled", String(this.at <= 0));
    set(parts.on, "aria-disabled", String(this.at >= this.last));
    write(parts.play, this.playing ? "pause" : "play");
    this.scroll();
    if (this.plot) this.draw(rows);
    const point = names.map((name, i) => `${name} = ${number(here[i])}`).join(", ");
    if (!this.tool) this.say(`Step ${this.at} of ${this.last}: ${point}, ${f} = ${number(here[names.length])}. ${parts.verdict.textContent}`);
  }

  /** @param {number[][]} rows */
  draw(rows) {
    const { plot, parts } = this;
    /** @type {{ ranges: Record<string, [number, number]>, curve?: (number | null)[], heights: [number, number], lines: string[], areas: string[], levels: number[] }} */
    const { ranges, curve, heights, lines, areas, levels } = this.model.get("land");
    const [f, [x, y]] = [this.model.get("called"), this.model.get("names")];
    /** @type {(name: string) => Axis} */
    const axis = (name) => ({ low: ranges[name][0], high: ranges[name][1], name });
    plot.axes(axis(x), y ? axis(y) : { low: heights[0], high: heights[1], name: f });
    if (this.drawn !== this.model.get("land")) {
      this.drawn = this.model.get("land");
      if (curve) plot.line("cg-curve", curve.map((value, i) => [ranges[x][0] + (ranges[x][1] - ranges[x][0]) * (i / (curve.length - 1)), value ?? NaN]));
      else plot.part("cg-contours", "g").replaceChildren(...contours(plot, { lines, areas, levels }, this.model.get("written").at(-1)));
    }
    const places = rows.slice(0, this.at + 1).map((row) => [plot.across(row[0]), plot.down(row[1])]); // where the others lead is to be seen
    const here = rows[this.at];
    if (!y) plot.line("cg-tangent", ranges[x].map((at) => [at, here[1] + here[2] * (at - here[0])]));
    const { width, height } = plot.size;
    set(plot.part("cg-walked", "path"), "d", trail(places, width, height));
    const inside = places.map(([left, top]) => left >= 0 && left <= width && top >= 0 && top <= height);
    const dots = places.flatMap(([cx, cy], k) => (inside[k] ? [sketch("circle", { cx, cy, r: 3.5 })] : []));
    plot.part("cg-dots", "g").replaceChildren(...dots);
    if (inside[this.at]) plot.dot("cg-now", here[0], here[1], 6);
    else set(plot.part("cg-now", "circle"), "r", "0");
    const away = inside.filter((one) => !one).length;
    const lost = away ? `${away} of the ${places.length} ${places.length > 1 ? "points" : "point"} ${away > 1 ? "lie" : "lies"} outside.` : "";
    write(parts.curve, f);
    write(parts.told, y ? `The greyer, the higher ${f}. ` : "");
    write(parts.lost, lost && `\n${lost}`);
    write(plot.description, [parts.rule.textContent, lost].filter(Boolean).join(". "));
  }

  // Start where the landscape was clicked, as far as the sliders stand there.
  /** @param {MouseEvent} event */
  begin({ clientX, clientY }) {
    const { plot, inputs } = this;
    const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(plot.inner.getScreenCTM().inverse());
    const at = [plot.x.low + (plot.x.high - plot.x.low) * (x / plot.size.width), plot.y.high - (plot.y.high - plot.y.low) * (y / plot.size.height)];
    this.stop();
    /** @type {[Input | undefined, number][]} */
    const starts = this.model.get("names").map((/** @type {string} */ name, /** @type {number} */ i) => [inputs.rows.find((row) => row.box && row.name === `start ${name}`), at[i]]);
    inputs.set(Object.fromEntries(starts.flatMap(([row, x]) => (row ? [[row.name, nearest(row.slider, x)]] : []))));
  }

  /** @param {number} k */
  go(k) {
    this.stop();
    this.inputs.set({ step: Math.max(0, Math.min(this.last, k)) });
  }

  play() {
    if (this.playing) this.stop();
    else this.advance(this.at === this.last ? 0 : this.at + 1);
    this.show();
  }

  /** @param {number} k */
  advance(k) {
    this.playing = setTimeout(() => (k < this.last ? this.advance(k + 1) : this.stop()), PACE);
    this.inputs.set({ step: Math.min(k, this.last) });
  }

  stop() {
    clearTimeout(this.playing);
    this.playing = undefined;
    write(this.parts.play, "play");
  }

  // Bring the present row into the list, without moving the page.
  scroll() {
    const { row } = this.rows[this.at];
    const [top, room] = [row.offsetTop - row.offsetHeight, this.list.clientHeight - 2 * row.offsetHeight];
    if (top < this.list.scrollTop || top > this.list.scrollTop + room) this.list.scrollTop = top - room / 2;
  }

  close() {
    this.stop();
    this.sized.disconnect();
    super.close();
  }
}

// The number of the step that is shown: any number can be typed.
/** @type {(step: number, rows: number[][]) => number} */
const present = (step, rows) => Math.max(0, Math.min(Math.trunc(step), rows.length - 1));

// The areas above each level, and the lines along it.
/** @type {(plot: Plot, land: { lines: string[], areas: string[], levels: number[] }, f: string) => SVGElement[]} */
function contours(plot, { lines, areas, levels }, f) {
  const scale = `scale(${plot.size.width / 1000} ${plot.size.height / 1000})`;
  /** @type {(d: string, name: string, title?: string) => SVGElement} */
  const path = (d, name, title) => {
    const found = sketch("path", { d, class: name, transform: scale, "vector-effect": "non-scaling-stroke" });
    if (title) found.append(sketch("title", {}, title));
    return found;
  };
  return [...areas.map((d) => path(d, "cg-above-level")), ...lines.map((d, i) => path(d, "cg-level", `${f} = ${number(levels[i])}`))];
}

export default Descent;
