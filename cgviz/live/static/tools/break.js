// What goes wrong in a backward pass with one mistake in it: first to be predicted, then shown beside the right numbers.

import { h, set, write } from "../elements.js";
import { usersOf } from "../flow.js";
import { setNames } from "../mathematics.js";
import { number } from "../number.js";
import { caption } from "../slots.js";
import { button, div, options, row, select } from "../controls.js";
import { joinNames, near, needGradients, nodesWithGradient, offer, reference, usesOf } from "../tools.js";

/** @type {Record<string, { text: string, title: string, run: (uses: Use[], grad: number[]) => any, why: (broken: Broken) => string, try: string, none: string }>} */
const FAULTS = {
  replace: { text: "= for +=", title: "each contribution to a gradient replaces the one before", run: replace, why: explainReplaced, try: "a*b + a", none: "No node is used twice here, so there is nothing to add up" },
  twice: { text: "no zeroing", title: "the backward pass runs twice, and the gradients are not set to zero in between", run: twice, why: explainKept, try: "a*b + a", none: "Every gradient is 0 here, and 0 can be added as often as you like" },
  order: { text: "wrong order", title: "a node passes its gradient on as soon as it is reached (depth first)", run: depth, why: explainEarly, try: "e = a*b; L = e + e*c", none: "Here every gradient is complete when it is passed on" },
};
let /** @type {any} */ fault, /** @type {string} */ choice, /** @type {boolean} */ answered, /** @type {any} */ ui;

// The three broken passes: from the uses of a right pass, in its order, to the gradients that come out instead.
/** @param {Use[]} uses @param {number[]} grad */
function replace(uses, grad) {
  for (const use of uses) grad[use.source] = grad[use.user] * use.local;
}

/** @param {Use[]} uses @param {number[]} grad */
function twice(uses, grad) {
  const pass = () => uses.forEach((use) => (grad[use.source] += grad[use.user] * use.local));
  pass();
  const first = [...grad];
  pass();
  return { first };
}

/** @param {Use[]} uses @param {number[]} grad */
function depth(uses, grad) {
  /** @type {number[]} */
  const pushed = []; // what each node's gradient was when it passed it on
  const stack = [grad.length - 1];
  while (stack.length) {
    const user = /** @type {number} */ (stack.pop());
    if (user in pushed) continue;
    pushed[user] = grad[user];
    const below = uses.filter((use) => use.user === user);
    for (const use of below) grad[use.source] += grad[user] * use.local;
    stack.push(...below.map((use) => use.source).reverse());
  }
  return { pushed };
}

// Why the first wrong gradient is wrong, in one sentence.
/** @param {Broken} broken */
function explainReplaced({ name, uses, i, right }) {
  const mine = usesOf(uses, i);
  const [last, ...others] = mine.map((use) => number(use.product)).reverse();
  const who = [...new Set(mine.map((use) => name(use.user)))];
  const by = who.length > 1 ? `used by ${joinNames(who)}` : `used ${mine.length > 2 ? `${mine.length} times` : "twice"} by ${who[0]}`;
  return `${name(i)} is ${by}: the last contribution, ${last}, replaced ${joinNames(others.reverse())}. Added up they give ${number(right[i])}`;
}

/** @param {Broken} broken */
function explainKept({ name, i, right, first, wrong }) {
  return `${name(i)} still held ${number(first[i])} from the first backward pass, and the second added ${number(wrong[i] - first[i])} to it, which gives ${number(wrong[i])} in place of ${number(right[i])}`;
}

/** @param {Broken} broken */
function explainEarly({ name, uses, i, right, pushed }) {
  const { user } = /** @type {Use} */ (uses.find((use) => use.source === i && !near(pushed[use.user], right[use.user])));
  return `${name(user)} passed its gradient on to ${name(i)} when it was ${number(pushed[user])}: not all of its uses had contributed yet, and in the end it is ${number(right[user])}`;
}

// What this fault does to a graph: its gradients, which of them are wrong in the order of a backward pass, and at
// which of these nothing was wrong before.
/** @param {View} view @param {string} fault */
function breakGradients(view, fault) {
  const { nodes, root } = view.graph;
  const { grad: right, flow: uses } = reference(view);
  const wrong = nodes.map((node, i) => +(i === root));
  const more = FAULTS[fault].run(uses, wrong);
  const bad = nodesWithGradient(view.graph).reverse().filter((i) => !near(wrong[i], right[i]));
  const begins = bad.filter((i) => !usesOf(uses, i).some((use) => bad.includes(use.user)));
  /** @param {number} i */
  const name = (i) => setNames(nodes[i].name);
  const why = bad.length ? FAULTS[fault].why({ name, uses, i: bad[0], right, wrong, ...more }) : "";
  return { right, wrong, bad, begins, why };
}

/** @param {View} view */
function able(view) {
  needGradients(view);
  reference(view);
}

