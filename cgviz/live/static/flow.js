// The backward pass use by use, for the tools that show it: by the chain rule, whatever a class's own backward does.

import { Refusal } from "./refusal.js";

/** @type {WeakMap<Graph, { user: number, position: number, place: number }[][]>} */
const known = new WeakMap();

// The uses of each node by others, in the order of these.
/** @param {Graph} graph */
export function usersOf(graph) {
  const { nodes } = graph;
  let users = known.get(graph);
  if (!users) {
    /** @type {{ user: number, position: number, place: number }[][]} */
    const found = nodes.map(() => []);
    nodes.forEach((node, user) => node.operands.forEach((source, position) => found[source]?.push({ user, position, place: node.places?.[position] ?? position })));
    known.set(graph, (users = found));
  }
  return users;
}

// Why the name of an operation is not believed, as the end of a sentence.
/** @type {(graph: Graph, i: number) => string} */
export const explainDoubt = ({ doubts }, i) => (doubts[i] ? `: ${doubts[i]}` : "");

// The gradients, and every use in the order of a backward pass: from the root back, each user once its own gradient
// is complete. `carried` gives local derivatives, by "source-user-position", where no row is known.
/** @type {(graph: Graph, data: any[], carried?: Record<string, number>) => { grad: number[], flow: Use[] }} */
export function backward(graph, data, carried = {}) {
  /** @type {Use[]} */
  const flow = [];
  const grad = data.map(() => 0);
  grad[graph.root] = 1;
  const users = usersOf(graph);
  const left = users.map((uses) => uses.length);
  for (let user = graph.root; user >= 0; user--) {
    const node = graph.nodes[user];
    node.operands.forEach((source, position) => {
      const told = node.row ? NaN : carried[`${source}-${user}-${position}`];
      if (told === undefined) throw new Refusal(`no derivative is known for '${node.op}', which computed '${node.name}'${explainDoubt(graph, user)}`);
      const [upstream, before] = [grad[user], grad[source]];
      const product = node.row ? graph.tape.local(user, position, data, upstream) : upstream * told;
      grad[source] = before + product;
      const first = left[source] === users[source].length;
      const complete = !--left[source];
      const place = node.places?.[position] ?? position;
      flow.push({ source, user, position, place, upstream, local: node.row ? graph.tape.slope(user, position, data, upstream) : told, product, before, after: grad[source], first, complete });
    });
  }
  return { grad, flow };
}

// The local derivatives through boxes: those of the kernel's last run, or of the page's that is ahead of it.
/** @type {(view: View) => Record<string, number>} */
export function carried({ graph, local, inputs, ahead }) {
  const { nodes, program } = graph;
  if (!program || !ahead) return local;
  program.run(inputs.numbers);
  /** @param {number} i */
  const first = (i) => /** @type {number[]} */ (nodes[i].results)[0];
  /** @type {Record<string, number>} */
  const found = {};
  for (const key in local) {
    const [source, user, position] = key.split("-").map(Number);
    const { operands, others } = nodes[user];
    if (others) { // a sum or product of many operands: the other factors of the term
      found[key] = others[position].reduce((product, k) => product * program.data[first(operands[k])], 1);
      continue;
    }
    const below = operands.flatMap((k) => /** @type {number[]} */ (nodes[k].results));
    found[key] = program.slopes(first(user), below)[below.indexOf(first(source))];
  }
  return found;
}
