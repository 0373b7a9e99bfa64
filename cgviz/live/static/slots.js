// What stands in each slot of a picture, and how each node is said: as cgviz/pictures/slots.py and node_words.py write it.
// A number that is no plain number comes from the kernel as { text, title, words }; what is missing is null.

import { exact, finite, number } from "./number.js";

/** @type {(x: Cell | undefined) => x is Special} */
const special = (x) => x !== null && typeof x === "object";
/** @type {(x: number | Special) => string} */
const short = (x) => (special(x) ? x.text : number(x));
/** @type {(x: number | Special) => string} */
const full = (x) => (special(x) ? x.title : exact(x));
/** @type {(x: Cell) => number} */
const size = (x) => (typeof x === "number" && x === x ? Math.abs(x) : 0);

// The largest gradient that is shown: beside it the others are large or small.
/** @type {(graph: { nodes: GraphNode[], shown: number[] }, numbers: Numbers) => number} */
export function largest({ nodes, shown }, { grad, stale = {} }) {
  let found = 0;
  for (const i of shown) {
    if (nodes[i].grad && !stale[i] && finite(size(grad[i]))) found = Math.max(found, size(grad[i]));
  }
  return found;
}

// The slots of one node, [["3.data", [text, style, how to find the title]], …]. `memo` keeps what was written of it, for
// the next time: in a large graph a move changes little.
/** @type {(node: GraphNode, i: number, numbers: Numbers, most: number, memo?: any[]) => [key: string, slot: Slot][]} */
export function nodeSlots(node, i, { data, grad, stale = {} }, most, memo = []) {
  const [x, g, old, strong] = [data[i], grad[i], stale[i], node.grad ? strength(grad[i], most) : ""];
  const now = memo[i];
  if (now && Object.is(now.x, x) && Object.is(now.g, g) && now.old === old && now.strong === strong) return now.slots;
  /** @type {[key: string, slot: Slot][]} */
  const slots = [[`${i}.data`, dataSlot(node, x, old)]];
  if (node.grad) slots.push([`${i}.grad`, gradSlot(node, g, old, strong)]);
  memo[i] = { x, g, old, strong, slots };
  return slots;
}

// The slots of a graph: "3.data" → [text, style, how to find the title]. `stale` says of a node "value" or "gradient".
/** @type {(graph: { nodes: GraphNode[], shown: number[] }, numbers: Numbers) => Record<string, Slot>} */
export function slots(graph, numbers) {
  const most = largest(graph, numbers);
  return Object.fromEntries(graph.shown.flatMap((i) => nodeSlots(graph.nodes[i], i, numbers, most)));
}

/** @type {(node: GraphNode, x: Cell, stale?: string) => Slot} */
function dataSlot(node, x, stale) {
  const said = `value of ${node.name}: `;
  if (stale === "value") return ["stale", "cg-stale cg-word", () => `${said}stale, an operand has changed since it was computed`];
  if (x === null) return ["not yet", "cg-none cg-word", () => `${said}not computed yet`];
  return [short(x), node.kind === "constant" ? "cg-quiet" : "cg-data", () => said + full(x)];
}

/** @type {(node: GraphNode, g: Cell, stale: string | undefined, strong: string) => Slot} */
function gradSlot(node, g, stale, strong) {
  const said = `gradient of ${node.name}: `;
  if (stale) return ["stale", "cg-grad cg-stale cg-word", () => `${said}stale, the graph has changed since the backward pass`];
  if (g === null) return ["not yet", "cg-grad cg-none cg-word", () => `${said}not computed yet`];
  return [short(g), `cg-grad${strong}`, () => said + full(g)];
}

/** @type {(x: Cell, largest: number) => string} */
function strength(x, largest) {
  if (!size(x)) return "";
  const step = size(x) >= 0.5 * largest ? 3 : size(x) >= 0.1 * largest ? 2 : 1;
  return ` ${Number(x) > 0 ? "cg-pos" : "cg-neg"} cg-${step}`;
}

// A node in one sentence: "leaf a: value 2, gradient 6".
/** @type {(node: GraphNode, x: Cell, g: Cell, stale?: string) => string} */
export function caption(node, x, g, stale) {
  /** @type {(x: Cell, old?: boolean | string) => string} */
  const words = (x, old) => (old ? "stale" : x === null ? "not computed yet" : special(x) ? x.words : number(x));
  const value = words(x, stale === "value");
  if (node.kind === "constant") return `${node.head} ${value}`;
  return `${node.head}: value ${value}` + (node.grad ? `, gradient ${words(g, stale)}` : "");
}
