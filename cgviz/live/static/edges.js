// What the edges of the picture show: the local derivative on each, as a number or as a formula; or their size and sign,
// by width and colour; and what moves along them while Step goes forward and backward.

import { setNames } from "./mathematics.js";
import { finite, number, typeset } from "./number.js";
import { CALM } from "./picture.js";
import { sketch } from "./shapes.js";
import { lineOf, Spread } from "./spread.js";
import { select } from "./controls.js";
import { edge } from "./tools.js";
import { isConvention, partial } from "./wording.js";
import { Refusal } from "./refusal.js";

const AUTO = "";
const CHOICES = [[AUTO, "edges"], ["plain", "plain"], ["numbers", "∂ numbers"], ["formulas", "∂ formulas"], ["weight", "weights"], ["gradient", "gradients"]];
const MANY = 120; // of more edges only those that are lit have their number
const ROOM = 28;
const LONGEST = 16;
const WIDEST = 6;

export class Edges {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.choice = select(CHOICES, () => view.refresh(), "what is on the edges");
    this.choice.title = "what is on the edges: local derivatives, or size and sign; by itself what the open tool needs";
    this.choice.classList.add("cg-edges");
    this.choice.value = view.opening.edges ?? AUTO;
    /** @type {any} */
    this.svg = this.written = this.moving = undefined;
    /** @type {any} */
    this.spread = undefined;
    this.labels = new Map(); // their texts, by the edge's key
    this.spots = new Map(); // and where there is room for one
    this.weighed = false;
    this.plain = true;
    /** @type {Element[]} */
    this.hidden = [];
    this.flight = 0;
  }

  begin() {
    this.svg = this.view.picture.svg;
    this.spread = new Spread(this.svg);
    this.written = sketch("g", { class: "cg-locals" });
    this.moving = sketch("g", { class: "cg-motion", "aria-hidden": "true" });
    this.svg.append(this.written, this.moving);
    this.labels.clear();
    this.spots.clear();
    this.weighed = false;
  }

  // Show what the choice, or the open tool, wants, with the numbers in the picture.
  /** @param {Shown} show */
  update(show) {
    const { view } = this;
    this.stop();
    const wanted = show.edges === "none" ? "plain" : this.choice.value || (show.edges ?? "plain");
    const plain = wanted === "plain" && !show.flow;
    if (plain && this.plain && this.svg === view.picture.svg) return; // as in nearly every move
    if (this.svg !== view.picture.svg) {
      this.svg = undefined; // another structure is drawn
      if (plain) return;
      this.begin();
    }
    this.plain = plain;
    const few = this.spread.edges.size <= MANY;
    const uses = plain || wanted === "later" ? [] : this.list({ data: show.data ?? view.data, grad: show.grad ?? view.grad });
    const room = few && ["numbers", "formulas", "later"].includes(wanted) ? ROOM : 0;
    if (this.spread.apart(room)) {
      view.picture.width = Number(this.svg.getAttribute("width"));
      this.spots.clear();
      this.weighed = true; // its lines are whole again
    }
    this.weigh(wanted, uses);
    const lit = new Set((show.marks ?? []).filter(([kind]) => kind === "edge").map(([, key]) => key));
    const going = new Set((show.flow?.moves ?? []).map(({ key }) => key));
    const named = ["numbers", "formulas"].includes(wanted) ? uses.filter(({ key }) => few || lit.has(key)) : [];
    this.label(named.filter(({ key }) => !going.has(key)), wanted === "formulas", lit);
    this.carry(show.flow);
  }

  // Every edge with its local derivative, as far as it is known; none to constants, to which nothing flows back.
  /** @type {(numbers: { data: any[], grad: any[] }) => EdgeNumbers[]} */
  list({ data, grad }) {
    const { graph, local } = this.view;
    /** @type {EdgeNumbers[]} */
    const found = [];
    graph.nodes.forEach((node, user) => node.operands.forEach((source, position) => {
      if (!graph.nodes[source] || graph.nodes[source].kind === "constant") return;
      const key = edge({ source, user, position, place: node.places?.[position] });
      let x = local?.[`${source}-${user}-${position}`];
      if (node.row && [user, ...node.operands].every((i) => typeof data[i] === "number")) {
        try {
          x = graph.tape.local(user, position, data);
        } catch (error) {
          if (!(error instanceof Refusal)) throw error;
        }
      }
      if (typeof x === "number" && x === x && (node.row || data[user] !== null)) found.push({ key, source, user, position, local: x, flow: typeof grad[user] === "number" ? grad[user] * x : NaN });
    }));
    return found;
  }

  // Size and sign by width and colour.
  /** @type {(wanted: string, uses: EdgeNumbers[]) => void} */
  weigh(wanted, uses) {
    const by = wanted === "weight" ? "local" : wanted === "gradient" ? "flow" : undefined;
    if (!by && !this.weighed) return;
    this.weighed = Boolean(by);
    const sizes = new Map(by ? uses.map((use) => [use.key, use[by]]) : []);
    const largest = Math.max(0, ...[...sizes.values()].map(Math.abs).filter(finite));
    for (const [key, { element, now }] of this.spread.edges) {
      const x = sizes.get(key) ?? NaN;
      const share = x === x && largest ? Math.min(1, Math.abs(x) / largest) : 0;
      const style = by ? { stroke: x > 0 ? "var(--cg-plus)" : x < 0 ? "var(--cg-minus)" : "", "stroke-width": share ? `${0.8 + (WIDEST - 0.8) * share}px` : "1px", "stroke-opacity": share ? 0.9 : 0.25 } : { stroke: "", "stroke-width": "", "stroke-opacity": "" };
      for (const [name, value] of Object.entries(style)) element.style.setProperty(name, value);
      element.setAttribute("d", by ? lineOf(now) : now);
    }
  }

  // A line as an element that knows its length.
  /** @param {string} key */
  line(key) {
    const { element, now } = this.spread.edges.get(key) ?? {};
    return element && sketch("path", { d: lineOf(now) });
  }

  // Where on an edge there is room for a text: on its way into the operation, not upon another one.
  /** @param {string} key */
  spot(key) {
    const known = this.spots.get(key);
    if (known) return known;
    const line = this.line(key);
    if (!line) return undefined;
    const [length, [from = -Infinity, to = Infinity], { axis }] = [line.getTotalLength(), this.spread.lastGap(key), this.spread];
    const within = [...Array(41).keys()].map((k) => line.getPointAtLength((length * k) / 40)).filter((point) => [point.x, point.y][axis] >= from && [point.x, point.y][axis] <= to);
    const points = within.length ? within : [line.getPointAtLength(length / 2)];
    const places = [0.5, 0.36, 0.64, 0.24, 0.76, 0.12, 0.88].map((share) => points[Math.round(share * (points.length - 1))]);
    /** @param {DOMPoint} place */
    const clearance = (place) => Math.min(1, ...[...this.spots.values()].map(({ x, y }) => Math.max(Math.abs(x - place.x) / 46, Math.abs(y - place.y) / 14)));
    const place = places.reduce((best, other) => (clearance(other) > clearance(best) ? other : best));
    this.spots.set(key, place);
    return place;
  }

  /** @type {(uses: EdgeNumbers[], formulas: boolean, lit: Set<string | number>) => void} */
  label(uses, formulas, lit) {
    const { view } = this;
    const left = new Set(this.labels.keys());
    for (const use of uses) {
      const place = this.spot(use.key);
      if (!place) continue;
      left.delete(use.key);
      let text = this.labels.get(use.key);
      if (!text) {
        text = sketch("text", { class: "cg-text cg-partial", "text-anchor": "middle" });
        this.labels.set(use.key, text);
        this.written.append(text);
      }
      const formula = isConvention(view, use) ? "" : view.graph.nodes[use.user].locals?.[use.position]?.[0] ?? "";
      const digits = number(use.local);
      const [shown, title] = [typeset(formulas && formula && formula.length <= LONGEST ? setNames(formula) : digits), typeset(`${partial(view, use.user, use.source)} = ${formula && formula !== digits ? `${formula} = ` : ""}${digits}`)];
      if (text.dataset.text !== shown + title) {
        text.dataset.text = shown + title;
        text.replaceChildren(sketch("title", {}, title), shown);
      }
      for (const [name, value] of [["x", place.x], ["y", place.y + 4]]) text.setAttribute(name, value.toFixed(1));
      text.classList.toggle("cg-on", lit.has(use.key));
    }
    for (const key of left) {
      this.labels.get(key)?.remove();
      this.labels.delete(key);
    }
  }

  // The pass goes along some edges: what each carries at its beginning and at its end, with what it is multiplied by.
  /** @param {Flow} [flow] */
  carry(flow) {
    this.moving.replaceChildren();
    for (const element of this.hidden) element.classList.remove("cg-gone");
    this.hidden = [];
    if (!flow) return;
    const back = flow.way === "backward";
    /** @type {{ move: Carried, line: any, length: number, dot: Element, text: Element, above: boolean }[]} */
    const dots = [];
    flow.moves.forEach((move, k) => {
      const [line, { element, now } = {}] = [this.line(move.key), this.spread.edges.get(move.key)];
      if (!line || !element) return;
      this.hidden.push(element);
      element.classList.add("cg-gone");
      const length = line.getTotalLength();
      const head = back ? arrow(line.getPointAtLength(0), line.getPointAtLength(Math.min(8, length))) : "";
      this.moving.append(sketch("path", { class: `cg-way cg-${flow.way}`, d: back ? lineOf(now) + head : now }));
      const place = this.spot(move.key);
      if (move.by && place) this.moving.append(sketch("text", { class: `cg-text cg-carried cg-${flow.way}`, "text-anchor": falls(line, length) ? "start" : "middle", x: place.x, y: place.y - 7 }, typeset(move.by)));
      const above = flow.moves.length > 1 && k === 0;
      const dot = sketch("circle", { class: `cg-dot cg-${flow.way}`, r: 5 });
      const text = sketch("text", { class: `cg-text cg-carried cg-${flow.way}`, "text-anchor": "middle" });
      dots.push({ move, line, length, dot, text, above });
    });
    /** @type {(one: typeof dots[number], share: number) => void} */
    const put = ({ move, line, length, dot, text, above }, share) => {
      const { x, y } = line.getPointAtLength(length * (back ? 1 - share : share));
      for (const [name, value] of [["cx", x], ["cy", y]]) dot.setAttribute(name, value.toFixed(1));
      for (const [name, value] of [["x", x], ["y", y + (above ? -10 : 20)]]) text.setAttribute(name, value.toFixed(1));
      text.textContent = typeset(share < 0.5 ? move.start : move.end);
    };
    /** @param {typeof dots[number]} one */
    const arrived = ({ length, move }) => Math.max(0.55, 1 - (back ? 16 + 4 * move.end.length : 30) / length);
    for (const { dot, text } of dots) this.moving.append(dot, text);
    if (!flow.run || CALM.matches || document.hidden) {
      for (const one of dots) put(one, arrived(one));
      return;
    }
    const { places } = this.view.picture;
    const after = Object.fromEntries(flow.holds.map(([key]) => [key, places.at[key]?.now]).filter(([, slot]) => slot));
    const holds = flow.holds.filter(([key]) => key in after);
    for (const [key, slot] of holds) places.set(key, slot);
    const begun = performance.now();
    /** @param {number} now */
    const fly = (now) => {
      const share = Math.min(1, Math.max(0, (now - begun) / flow.time));
      for (const one of dots) put(one, share * share * (3 - 2 * share));
      if (share < 1) this.flight = requestAnimationFrame(fly);
      else {
        for (const [key, slot] of Object.entries(after)) places.set(key, slot); // what has arrived is added
        for (const one of dots) put(one, arrived(one));
      }
    };
    fly(begun);
  }

  stop() {
    cancelAnimationFrame(this.flight);
  }

  close() {
    this.stop();
  }
}

// Whether a line goes down the page: then what is written above it begins there, and does not lie on it.
/** @type {(line: any, length: number) => boolean} */
const falls = (line, length) => line.getPointAtLength(length).y > line.getPointAtLength(0).y + 8;

// An arrowhead at a point, away from another one.
/** @type {(tip: DOMPoint, from: DOMPoint) => string} */
function arrow(tip, from) {
  const angle = Math.atan2(from.y - tip.y, from.x - tip.x);
  const [a, b] = [0.5, -0.5].map((turn) => `${(tip.x + 8 * Math.cos(angle + turn)).toFixed(1)} ${(tip.y + 8 * Math.sin(angle + turn)).toFixed(1)}`);
  return `M${a}L${tip.x.toFixed(1)} ${tip.y.toFixed(1)}L${b}`;
}
