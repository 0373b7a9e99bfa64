// Graphs as cgviz/live/serialization.py sends them, for the tests of what is computed with them.

import { backward } from "../../cgviz/live/static/flow.js";
import { Graph } from "../../cgviz/live/static/graph.js";

const LETTERS = ["x", "y"];

// From lines [name, number] for a leaf, [name, row, operands …] for an operation: ["e", "mul", 0, 1].
export function graph(...lines) {
  const nodes = lines.map(([name, what, ...operands]) => {
    const leaf = typeof what === "number";
    const fails = leaf ? undefined : [`${what}(${LETTERS.slice(0, operands.length).join(", ")})`, "other numbers", operands.map((_, k) => [`${LETTERS[k]} is `, k]), operands.map((_, k) => [`node '${lines[operands[k]][0]}' is `, k])];
    return { name, kind: leaf ? "leaf" : "operation", op: leaf ? "" : what, row: leaf ? "" : what, operands, grad: true, head: leaf ? `leaf ${name}` : name, called: [name, 9], locals: operands.map(() => ["∂", 9]), fails };
  });
  return new Graph({ nodes, shown: nodes.map((node, i) => i), tex: [], opened: [] });
}

// The same with its numbers, as the tools see it.
export function view(...lines) {
  const made = graph(...lines);
  const data = made.tape.forward(lines.map(([, what]) => (typeof what === "number" ? what : NaN)));
  const { grad } = backward(made, data);
  return { graph: made, data, grad, stale: {}, flow: () => backward(made, data) };
}

export const SEED = [["a", 2], ["b", -3], ["e", "mul", 0, 1], ["c", 10], ["f", "add", 2, 3], ["d", -2], ["L", "mul", 4, 5]];
