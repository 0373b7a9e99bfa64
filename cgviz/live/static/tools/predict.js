// Predict, then see: some numbers are hidden, and asked for one after another; a wrong answer is told its slip.
const CHOICES = { grad: "all gradients", data: "all values", "grad one": "one gradient: click a node", "data one": "one value: click a node" };
let choice = "grad";
let kind; // "grad" or "data": what is hidden
let before; // the numbers of this round
let picked; // the node that was clicked, for one number
let hidden = [];
let answers, asked, tries, hints, done, good, trouble, ui;

function open(view, panel) {
  const button = (text, onclick, type = "button") => h("button", { type, onclick }, text);
  const options = Object.entries(CHOICES).map(([value, text]) => h("option", { value, selected: value === choice }, text));
  ui = {
    choice: h("select", { onchange: () => choose(view) }, ...options),
    score: h("span", { class: "cg-score" }),
    asks: h("span", { class: "cg-asks" }),
    field: h("input", { type: "text", inputmode: "text", size: 8, autocomplete: "off", spellcheck: "false", placeholder: "number, + or -" }),
    told: h("p"),
    hints: h("ul"),
  };
  ui.acts = [button("Check", undefined, "submit"), button("Hint", () => hint(view)), button("Show", () => give(view))];
  const submit = (event) => {
    event.preventDefault();
    check(view);
  };
  panel.append(h("div", { class: "cg-quiz" },
    h("div", { class: "cg-row" }, h("label", {}, "Hide ", ui.choice), button("Start over", () => choose(view)), ui.score),
    h("form", { class: "cg-row", onsubmit: submit }, h("label", {}, ui.asks, ui.field), ...ui.acts),
    h("div", { class: "cg-answers" }, ui.told, ui.hints),
  ));
  before = picked = undefined;
}

function choose(view) {
  choice = ui.choice.value;
  before = picked = undefined;
  view.refresh();
}

// A new round with the present numbers.
function begin(view) {
  const { nodes, root } = view.graph;
  kind = choice.split(" ")[0];
  [hidden, done, good, trouble] = [[], 0, 0, ""];
  try {
    answers = right(view);
    const all = nodes.map((node, i) => i).filter((i) => (kind === "data" ? nodes[i].operands.length : nodes[i].grad && i !== root));
    hidden = choice !== kind ? [picked].filter((i) => i !== undefined) : kind === "data" ? all : all.reverse();
    if (choice === kind && !all.length) trouble = kind === "data" ? "Nothing is computed in this graph." : "No gradient is left to predict in this graph.";
  } catch (error) {
    trouble = `Nothing can be asked here: ${error.message}.`;
  }
  ask(hidden[0]);
  told("");
}

// The right numbers. Throws a sentence where there are none.
function right(view) {
  const { data, stale = {} } = view;
  if (!Array.isArray(view.graph.nodes)) throw new Error("the graph is too large");
  if (Object.values(stale).includes("value")) throw new Error("some values are stale, run the expression again");
  if (!view.graph.nodes.every((node, i) => typeof data[i] === "number")) throw new Error("a node holds something else than one number");
  return kind === "data" ? data : view.flow().grad;
}

function ask(i) {
  [asked, tries, hints] = [i, 0, 0];
  ui.field.value = "";
  ui.hints.replaceChildren();
}

function told(text) {
  write(ui.told, text);
}

const what = (view, i) => (kind === "data" ? called(view, i)[0] : partial(view, view.graph.root, i));

function question(view) {
  if (trouble) return trouble;
  if (asked === undefined) return done ? "Everything is shown. Move a slider for new numbers." : "Click a node to hide its number.";
  const { name } = view.graph.nodes[asked];
  return `What is ${what(view, asked)}${called(view, asked)[0] === name || asked === view.graph.root ? "" : `, node ${name}`}?`;
}

