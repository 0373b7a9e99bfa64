// A whole graph of which the picture shows a part: { rows, ops, operands, numbers, leaves }, as cgviz/live/program_export.py
// writes it. `ops` has 0 for a leaf, 1 for a constant, and else 2 + the place in `rows`; `numbers` are those of leaves and
// constants, `leaves` says which node each slider moves.

import { encodeRow } from "./arrays.js";
import { number } from "./number.js";
import { Refusal } from "./refusal.js";
import { readCell } from "./state.js";
import { findRow, Tape } from "./tape.js";

export class Program {
  /** @param {{ rows: string[], ops: number[], operands: number[], numbers: any[], leaves: Record<string, number> }} written */
  constructor({ rows, ops, operands, numbers, leaves }) {
    this.leaves = leaves;
    this.data = new Float64Array(ops.length);
    // Its nodes have no sentences here: the kernel has them.
    this.tape = new Tape(ops.length, (i, xs, failure) => (failure instanceof Refusal ? new Refusal("an operation has no value") : failure));
    let [at, given] = [0, 0];
    ops.forEach((op, i) => {
      if (op < 2) {
        this.tape.constant[i] = op === 1;
        this.data[i] = readCell(numbers[given++]);
      } else {
        const start = at;
        at += findRow(rows[op - 2]).d.length;
        this.tape.add(i, rows[op - 2], operands.slice(start, at));
      }
    });
  }

  /** @param {Record<string, number>} numbers */
  run(numbers) {
    for (const name in numbers) if (Object.hasOwn(this.leaves, name)) this.data[this.leaves[name]] = numbers[name];
    return this.tape.forward(this.data);
  }

  // Of all numbers those of the nodes that a graph shows: of a box with several results their vector.
  /** @type {(all: Float64Array, graph: { nodes: GraphNode[], shown: number[] }) => Cell[]} */
  show(all, { nodes, shown }) {
    /** @type {Cell[]} */
    const found = [];
    for (const i of shown) {
      const { results = [i] } = nodes[i];
      found[i] = results.length > 1 ? vector(results.map((k) => all[k])) : all[results[0]];
    }
    return found;
  }

  gradients() {
    return this.tape.backward(this.data);
  }

  // The derivatives of one node by others, as they are through what lies between.
  /** @type {(node: number, others: number[]) => number[]} */
  slopes(node, others) {
    const grad = this.tape.backward(this.data, node, new Set(others));
    return others.map((k) => grad[k]);
  }
}

// Several numbers in one cell, as the kernel writes them: in a box by how many they are, in a title and in words by
// themselves where they are few.
/** @type {(xs: number[]) => Special} */
function vector(xs) {
  const text = `${xs.length}-vector`;
  const list = () => `[${xs.map((x) => number(x)).join(", ")}]`;
  return { text, title: xs.length <= 12 ? `${text} ${list()}` : text, words: xs.length <= 6 ? list() : text, cells: encodeRow(xs) };
}
