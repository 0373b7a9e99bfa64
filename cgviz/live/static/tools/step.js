// Forward and backward, one operation at a time: the steps are those of cgviz/chain_rule/stepping.py.

import { h, write } from "../elements.js";
import { writeSum } from "../equation.js";
import { exact, number } from "../number.js";
import { caption } from "../slots.js";
import { button, explainValue, div, edge, factors, gradient, offer, partials, reference, select, usable } from "../tools.js";

/** @type {Record<string, number>} */
const PACE = { slow: 2500, normal: 1200, fast: 500 };
let /** @type {number} */ at, /** @type {any} */ playing, /** @type {any} */ parts, /** @type {number} */ length;

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

/** @type {(i: number) => Mark[]} */
const partsOf = (i) => [["node", i], ["op", i], ["stem", i]];

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
  /** @type {[data: any[], grad: any[], slots: Record<string, Slot>, captions: Record<number, string>]} */
  const [data, grad, found, captions] = [[...view.data], view.data.map(() => null), {}, {}];
  for (const step of all.slice(at)) if (step.computed !== undefined) data[step.computed] = null;
  for (const { grown, after, complete } of all.slice(0, at)) {
    if (grown === undefined) continue;
    grad[grown] = after;
    delete found[`${grown}.grad`];
    delete captions[grown];
    if (complete || !nodes[grown].grad) continue;
    const sum = number(after);
    found[`${grown}.grad`] = [sum + (sum.length < 8 ? " + …" : "…"), "cg-grad cg-none", `gradient of ${nodes[grown].name}: so far ${exact(after)}`];
    captions[grown] = `${caption(nodes[grown], data[grown], after)} so far`;
  }
  const last = all[at - 1];
  const phase = !last ? "the leaves have their numbers" : last.grown === undefined ? "forward" : "backward";
  const count = `Step ${at} of ${length}: ${phase}`;
  const sentence = last ? last.text() : "Nothing is computed yet. First come the values, from the leaves to the output; then the gradients, from the output back to the leaves.";
  write(parts.count, count);
  write(parts.sentence, sentence);
  write(parts.play, playing ? "pause" : "play");
  for (const name of ["start", "back"]) usable(parts[name], at > 0);
  for (const name of ["step", "end"]) usable(parts[name], at < length);
  return { data, grad, stale: {}, slots: found, captions, marks: last?.marks, look: last?.grown ?? last?.computed, said: `${count}: ${sentence}` };
}

/** @param {View} view @param {number} to */
function go(view, to) {
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

/** @param {View} view @param {string} key */
function jump(view, key) {
  stop();
  go(view, KEYS[key]());
}

offer({
  name: "Step",
  hint: "forward and backward, one operation at a time",
  ours: () => true,
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
    parts = { ...buttons, pace: select(Object.keys(PACE).map((name) => [name])), count: div("cg-count"), sentence: div("cg-sentence") };
    parts.pace.value = "normal";
    const controls = h("div", { class: "cg-row", role: "group", "aria-label": "steps", tabindex: -1 }, ...Object.values(buttons), h("label", {}, "speed ", parts.pace));
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
