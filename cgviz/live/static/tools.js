// What can be done with the picture: each file in tools/ hands one tool to `offer`. One tool is open at a time.
//
// A tool is { name, hint, group?, icon?, open(view, panel), able(view)?, update(view)?, pick(view, i)?, key(view, key)?, close(view)?, begin(view, opening)?, restart(view)?, watch(view)?, ours()?, keeps? }.
//   group    is where its button stands: "see", "ask", "verify" or "keep"; without one it stands behind them. `icon` names
//            a sign in icons.js.
//   open     fills the panel below the picture. What has `data-first` in it gets the focus, else its first field.
//   able     throws a sentence about the graph, see `reference`, where the tool cannot do anything with it: its button is
//            grey then, and says why.
//   update   is called after every change of the numbers; it may return what to show instead of them:
//            { data, grad, stale: as in `view`; slots: { "3.grad": [text, style, title] }; captions: { 3: "…" };
//              marks: [["edge", "0-2-1"], ["node", 3, "cg-asked"]], dim: true; notes: { 3: "+0.5" };
//              look: the index of a node to bring into the frame, where the picture is wider;
//              words: { 3: what stands for "grad" before its gradient };
//              edges: what stands on them, "numbers" or "none", or "later" to leave room; flow: what goes along them;
//              said: what to say to those who listen, instead of the output's caption }
//            What it throws as a sentence about the graph, see `reference`, is shown in place of its panel.
//   pick     is called with the index of a node that was clicked, or reached with the arrow keys.
//   key      gets keys that were pressed within the view and not in a field; true says that it was used.
//   begin    is called in place of `pick` where a view opens with the tool: with view.opening, { tool, at, hide, zoom }.
//   restart  says that the graph has another structure now.
//   watch    is called after every change of the numbers, whichever tool is open.
//   keeps    is true where the picture stays as the tool that was open before has it.
//   ours     says whether it shows the chain rule's gradients, also where a learner's own class has others.
// A tool reads view.graph, view.data, view.grad, view.inputs.numbers, view.evaluate(numbers); it moves sliders by
// view.inputs.set(numbers), asks to be drawn again by view.refresh(), and speaks by view.say(text).
// `reference(view)` is the chain rule on the numbers shown, whatever the class's own backward does: { grad, flow }, the
// gradients by index, and every use of a node by another in the order of a backward pass, each with what it contributes;
// or it throws why there is none. What all of these are is said in tests/page/types.d.ts (`View`, `Use`, `Shown`, …).
// The tools are loaded anew for each view, so what stands at the top of such a file is that view's own.

import { h, set, write } from "./elements.js";
import { precision } from "./equation.js";
import { explainDoubt } from "./flow.js";
import { digits, fill } from "./formula.js";
import { finite, number } from "./number.js";
import { ROWS } from "./ops.js";
import { Refusal } from "./refusal.js";
import { larger } from "./slope.js";
import { findRow } from "./tape.js";

/** @type {OfferedTool[]} */
export const TOOLS = [];

/** @param {Tool & Record<string, any>} tool */
export function offer(tool) {
  /** @type {HTMLElement} */
  let body;
  /** @type {HTMLElement} */
  let refused;
  /** @type {HTMLElement} */
  let note;
  /** @type {(act?: (...given: any[]) => any) => any} */
  const within = (act) => act && ((/** @type {any[]} */ ...given) => !body.hidden && act(...given));
  TOOLS.push({
    ...tool,
    asks: () => Boolean(tool.pick) && !body.hidden, // whether a click on a node is for it
    pick: within(tool.pick),
    key: within(tool.key),
    begin: within(tool.begin),
    refusal(view) {
      return refuse(() => tool.able?.(view));
    },
    open(view, panel) {
      [body, refused, note] = [h("div"), h("p", { class: "cg-refused" }), h("p", { class: "cg-own" })];
      panel.append(refused, body, note);
      tool.open(view, body);
    },
    update(view) {
      /** @type {Shown | undefined | void} */
      let shown;
      const why = refuse(() => {
        tool.able?.(view);
        shown = tool.update?.(view);
        write(note, tool.ours?.() ? others(view) : "");
      });
      if (why) shown = { said: why };
      body.hidden = !!why;
      write(refused, why);
      return shown;
    },
  });
}

