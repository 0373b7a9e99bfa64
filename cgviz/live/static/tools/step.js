// Forward and backward, one operation at a time: the steps are those of cgviz/chain_rule/stepping.py.

import { h, write } from "../elements.js";
import { writeSum } from "../equation.js";
import { usersOf } from "../flow.js";
import { setMathematics } from "../mathematics.js";
import { exact, number, typeset } from "../number.js";
import { caption } from "../slots.js";
import { button, div, select, usable } from "../controls.js";
import { edge, offer, partsOf, reference } from "../tools.js";
import { called, explainValue, factors, gradient, partials } from "../wording.js";

/** @type {Record<string, number>} */
const PACE = { slow: 2500, normal: 1200, fast: 500 };
/** @type {Record<string, number>} */
const FLIGHT = { slow: 1800, normal: 850, fast: 350 }; // how long a dot is on its way
let /** @type {number} */ at, /** @type {any} */ playing, /** @type {any} */ parts, /** @type {number} */ length, /** @type {boolean} */ onward;

// The steps: each with its sentence, and what it lights.
/** @type {(view: View, flow: Use[]) => any[]} */
function steps(view, flow) {
  const { nodes, root } = view.graph;
  const forward = nodes.flatMap(({ operands, places }, user) => {
    const edges = operands.map((source, position) => ["edge", edge({ source, user, position, place: places?.[position] })]);
    return operands.length ? [{ computed: user, text: () => explainValue(view, user), marks: [...partsOf(user), ...edges] }] : [];
  });
  const seed = { grown: root, after: 1, complete: true, text: () => `${gradient(view, root)} = 1`, marks: [["node", root]] };
  const backward = flow
    .filter(({ source }) => nodes[source].kind !== "constant")
    .map((use) => ({ ...use, grown: use.source, text: () => explainContribution(view, use), marks: [...partsOf(use.user), ["node", use.source], ["edge", edge(use)]] }));
  return [...forward, seed, ...backward];
}

// "∂L/∂a += ∂L/∂e · ∂e/∂a = -2 · b = -2 · -3 = 6, so far 6"; a plain "=" where there is but one use.
/** @type {(view: View, use: Use) => string} */
function explainContribution(view, use) {
  const [here, stages] = [gradient(view, use.source), `${partials(view, use)} = ${factors(view, use)}`];
  if (use.first && use.complete) return `${here} = ${stages}`;
  if (!use.complete) return `${here} += ${stages}, so far ${number(use.after)}`;
  return `${here} += ${stages}, in all ${writeSum([use.before, use.product], use.after)}`;
}

// The numbers as they are after the step reached, and the sentence about it.
/** @param {View} view */
function update(view) {
  const all = steps(view, reference(view).flow);
  length = all.length;
  at = Math.min(at, length);
  const { nodes } = view.graph;
  const run = onward;
  onward = false;
  /** @type {[data: any[], grad: any[], slots: Record<string, Slot>, captions: Record<number, string>]} */
  const [data, grad, found, captions] = [[...view.data], view.data.map(() => null), {}, {}];
  for (const step of all.slice(at)) if (step.computed !== undefined) data[step.computed] = null;
  for (const { grown, after, complete } of all.slice(0, at)) {
    if (grown === undefined) continue;
    grad[grown] = after;
    delete found[`${grown}.grad`];
    delete captions[grown];
    if (complete || !nodes[grown].grad) continue;
    found[`${grown}.grad`] = partly(nodes[grown], after);
    captions[grown] = `${caption(nodes[grown], data[grown], after)} so far`;
  }
  const last = all[at - 1];
  const phase = !last ? "the leaves have their numbers" : last.grown === undefined ? "forward" : "backward";
  const count = `Step ${at} of ${length}: ${phase}`;
  const sentence = last ? last.text() : "Nothing is computed yet. First come the values, from the leaves to the output; then the gradients, from the output back to the leaves.";
  write(parts.count, count);
  parts.sentence.replaceChildren(...(last ? setMathematics(sentence, called(view)) : [sentence]));
  write(parts.play, playing ? "pause" : "play");
  for (const name of ["start", "back"]) usable(parts[name], at > 0);
  for (const name of ["step", "end"]) usable(parts[name], at < length);
  const way = last?.grown === undefined ? "forward" : "backward";
  /** @type {Mark[] | undefined} */
  const marks = last?.marks.flatMap((/** @type {Mark} */ mark) => [mark, [mark[0], mark[1], `cg-${way}`]]);
  const flow = last && { ...carried(view, last), way, run, time: FLIGHT[parts.pace.value] };
  /** @type {Record<number, string>} */
  const notes = { ...(parts.order.checked ? waiting(view, all, data) : {}) };
  if (last?.product !== undefined) notes[last.grown] = [`${last.first && last.complete ? "=" : "+="} ${number(last.product)}`, notes[last.grown]].filter(Boolean).join(", ");
  return { data, grad, stale: {}, slots: found, captions, marks, flow, notes, edges: way === "backward" ? "numbers" : "later", look: last?.grown ?? last?.computed, said: `${count}: ${sentence}` };
}

// A gradient to which not all uses have contributed yet.
/** @type {(node: GraphNode, after: number) => Slot} */
function partly(node, after) {
  const sum = typeset(number(after));
  return [sum + (sum.length < 7 ? " + …" : "…"), "cg-grad cg-none", `gradient of ${node.name}: so far ${typeset(exact(after))}`];
}

