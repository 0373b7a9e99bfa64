// What the tools call things: nodes and derivatives in formulas, and how a number came about, as sentences and equations.

import { precision } from "./equation.js";
import { digits, fill } from "./formula.js";
import { number } from "./number.js";
import { ROWS } from "./ops.js";
import { findRow } from "./tape.js";
import { near, orNaN } from "./tools.js";

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
export const joinEqual = (parts) => [...new Set(parts)].join(" = ");

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
  if (!names.length) return joinEqual([here, result]);
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
