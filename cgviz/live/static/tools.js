// What can be done with the picture: each file in tools/ hands one tool to `offer`. One tool is open at a time.
//
// A tool is { name, hint, group?, icon?, open(view, panel), able(view)?, update(view)?, pick(view, i)?, key(view, key)?, close(view)?, begin(view, opening)?, restart(view)?, watch(view)?, ours()?, keeps? }.
//   group    is where its button stands: "see", "ask", "verify" or "keep"; without one it stands behind them. `icon` names
//            a sign in icons.js.
//   open     fills the panel below the picture. What has `data-first` in it gets the focus, else its first field.
//   able     throws a sentence about the graph, see `reference`, where the tool cannot do anything with it: its button is
//            grey then, and says why.
//   update   is called after every change of the numbers; it may return what to show instead of them:
//            { data, grad, stale: as in `view`; slots: { "3.grad": [text, style, title] }; captions: { 3: "…" };
//              marks: [["edge", "0-2-1"], ["node", 3, "cg-asked"]], dim: true; notes: { 3: "+0.5" };
//              look: the index of a node to bring into the frame, where the picture is wider;
//              words: { 3: what stands for "grad" before its gradient };
//              edges: what stands on them, "numbers" or "none", or "later" to leave room; flow: what goes along them;
//              said: what to say to those who listen, instead of the output's caption }
//            What it throws as a sentence about the graph, see `reference`, is shown in place of its panel.
//   pick     is called with the index of a node that was clicked, or reached with the arrow keys.
//   key      gets keys that were pressed within the view and not in a field; true says that it was used.
//   begin    is called in place of `pick` where a view opens with the tool: with view.opening, { tool, at, hide, zoom }.
//   restart  says that the graph has another structure now.
//   watch    is called after every change of the numbers, whichever tool is open.
//   keeps    is true where the picture stays as the tool that was open before has it.
//   ours     says whether it shows the chain rule's gradients, also where a learner's own class has others.
// A tool reads view.graph, view.data, view.grad, view.inputs.numbers, view.evaluate(numbers); it moves sliders by
// view.inputs.set(numbers), asks to be drawn again by view.refresh(), and speaks by view.say(text).
// `reference(view)` is the chain rule on the numbers shown, whatever the class's own backward does: { grad, flow }, the
// gradients by index, and every use of a node by another in the order of a backward pass, each with what it contributes;
// or it throws why there is none. What all of these are is said in tests/page/types.d.ts (`View`, `Use`, `Shown`, …).
// The tools are loaded anew for each view, so what stands at the top of such a file is that view's own.

import { h, write } from "./elements.js";
import { explainDoubt } from "./flow.js";
import { finite, number } from "./number.js";
import { Refusal } from "./refusal.js";
import { larger } from "./slope.js";

/** @type {OfferedTool[]} */
export const TOOLS = [];

/** @param {Tool & Record<string, any>} tool */
export function offer(tool) {
  /** @type {HTMLElement} */
  let body;
  /** @type {HTMLElement} */
  let refused;
  /** @type {HTMLElement} */
  let note;
  /** @type {(act?: (...given: any[]) => any) => any} */
  const within = (act) => act && ((/** @type {any[]} */ ...given) => !body.hidden && act(...given));
  TOOLS.push({
    ...tool,
    asks: () => Boolean(tool.pick) && !body.hidden, // whether a click on a node is for it
    pick: within(tool.pick),
    key: within(tool.key),
    begin: within(tool.begin),
    refusal(view) {
      return refuse(() => tool.able?.(view));
    },
    open(view, panel) {
      [body, refused, note] = [h("div"), h("p", { class: "cg-refused" }), h("p", { class: "cg-own" })];
      panel.append(refused, body, note);
      tool.open(view, body);
    },
    update(view) {
      /** @type {Shown | undefined | void} */
      let shown;
      const why = refuse(() => {
        tool.able?.(view);
        shown = tool.update?.(view);
        write(note, tool.ours?.() ? others(view) : "");
      });
      if (why) shown = { said: why };
      body.hidden = !!why;
      write(refused, why);
      return shown;
    },
  });
}

// Why something is not possible, as a sentence; nothing where it is.
/** @param {() => void} act */
function refuse(act) {
  try {
    act();
    return "";
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return `Not possible with this graph: ${error.message}.`;
  }
}

// What a learner can do about a box of which the page does not know the inside.
/** @param {{ nodes: GraphNode[] }} graph */
function explainFolded({ nodes }) {
  const box = nodes.find((node) => node?.group !== undefined);
  return box && `'${box.name}' is folded; unfold it by a click on its box`;
}

// Throws a sentence where the page cannot compute with the numbers shown.
/** @param {{ graph: Graph, data: any[], stale?: Record<number, string> }} view */
export function plain({ graph, data, stale = {} }) {
  if (graph.shown.length < graph.nodes.length) throw new Refusal("it is too large");
  if (graph.nodes.some((node, i) => typeof data[i] !== "number")) throw new Refusal(explainFolded(graph) || "some nodes do not hold a single number");
  if (Object.values(stale).includes("value")) throw new Refusal("some values are stale; compute them again");
}

