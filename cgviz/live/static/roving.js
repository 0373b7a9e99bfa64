// The nodes of a picture are one stop of the Tab key; within it the arrow keys go from node to node, Home to the first of
// them and End to the output.

const NODES = ".cg-node[data-node]";
/** @type {Record<string, [across: number, down: number]>} */
const WAYS = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] };

export class Roving {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {any} */
    this.at = undefined; // the node that the Tab key comes to
    view.faults.listen(view.frame, "keydown", (/** @type {any} */ event) => this.key(event));
    view.faults.listen(view.frame, "focusin", (/** @type {any} */ { target }) => target.matches(NODES) && this.hold(target));
    this.drawings = new MutationObserver(() => this.settle());
    this.drawings.observe(view.frame, { childList: true });
    this.settle();
  }

  /** @returns {any[]} */
  get nodes() {
    return [...this.view.frame.querySelectorAll(NODES)];
  }

  // Another picture is drawn: the same node of it is the stop, if it is there still.
  settle() {
    const { nodes, at } = this;
    for (const node of nodes) node.setAttribute("tabindex", "-1");
    this.at = undefined;
    const same = nodes.find((node) => node.dataset.node === at?.dataset.node);
    if (nodes.length) this.hold(same ?? nodes[0]);
  }

  /** @param {any} node */
  hold(node) {
    this.at?.setAttribute("tabindex", "-1");
    this.at = node;
    node.setAttribute("tabindex", "0");
  }

  /** @param {any} event */
  key(event) {
    const { target, key } = event;
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !target.matches(NODES)) return;
    if (this.view.tool?.key && !target.matches(":focus-visible")) return; // it was clicked: the keys are the tool's
    const next = this.next(target, key);
    if (!next) return;
    event.preventDefault();
    event.stopPropagation();
    if (next !== target) next.focus();
  }

  /** @param {any} node @param {string} key */
  next(node, key) {
    const { nodes } = this;
    if (key === "Home") return nodes[0];
    if (key === "End") return nodes.at(-1);
    if (!WAYS[key]) return undefined;
    const [across, down] = WAYS[key];
    const k = nodes.indexOf(node) + across + down;
    return nearestNode(node, nodes, across, down) ?? nodes[k] ?? node; // where nothing lies that way, on in the order of the graph
  }
}

// The node that lies nearest in a direction, what lies straight ahead before what lies aside.
/** @type {(node: any, nodes: any[], across: number, down: number) => any} */
function nearestNode(node, nodes, across, down) {
  /** @param {any} one */
  const middle = (one) => {
    const { x, y, width, height } = one.getBoundingClientRect();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = middle(node);
  let [found, least] = [undefined, Infinity];
  for (const other of nodes) {
    const [u, v] = middle(other);
    const [ahead, aside] = across ? [(u - x) * across, Math.abs(v - y)] : [(v - y) * down, Math.abs(u - x)];
    if (ahead > 1 && ahead + 2 * aside < least) [found, least] = [other, ahead + 2 * aside];
  }
  return found;
}