// What goes along the edges in a step: the values of the operands, or the gradient that is multiplied on its way; and
// what stands in the box until it arrives.
/** @type {(view: View, use: any) => { moves: Carried[], holds: [string, Slot][] }} */
function carried(view, use) {
  const { computed } = use;
  const { nodes } = view.graph;
  /** @type {(style: string) => Slot} */
  const none = (style) => ["not yet", `${style}cg-none cg-word`, "not computed yet"];
  if (computed !== undefined) {
    const moves = nodes[computed].operands.map((/** @type {number} */ source, /** @type {number} */ position) => {
      const text = number(view.data[source]);
      return { key: edge({ source, user: computed, position, place: nodes[computed].places?.[position] }), start: text, end: text };
    });
    return { moves, holds: [[`${computed}.data`, none("")]] };
  }
  if (use.product === undefined) return { moves: [], holds: [] };
  const moves = [{ key: edge(use), start: number(use.upstream), end: number(use.product), by: `× ${number(use.local)}` }];
  return { moves, holds: [[`${use.source}.grad`, use.first ? none("cg-grad ") : partly(nodes[use.source], use.before)]] };
}

// Kahn's counts: how many operands a value, and how many uses a gradient still waits for.
/** @type {(view: View, all: any[], data: any[]) => Record<number, string>} */
function waiting(view, all, data) {
  const [users, { nodes, root }] = [usersOf(view.graph), view.graph];
  /** @type {Record<number, string>} */
  const found = {};
  const back = all[at - 1]?.grown !== undefined;
  /** @param {number} left */
  const count = (left) => (left ? `waits for ${left}` : "ready");
  if (!back) {
    nodes.forEach(({ operands }, i) => data[i] === null && (found[i] = count(operands.filter((k) => data[k] === null).length)));
    return found;
  }
  const left = users.map((uses) => uses.length);
  const gone = new Set();
  for (const { grown, user } of all.slice(0, at)) if (grown !== undefined && grown !== root) [left[grown] -= 1, gone.add(user)];
  nodes.forEach(({ grad, operands }, i) => {
    if (grad && operands.length && !gone.has(i)) found[i] = count(left[i]);
    else if (grad && !operands.length) found[i] = left[i] ? count(left[i]) : "complete";
  });
  return found;
}

/** @param {View} view @param {number} to */
function go(view, to) {
  onward = to === at + 1;
  at = Math.max(0, Math.min(length, to));
  if (at === length) stop();
  view.refresh();
}

function stop() {
  clearTimeout(playing);
  playing = undefined;
}

/** @param {View} view */
function play(view) {
  if (playing) stop();
  else if (length) {
    if (at === length) at = 0;
    next(view);
  }
  view.refresh();
}

/** @param {View} view */
function next(view) {
  playing = setTimeout(() => {
    next(view);
    go(view, at + 1);
  }, PACE[parts.pace.value]);
}

/** @type {Record<string, () => number>} */
const KEYS = { ArrowRight: () => at + 1, ArrowLeft: () => at - 1, Home: () => 0, End: () => length };

// A view opens with this tool: where the gradient of its node is complete, or its value computed.
/** @type {(view: View, opening: Opening) => void} */
function begin(view, { at: i }) {
  const all = steps(view, reference(view).flow);
  const last = all.findLastIndex(({ grown, computed }) => i !== undefined && (grown === i || computed === i));
  go(view, last + 1);
}

/** @param {View} view @param {string} key */
function jump(view, key) {
  stop();
  go(view, KEYS[key]());
}

offer({
  name: "Step",
  hint: "forward and backward, one operation at a time",
  group: "see",
  icon: "step",
  able: reference,
  ours: () => true,
  begin,
  steps,
  open(view, panel) {
    at = length = 0;
    /** @type {(text: string, title: string, key: string) => any} */
    const to = (text, title, key) => button(text, title, () => jump(view, key));
    const buttons = {
      start: to("⇤ start", "to the start (Home)", "Home"),
      back: to("← back", "one step back (left arrow)", "ArrowLeft"),
      play: button("play", "play or pause (space)", () => play(view), { class: "cg-play" }),
      step: to("step →", "one step on (right arrow)", "ArrowRight"),
      end: to("end ⇥", "to the end (End)", "End"),
    };
    parts = { ...buttons, pace: select(Object.keys(PACE).map((name) => [name])), count: div("cg-count"), sentence: div("cg-sentence"), order: h("input", { type: "checkbox", onchange: () => view.refresh() }) };
    parts.pace.value = "normal";
    const controls = h("div", { class: "cg-row", role: "group", "aria-label": "steps", tabindex: -1 }, ...Object.values(buttons), h("label", {}, "speed ", parts.pace), h("label", { title: "how many uses each gradient still waits for: those at 0 are next" }, parts.order, " order"));
    panel.append(controls, parts.count, parts.sentence);
    controls.focus({ preventScroll: true }); // so that the space key plays, and does not press the tool's button again
  },
  update,
  key(view, key) {
    if (KEYS[key]) jump(view, key);
    else if (key === " " && !view.el.querySelector("button:focus")) play(view);
    else return false;
    return true;
  },
  restart() {
    stop();
    at = 0;
  },
  close: stop,
});
