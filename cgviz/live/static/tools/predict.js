// Predict, then see: some numbers are hidden, and asked for one after another; a wrong answer is told its slip.

import { h, write } from "../elements.js";
import { digits } from "../formula.js";
import { setNames } from "../mathematics.js";
import { number } from "../number.js";
import { Refusal } from "../refusal.js";
import { caption } from "../slots.js";
import { button, div, row, select } from "../controls.js";
import { askable, HIDDEN_NUMBER, hiddenSlot, near, nodesWithGradient, offer, plain, usesOf } from "../tools.js";
import { by, byConvention, gradient, joinEqual, localFormula, nameOf, partial, partials, writeOperation } from "../wording.js";

const CHOICES = [["grad", "all gradients"], ["data", "all values"], ["grad one", "one gradient"], ["data one", "one value"]];
let choice = "grad";
/** @type {any} */
let kind; // "grad" or "data": what is hidden
/** @type {string | undefined} */
let before; // the numbers of this round
/** @type {any} */
let picked; // the node that was clicked, for one number
/** @type {any[]} */
let hidden = [];
let /** @type {any[]} */ answers, /** @type {any} */ asked, /** @type {number} */ tries, /** @type {number} */ hints, /** @type {number} */ done, /** @type {number} */ good, /** @type {any} */ ui;

/** @param {View} view @param {HTMLElement} panel */
function open(view, panel) {
  ui = {
    choice: select(CHOICES, (value) => { choice = value; again(view); }),
    score: h("span", { class: "cg-score" }),
    asks: h("span", { class: "cg-asks" }),
    field: h("input", { type: "text", autocomplete: "off", spellcheck: "false", "data-first": true, placeholder: "number or sign" }),
    told: h("p"),
    hints: h("ul"),
    acts: [h("button", {}, "Check"), button("Hint", "one more line on the way to the answer", () => hint(view)), button("Show", "show this number, and go on", () => asked !== undefined && reveal(view, 0, "Shown"))],
  };
  for (const option of ui.choice.options) {
    option.disabled = !asks[option.value.split(" ")[0]](view.graph);
    if (option.disabled && option.value === choice) choice = CHOICES.find(([value]) => asks[value.split(" ")[0]](view.graph))?.[0] ?? choice;
  }
  ui.choice.value = choice;
  /** @param {any} event */
  const onsubmit = (event) => {
    event.preventDefault();
    check(view);
  };
  panel.append(div("cg-quiz",
    row(h("label", {}, "Hide ", ui.choice), button("Start over", "hide everything again", () => again(view)), ui.score),
    h("form", { class: "cg-row", onsubmit }, h("label", {}, ui.asks, ui.field), ...ui.acts),
    div("cg-answers", ui.told, ui.hints),
  ));
  before = picked = undefined;
}

/** @param {View} view */
function again(view) {
  before = picked = undefined;
  view.refresh();
}

// A new round with the present numbers.
/** @param {View} view */
function deal(view) {
  kind = choice.split(" ")[0];
  [hidden, done, good] = [[], 0, 0];
  plain(view);
  answers = kind === "data" ? view.data : view.flow().grad;
  const all = askable(view.graph, kind);
  hidden = choice !== kind ? [picked].filter((i) => i !== undefined) : kind === "data" ? all : all.reverse();
  ask(hidden[0]);
  write(ui.told, "");
}

/** @param {number} i */
function ask(i) {
  [asked, tries, hints] = [i, 0, 0];
  ui.field.value = "";
  ui.hints.replaceChildren();
}

/** @type {(view: View, i: number) => string} */
const what = (view, i) => (kind === "data" ? nameOf(view, i)[0] : gradient(view, i));

/** @type {(view: View) => string} */
function question(view) {
  if (asked === undefined && done) return "Everything is shown. Move a slider for new numbers.";
  if (asked === undefined) return choice === kind ? "There is nothing to ask here: choose something else to hide." : "Click a node to hide its number.";
  const { name } = view.graph.nodes[asked];
  return `What is ${what(view, asked)}${nameOf(view, asked)[0] === name || asked === view.graph.root ? "" : `, node ${name}`}?`;
}

