// A graph as the page computes it. The structure comes from cgviz/live/wire.py:
//   nodes: [{ name, kind, op, row, operands, grad, head, called, locals, fails }], in topological order, the root last.
// `row` names an operation in ROWS, or is empty where only the kernel can compute it.

class Graph {
  constructor(structure) {
    Object.assign(this, structure);
    this.nodes = Object.assign([], this.nodes); // of a very large graph only those in the picture
    this.root = this.nodes.length - 1;
    this.users = this.nodes.map(() => []);
    this.nodes.forEach((node, user) => node.operands.forEach((source, position) => this.users[source]?.push({ user, position })));
    // Whether the page knows every operation, and every number is one number.
    this.known = this.nodes.every((node) => !node.operands.length || node.row);
  }

  // Compute every operation from the numbers of leaves and constants, in place. `held` keeps a node at its number.
  // Throws the sentence that the kernel would say.
  forward(data, held = -1) {
    this.nodes.forEach((node, i) => {
      if (!node.operands.length || i === held) return;
      const xs = node.operands.map((source) => data[source]);
      const y = ROWS[node.row].f(...xs);
      if (!finite(y)) check(node, xs, y);
      data[i] = y;
    });
    return data;
  }

  // Every use, in the order of a backward pass: from the root back, each user once its own gradient is complete.
  // `carried` gives local derivatives, by "source-user-position", where no row is known.
  backward(data, carried = {}) {
    const grad = data.map(() => 0);
    grad[this.root] = 1;
    const left = this.users.map((uses) => uses.length);
    const flow = [];
    for (let user = this.root; user >= 0; user--) {
      const node = this.nodes[user];
      node.operands.forEach((source, position) => {
        const local = node.row ? this.local(user, position, data) : carried[`${source}-${user}-${position}`];
        if (local === undefined) throw new Error(`no derivative is known for '${node.op}', which computed '${node.name}'`);
        const [upstream, before] = [grad[user], grad[source]];
        const product = upstream * local;
        grad[source] = before + product;
        const first = left[source] === this.users[source].length;
        flow.push({ source, user, position, upstream, local, product, before, after: grad[source], first, complete: !--left[source] });
      });
    }
    return { grad, flow };
  }

  // The number ∂user/∂operand at this position.
  local(user, position, data) {
    const node = this.nodes[user];
    const xs = node.operands.map((source) => data[source]);
    const local = ROWS[node.row].d[position](1, data[user], ...xs);
    if (!finite(local) && [...xs, data[user]].every(finite) && this.nodes[node.operands[position]].kind !== "constant") {
      throw new Error(`the derivative of ${node.fails[0]} is not defined where ${named(node, xs)}`);
    }
    return local;
  }
}

// Refuse what is not finite where it has no right to be: born of finite numbers, or by a function not defined there.
function check(node, xs, y) {
  const row = ROWS[node.row];
  if (xs.some((x) => x !== x) || (row.plain && !xs.every(finite)) || (y === y && !xs.every(finite))) return;
  const [what, needs] = node.fails;
  const pole = y !== y || (needs && (node.row.startsWith("log") || xs[node.row === "div" ? 1 : 0] === 0));
  const where = named(node, xs);
  throw new Error(pole ? `${what} is defined for ${needs || "numbers"}, but ${where}` : `${what} is too large for a number when ${where}`);
}

const named = (node, xs) => [...new Set(node.fails[2].map(([prefix, i]) => prefix + exact(xs[i])))].join(" and ");
