// The buttons below the picture, and the panel of the tool that is open: one at a time.

import { h, set } from "./elements.js";

export class Toolbar {
  /** @param {View} view @param {OfferedTool[]} tools */
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
  collect() {
    const { view, tool: opened } = this;
    /** @type {Shown | undefined | void} */
    let found;
    for (const tool of this.tools) view.guard(`what ${tool.name} remembers`, () => tool.watch?.(view));
    if (opened) view.guard(`the tool ${opened.name}`, () => (found = opened.update?.(view)));
    return found ?? {};
  }

  /** @param {OfferedTool} tool */
  open(tool) {
    const { view } = this;
    const next = this.tool === tool ? undefined : tool;
    this.shut();
    this.choose(next);
    try {
      next?.open(view, view.panel);
    } catch (error) {
      this.shut(); // half a panel is of no use
      throw error;
    } finally {
      view.refresh();
    }
  }

  /** @param {OfferedTool} [tool] */
  choose(tool) {
    this.tool = tool;
    [...this.choices.children].forEach((button, i) => set(button, "aria-pressed", String(this.tools[i] === tool)));
  }

  /** @param {any} event */
  pick(event) {
    const node = event.target.closest?.("[data-node]");
    if (node && this.view.graph) this.tool?.pick?.(this.view, +node.dataset.node);
  }

  /** @param {any} event */
  key(event) {
    const typing = event.target.closest("input, textarea, select, .noUi-handle");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.tool?.key?.(this.view, event.key)) event.preventDefault();
  }

  // Close the tool that is open, whatever comes of it.
  shut() {
    const { view, tool } = this;
    view.faults.forget();
    view.faults.forget(`the tool ${tool?.name}`);
    try {
      tool?.close?.(view);
    } finally {
      this.choose();
      view.panel.replaceChildren();
    }
  }
}