function check(view) {
  if (asked === undefined) return;
  const text = ui.field.value.trim().replace("−", "-");
  const [x, answer] = [parse(text), answers[asked]];
  if (text === number(answer) || close(x, answer)) return reveal(view, tries || hints ? 0 : 1, "Right");
  if (/^[+-]$/.test(text)) {
    const same = Math.sign(answer) === +`${text}1`;
    tries += !same;
    told(same ? "The sign is right; now the number." : `No, the sign is not ${text}.`);
    if (same) ui.field.setSelectionRange(1, 1);
  } else if (x !== x) told("Type a number, such as -3, 0.5 or 1/2, or just a sign: + or -.");
  else {
    tries += 1;
    told(`Not ${number(x)}: ${(kind === "grad" && slip(view, asked, x)) || sized(x, answer)}.`);
    ui.field.select();
  }
  view.say(ui.told.textContent);
}

const sized = (x, answer) => (Math.sign(x) === Math.sign(answer) ? `the sign is right, but the number is too ${Math.abs(x) > Math.abs(answer) ? "large" : "small"} in size` : "the sign is not right either");

// A number as people type it: with a point or a comma, or as a fraction.
function parse(text) {
  const parts = text.replaceAll(",", ".").split("/").map((part) => part.trim());
  const good = parts.length < 3 && parts.every((part) => /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(part));
  return good ? parts[0] / (parts[1] ?? 1) : NaN;
}

// What is shown counts as right, and what is within 1 %.
const close = (x, answer) => number(x) === number(answer) ? x === x : Math.abs(x - answer) <= Math.max(0.01 * Math.abs(answer), 1e-12);

function give(view) {
  if (asked !== undefined) reveal(view, 0, "Shown");
}

function reveal(view, point, word) {
  const text = `${word}: ${what(view, asked)} = ${number(answers[asked])}.`;
  const next = hidden.indexOf(asked);
  hidden = hidden.filter((i) => i !== asked);
  done += 1;
  good += point;
  ask(hidden[next] ?? hidden[0]);
  told(text);
  view.refresh();
  view.say(`${text} ${question(view)}`);
  if (asked !== undefined) ui.field.focus();
}

function hint(view) {
  const lines = asked === undefined ? [] : kind === "data" ? forward(view) : backward(view);
  if (hints >= lines.length) return;
  ui.hints.append(h("li", {}, lines[hints]));
  view.say(lines[hints++]);
}

const seen = (i, x) => (hidden.includes(i) ? "?" : number(x));

// How a gradient comes about: the formula of its uses, then what arrives, then the local derivatives.
function backward(view) {
  const { nodes, root } = view.graph;
  const uses = view.flow().flow.filter((use) => use.source === asked);
  if (!uses.length) return ["It is the derivative of the output with respect to itself."];
  const unique = (texts) => [...new Set(texts)].join(", ");
  const local = (use) => {
    const [piece] = nodes[use.user].locals?.[use.position] ?? [number(use.local)];
    return [...new Set([partial(view, use.user, asked), piece, number(use.local)])].join(" = ");
  };
  return [
    `${what(view, asked)} = ${uses.map((use) => `${partial(view, root, use.user)} · ${partial(view, use.user, asked)}`).join(" + ")}`,
    `upstream: ${unique(uses.map((use) => `${partial(view, root, use.user)} = ${seen(use.user, use.upstream)}`))}`,
    `local: ${unique(uses.map(local))}`,
  ];
}

function forward(view) {
  const node = view.graph.nodes[asked];
  const row = ROWS[node.row];
  const text = (pieces) => (row ? fill(row.text, pieces) : `${node.op} of ${pieces.map(([text]) => text).join(", ")}`);
  const numbers = node.operands.map((i) => (hidden.includes(i) ? ["?", 9] : digits(view.data[i])));
  const names = text(node.operands.map((i) => called(view, i)));
  return [`${what(view, asked)} = ${names}`, `with the numbers: ${text(numbers)}`];
}

