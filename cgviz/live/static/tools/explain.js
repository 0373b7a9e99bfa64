// Where a node's value and gradient come from: the sentences are those of cgviz/chain_rule/explanation.py.

import { h, set } from "../elements.js";
import { writeSum, precision } from "../equation.js";
import { usersOf } from "../flow.js";
import { setMathematics, setNames } from "../mathematics.js";
import { exact, number } from "../number.js";
import { caption, nodeSlots } from "../slots.js";
import { button, div, options, row, select } from "../controls.js";
import { edge, nodesWithGradient, offer, own, partsOf, reference, usesOf } from "../tools.js";
import { byConvention, called, explainValue, factors, gradient, localFormula, nameOf, partials, wrap, writeOperation } from "../wording.js";

const MOST = 8;
const LONG = 8; // a path of more stops is cut in its middle
let /** @type {any} */ asked, /** @type {boolean} */ forward, /** @type {any} */ chosen, /** @type {any} */ parts;

// What each operation that uses a node knows: "L = f · d: times the other factor, d".
/** @type {(view: View, i: number, flow: Use[]) => string[]} */
function rules(view, i, flow) {
  const { nodes } = view.graph;
  return usesOf(flow, i).map((use) => {
    const [node, [local]] = [nodes[use.user], localFormula(view, use)];
    const formula = node.named ? "" : writeOperation(node, node.operands.map((k) => nameOf(view, k)));
    const factor = node.row === "mul" ? `times the other factor, ${local}` : local === "1" ? "the gradient passes as it is" : local === "-1" ? "the gradient passes with its sign turned" : `times ${local}`;
    return `${nameOf(view, use.user)[0]}${formula ? ` = ${formula}` : `, by '${node.op}'`}: ${factor}${byConvention(view, [use])}`;
  });
}

// The lines of `explain(root, node)`: one for each use, and one for their sum.
/** @type {(view: View, i: number, found: { grad: number[], flow: Use[] }) => string[]} */
function lines(view, i, { grad, flow }) {
  const { root } = view.graph;
  const here = gradient(view, i);
  const uses = usesOf(flow, i).sort((a, b) => a.user - b.user || a.position - b.position);
  if (i === root || !uses.length) return [`${here} = ${number(grad[i])}`];
  if (uses.length === 1) return [`${here} = ${partials(view, uses[0])} = ${factors(view, uses[0])}`];
  const ways = uses.map((use) => {
    const direct = use.user === root;
    const twice = uses.filter((other) => other.user === use.user).length > 1 ? `, operand ${use.position + 1}` : "";
    return `${direct ? "directly" : `through ${nameOf(view, use.user)[0]}`}${twice}: ${direct ? "" : `${partials(view, use)} = `}${factors(view, use)}`;
  });
  return [...ways, `${here} = ${writeSum(uses.map((use) => use.product), grad[i])}`];
}

// How many paths lead from each node to the output: there can be far too many to follow.
/** @type {(graph: Graph) => number[]} */
function counts(graph) {
  const [users, { root }] = [usersOf(graph), graph];
  const found = users.map(() => 0);
  found[root] = 1;
  for (let i = root - 1; i >= 0; i--) for (const { user } of users[i]) found[i] += found[user];
  return found;
}

/** @type {(graph: Graph, i: number, count: number[]) => Generator<{ source: number, user: number, position: number, place: number }[]>} */
function* paths(graph, i, count) {
  if (i === graph.root) yield [];
  for (const { user, position, place } of usersOf(graph)[i]) {
    if (count[user]) for (const rest of paths(graph, user, count)) yield [{ source: i, user, position, place }, ...rest];
  }
}

