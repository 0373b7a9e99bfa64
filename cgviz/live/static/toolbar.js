// The buttons below the picture, and the panel of the tool that is open: one at a time.

import { h, set } from "./elements.js";
import { icon } from "./icons.js";

const GROUPS = ["see", "ask", "verify", "more", "keep"];
const FIELDS = "input, select, textarea, button:not(:disabled)";
const JUDGED = 200;

export class Toolbar {
  /** @param {View} view @param {OfferedTool[]} tools */
  constructor(view, tools) {
    this.view = view;
    this.tools = tools;
    /** @type {{ cover(shown: Shown): Shown } | undefined} */
    this.hiding = undefined; // what keeps numbers out of sight
    /** @type {OfferedTool | undefined} */
    this.behind = undefined; // whose picture stays while a tool is open that takes it as it is
    this.choices = h("span", { class: "cg-choices" });
    this.buttons = tools.map((tool) => h("button", { type: "button", title: tool.hint, "aria-pressed": "false", onclick: () => this.press(tool) }, ...icon(tool.icon), tool.name));
    for (const group of GROUPS) {
      const buttons = this.buttons.filter((button, i) => (tools[i].group ?? "more") === group);
      if (buttons.length) this.choices.append(h("span", { class: "cg-group", role: "group", "aria-label": group }, ...buttons));
    }
    view.faults.listen(view.el, "keydown", (event) => this.key(event));
    view.faults.listen(view.frame, "click", (event) => this.pick(event));
    view.faults.listen(view.frame, "focusin", (event) => event.target.matches?.(":focus-visible") && this.pick(event));
  }

  // What the open tool wants to be shown in place of the numbers, after a change of them.
  collect() {
    const { view, tool: opened } = this;
    /** @type {Shown | undefined | void} */
    let found;
    for (const one of view.around) view.guard("what follows the numbers", () => one.watch?.());
    for (const tool of this.tools) view.guard(`what ${tool.name} remembers`, () => tool.watch?.(view));
    for (const tool of [this.behind, opened]) if (tool) view.guard(`the tool ${tool.name}`, () => (found = tool.update?.(view) ?? found));
    if (this.behind) found = { ...found, said: undefined };
    clearTimeout(this.judging);
    if (this.judged === view.graph) this.judging = setTimeout(() => view.closed || this.judge(), JUDGED);
    else this.judge();
    return this.hiding?.cover(found ?? {}) ?? found ?? {};
  }

  // Grey what this graph, or its class, cannot do; why not is in the button's title, which is read out too.
  judge() {
    const { view } = this;
    this.judged = view.graph;
    this.tools.forEach((tool, i) => view.guard(`what ${tool.name} can do`, () => {
      const why = tool.refusal?.(view) ?? "";
      set(this.buttons[i], "title", why ? `${tool.hint}. ${why}` : tool.hint);
      set(this.buttons[i], "aria-disabled", String(!!why));
    }));
  }

  // A button was pressed: the tool's first field has the focus then, if it has not chosen another place itself.
  /** @param {OfferedTool} tool */
  press(tool) {
    const { view } = this;
    this.open(tool);
    const { panel } = view;
    if (!this.tool || panel.contains(view.el.getRootNode().activeElement)) return;
    const first = panel.querySelector("[data-first]") ?? [...panel.querySelectorAll(FIELDS)].find((field) => field.checkVisibility());
    first?.focus({ preventScroll: true });
  }

  /** @param {OfferedTool} tool */
  open(tool) {
    const { view } = this;
    const next = this.tool === tool ? undefined : tool;
    const behind = next?.keeps ? this.tool : undefined;
    this.shut();
    this.choose(next);
    this.behind = behind;
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
    this.buttons.forEach((button, i) => set(button, "aria-pressed", String(this.tools[i] === tool)));
  }

  /** @param {any} event */
  pick(event) {
    const node = event.target.closest?.("[data-node]");
    if (node && this.view.graph) this.tool?.pick?.(this.view, +node.dataset.node);
  }

  /** @param {any} event */
  key(event) {
    if (event.key === "Escape" && this.tool && this.view.panel.contains(event.target)) { // the focus goes back
      this.buttons[this.tools.indexOf(this.tool)]?.focus();
      event.preventDefault();
      event.stopPropagation();
      return;
    }
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, .noUi-handle");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.tool?.key?.(this.view, event.key)) event.preventDefault();
  }

  // Close the tool that is open, whatever comes of it.
  shut() {
    const { view, tool } = this;
    clearTimeout(this.judging);
    view.faults.forget();
    view.faults.forget(`the tool ${tool?.name}`);
    try {
      tool?.close?.(view);
    } finally {
      this.choose();
      this.behind = undefined;
      view.panel.replaceChildren();
    }
  }

  // The graph has another structure.
  restart() {
    for (const tool of [this.behind, this.tool]) tool?.restart?.(this.view);
  }
}
