// What goes wrong in a backward pass with one mistake in it: first to be predicted, then shown beside the right numbers.
const FAULTS = {
  replace: { text: "= for +=", title: "each contribution replaces the one before", run: replace, why: replaced, try: "a*b + a", none: "no node is used twice here, so there is nothing to add up" },
  twice: { text: "no zeroing", title: "two backward passes, and the gradients are not zeroed between them", run: twice, why: kept, try: "a*b + a", none: "every gradient is 0 here, and 0 can be added as often as you like" },
  order: { text: "wrong order", title: "depth first: a node passes its gradient on as soon as it is reached", run: depth, why: early, try: "e = a*b; L = e + e*c", none: "here every gradient is complete when it is passed on" },
};
let fault, choice, answered, ui;

// The three broken passes: from the uses of a right pass, in its order, to the gradients that come out instead.
function replace(uses, root, count) {
  const grad = seed(root, count);
  for (const use of uses) grad[use.source] = grad[use.user] * use.local;
  return { grad };
}

function twice(uses, root, count) {
  const grad = seed(root, count);
  const pass = () => uses.forEach((use) => (grad[use.source] += grad[use.user] * use.local));
  pass();
  const first = [...grad];
  pass();
  return { grad, first };
}

function depth(uses, root, count) {
  const grad = seed(root, count);
  const pushed = []; // what each node's gradient was when it passed it on
  const below = grad.map(() => []);
  for (const use of uses) below[use.user].push(use);
  const stack = [root];
  while (stack.length) {
    const user = stack.pop();
    if (user in pushed) continue;
    pushed[user] = grad[user];
    for (const use of below[user]) grad[use.source] += grad[user] * use.local;
    stack.push(...below[user].map((use) => use.source).reverse());
  }
  return { grad, pushed };
}

function seed(root, count) {
  const grad = Array(count).fill(0);
  grad[root] = 1;
  return grad;
}

// Why the first wrong gradient is wrong, in one sentence.
function replaced({ view, uses, i, right }) {
  const mine = uses.filter((use) => use.source === i);
  const last = mine.at(-1);
  const others = mine.slice(0, -1).map((use) => number(use.product)).join(" and ");
  const who = [...new Set(mine.map((use) => name(view, use.user)))];
  const by = who.length > 1 ? `used by ${listed(who)}` : `used ${mine.length > 2 ? `${mine.length} times` : "twice"} by ${who[0]}`;
  return `${name(view, i)} is ${by}: the last contribution, ${number(last.product)}, replaced ${others}, and should have been added to it, which gives ${number(right[i])}`;
}

function kept({ view, i, right, first, wrong }) {
  return `${name(view, i)} still held ${number(first[i])} from the first backward pass, and the second added ${number(wrong[i] - first[i])} to it, which gives ${number(wrong[i])} in place of ${number(right[i])}`;
}

function early({ view, uses, i, right, pushed }) {
  const use = uses.find((use) => use.source === i && differ(pushed[use.user], right[use.user]));
  const user = name(view, use.user);
  return `${user} passed its gradient on to ${name(view, i)} when it was ${number(pushed[use.user])}: not all of its uses had contributed yet, and in the end it is ${number(right[use.user])}`;
}

const name = (view, i) => view.graph.nodes[i].name;
const listed = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);
const differ = (a, b) => !(Object.is(a, b) || Math.abs(a - b) <= Math.max(1e-9 * Math.abs(a), 1e-9 * Math.abs(b), 1e-12));

// What this fault does to a graph: its gradients, which of them are wrong in the order of a backward pass, and at
// which of these nothing was wrong before.
function broken(view, fault) {
  const { nodes, root } = view.graph;
  if (!Array.isArray(nodes)) throw new Error("the graph is too large");
  if (!nodes.every((node, i) => typeof view.data[i] === "number")) throw new Error("a node holds something else than one number");
  const { grad: right, flow: uses } = view.flow();
  const { grad: wrong, ...more } = FAULTS[fault]?.run(uses, root, nodes.length) ?? { grad: right };
  const order = nodes.map((node, i) => i).reverse();
  const bad = order.filter((i) => nodes[i].grad && differ(wrong[i], right[i]));
  const begins = bad.filter((i) => !uses.some((use) => use.source === i && bad.includes(use.user)));
  const why = bad.length ? FAULTS[fault].why({ view, uses, i: bad[0], right, wrong, ...more }) : "";
  return { right, wrong, bad, begins, why };
}

