// A graph as the page computes it. The structure comes from cgviz/live/serialization.py:
//   nodes: [{ name, kind, op, row, operands, grad, head, called, locals, fails, named, places, results }], in topological order, the root last.
// `row` names an operation in ROWS, or is empty where only the kernel can compute it; `results` says which nodes of the
// whole graph have the numbers that a box shows, where the picture is but a part of it.

import { NO_NUMBER, TOO_LARGE } from "./functions.js";
import { brief } from "./number.js";
import { Refusal } from "./refusal.js";
import { Tape } from "./tape.js";

export class Graph {
  /** @param {Structure} structure @param {Program} [program] all of a graph of which the picture shows a part */
  constructor(structure, program) {
    /** @type {Tape | undefined} */
    this.recorded = undefined;
    this.shown = structure.shown; // the indices of the nodes that are drawn
    this.opened = structure.opened; // the groups that are unfolded
    this.tex = structure.tex; // the formulas
    /** @type {GraphNode[]} */
    this.nodes = Object.assign([], structure.nodes); // of a very large graph only some, by index
    this.root = this.nodes.length - 1;
    /** @type {any[]} */
    this.memo = []; // of what was written about the nodes
    /** @type {Record<number, string>} */
    this.doubts = {}; // why there is no row where the operation's name would have one, by index: it comes with the numbers
    this.program = program;
    // Whether the page knows every operation that is drawn, and every number is one number.
    this.known = this.shown.length === this.nodes.length && this.nodes.every((node) => !node.operands.length || node.row);
  }

  // What it is whatever its numbers are.
  get form() {
    return JSON.stringify(this.shown.map((i) => [this.nodes[i].kind, this.nodes[i].op, this.nodes[i].operands]));
  }

  // Whether the page can compute what is drawn.
  get runs() {
    return this.known || Boolean(this.program);
  }

  // What is drawn, as a tape: made when it is first asked for.
  get tape() {
    return (this.recorded ??= this.record());
  }

  record() {
    const tape = new Tape(this.nodes.length, (i, ...failed) => explainFailure(this.nodes[i], ...failed));
    this.nodes.forEach((node, i) => {
      if (node.row) tape.add(i, node.row, node.operands);
      else tape.constant[i] = node.kind === "constant";
    });
    return tape;
  }

  // The numbers of what is drawn for other numbers of the leaves. Throws the sentence that the kernel would say.
  /** @type {(numbers: Record<string, number>, leaves: Record<string, number>, data: any[]) => any[]} */
  run(numbers, leaves, data) {
    if (this.program) return this.program.show(this.program.run(numbers), this);
    const found = [...data];
    for (const name in numbers) if (Object.hasOwn(leaves, name)) found[leaves[name]] = numbers[name];
    return this.tape.forward(found);
  }

  // The gradients of what is drawn, for the numbers of the last run.
  /** @type {(data: any[]) => any[]} */
  gradients(data) {
    return this.program ? this.program.show(this.program.gradients(), this) : Array.from(this.tape.backward(data));
  }
}

// The sentence for an operation that failed: what is asked, what came, and in which node.
/** @type {(node: GraphNode, xs: number[], failure: any, of?: string) => any} */
function explainFailure(node, xs, failure, of = "") {
  if (failure !== NO_NUMBER && failure !== TOO_LARGE) return failure;
  const [what, needs, came, asked] = node.fails;
  /** @param {[string, number][]} named */
  const where = (named) => [...new Set(named.map(([prefix, i]) => prefix + brief(xs[i])))].join(" and ");
  const said = failure === TOO_LARGE ? `${of}${what} is too large for a number when ${where(came)}` : of ? `${of}${what} is not defined where ${where(came)}` : `${what} is defined for ${needs || "numbers"}, but ${where(asked)}`;
  return Object.assign(new Refusal(said), { failure });
}
