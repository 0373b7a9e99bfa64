// A graph as the page computes it. The structure comes from cgviz/live/serialization.py:
//   nodes: [{ name, kind, op, row, operands, grad, head, called, locals, fails, named, places }], in topological order, the root last.
// `row` names an operation in ROWS, or is empty where only the kernel can compute it.

import { NO_NUMBER, TOO_LARGE } from "./functions.js";
import { brief, finite } from "./number.js";
import { ROWS } from "./ops.js";
import { Refusal } from "./refusal.js";

export class Graph {
  /** @param {Structure} structure */
  constructor(structure) {
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
    /** @type {{ user: number, position: number, place: number }[][]} */
    this.users = this.nodes.map(() => []);
    this.nodes.forEach((node, user) => node.operands.forEach((source, position) => this.users[source]?.push({ user, position, place: node.places?.[position] ?? position })));
    // Whether the page knows every operation, and every number is one number.
    this.known = this.shown.length === this.nodes.length && this.nodes.every((node) => !node.operands.length || node.row);
  }

  // Compute every operation from the numbers of leaves and constants, in place. `held` keeps a node at its number.
  // Throws the sentence that the kernel would say.
  /** @type {(data: any[], held?: number) => any[]} */
  forward(data, held = -1) {
    this.nodes.forEach((node, i) => {
      if (!node.operands.length || i === held) return;
      const xs = node.operands.map((source) => data[source]);
      try {
        data[i] = ROWS[node.row].f(...xs);
      } catch (failure) {
        throw explainFailure(node, xs, failure);
      }
      // An infinity or NaN that finite numbers have made; one that came in with an operand goes on.
      if (!finite(data[i]) && xs.every(finite)) throw explainFailure(node, xs, TOO_LARGE);
    });
    return data;
  }

  // The gradients, and every use in the order of a backward pass: from the root back, each user once its own gradient
  // is complete. `carried` gives local derivatives, by "source-user-position", where no row is known; without a `flow`
  // to write the uses into, there are the gradients alone.
  /** @type {(data: any[], carried?: Record<string, number>, flow?: Use[] | null) => { grad: any[], flow: Use[] | null }} */
  backward(data, carried = {}, flow = []) {
    const grad = data.map(() => 0);
    grad[this.root] = 1;
    const left = this.users.map((uses) => uses.length);
    for (let user = this.root; user >= 0; user--) {
      const node = this.nodes[user];
      node.operands.forEach((source, position) => {
        const known = node.row ? NaN : carried[`${source}-${user}-${position}`];
        if (known === undefined) throw new Refusal(`no derivative is known for '${node.op}', which computed '${node.name}'${this.why(user)}`);
        const [upstream, before] = [grad[user], grad[source]];
        // A row's rule is given the gradient that arrives, as `Value` does: 0 / 1e-320 is 0, and 0 · (1 / 1e-320) is not.
        const product = node.row ? this.local(user, position, data, upstream) : upstream * known;
        grad[source] = before + product;
        const first = left[source] === this.users[source].length;
        const complete = !--left[source];
        const place = node.places?.[position] ?? position;
        flow?.push({ source, user, position, place, upstream, local: node.row ? this.local(user, position, data) : known, product, before, after: grad[source], first, complete });
      });
    }
    return { grad, flow };
  }

  // Why the name of an operation is not believed, as the end of a sentence.
  /** @param {number} i */
  why(i) {
    return this.doubts[i] ? `: ${this.doubts[i]}` : "";
  }

  // The number ∂user/∂operand at this position, times the gradient that arrives.
  /** @type {(user: number, position: number, data: any[], upstream?: number) => number} */
  local(user, position, data, upstream = 1) {
    const node = this.nodes[user];
    const xs = node.operands.map((source) => data[source]);
    try {
      return ROWS[node.row].d[position](upstream, data[user], ...xs);
    } catch (failure) {
      const unasked = this.nodes[node.operands[position]].kind === "constant";
      if (unasked && failure instanceof Refusal) return NaN;
      throw explainFailure(node, xs, failure, "the derivative of ");
    }
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
