// Groups that are folded: one box each, with a double outline. A click on it, or the Enter key, unfolds it; below the
// picture there is a button for each unfolded one that folds it again. The kernel draws the other structure.

import { h, set } from "./elements.js";

const PATIENCE = 4000;

export class Folds {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.bar = h("div", { class: "cg-folds", role: "group", "aria-label": "unfolded groups" });
    view.frame.after(this.bar);
    view.faults.listen(view.frame, "click", (event) => this.toggle(event));
    view.faults.listen(view.frame, "keydown", (event) => (event.key === "Enter" || event.key === " ") && this.toggle(event));
  }

  // A new structure is in the page: say which boxes can be unfolded, and which groups are.
  refresh() {
    clearTimeout(this.waiting);
    const { graph, picture } = this.view;
    const opened = graph?.opened ?? [];
    for (const i of graph?.shown ?? []) {
      if (graph.nodes[i].group === undefined) continue;
      for (const element of [...picture.node(i), ...picture.op(i)]) element.classList.add("cg-foldable");
      for (const [name, value] of [["role", "button"], ["aria-expanded", "false"]]) picture.node(i).forEach((node) => set(node, name, value));
    }
    /** @type {(text: string, title: string, numbers: number[]) => any} */
    const button = (text, title, numbers) => h("button", { type: "button", title, onclick: () => this.ask(numbers) }, text);
    const numbers = opened.map(([number]) => number);
    const buttons = opened.map(([number, name]) => button(`fold ${name}`, `show ${name} as one box again`, numbers.filter((other) => other !== number)));
    if (opened.length > 1) buttons.push(button("fold all", "show each of these groups as one box again", []));
    this.bar.replaceChildren(...buttons);
    this.focus(opened);
  }

  // After a key the focus goes on where the group is now.
  /** @param {[number: number, name: string][]} opened */
  focus(opened) {
    const { graph, picture } = this.view;
    const at = opened.findIndex(([number]) => number === this.wanted);
    /** @type {any} */
    const i = graph?.shown.find((k) => graph.nodes[k].group === this.wanted);
    if (this.wanted !== undefined) (at >= 0 ? this.bar.children[at] : picture.node(i)[0])?.focus({ preventScroll: true });
    this.wanted = undefined;
  }

  /** @param {any} event */
  toggle(event) {
    const box = event.target.closest?.(".cg-foldable");
    if (!box) return;
    if (event.type === "click" && box.dataset.node && this.view.tool?.asks()) return;
    event.preventDefault();
    event.stopPropagation();
    const i = +(box.dataset.node ?? box.dataset.op);
    /** @type {any} */
    const { group } = this.view.graph.nodes[i];
    if (event.type !== "click") this.wanted = group;
    this.ask([...(this.view.graph.opened ?? []).map(([number]) => number), group]);
  }

  /** @param {number[]} numbers */
  ask(numbers) {
    const { model } = this.view;
    if (this.bar.contains(this.view.el.getRootNode().activeElement)) this.wanted = /** @type {[number, string][]} */ (this.view.graph.opened).map(([number]) => number).find((number) => !numbers.includes(number));
    model.set("opened", numbers);
    model.save_changes();
    clearTimeout(this.waiting);
    this.waiting = setTimeout(() => this.view.closed || this.view.tell("To unfold and fold groups the notebook's kernel is needed: run the cell again.", false), PATIENCE);
  }
}
