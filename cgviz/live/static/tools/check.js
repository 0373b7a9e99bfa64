// Each gradient beside the slope that a small step ±h shows, and how the error of that slope depends on h.

import { h, set, write } from "../elements.js";
import { setNames } from "../mathematics.js";
import { finite, number } from "../number.js";
import { measureWidth, Plot } from "../plot.js";
import { Refusal } from "../refusal.js";
import { central, HALF, measure, outside } from "../slope.js";
import { div, table } from "../controls.js";
import { computable, near, needGradients, nodesWithGradient, offer, rootAt } from "../tools.js";
import { nameOf } from "../wording.js";
import { compare } from "../verdict.js";

const MOST = 80;
const SIZES = Array.from({ length: 46 }, (all, k) => 10 ** (-k / 3));
let exponent = -5;
let /** @type {number} */ chosen, /** @type {number[]} */ checked, /** @type {Table} */ lines, /** @type {Plot} */ plot, /** @type {HTMLElement} */ regime, /** @type {HTMLElement} */ sizeText;

// What there is to say of a gradient.
/** @type {(seen: Slope, grad: number | null) => { seen: Slope, words: string, wrong: boolean }} */
function judged(seen, grad) {
  if (grad === null) return { seen, words: "no gradient", wrong: false };
  const [state, note] = compare(seen, grad);
  const wrong = state === "wrong";
  const said = { agrees: "✓ agrees", wrong: `✗ ${note || `should be ${number(seen.slope)}`}` }[state] ?? note;
  return { seen, wrong, words: state === "agrees" && note ? `${said}; ${note}` : said };
}

// The chain rule's gradients and uses; those of the class, and no uses, where a derivative has no value.
/** @type {(view: View) => { grad: any[], flow: Use[] | null }} */
function chain(view) {
  try {
    return view.flow();
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { grad: view.grad, flow: null };
  }
}

// The size of the numbers behind each node, in units of the result: what rounding errors are a share of.
/** @type {(view: View, chain: { grad: any[], flow: Use[] | null }) => number[]} */
function backgrounds(view, { grad, flow }) {
  const { nodes, root } = view.graph;
  const effect = nodes.map((_, i) => (i === root ? 1 : flow ? 0 : Math.abs(grad[i])));
  for (const { source, user, local } of flow ?? []) effect[source] += Math.abs(effect[user] * local);
  /** @type {number[]} */
  const found = [];
  let behind = 0;
  for (let i = root; i >= 0; i--) {
    found[i] = behind;
    const share = effect[i] * Math.abs(view.data[i]);
    if (nodes[i].operands.length && finite(share)) behind += share;
  }
  return found;
}

/** @param {View} view */
function able(view) {
  computable(view);
  needGradients(view);
  if (nodesWithGradient(view.graph).every((i) => view.grad[i] === null)) throw new Refusal("it has no gradients yet; run backward() first");
}

/** @type {(view: View) => Shown} */
function update(view) {
  const all = nodesWithGradient(view.graph);
  const L = nameOf(view, view.graph.root)[0];
  const h = 10 ** exponent;
  checked = all.slice(0, MOST);
  if (!checked.includes(chosen)) chosen = checked[0];
  const { name } = view.graph.nodes[chosen];
  write(sizeText, setNames(`h = ${number(h)}, slope = (${L}(${name} + h) − ${L}(${name} − h)) / 2h`));
  const sizes = backgrounds(view, chain(view));
  const verdicts = checked.map((i) => judged(measure((x) => rootAt(view, i, x), view.data[i], sizes[i]), view.grad[i]));
  const rows = lines.fill(checked.map((i, k) => {
    const [x, grad, { words }] = [view.data[i], view.grad[i], verdicts[k]];
    /** @param {number} x */
    const f = (x) => rootAt(view, i, x);
    const [slope, side] = [central(f, x, h), outside(f, x, h)];
    return [view.graph.nodes[i].name, grad === null ? "not yet" : number(grad), side ? "–" : number(slope), side ? `no ${L} at ${side}h; ${words}` : words, side || grad === null ? "–" : number(Math.abs(slope - grad))];
  }));
  checked.forEach((i, k) => {
    rows[k].classList.toggle("cg-wrong", verdicts[k].wrong);
    set(rows[k], "aria-current", String(i === chosen));
  });
  curve(view, h, L, verdicts[checked.indexOf(chosen)], all.length > MOST);
  return { marks: [["node", chosen]], look: chosen };
}