/** @param {View} view */
function check(view) {
  if (asked === undefined) return;
  const text = ui.field.value.trim().replaceAll("−", "-");
  const [x, answer] = [parse(text), answers[asked]];
  if (text === number(answer) || close(x, answer)) return reveal(view, tries || hints ? 0 : 1, "Right");
  if (/^[+-]$/.test(text)) {
    const right = Math.sign(answer) === +`${text}1`;
    tries += +!right;
    write(ui.told, right ? "The sign is right; now the number." : `No, the sign is not ${text}.`);
    if (right) ui.field.setSelectionRange(1, 1);
  } else if (x !== x) write(ui.told, "Type a number, such as -3, 0.5 or 1/2, or only a sign: + or -.");
  else {
    tries += 1;
    write(ui.told, `Not ${number(x)}: ${(kind === "grad" && slip(view, asked, x)) || compareSize(x, answer)}.`);
    ui.field.select();
  }
  view.say(ui.told.textContent);
}

/** @type {(x: number, answer: number) => string} */
function compareSize(x, answer) {
  if (Math.sign(x) !== Math.sign(answer)) return `it is not ${x > 0 ? "positive" : x < 0 ? "negative" : "0"}`;
  return `the sign is right, but the size is too ${Math.abs(x) > Math.abs(answer) ? "large" : "small"}`;
}

// A number as people type it: with a point or a comma, or as a fraction.
/** @type {(text: string) => number} */
function parse(text) {
  const parts = text.replaceAll(",", ".").split("/").map((part) => part.trim());
  const good = parts.length < 3 && parts.every((part) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part));
  return good ? +parts[0] / +(parts[1] ?? 1) : NaN;
}

// What is shown counts as right, and what is within 1 %.
/** @type {(x: number, answer: number) => boolean} */
const close = (x, answer) => number(x) === number(answer) ? x === x : near(x, answer, 0.01);

/** @param {View} view @param {number} point @param {string} word */
function reveal(view, point, word) {
  const text = `${word}: ${what(view, asked)} = ${number(answers[asked])}.`;
  const next = hidden.indexOf(asked);
  hidden = hidden.filter((i) => i !== asked);
  done += 1;
  good += point;
  ask(hidden[next] ?? hidden[0]);
  write(ui.told, text);
  view.refresh();
  view.say(`${text} ${question(view)}`);
  if (asked !== undefined) ui.field.focus();
}

/** @param {View} view */
function hint(view) {
  const line = asked === undefined ? "" : (kind === "data" ? forward : backward)(view)[hints];
  if (!line) return;
  hints += 1;
  ui.hints.append(h("li", {}, line));
  view.say(line);
}

// How a gradient comes about: the formula of its uses, then what arrives, then the local derivatives.
/** @type {(view: View) => string[]} */
function backward(view) {
  const uses = usesOf(view.flow().flow, asked);
  if (!uses.length) return ["It is the derivative of the output with respect to itself."];
  /** @param {(use: Use) => string} line */
  const unique = (line) => [...new Set(uses.map(line))].join(", ");
  return [
    `${what(view, asked)} = ${uses.map((use) => partials(view, use)).join(" + ")}`,
    `upstream gradient: ${unique(({ user, upstream }) => `${gradient(view, user)} = ${hidden.includes(user) ? "?" : number(upstream)}`)}`,
    `local derivative: ${unique((use) => joinEqual([partial(view, use.user, asked), localFormula(view, use)[0], number(use.local)]) + byConvention(view, [use]))}`,
  ];
}

/** @type {(view: View) => string[]} */
function forward(view) {
  const node = view.graph.nodes[asked];
  if (node.named && node.op) return [`${what(view, asked)} is computed ${by(node, node.operands.map((i) => nameOf(view, i)[0]))}`];
  /** @type {Piece[]} */
  const numbers = node.operands.map((i) => (hidden.includes(i) ? ["?", 9] : digits(view.data[i])));
  return [`${what(view, asked)} = ${writeOperation(node, node.operands.map((i) => nameOf(view, i)))}`, `with the numbers: ${writeOperation(node, numbers)}`];
}