function open(view, panel) {
  const button = (text, onclick, more) => h("button", { type: "button", onclick, ...more }, text);
  ui = { switches: {}, said: h("p") };
  for (const [key, { text, title }] of Object.entries(FAULTS)) ui.switches[key] = button(text, () => turn(view, key), { title });
  ui.list = h("select", { onchange: () => choose(view, ui.list.value) });
  ui.answer = button("Answer", () => answer(view));
  ui.asks = h("div", { class: "cg-row" }, h("label", {}, "Which node will be the first to be wrong? ", ui.list), ui.answer);
  ui.what = h("p");
  panel.append(h("div", { class: "cg-quiz" }, h("div", { class: "cg-row" }, ...Object.values(ui.switches), button("Reset", () => turn(view))), ui.what, ui.asks, h("div", { class: "cg-answers" }, ui.said)));
  turn(view);
}

function turn(view, key) {
  fault = key === fault ? undefined : key;
  [choice, answered] = ["", false];
  list(view);
  view.refresh();
}

function list(view) {
  const { nodes } = view.graph;
  const option = (value, text) => h("option", { value }, text);
  const order = nodes.map?.((node, i) => i).reverse().filter((i) => nodes[i].grad) ?? [];
  ui.list.replaceChildren(option("", "click a node, or choose"), option("none", "none: nothing goes wrong here"), ...order.map((i) => option(i, nodes[i].name)));
}

function choose(view, value) {
  choice = String(value);
  answered = false;
  view.refresh();
}

function answer(view) {
  if (!fault || !choice) return;
  answered = true;
  view.refresh();
  view.say(ui.said.textContent);
}

// What is said to an answer.
function judge(view, { bad, begins, why, right }) {
  const { none, try: other } = FAULTS[fault];
  const guess = choice === "none" ? undefined : +choice;
  if (!bad.length) {
    const chance = fault === "replace" && view.graph.users.some((uses, i) => uses.length > 1 && view.graph.nodes[i].grad);
    const reason = chance ? "with these numbers the last contribution is all there is: move a slider" : none;
    return `${guess === undefined ? "Right" : "No"}: nothing goes wrong, ${reason}. Try it with ${other}.`;
  }
  const first = name(view, bad[0]);
  const verdict =
    guess === undefined ? `Something does: ${first} is the first to be wrong`
    : begins.includes(guess) && guess !== bad[0] ? `Right, it goes wrong at ${name(view, guess)}, and at ${first} just as early`
    : guess === bad[0] ? `Right, ${first} is the first`
    : bad.includes(guess) ? `${name(view, guess)} is wrong too, but only after ${first}`
    : `${name(view, guess)} is right; ${first} is the first to be wrong`;
  return `${verdict}. ${why}.`;
}

function update(view) {
  for (const [key, element] of Object.entries(ui.switches)) set(element, "aria-pressed", String(key === fault));
  ui.asks.style.visibility = fault ? "" : "hidden";
  ui.list.value = choice;
  ui.answer.disabled = !choice;
  write(ui.what, fault ? `The mistake: ${FAULTS[fault].title}.` : "Choose a mistake in the backward pass.");
  let result;
  try {
    result = broken(view, fault);
  } catch (error) {
    write(ui.said, `The right gradients are not known here: ${error.message}.`);
    return;
  }
  write(ui.said, answered ? judge(view, result) : "");
  const { nodes } = view.graph;
  const shown = answered ? result.wrong : result.right;
  const found = { grad: view.grad.map((x, i) => (nodes[i].grad ? shown[i] : x)), stale: {}, captions: {}, notes: {}, marks: [] };
  if (!answered && choice && choice !== "none") found.marks.push(["node", choice, "cg-asked"]);
  for (const i of answered ? result.bad : []) {
    found.notes[i] = `right: ${number(result.right[i])}`;
    found.marks.push(["node", i, i === result.bad[0] ? "cg-first" : "cg-wrong"]);
    found.captions[i] = `${caption(nodes[i], view.data[i], shown[i])}, wrong: right is ${number(result.right[i])}`;
  }
  return found;
}

// A click is an answer; the Tab key only chooses, and Enter answers.
function pick(view, i) {
  if (!fault || answered || !view.graph.nodes[i].grad) return;
  choose(view, i);
  if (!view.frame.querySelector(":focus-visible")) answer(view);
}

function key(view, key) {
  if (key !== "Enter" || answered || !choice || !view.frame.querySelector(":focus")) return false;
  answer(view);
  return true;
}

function restart(view) {
  [choice, answered] = ["", false];
  list(view);
}

TOOLS.push({ name: "Break it", hint: "a mistake in the backward pass, and what comes of it", open, update, pick, key, restart, broken });