// The error against h, for the chosen node.
/** @type {(view: View, h: number, L: string, found: any, more: boolean) => void} */
function curve(view, h, L, found, more) {
  /** @param {number} x */
  const f = (x) => rootAt(view, chosen, x);
  const [x, grad, name] = [view.data[chosen], view.grad[chosen], view.graph.nodes[chosen].name];
  /** @param {number} h */
  const error = (h) => Math.max(1e-17, Math.abs(central(f, x, h) - grad));
  const errors = SIZES.map((h) => [h, error(h)]);
  const most = Math.max(1, ...errors.map(([, e]) => e).filter(finite));
  plot.axes({ low: 1e-15, high: 1, log: true, name: "step h" }, { low: 1e-17, high: 10 ** Math.ceil(Math.log10(most)), log: true, name: `error of ${setNames(name)}` });
  plot.line("cg-here", [[h, plot.y.low], [h, plot.y.high]]);
  plot.line("cg-curve", errors);
  plot.dot("cg-now", h, error(h));
  const ours = rootAt(view, -1, 0);
  const said = setNames(near(ours, view.data[view.graph.root]) ? judge(view, f, x, h, L, name, found) : `This class computes another ${L} than the usual rules: they give ${number(ours)}, and the slopes here.`);
  write(regime, said + (more ? ` Only the first ${MOST} nodes are checked.` : ""));
  write(plot.description, `At h = ${number(h)} the error is ${number(error(h))}. ${said}`);
}

// Which of the two errors rules at h: that of a curve which is not straight, or that of rounding.
/** @type {(view: View, f: (x: number) => number, x: number, h: number, L: string, name: string, judged: { seen: Slope, words: string, wrong: boolean }) => string} */
function judge(view, f, x, h, L, name, { seen, words, wrong }) {
  const side = outside(f, x, h);
  if (side) return `${L} has no value at ${name} ${side} h: a smaller h may do.`;
  if (["kink", "jump"].includes(seen.kind)) return `At this number of ${name}${seen.kind === "jump" ? ", or nearer than the smallest step" : ""}, ${L} has a ${seen.kind}: no h gives one slope for both sides.`;
  if (wrong) return `Whatever h is, the error at ${name} stays: the gradient itself is wrong.`;
  if (words.startsWith("not checked")) return `The gradient of ${name} was ${words}.`;
  if (x + h === x) return `h is too small: ${name} ± h rounds to ${name} itself.`;
  const slope = central(f, x, h);
  const rounding = (HALF * weights(view)) / h;
  const bend = Math.max((4 / 3) * Math.abs(slope - central(f, x, h / 2)), Math.abs(slope - view.grad[chosen]) - rounding);
  const allowed = 1e-6 * Math.max(Math.abs(slope), Math.abs(view.grad[chosen]), 1e-3);
  if (Math.max(bend, rounding) <= allowed) return `h is good for ${name}: so small that the curve is nearly a straight line, and large enough to be safe from rounding.`;
  if (bend > 2 * rounding) return `h is too large: between ${name} − h and ${name} + h the curve of ${L} is not straight.`;
  return `h is too small: ${L}(${name} + h) and ${L}(${name} − h) differ only in their last digits, and those are rounded.`;
}

// How strongly the rounding of every number reaches the root. Nothing rounds a constant, and its gradient may be NaN.
/** @type {(view: View) => number} */
function weights(view) {
  const { grad } = chain(view);
  return nodesWithGradient(view.graph).reduce((sum, i) => sum + Math.abs(view.data[i] * grad[i]), 0);
}

/** @param {View} view @param {number} i */
function choose(view, i) {
  if (!checked?.includes(i)) return;
  chosen = i;
  view.refresh();
}

offer({
  name: "Check",
  hint: "each gradient beside the slope that a small step shows",
  group: "verify",
  icon: "check",
  able,
  open(view, panel) {
    /** @param {any} event */
    const oninput = ({ target }) => {
      exponent = +target.value;
      view.refresh();
    };
    const slider = h("input", { type: "range", min: -15, max: 0, step: 0.25, value: exponent, "aria-label": "step h, as a power of ten", oninput });
    sizeText = h("output", { class: "cg-slope" });
    lines = table("gradients and slopes", ["node", "gradient", "slope", "verdict", "difference"], (k) => choose(view, checked[k]));
    regime = h("p", { class: "cg-hint cg-two" });
    panel.append(h("label", { class: "cg-row" }, "step", slider, sizeText), div("cg-beside", lines.box, h("div", {}, regime)));
    plot = new Plot(Math.max(240, Math.min(340, measureWidth(view.panel) - 24)), 230, "error of the slope against the step h");
    regime.before(plot.svg);
  },
  update,
  pick: choose,
  backgrounds: (/** @type {View} */ view) => backgrounds(view, chain(view)),
});