// The likely slip behind a wrong gradient: as cgviz/slips.py names it.
function slip(view, i, given) {
  const { graph, data } = view;
  const mine = view.flow().flow.filter((use) => use.source === i);
  const sum = (term) => mine.reduce((sum, use) => sum + term(use), 0);
  const name = (use) => graph.nodes[use.user].name;
  const total = sum((use) => use.product);
  const several = mine.length > 1;
  const others = mine.map((use) => {
    const { row, operands } = graph.nodes[use.user];
    return row && operands.length === 2 && operands[0] !== operands[1] ? graph.local(use.user, 1 - use.position, data) : null;
  });
  const found = [[-total, "the sign is wrong"]];
  if (several) found.push(...mine.map((use) => [use.product, `only the use by ${name(use)} counts: contributions add up, += and not =`]));
  if (others.some((other) => other !== null)) {
    const swapped = mine.reduce((sum, use, k) => sum + (others[k] === null ? use.product : use.upstream * others[k]), 0);
    found.push([swapped, "the derivative with respect to the other operand is used"]);
  }
  found.push(
    [sum((use) => use.local), "the gradient that arrives (upstream) is left out"],
    [sum((use) => use.upstream), "the local derivative is left out"],
    [sum((use) => use.upstream + use.local), "upstream and local are added, and should be multiplied"],
    [0, "nothing has been passed back to it"],
    [2 * total, "it is counted twice: were the gradients zeroed before?"],
    [3 * total, "it is counted three times: were the gradients zeroed before?"],
  );
  for (const use of several ? mine : []) {
    found.push([total - 2 * use.product, `the sign is wrong in the use by ${name(use)}`], [total - use.product, `the use by ${name(use)} is left out`]);
  }
  return found.find(([wrong]) => same(given, wrong) && !same(total, wrong))?.[1] ?? "";
}

const same = (a, b) => a === b || (finite(a) && finite(b) && Math.abs(a - b) <= Math.max(1e-6 * Math.max(Math.abs(a), Math.abs(b)), 1e-12));

function update(view) {
  const now = JSON.stringify([view.data, view.local, view.stale]);
  if (now !== before) begin(view);
  before = now;
  const { nodes, root } = view.graph;
  write(ui.asks, question(view));
  write(ui.score, trouble || (!done && !hidden.length) ? "" : `${good} of ${done} at the first try, ${hidden.length} to go`);
  for (const control of [ui.field, ...ui.acts]) control.disabled = asked === undefined;
  if (trouble) return;
  const shown = { grad: [...view.grad], data: [...view.data] };
  if (kind === "grad") nodes.forEach((node, i) => node.grad && (shown.grad[i] = answers[i]));
  else if (hidden.length) shown.grad.fill(null); // there is no backward pass before the forward pass
  const found = { ...shown, slots: {}, captions: {}, marks: asked === undefined ? [] : [["node", asked, "cg-asked"]] };
  for (const i of hidden) {
    shown[kind][i] = null;
    const said = `${kind === "data" ? "value" : "gradient"} of ${nodes[i].name}: hidden`;
    found.slots[`${i}.${kind}`] = ["?", `${kind === "grad" ? "cg-grad " : ""}cg-none cg-word cg-hidden`, said];
    const words = { text: "?", title: "?", words: "hidden" };
    found.captions[i] = caption(nodes[i], kind === "data" ? words : shown.data[i], kind === "grad" ? words : shown.grad[i]);
  }
  if (kind === "grad") found.stale = {};
  return found;
}

function pick(view, i) {
  if (choice === kind) {
    if (hidden.includes(i) && i !== asked) ask(i);
    else return;
  } else {
    const { operands, grad, name } = view.graph.nodes[i];
    if (kind === "data" ? !operands.length : !grad) return told(`${name} is not computed: choose another node.`);
    if (trouble || hidden.includes(i)) return;
    picked = i;
    hidden = [i];
    ask(i);
  }
  told("");
  view.refresh();
  view.say(question(view));
}

// What is typed while a node has the focus goes into the field.
function key(view, key) {
  if (!/^[-+\d.,]$/.test(key) || asked === undefined) return false;
  ui.field.value = key;
  ui.field.focus();
  return true;
}

function restart() {
  before = picked = undefined;
}

TOOLS.push({ name: "Predict", hint: "hide numbers, and predict them one after another", open, update, pick, key, restart, slip });