// The paths, each with the product of its local derivatives, and what all of them add up to.
/** @type {(view: View, i: number, found: { grad: number[], flow: Use[] }) => any[][]} */
function ways(view, i, { grad, flow }) {
  const { graph } = view;
  /** @param {number} k */
  const name = (k) => nameOf(view, k)[0];
  const count = counts(graph);
  const uses = Object.fromEntries(flow.map((use) => [edge(use), use]));
  /** @type {any[][]} */
  const found = [];
  /** @type {number[]} */
  const products = [];
  for (const path of paths(graph, i, count)) {
    const along = path.map((use) => uses[edge(use)]);
    const factors = along.map((use) => use.local);
    /** @param {number[]} factors */
    const multiply = (...factors) => factors.reduce((a, b) => a * b);
    const product = multiply(...factors);
    const [n, sign] = precision(multiply, factors, product);
    /** @param {string[]} list */
    const elide = (list) => (list.length > LONG ? [...list.slice(0, LONG / 2), "…", ...list.slice(1 - LONG / 2)] : list);
    const shown = elide(factors.map((x) => number(x, n))).join(" · ");
    const stops = path.map(({ source, user, position }) => {
      const twice = graph.nodes[user].operands.filter((other) => other === source).length > 1;
      return name(user) + (twice ? ` (operand ${position + 1})` : "");
    });
    found.push([`${elide([name(i), ...stops]).join(" → ")}: ${factors.length > 1 ? `${shown} ${sign} ${number(product)}` : number(product)}${byConvention(view, along)}`, "cg-path", path, [name(i), ...stops].join(" → ")]);
    products.push(product);
    if (found.length === MOST) break;
  }
  const [more, here, total] = [count[i] - found.length, gradient(view, i), number(grad[i])];
  if (more) found.push([`and ${exact(more)} more`, "cg-path"], [`All of them add up to ${here} = ${total}.`]);
  else if (count[i] > 1) found.push([`They add up to ${here} = ${writeSum(products, grad[i])}.`]);
  const lead = count[i] === 1 ? "1 path leads" : `${exact(count[i])} paths lead`;
  return [[`${lead} from ${name(i)} to ${name(graph.root)}. Along a path the local derivatives are multiplied:`], ...found];
}

// Everything on a path from node i to the output.
/** @type {(graph: Graph, i: number) => Mark[]} */
function marks({ nodes }, i) {
  const on = new Set([i]);
  /** @type {Mark[]} */
  const found = [["node", i], ["node", i, "cg-picked"]];
  nodes.forEach(({ operands, places }, user) => operands.forEach((source, position) => {
    if (!on.has(source)) return;
    if (!on.has(user)) found.push(...partsOf(user));
    on.add(user);
    found.push(...alight(edge({ source, user, position, place: places?.[position] })));
  }));
  return found;
}

/** @type {(key: string) => Mark[]} */
const alight = (key) => [["edge", key], ["edge", key, "cg-backward"]];
// One path alone.
/** @type {(path: any[], i: number) => Mark[]} */
const markPath = (path, i) => [["node", i], ["node", i, "cg-picked"], ...path.flatMap(/** @type {(use: Use) => Mark[]} */ (use) => [...partsOf(use.user), ...alight(edge(use))])];

// The tangent of every node, with that of node i set to 1: ∂node/∂i, from the leaves on.
/** @type {(graph: Graph, i: number, flow: Use[]) => number[]} */
function tangents({ nodes }, i, flow) {
  const found = nodes.map((_, k) => +(k === i));
  for (const { source, user, local } of [...flow].reverse()) if (found[source]) found[user] += local * found[source];
  return found;
}

// A label in parentheses where it is an expression itself, in quotes where it would be read as a number.
/** @type {(view: View, i: number) => string} */
const tight = (view, i) => {
  const [text, { name }] = [nameOf(view, i)[0], view.graph.nodes[i]];
  return text === name || text.slice(1, -1) === name ? wrap(nameOf(view, i)) : name;
};

/** @type {(view: View, i: number, flow: Use[]) => any} */
function show(view, i, flow) {
  const { graph, data } = view;
  const { name } = graph.nodes[i];
  const grad = tangents(graph, i, flow);
  /** @type {[slots: Record<string, any>, captions: Record<number, string>, words: Record<number, string>]} */
  const [found, captions, words] = [Object.fromEntries(graph.shown.flatMap((k) => nodeSlots(graph.nodes[k], k, { data, grad }))), {}, {}];
  for (const k of nodesWithGradient(graph)) {
    const node = graph.nodes[k];
    const text = `∂${tight(view, k)}/∂${tight(view, i)}`;
    words[k] = text.length < 9 ? text : "tangent"; // there is no room for more
    found[`${k}.grad`][2] = `tangent ${text}: ${exact(grad[k])}`;
    captions[k] = caption(node, data[k], grad[k]).replace(/gradient (\S+)$/, "tangent $1");
  }
  const said = `Forward mode: ${name} is given the tangent 1, and every node shows its own tangent, ∂node/∂${name}, where its gradient stood. That of the output, ${number(grad[graph.root])}, is the gradient of ${name}.`;
  return { said, slots: found, captions, words };
}