// The likely slip behind a wrong gradient: as cgviz/checks/slips.py names it.
/** @type {(view: View, i: number, given: number) => string} */
function slip(view, i, given) {
  const { graph, data } = view;
  const mine = usesOf(view.flow().flow, i);
  /** @type {(term: (use: Use, k: number) => number) => number} */
  const sum = (term) => mine.reduce((sum, use, k) => sum + term(use, k), 0);
  /** @param {Use} use */
  const name = (use) => graph.nodes[use.user].name;
  const total = sum((use) => use.product);
  const several = mine.length > 1 ? mine : [];
  const others = mine.map((use) => {
    const { row, operands } = graph.nodes[use.user];
    return row && operands.length === 2 && operands[0] !== operands[1] ? graph.tape.local(use.user, 1 - use.position, data) : null;
  });
  /** @type {any[][]} a number, and what is said where it is given */
  const found = [
    [-total, "the sign is wrong"],
    ...several.map((use) => [use.product, `only the use by ${name(use)} counts: contributions add up, += and not =`]),
    ...(others.some((other) => other !== null) ? [[sum((use, k) => (others[k] === null ? use.product : use.upstream * others[k])), "the derivative with respect to the other operand is used"]] : []),
    [sum((use) => use.local), "the gradient that arrives (upstream) is left out"],
    [sum((use) => use.upstream), "the local derivative is left out"],
    [sum((use) => use.upstream + use.local), "upstream and local are added, and should be multiplied"],
    [0, "nothing has been passed back to it"],
    [2 * total, "it is counted twice: were the gradients zeroed before?"],
    [3 * total, "it is counted three times: were the gradients zeroed before?"],
    ...several.flatMap((use) => [[total - 2 * use.product, `the sign is wrong in the use by ${name(use)}`], [total - use.product, `the use by ${name(use)} is left out`]]),
  ];
  const fitting = found.filter(([wrong]) => near(given, wrong, 1e-6) && !near(total, wrong, 1e-6)).map(([, said]) => said);
  const only = fitting.find((said) => said.startsWith("only the use by"));
  if (fitting[0] === found[0][1] && only) return `either ${fitting[0]}, or ${only}`; // the number alone does not tell
  return fitting[0] ?? "";
}

/** @param {View} view */
function update(view) {
  const now = JSON.stringify([view.data, view.local, view.stale]);
  if (now !== before) deal(view);
  before = now;
  const { nodes } = view.graph;
  write(ui.asks, setNames(question(view)));
  write(ui.score, [done && `${good} of ${done} right at the first try`, hidden.length && `${hidden.length} to go`].filter(Boolean).join(", "));
  for (const control of [ui.field, ...ui.acts]) control.disabled = asked === undefined;
  /** @type {Record<string, any[]>} */
  const shown = { grad: [...view.grad], data: [...view.data] };
  if (kind === "grad") for (const i of nodesWithGradient(view.graph)) shown.grad[i] = answers[i];
  else if (hidden.length) shown.grad.fill(null); // there is no backward pass before the forward pass
  /** @type {any} */
  const found = { ...shown, edges: hidden.length ? "none" : "plain", slots: {}, captions: {}, marks: asked === undefined ? [] : [["node", asked, "cg-asked"]], look: asked };
  for (const i of hidden) {
    shown[kind][i] = null;
    found.slots[`${i}.${kind}`] = hiddenSlot(nodes[i], kind);
    found.captions[i] = caption(nodes[i], kind === "data" ? HIDDEN_NUMBER : shown.data[i], kind === "grad" ? HIDDEN_NUMBER : shown.grad[i]);
  }
  if (kind === "grad") found.stale = {};
  return found;
}

/** @param {View} view @param {number} i */
function pick(view, i) {
  const { operands, grad, name } = view.graph.nodes[i];
  if (choice === kind ? !hidden.includes(i) || i === asked : hidden.includes(i)) return;
  if (choice !== kind) {
    if (kind === "data" ? !operands.length : !grad) return write(ui.told, `${name} is not computed: choose another node.`);
    picked = i;
    hidden = [i];
  }
  ask(i);
  write(ui.told, "");
  view.refresh();
  view.say(question(view));
}

// What is typed while a node has the focus goes into the field.
/** @param {View} view @param {string} key */
function key(view, key) {
  if (!/^[-+\d.,]$/.test(key) || asked === undefined) return false;
  ui.field.value = key;
  ui.field.focus();
  return true;
}

function restart() {
  before = picked = undefined;
}

// A view opens with this tool: what is hidden, and the node that is asked for first.
/** @type {(view: View, opening: Opening) => void} */
function begin(view, { at, hide }) {
  const value = hide.startsWith("value") ? "data" : "grad";
  choice = hide.endsWith("s") ? value : `${value} one`;
  ui.choice.value = choice;
  again(view);
  if (at !== undefined) pick(view, at);
}

// What can be asked for: values of operations, gradients of nodes that keep one.
/** @type {Record<string, (graph: { nodes: GraphNode[] }) => boolean>} */
const asks = { data: ({ nodes }) => nodes.some(({ operands }) => operands.length > 0), grad: (graph) => nodesWithGradient(graph).length > 1 };

/** @param {View} view */
function able(view) {
  plain(view);
  if (!asks.data(view.graph)) throw new Refusal("it has no operation whose result could be asked for");
}

offer({ name: "Predict", hint: "hide numbers, and predict them one after another", group: "ask", icon: "predict", able, ours: () => kind === "grad", open, update, pick, key, begin, restart, slip });