// Why something is not possible, as a sentence; nothing where it is.
/** @param {() => void} act */
function refuse(act) {
  try {
    act();
    return "";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `Not possible with this graph: ${error.message}.`;
  }
}

// What a learner can do about a box of which the page does not know the inside.
/** @param {{ nodes: GraphNode[] }} graph */
function explainFolded({ nodes }) {
  const box = nodes.find((node) => node?.group !== undefined);
  return box && `'${box.name}' is folded; unfold it by a click on its box`;
}

// Throws a sentence where the page cannot compute with the numbers shown.
/** @param {{ graph: Graph, data: any[], stale?: Record<number, string> }} view */
export function plain({ graph, data, stale = {} }) {
  if (graph.shown.length < graph.nodes.length) throw new Refusal("it is too large");
  if (graph.nodes.some((node, i) => typeof data[i] !== "number")) throw new Refusal(explainFolded(graph) || "some nodes do not hold a single number");
  if (Object.values(stale).includes("value")) throw new Refusal("some values are stale; compute them again");
}

// The chain rule on the numbers shown: every gradient by index, and every use in the order of a backward pass. Throws a
// sentence where the page cannot compute with these numbers, or does not know a derivative.
/** @type {(view: View) => { grad: number[], flow: Use[] }} */
export function reference(view) {
  plain(view);
  return view.flow();
}

// The root as a function of one node's number, all that it does not follow from as it is now. Without a value: NaN.
/** @type {(view: View, i: number, x: number) => number} */
export function rootAt(view, i, x) {
  const data = [...view.data];
  if (i >= 0) data[i] = x;
  return orNaN(() => view.graph.tape.forward(data, i)[view.graph.root]);
}

/** @type {(compute: () => number) => number} */
export function orNaN(compute) {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Refusal) return NaN;
    throw error;
  }
}

// Throws a sentence where the page cannot run the graph with other numbers.
/** @param {View} view */
export function computable(view) {
  plain(view);
  const i = view.graph.nodes.findIndex((node) => node.operands.length && !node.row);
  if (i >= 0) throw new Refusal(explainFolded(view.graph) || `the page does not know how to compute '${view.graph.nodes[i].op}'${explainDoubt(view.graph, i)}`);
}

// Throws a sentence where no node has a place for a gradient.
/** @param {{ graph: { nodes: GraphNode[] } }} view */
export function needGradients({ graph }) {
  if (!nodesWithGradient(graph).length) throw new Refusal("its class keeps no gradients");
}

/** @type {(a: any, b: any, share?: number, least?: number) => boolean} */
export const near = (a, b, share = 1e-9, least = 1e-12) => Object.is(a, b) || (finite(a - b) && Math.abs(a - b) <= Math.max(share * larger(a, b), least));
// The indices of the nodes that have a gradient, those in between too.
/** @type {(graph: { nodes: GraphNode[] }) => number[]} */
export const nodesWithGradient = ({ nodes }) => [...nodes.keys()].filter((i) => nodes[i]?.grad);
// The nodes whose number can be asked for: what is computed, and every gradient but the output's, which is 1.
/** @type {(graph: Graph, kind: string) => number[]} */
export const askable = ({ nodes, root }, kind) => [...nodes.keys()].filter((i) => (kind === "data" ? nodes[i]?.operands.length : nodes[i]?.grad && i !== root));
/** @type {Special} */
export const HIDDEN_NUMBER = { text: "?", title: "?", words: "hidden" };
/** @type {(node: GraphNode, kind: string) => Slot} */
export const hiddenSlot = ({ name }, kind) => ["?", `${kind === "grad" ? "cg-grad " : ""}cg-none cg-word cg-hidden`, `${kind === "data" ? "value" : "gradient"} of ${name}: hidden`];
/** @type {(flow: Use[], i: number) => Use[]} */
export const usesOf = (flow, i) => flow.filter((use) => use.source === i);
/** @type {(names: string[]) => string} */
export const joinNames = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

