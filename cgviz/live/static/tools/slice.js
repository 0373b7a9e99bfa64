// L along one input: the curve, the present point, and the tangent, whose slope is the gradient.

import { h, write } from "../elements.js";
import { finite, number } from "../number.js";
import { measureWidth, Plot } from "../plot.js";
import { Refusal } from "../refusal.js";
import { larger } from "../slope.js";
import { nameOf, computable, gradient, offer, options, orNaN, own, reference, rootAt, row, select } from "../tools.js";

const POINTS = 81;
/** @type {Record<string, number>} */
let before = {};
let /** @type {string | undefined} */ last, /** @type {string | undefined} */ pinned, /** @type {Plot} */ plot, /** @type {any} */ choice, /** @type {HTMLElement} */ slope, /** @type {HTMLElement[]} */ legend, /** @type {HTMLElement} */ hint;

// What can be chosen: the inputs that have sliders, or else every leaf.
/** @type {(view: View) => { name: string, i: number, row?: Input }[]} */
function listInputs(view) {
  const leaves = view.model.get("leaves");
  const found = view.inputs.rows.filter((row) => row.name in leaves).map((row) => ({ name: row.name, i: leaves[row.name], row }));
  if (found.length) return found;
  return view.graph.nodes.map((node, i) => ({ name: node.name, i })).filter(({ i }) => view.graph.nodes[i].kind === "leaf");
}

// The range of the slider, widened to a number that was typed beside it.
/** @type {(row: Input | undefined, x: number) => { low: number, high: number, log?: boolean }} */
function range(row, x) {
  const [low, high, base] = ["min", "max", "base"].map((key) => row?.slider.get(key));
  const wide = 2 * Math.max(1, Math.abs(x));
  if (low === undefined || !(low < high)) return { low: x - wide, high: x + wide };
  /** @param {number} place */
  const end = (place) => (base ? base ** place : place);
  return { low: Math.min(end(low), x), high: Math.max(end(high), x), log: !!base };
}

// The heights to show: all of the curve, but of a pole only what leaves the rest readable.
/** @type {(ys: number[], here: number) => { low: number, high: number }} */
function heights(ys, here) {
  const sorted = ys.filter(finite).sort((a, b) => a - b);
  if (!sorted.length) return { low: -1, high: 1 };
  let [low, high] = [sorted[0], sorted[sorted.length - 1]];
  const [some, most] = [0.1, 0.9].map((part) => sorted[Math.floor(part * (sorted.length - 1))]);
  if (high - low > 20 * (most - some) && most > some) [low, high] = [Math.max(low, 3 * some - 2 * most), Math.min(high, 3 * most - 2 * some)];
  if (finite(here)) [low, high] = [Math.min(low, here), Math.max(high, here)];
  const pad = Math.max(0.06 * (high - low), 1e-3 * larger(low, high)) || 1;
  return { low: low - pad, high: high + pad };
}

/** @param {View} view */
function able(view) {
  computable(view);
  reference(view);
  if (!listInputs(view).length) throw new Refusal("it has no input to move");
}

/** @param {View} view */
function update(view) {
  const all = listInputs(view);
  const one = all.find(({ name }) => name === (pinned ?? last)) ?? all[0];
  list(all, one);
  const { name, i, row } = one;
  const numbers = view.inputs.numbers;
  const x = row ? (numbers[name] ?? view.data[i]) : view.data[i];
  /** @param {number} x */
  const along = (x) => (row ? orNaN(() => view.evaluate({ ...numbers, [name]: x })[view.graph.root]) : rootAt(view, i, x));
  const span = range(row, x);
  const xs = Array.from({ length: POINTS }, (all, k) => {
    const part = k / (POINTS - 1);
    return span.log ? span.low * (span.high / span.low) ** part : span.low + (span.high - span.low) * part;
  });
  const right = reference(view).grad[i];
  const [ys, here, grad] = [xs.map(along), along(x), view.grad[i] ?? right];
  const L = nameOf(view, view.graph.root)[0];
  plot.axes({ ...span, name }, { ...heights(ys, here), name: L });
  plot.line("cg-curve", xs.map((x, k) => [x, ys[k]]));
  plot.line("cg-tangent", xs.map((at) => [at, here + grad * (at - x)]));
  plot.dot("cg-now", x, here);
  const at = `${nameOf(view, i)[0]} = ${number(x)}`;
  const said = finite(here) ? `slope = ${gradient(view, i)} = ${number(grad)}` : `${L} has no value at ${at}.`;
  const notes = [own(view, i, right), view.grad[i] === null ? `No gradient of ${name} is kept: the tangent is that of the chain rule.` : "", ys.every(finite) ? "" : `${L} has no value where the curve is missing.`];
  write(slope, said);
  [`${L} as only ${name} moves`, "tangent", finite(here) ? `${at}, ${L} = ${number(here)}` : at].forEach((text, k) => write(legend[k], text));
  write(hint, notes.filter(Boolean).join(" "));
  write(plot.description, `${L} for ${name} from ${number(span.low)} to ${number(span.high)}: ${number(ys[0])} at the left end, ${number(ys[POINTS - 1])} at the right end, ${number(here)} at ${at}; ${said}`);
}

// The select: what moved last, or one input for good.
/** @param {{ name: string }[]} all @param {{ name: string }} one */
function list(all, one) {
  const names = ["", ...all.map(({ name }) => name)];
  if (choice.options.length !== names.length) choice.replaceChildren(...options(names.map((name) => [name])));
  write(choice.options[0], `moved last (${last ?? one.name})`);
  choice.value = pinned ?? "";
}

/** @param {View} view @param {string} name */
function pin(view, name) {
  pinned = name || undefined;
  view.refresh();
}

offer({
  name: "Slice",
  hint: "the result as one input moves, and its tangent: the gradient is a slope",
  group: "see",
  icon: "slice",
  able,
  watch(view) {
    const now = view.inputs.numbers;
    const moved = Object.keys(now).filter((name) => name in before && before[name] !== now[name]);
    if (moved.length === 1) last = moved[0];
    before = now;
  },
  open(view, panel) {
    choice = select([], (name) => pin(view, name), "input along which the slice goes");
    slope = h("strong", { class: "cg-slope" });
    legend = ["", "", ""].map(() => h("span", { class: "cg-sample" }));
    hint = h("p", { class: "cg-hint cg-two" });
    panel.append(row(h("label", {}, "along ", choice), slope), row(...legend), hint);
    // An empty panel is wider than one that stands beside the picture: it is measured when something is in it.
    plot = new Plot(Math.max(240, Math.min(560, measureWidth(view.panel) - 24)), 250, "the result along one input, with its tangent");
    panel.children[0].after(plot.svg);
  },
  update,
  pick(view, i) {
    const one = listInputs(view).find((one) => one.i === i);
    if (one) pin(view, one.name);
  },
  restart() {
    pinned = undefined;
    choice.replaceChildren();
  },
});