/** @param {View} view @param {HTMLElement} panel */
function open(view, panel) {
  ui = { switches: {}, said: h("p"), what: h("p") };
  for (const [key, { text, title }] of Object.entries(FAULTS)) ui.switches[key] = button(text, title, () => turn(view, key));
  ui.list = select([], (value) => choose(view, value));
  ui.answer = button("Answer", "see what comes of it", () => answer(view));
  ui.asks = row(h("label", {}, h("span", { class: "cg-asks" }, "Which node will be the first to be wrong?"), ui.list), ui.answer);
  panel.append(div("cg-quiz", row(...Object.values(ui.switches), button("Reset", "no mistake", () => turn(view))), ui.what, ui.asks, div("cg-answers", ui.said)));
  turn(view);
}

/** @param {View} view @param {string} [key] */
function turn(view, key) {
  fault = key === fault ? undefined : key;
  restart(view);
  view.refresh();
}

/** @param {View} view */
function restart({ graph }) {
  [choice, answered] = ["", false];
  ui.list.replaceChildren(...options([["", "click a node, or choose"], ["none", "none: nothing goes wrong"], ...nodesWithGradient(graph).reverse().map((i) => [i, setNames(graph.nodes[i].name)])]));
}

/** @param {View} view @param {string | number} value */
function choose(view, value) {
  choice = String(value);
  answered = false;
  view.refresh();
}

/** @param {View} view */
function answer(view) {
  if (!fault || !choice) return;
  answered = true;
  view.refresh();
  view.say(ui.said.textContent);
}

// What is said to an answer.
/** @param {View} view @param {{ bad: number[], begins: number[], why: string }} broken */
function judge({ graph }, { bad, begins, why }) {
  const { none, try: other } = FAULTS[fault];
  const guess = choice === "none" ? undefined : +choice;
  if (!bad.length) {
    const chance = fault === "replace" && nodesWithGradient(graph).some((i) => usersOf(graph)[i].length > 1);
    const reason = chance ? "With these numbers the last contribution is all there is: move a slider" : none;
    return `${guess === undefined ? "Right" : "No"}: nothing goes wrong. ${reason}. Try it with ${other}.`;
  }
  /** @param {number} i */
  const name = (i) => setNames(graph.nodes[i].name);
  const first = name(bad[0]);
  const verdict =
    guess === undefined ? `Something does go wrong: ${first} is the first to be wrong`
    : begins.includes(guess) && guess !== bad[0] ? `Right: it goes wrong at ${name(guess)}, and at ${first} just as early`
    : guess === bad[0] ? `Right: ${first} is the first`
    : bad.includes(guess) ? `${name(guess)} is wrong too, but only after ${first}`
    : `${name(guess)} is right; ${first} is the first to be wrong`;
  return `${verdict}. ${why}.`;
}

/** @param {View} view */
function update(view) {
  for (const [key, element] of Object.entries(ui.switches)) set(element, "aria-pressed", String(key === fault));
  ui.asks.style.visibility = fault ? "" : "hidden";
  ui.list.value = choice;
  ui.answer.disabled = !choice;
  write(ui.what, fault ? `The mistake: ${FAULTS[fault].title}.` : "Choose a mistake, predict what it does to the gradients, and see.");
  /** @type {any} */
  const result = fault ? breakGradients(view, fault) : { right: reference(view).grad };
  write(ui.said, answered ? judge(view, result) : "");
  const { nodes } = view.graph;
  const shown = answered ? result.wrong : result.right;
  /** @type {any} */
  const found = { grad: view.grad.map((x, i) => (nodes[i].grad ? shown[i] : x)), stale: {}, captions: {}, notes: {}, marks: [], look: answered ? result.bad[0] : undefined };
  if (!answered && choice && choice !== "none") found.marks.push(["node", choice, "cg-asked"]);
  for (const i of answered ? result.bad : []) {
    found.notes[i] = `right: ${number(result.right[i])}`;
    found.marks.push(["node", i, i === result.bad[0] ? "cg-first" : "cg-wrong"]);
    found.captions[i] = `${caption(nodes[i], view.data[i], shown[i])}, wrong: right is ${number(result.right[i])}`;
  }
  return found;
}

// A click is an answer; the arrow keys only choose, and Enter answers.
/** @param {View} view @param {number} i */
function pick(view, i) {
  if (!fault || answered || !view.graph.nodes[i].grad) return;
  choose(view, i);
  if (!view.frame.querySelector(":focus-visible")) answer(view);
}

/** @param {View} view @param {string} key */
function key(view, key) {
  if (key !== "Enter" || answered || !choice || !view.frame.querySelector(":focus")) return false;
  answer(view);
  return true;
}

offer({ name: "Break it", hint: "a mistake in the backward pass, and what comes of it", group: "ask", icon: "break", able, ours: () => !answered, open, update, pick, key, restart, break: breakGradients });