// What a learner's own class has, if it is something else than what the chain rule gives.
/** @type {(view: View, i: number, right: number) => string} */
export function own(view, i, right) {
  const mine = view.grad[i];
  const other = view.graph.nodes[i].grad && !view.stale[i] && typeof mine === "number" && !near(mine, right, 1e-5);
  return other ? `Your class computes ${number(mine)}; the chain rule gives ${number(right)}.` : "";
}

// Whose gradients they are, where a tool shows the chain rule's in place of the graph's.
/** @type {(view: View) => string} */
function others(view) {
  const { grad } = reference(view);
  const all = nodesWithGradient(view.graph);
  if (all.some((i) => view.stale[i] || view.grad[i] === null)) return "The gradients shown here are those of the chain rule: this graph has none yet, or they are stale.";
  const names = all.filter((i) => own(view, i, grad[i])).map((i) => view.graph.nodes[i].name);
  const some = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more nodes`] : names;
  return names.length ? `The gradients shown here are those of the chain rule; your class has others, at ${joinNames(some)}.` : "";
}

// Controls, and a table that is written in place. With `choose` each row begins with a button that chooses it.
/** @type {(text: string, title: string, onclick: (event: any) => void, more?: Record<string, any>) => any} */
export const button = (text, title, onclick, more) => h("button", { type: "button", title, onclick, ...more }, text);
/** @type {(pairs: any[][]) => any[]} */
export const options = (pairs) => pairs.map(([value, text = value]) => h("option", { value }, text));
/** @type {(pairs: any[][], act?: (value: string) => void, label?: string) => any} */
export const select = (pairs, act, label) => h("select", { "aria-label": label, onchange: (/** @type {any} */ { target }) => act?.(target.value) }, ...options(pairs));
/** @type {(style: string, ...parts: (Node | string)[]) => any} */
export const div = (style, ...parts) => h("div", { class: style }, ...parts);
/** @type {(...parts: (Node | string)[]) => any} */
export const row = (...parts) => div("cg-row", ...parts);
/** @type {(button: Element, yes: any) => void} */
export const usable = (button, yes) => set(button, "aria-disabled", String(!yes));

/** @type {(label: string, heads: string[], choose?: (k: number) => void) => Table} */
export function table(label, heads, choose) {
  const body = h("tbody");
  /** @type {(k: number) => HTMLElement} */
  const first = (k) => h("th", { scope: "row" }, ...(choose ? [button("", "choose this node", () => choose(k))] : []));
  const box = h("div", { class: "cg-table", tabindex: 0, role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))), body));
  /** @type {(lines: string[][]) => HTMLCollection} */
  const fill = (lines) => {
    if (body.children.length !== lines.length) body.replaceChildren(...lines.map((line, k) => h("tr", {}, first(k), ...heads.slice(1).map(() => h("td")))));
    lines.forEach((texts, k) => texts.forEach((text, j) => {
      const cell = body.children[k].children[j];
      write(cell.firstElementChild ?? cell, text);
    }));
    return body.children;
  };
  return { box, fill };
}

// What pictures call the edge of a use.
/** @type {(use: { source: number, user: number, position: number, place?: number }) => string} */
export const edge = ({ source, user, position, place = position }) => `${source}-${user}-${place}`;

// What a formula calls a node.
/** @type {(view: View, i: number) => Piece} */
export const nameOf = (view, i) => view.graph.nodes[i].called;
/** @type {(view: View) => string[]} */
export const called = ({ graph }) => graph.nodes.flatMap((node) => (node.kind === "constant" || !node.called ? [] : [node.called[0]]));
/** @type {(view: View, y: number, x: number) => string} */
export const partial = (view, y, x) => `∂${wrap(nameOf(view, y))}/∂${wrap(nameOf(view, x))}`;
/** @type {(view: View, i: number) => string} */
export const gradient = (view, i) => partial(view, view.graph.root, i);
/** @type {(piece: Piece) => string} */
export const wrap = ([text, binds]) => (binds < 9 ? `(${text})` : text);
/** @type {(parts: string[]) => string} */
export const same = (parts) => [...new Set(parts)].join(" = ");

// An operation, written with these pieces for its operands.
/** @type {(node: { op: string, row: string, text?: string }, pieces: Piece[]) => string} */
export function writeOperation({ op, row, text = ROWS[row]?.text }, pieces) {
  const list = pieces.map(([text]) => text).join(", ");
  return text ? fill(text, pieces) : op ? `${op}(${list})` : "";
}

// By what name a node was computed, where its class means something else by it than the table of operations.
/** @type {(node: { op: string }, names: string[]) => string} */
export const by = ({ op }, names) => `by '${op}' of ${names.join(" and ")}`;
/** @type {(name: string, x: number) => string} */
const nameWithNumber = (name, x) => (name === number(x) ? name : `${name} (${number(x)})`);

// "e = a · b = 2 · -3 = -6", as cgviz/chain_rule/stepping.py writes it.
/** @type {(view: View, i: number) => string} */
export function explainValue(view, i) {
  const node = view.graph.nodes[i];
  const [here, result, names] = [nameOf(view, i)[0], number(view.data[i]), node.operands.map((k) => nameOf(view, k))];
  if (!names.length) return same([here, result]);
  if (node.named && node.op) return `${here} is ${result}, ${by(node, names.map(([name], k) => nameWithNumber(name, view.data[node.operands[k]])))}`;
  const formula = writeOperation(node, names);
  if (!formula) return `${here} of ${names.map(([text]) => text).join(", ")} = ${result}`;
  const xs = node.operands.map((k) => view.data[k]);
  const [n, sign] = node.row ? precision(findRow(node.row).f, xs, view.data[i]) : [4, "="];
  const numbers = xs.map((x) => digits(x, n));
  const sharp = n > 4 ? names.map((name, k) => (view.graph.nodes[node.operands[k]].kind === "constant" ? numbers[k] : name)) : names;
  const stages = [...new Set([here, writeOperation(node, sharp), writeOperation(node, numbers)])];
  return stages.join(" = ") + (stages.includes(result) ? "" : ` ${sign} ${result}`);
}

// Whether the slope of a power counts as 0 where its formula has no value: as cgviz/chain_rule/terms.py tells.
/** @type {(view: View, use: Pick<Use, "user" | "position" | "local">) => boolean} */
export function isConvention({ graph, data }, { user, position, local }) {
  const { row, operands } = graph.nodes[user];
  if (row !== "power") return false;
  const [a, b] = operands.map((i) => data[i]);
  const plainly = orNaN(() => (position ? data[user] * Math.log(a) : b * ROWS.power.f(a, b - 1)));
  return !near(plainly, local, 1e-5);
}

// A local derivative as its row writes it; where that is a convention, its number.
/** @type {(view: View, use: Use) => Piece} */
export function localFormula(view, use) {
  const text = view.graph.nodes[use.user].locals?.[use.position];
  return text && !isConvention(view, use) ? text : digits(use.local);
}

// What is said behind a number that is one by convention.
/** @type {(view: View, uses: Use[]) => string} */
export const byConvention = (view, uses) => (uses.some((use) => isConvention(view, use)) ? " by convention" : "");

// "∂L/∂e · ∂e/∂a", and the same as "-2 · b = -2 · -3 = 6": as cgviz/chain_rule/terms.py writes them.
/** @type {(view: View, use: { user: number, source: number }) => string} */
export const partials = (view, { user, source }) => `${gradient(view, user)} · ${partial(view, user, source)}`;
/** @type {(view: View, use: Use) => string} */
export function factors(view, use) {
  const { upstream, local, product } = use;
  if (Number.isNaN(local) && !upstream && !product) return `${number(product)} for nothing arrives, and there is no slope`;
  const [text, binds] = localFormula(view, use);
  const formula = binds < 2 ? `(${text})` : text;
  const [n, sign] = precision((g, local) => g * local, [upstream, local], product);
  const stages = [...(formula === number(local) ? [] : [formula]), number(local, n)].map((by) => `${number(upstream, n)} · ${by}`);
  return `${stages.join(" = ")} ${sign} ${number(product)}${byConvention(view, [use])}`;
}
