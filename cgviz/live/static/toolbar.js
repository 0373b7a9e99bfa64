// The buttons below the picture, and the panel of the tool that is open: one at a time.

import { h, set } from "./elements.js";

export class Toolbar {
  constructor(view, tools) {
    this.view = view;
    this.tools = tools;
    this.choices = h("span", { class: "cg-choices" });
    for (const tool of tools) this.choices.append(h("button", { type: "button", title: tool.hint, "aria-pressed": "false", onclick: () => this.open(tool) }, tool.name));
    view.faults.listen(view.el, "keydown", (event) => this.key(event));
    view.faults.listen(view.frame, "click", (event) => this.pick(event));
    view.faults.listen(view.frame, "focusin", (event) => event.target.matches?.(":focus-visible") && this.pick(event));
  }

  // What the open tool wants to be shown in place of the numbers, after a change of them.
  shown() {
    for (const tool of this.tools) tool.watch?.(this.view);
    return this.tool?.update?.(this.view) ?? {};
  }

  open(tool) {
    const { view } = this;
    this.close();
    this.tool = this.tool === tool ? undefined : tool;
    [...this.choices.children].forEach((button, i) => set(button, "aria-pressed", String(this.tools[i] === this.tool)));
    view.panel.replaceChildren();
    this.tool?.open(view, view.panel);
    view.refresh();
  }

  pick(event) {
    const node = event.target.closest?.("[data-node]");
    if (node && this.view.graph) this.tool?.pick?.(this.view, +node.dataset.node);
  }

  key(event) {
    const typing = event.target.closest("input, textarea, select, .noUi-handle");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.tool?.key?.(this.view, event.key)) event.preventDefault();
  }

  close() {
    this.tool?.close?.(this.view);
  }
}
