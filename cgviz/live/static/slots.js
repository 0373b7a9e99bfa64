// What stands in each slot of a picture, and how each node is said: as cgviz/pictures/slots.py and node_words.py write it.
// A number that is no plain number comes from the kernel as { text, title, words }; what is missing is null.

import { exact, number, typeset } from "./number.js";

/** @type {(x: Cell | undefined) => x is Special} */
const special = (x) => x !== null && typeof x === "object";
// With so many digits a number has no more letters than boxes have room for.
/** @type {(x: number | Special, digits?: number) => string} */
const short = (x, digits) => {
  if (special(x)) return typeset(x.text);
  let text = number(x, digits);
  for (let n = digits ?? 0; n > 1 && text.length > (digits ?? 0) + 6; ) text = number(x, --n);
  return typeset(text);
};
/** @type {(x: number | Special) => string} */
const full = (x) => typeset(special(x) ? x.title : exact(x));
/** @type {(x: Cell) => number} */
const size = (x) => (special(x) && x.sign ? Infinity : typeof x === "number" && x === x ? Math.abs(x) : 0);

// The slots of one node, [["3.data", [text, style, how to find the title]], …]. `stale` says of a node "value" or "gradient".
// `memo` keeps what was written of it, for the next time: in a large graph a move changes little.
/** @type {(node: GraphNode, i: number, numbers: Numbers, memo?: any[]) => [key: string, slot: Slot][]} */
export function nodeSlots(node, i, { data, grad, stale = {} }, memo = []) {
  const [x, g, old, now] = [data[i], grad[i], stale[i], memo[i]];
  if (now && Object.is(now.x, x) && Object.is(now.g, g) && now.old === old) return now.slots;
  /** @type {[key: string, slot: Slot][]} */
  const slots = [[`${i}.data`, dataSlot(node, x, old)]];
  if (node.grad) slots.push([`${i}.grad`, gradSlot(node, g, old)]);
  memo[i] = { x, g, old, slots };
  return slots;
}

/** @type {(node: GraphNode, x: Cell, stale?: string) => Slot} */
function dataSlot(node, x, stale) {
  const said = `value of ${node.name}: `;
  if (stale === "value") return ["stale", "cg-stale cg-word", () => `${said}stale, an operand has changed since it was computed`];
  if (x === null) return ["not yet", "cg-none cg-word", () => `${said}not computed yet`];
  return [short(x, node.digits), node.kind === "constant" ? "cg-quiet" : "cg-data", () => said + full(x)];
}

/** @type {(node: GraphNode, g: Cell, stale: string | undefined) => Slot} */
function gradSlot(node, g, stale) {
  const said = `gradient of ${node.name}: `;
  if (stale) return ["stale", "cg-grad cg-stale cg-word", () => `${said}stale, the graph has changed since the backward pass`];
  if (g === null) return ["not yet", "cg-grad cg-none cg-word", () => `${said}not computed yet`];
  return [short(g, node.digits), `cg-grad${strength(g)}`, () => said + full(g)];
}

// The sign and the strength of a number on the scale of cgviz/pictures/palette.py.
/** @type {(x: Cell) => string} */
function strength(x) {
  const step = stepOf(x);
  return step ? ` ${Number(special(x) ? x.sign : x) > 0 ? "cg-pos" : "cg-neg"} cg-${step}` : "";
}
// From 1 to 5; 0 for what has no sign.
/** @type {(x: Cell) => number} */
export const stepOf = (x) => (size(x) ? 5 - SCALE.findIndex((least) => size(x) >= least) : 0);
const SCALE = [10, 2, 0.5, 0.05, 0];

// A node in one sentence: "leaf a: value 2, gradient 6".
/** @type {(node: GraphNode, x: Cell, g: Cell, stale?: string) => string} */
export function caption(node, x, g, stale) {
  /** @type {(x: Cell, old?: boolean | string) => string} */
  const words = (x, old) => (old ? "stale" : x === null ? "not computed yet" : typeset(special(x) ? x.words : number(x)));
  const value = words(x, stale === "value");
  if (node.kind === "constant") return `${node.head} ${value}`;
  return `${node.head}: value ${value}` + (node.grad ? `, gradient ${words(g, stale)}` : "");
}