// The chain rule on the numbers shown: every gradient by index, and every use in the order of a backward pass. Throws a
// sentence where the page cannot compute with these numbers, or does not know a derivative.
/** @type {(view: View) => { grad: number[], flow: Use[] }} */
export function reference(view) {
  plain(view);
  return view.flow();
}

// The root as a function of one node's number, all that it does not follow from as it is now. Without a value: NaN.
/** @type {(view: View, i: number, x: number) => number} */
export function rootAt(view, i, x) {
  const data = [...view.data];
  if (i >= 0) data[i] = x;
  return orNaN(() => view.graph.tape.forward(data, i)[view.graph.root]);
}

/** @type {(compute: () => number) => number} */
export function orNaN(compute) {
  try {
    return compute();
  } catch (error) {
    if (error instanceof Refusal) return NaN;
    throw error;
  }
}

// Throws a sentence where the page cannot run the graph with other numbers.
/** @param {View} view */
export function computable(view) {
  plain(view);
  const i = view.graph.nodes.findIndex((node) => node.operands.length && !node.row);
  if (i >= 0) throw new Refusal(explainFolded(view.graph) || `the page does not know how to compute '${view.graph.nodes[i].op}'${explainDoubt(view.graph, i)}`);
}

// Throws a sentence where no node has a place for a gradient.
/** @param {{ graph: { nodes: GraphNode[] } }} view */
export function needGradients({ graph }) {
  if (!nodesWithGradient(graph).length) throw new Refusal("its class keeps no gradients");
}

/** @type {(a: any, b: any, share?: number, least?: number) => boolean} */
export const near = (a, b, share = 1e-9, least = 1e-12) => Object.is(a, b) || (finite(a - b) && Math.abs(a - b) <= Math.max(share * larger(a, b), least));
// The indices of the nodes that have a gradient, those in between too.
/** @type {(graph: { nodes: GraphNode[] }) => number[]} */
export const nodesWithGradient = ({ nodes }) => [...nodes.keys()].filter((i) => nodes[i]?.grad);
// The nodes whose number can be asked for: what is computed, and every gradient but the output's, which is 1.
/** @type {(graph: Graph, kind: string) => number[]} */
export const askable = ({ nodes, root }, kind) => [...nodes.keys()].filter((i) => (kind === "data" ? nodes[i]?.operands.length : nodes[i]?.grad && i !== root));
/** @type {Special} */
export const HIDDEN_NUMBER = { text: "?", title: "?", words: "hidden" };
/** @type {(node: GraphNode, kind: string) => Slot} */
export const hiddenSlot = ({ name }, kind) => ["?", `${kind === "grad" ? "cg-grad " : ""}cg-none cg-word cg-hidden`, `${kind === "data" ? "value" : "gradient"} of ${name}: hidden`];
/** @type {(flow: Use[], i: number) => Use[]} */
export const usesOf = (flow, i) => flow.filter((use) => use.source === i);
/** @type {(names: string[]) => string} */
export const joinNames = (names) => (names.length > 1 ? `${names.slice(0, -1).join(", ")} and ${names.at(-1)}` : names[0]);

// What a learner's own class has, if it is something else than what the chain rule gives.
/** @type {(view: View, i: number, right: number) => string} */
export function own(view, i, right) {
  const mine = view.grad[i];
  const other = view.graph.nodes[i].grad && !view.stale[i] && typeof mine === "number" && !near(mine, right, 1e-5);
  return other ? `Your class computes ${number(mine)}; the chain rule gives ${number(right)}.` : "";
}

// Whose gradients they are, where a tool shows the chain rule's in place of the graph's.
/** @type {(view: View) => string} */
function others(view) {
  const { grad } = reference(view);
  const all = nodesWithGradient(view.graph);
  if (all.some((i) => view.stale[i] || view.grad[i] === null)) return "The gradients shown here are those of the chain rule: this graph has none yet, or they are stale.";
  const names = all.filter((i) => own(view, i, grad[i])).map((i) => view.graph.nodes[i].name);
  const some = names.length > 4 ? [...names.slice(0, 3), `${names.length - 3} more nodes`] : names;
  return names.length ? `The gradients shown here are those of the chain rule; your class has others, at ${joinNames(some)}.` : "";
}

// What pictures call the edge of a use.
/** @type {(use: { source: number, user: number, position: number, place?: number }) => string} */
export const edge = ({ source, user, position, place = position }) => `${source}-${user}-${place}`;

// The parts of the picture that belong to a node: its box, its operation and the line between.
/** @type {(i: number) => Mark[]} */
export const partsOf = (i) => [["node", i], ["op", i], ["stem", i]];