// All there is to say about a node, each line with its style.
/** @type {(view: View, i: number, found: { grad: number[], flow: Use[] }) => any[][]} */
function story(view, i, found) {
  const [users, { nodes, root }] = [usersOf(view.graph), view.graph];
  const first = [explainValue(view, i), "cg-chain cg-value"];
  if (nodes[i].kind === "constant") return [[explainValue(view, i)], [`${nodes[i].name} is a constant: it never changes, so it needs no gradient.`]];
  const other = own(view, i, found.grad[i]);
  const chain = [...rules(view, i, found.flow).map((text) => [text, "cg-rule"]), first, ...lines(view, i, found).map((text) => [text, "cg-chain"]), ...(other ? [[other, "cg-own"]] : [])];
  if (i === root) return [...chain, ["This is the output: it changes exactly as much as itself."]];
  if (!users[i].length) return [...chain, ["No path leads from here to the output."]];
  return [...chain, ...ways(view, i, found)];
}

/** @param {View} view */
function update(view) {
  const { graph } = view;
  if (parts.of !== graph) choices(view);
  const moves = Boolean(graph.nodes[asked]?.grad); // there is a place for a tangent
  /** @type {any[][]} */
  let said = [["Click a node in the picture, reach it with the arrow keys, or choose it here, to see where its gradient comes from."]];
  let shown;
  const found = reference(view);
  if (asked !== undefined) said = story(view, asked, found);
  if (moves && forward) {
    shown = show(view, asked, found.flow);
    said.splice(1, 0, [shown.said, "cg-flow"]);
  }
  const all = called(view);
  const told = said.filter(([, , path]) => path);
  chosen = told.length > 1 ? told[chosen]?.[2] && chosen : undefined;
  parts.body.replaceChildren(...said.map((one) => setLine(view, one, told, all)));
  parts.forward.disabled = !moves;
  set(parts.forward, "aria-pressed", String(forward));
  parts.node.value = asked ?? "";
  const lit = asked === undefined ? [] : chosen === undefined ? marks(graph, asked) : markPath(told[chosen][2], asked);
  const heard = said.filter(([, style]) => style !== "cg-path").map(([text]) => text);
  return { marks: lit, look: asked, dim: true, edges: asked === undefined ? "later" : "numbers", said: heard.join("; "), ...shown };
}

// A line of the story: a formula as mathematics, and a path that can be lit alone by a click.
/** @type {(view: any, line: any[], told: any[][], names: string[]) => any} */
function setLine(view, [text, style, path, full], told, names) {
  if (!/^cg-(chain|path|rule)/.test(style ?? "")) return div(style, setNames(text));
  const shown = setMathematics(text, names);
  if (!path || told.length < 2) return h("div", { class: style, title: full }, ...shown);
  const k = told.findIndex(([, , other]) => other === path);
  const act = () => {
    chosen = chosen === k ? undefined : k;
    view.refresh();
    parts.body.querySelectorAll("button")[k]?.focus({ preventScroll: true });
  };
  return h("div", { class: style }, h("button", { type: "button", title: `light this path alone: ${full}`, "aria-pressed": String(chosen === k), onclick: act }, ...shown));
}

/** @param {View} view */
function choices(view) {
  parts.of = view.graph;
  const pairs = view.graph.shown.map((i) => {
    const { kind, head, name } = view.graph.nodes[i];
    return [i, kind === "constant" && !head.endsWith("=") ? `${head} ${name}` : head];
  });
  parts.node.replaceChildren(...options([["", "choose a node"], ...pairs]));
}

/** @param {View} view @param {number} [i] */
function pick(view, i) {
  if (i === asked) return;
  asked = i;
  chosen = undefined;
  view.refresh();
}

offer({
  name: "Explain",
  hint: "where a node's value and gradient come from",
  group: "see",
  icon: "explain",
  able: reference,
  lines,
  open(view, panel) {
    asked = chosen = undefined;
    forward = false;
    const turn = () => {
      forward = !forward;
      view.refresh();
    };
    parts = {
      node: select([], (value) => pick(view, value === "" ? undefined : +value), "node to explain"),
      forward: button("Forward mode", "give this node the tangent 1, and carry it forward to the output", turn),
      body: div("cg-story"),
    };
    panel.append(row(parts.node, parts.forward), parts.body);
  },
  update,
  pick,
  restart() {
    asked = chosen = undefined;
  },
});
