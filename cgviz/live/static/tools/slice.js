// L along one input: the curve, the present point, and the tangent, whose slope is the gradient. The point can be
// dragged along the curve; a secant to a second point, h away, turns into the tangent as h shrinks.

import { h, set, write } from "../elements.js";
import { nearest } from "../inputs.js";
import { finite, number } from "../number.js";
import { measureWidth, Plot } from "../plot.js";
import { Refusal } from "../refusal.js";
import { larger } from "../slope.js";
import { button, options, row, select } from "../controls.js";
import { setNames } from "../mathematics.js";
import { computable, offer, orNaN, own, reference, rootAt } from "../tools.js";
import { gradient, nameOf } from "../wording.js";

const POINTS = 81;
const FARTHEST = 0.25; // of the range: how far away the second point of the secant begins
/** @type {Record<string, number>} */
let before = {};
let /** @type {string | undefined} */ last, /** @type {string | undefined} */ pinned, /** @type {Plot} */ plot, /** @type {any} */ choice, /** @type {HTMLElement} */ slope, /** @type {HTMLElement[]} */ legend, /** @type {HTMLElement} */ hint;
let /** @type {Input | undefined} */ along, secant = false, share = 1, /** @type {Record<"turn" | "rest" | "size" | "said", any>} */ second;

// What can be chosen: the inputs that have sliders, or else every leaf.
/** @type {(view: View) => { name: string, i: number, row?: Input }[]} */
function listInputs(view) {
  const leaves = view.model.get("leaves");
  const found = view.inputs.rows.filter((row) => Object.hasOwn(leaves, row.name)).map((row) => ({ name: row.name, i: leaves[row.name], row }));
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
  const walk = (x) => (row ? orNaN(() => view.evaluate({ ...numbers, [name]: x })[view.graph.root]) : rootAt(view, i, x));
  const span = range(row, x);
  const xs = Array.from({ length: POINTS }, (all, k) => {
    const part = k / (POINTS - 1);
    return span.log ? span.low * (span.high / span.low) ** part : span.low + (span.high - span.low) * part;
  });
  const right = reference(view).grad[i];
  const [ys, here, grad] = [xs.map(walk), walk(x), view.grad[i] ?? right];
  const L = nameOf(view, view.graph.root)[0];
  along = row;
  plot.axes({ ...span, name }, { ...heights(ys, here), name: L });
  plot.line("cg-curve", xs.map((x, k) => [x, ys[k]]));
  plot.line("cg-tangent", xs.map((at) => [at, here + grad * (at - x)]));
  plot.dot("cg-now", x, here);
  const away = secant ? FARTHEST * (span.high - span.low) * share : 0;
  const rise = away ? (walk(x + away) - here) / away : NaN;
  plot.line("cg-secant", finite(rise) ? [span.low, span.high].map((at) => [at, here + rise * (at - x)]) : []);
  plot.dot("cg-second", x + away, finite(rise) ? here + rise * away : NaN);
  set(second.turn, "aria-pressed", String(secant));
  second.rest.hidden = !secant;
  write(second.said, !secant ? "" : away ? `h = ${number(away)}, slope of the secant = ${number(rise)}` : "h = 0: two points have become one, and no fraction is left");
  const at = `${nameOf(view, i)[0]} = ${number(x)}`;
  const said = finite(here) ? `slope = ${gradient(view, i)} = ${number(grad)}` : `${L} has no value at ${at}.`;
  const notes = [own(view, i, right), view.grad[i] === null ? `No gradient of ${name} is kept: the tangent is that of the chain rule.` : "", ys.every(finite) ? "" : `${L} has no value where the curve is missing.`];
  write(slope, setNames(said));
  [`${L} as only ${name} moves`, "tangent", finite(here) ? `${at}, ${L} = ${number(here)}` : at].forEach((text, k) => write(legend[k], setNames(text)));
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

// A hand on the plot takes the input to where it is, as far as its slider stands there.
/** @param {View} view @param {PointerEvent} event */
function drag(view, { buttons, clientX, clientY, pointerId }) {
  if (!(buttons & 1) || !along || along.slider.get("disabled")) return;
  plot.svg.setPointerCapture(pointerId);
  const { x } = new DOMPoint(clientX, clientY).matrixTransform(plot.inner.getScreenCTM().inverse());
  const part = Math.max(0, Math.min(1, x / plot.size.width));
  const { low, high, log } = plot.x;
  view.inputs.set({ [along.name]: nearest(along.slider, log ? low * (high / low) ** part : low + (high - low) * part) });
}

offer({
  name: "Slice",
  hint: "the result as one input moves, and its tangent: the gradient is a slope",
  group: "see",
  icon: "slice",
  able,
  watch(view) {
    const now = view.inputs.numbers;
    const moved = Object.keys(now).filter((name) => Object.hasOwn(before, name) && before[name] !== now[name]);
    if (moved.length === 1) last = moved[0];
    before = now;
  },
  open(view, panel) {
    choice = select([], (name) => pin(view, name), "input along which the slice goes");
    slope = h("strong", { class: "cg-slope" });
    legend = ["", "", ""].map(() => h("span", { class: "cg-sample" }));
    hint = h("p", { class: "cg-hint cg-two" });
    const shrink = (/** @type {any} */ { target }) => {
      share = +target.value;
      view.refresh();
    };
    const turn = () => {
      secant = !secant;
      view.refresh();
    };
    second = {
      turn: button("secant", "a straight line through a second point, h away: with a small h it becomes the tangent", turn),
      size: h("input", { type: "range", min: 0, max: 1, step: 0.01, value: share, "aria-label": "h, the distance of the second point", oninput: shrink }),
      said: h("output", { class: "cg-slope" }),
      rest: h("label", { class: "cg-row" }),
    };
    second.rest.append("h", second.size, second.said);
    panel.append(row(h("label", {}, "along ", choice), slope), row(...legend), row(second.turn, second.rest), hint);
    // An empty panel is wider than one that stands beside the picture: it is measured when something is in it.
    plot = new Plot(Math.max(240, Math.min(560, measureWidth(view.panel) - 24)), 250, "the result along one input, with its tangent");
    panel.children[0].after(plot.svg);
    plot.svg.style.touchAction = "pan-y"; // a finger that goes sideways drags the point
    for (const type of ["pointerdown", "pointermove"]) plot.svg.addEventListener(type, (/** @type {PointerEvent} */ event) => view.guard("dragging", () => drag(view, event)));
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
