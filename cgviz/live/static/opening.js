// How a view opens: with which tool, at which node, and what is hidden, as cgviz/live/opening.py has checked it. What is
// hidden shows itself when its box is clicked, or reached with the Tab key and the Enter key pressed.

import { h, write } from "./elements.js";
import { caption } from "./slots.js";
import { button } from "./controls.js";
import { askable, HIDDEN_NUMBER, hiddenSlot } from "./tools.js";

// Open the tool that was asked for, at its node. The focus stays where it is: nobody has pressed anything.
/** @param {View} view */
export function openReady(view) {
  const { tool, at } = view.opening;
  const wanted = view.toolbar.tools.find(({ name }) => name === tool);
  if (!wanted || !view.graph) return;
  view.panel.inert = true;
  try {
    view.toolbar.open(wanted);
    if (wanted.begin) wanted.begin(view, view.opening);
    else if (at !== undefined) wanted.pick?.(view, at);
  } finally {
    view.panel.inert = false;
  }
}

export class Hiding {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {Graph | undefined} */
    this.graph = undefined;
    this.one = !view.opening.hide.endsWith("s"); // whether it is that of one node alone
    this.kind = view.opening.hide.startsWith("value") ? "data" : "grad";
    /** @type {Set<number>} */
    this.seen = new Set(); // what has been asked to show itself
    this.words = h("span");
    this.all = button("", "show or hide them", () => this.turn());
    this.bar = h("div", { class: "cg-hiding", role: "group", "aria-label": "what is hidden" }, this.words, this.all);
    view.frame.after(this.bar);
    view.faults.listen(view.frame, "click", (event) => this.toggle(event));
    view.faults.listen(view.frame, "keydown", (event) => event.key === "Enter" && this.toggle(event));
  }

  // The nodes whose number was to be hidden.
  get nodes() {
    const { graph, opening } = this.view;
    return this.one ? [opening.at ?? -1].filter((i) => i in graph.nodes) : askable(graph, this.kind);
  }

  /** @param {any} event */
  toggle(event) {
    const node = event.target.closest?.("[data-node]");
    const i = +node?.dataset.node;
    if (!node || this.view.tool?.asks() || !this.nodes.includes(i)) return;
    if (!this.seen.delete(i)) this.seen.add(i);
    this.view.refresh();
    this.view.describe();
    this.view.say(node.getAttribute("aria-label"));
  }

  turn() {
    const { nodes } = this;
    const rest = nodes.filter((i) => !this.seen.has(i));
    this.seen = new Set(rest.length ? nodes : []);
    this.view.refresh();
  }

  // What a tool wants to be shown, without what is hidden.
  /** @type {(shown: Shown) => Shown} */
  cover(shown) {
    const { view, kind } = this;
    const { nodes } = view.graph;
    if (this.graph !== view.graph) this.seen.clear(); // another structure: its indices mean other nodes
    this.graph = view.graph;
    const rest = this.nodes.filter((i) => !this.seen.has(i));
    const what = kind === "data" ? "value" : "gradient";
    const [they, how] = this.one ? [`${what} of ${nodes[this.nodes[0]]?.name} is`, "its box shows it"] : [`${what}s are`, "a box shows its own"];
    write(this.words, rest.length ? `The ${they} hidden${view.tool?.asks() ? "" : `: a click on ${how}`}.` : "");
    write(this.all, rest.length ? `show ${this.one ? "it" : "all"}` : "hide again");
    this.bar.hidden = !this.nodes.length;
    const [data, grad] = [shown.data ?? view.data, shown.grad ?? view.grad];
    const [slots, captions] = [{ ...shown.slots }, { ...shown.captions }];
    for (const i of rest) {
      slots[`${i}.${kind}`] = hiddenSlot(nodes[i], kind);
      captions[i] = caption(nodes[i], kind === "data" ? HIDDEN_NUMBER : data[i], kind === "grad" ? HIDDEN_NUMBER : grad[i]);
    }
    return { ...shown, slots, captions };
  }
}
