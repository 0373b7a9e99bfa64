// The controls of the tools' panels, and their tables.

import { h, set, write } from "./elements.js";
import { setNames } from "./mathematics.js";

// A table is written in place. With `choose` each row begins with a button that chooses it.
/** @type {(text: string, title: string, onclick: (event: any) => void, more?: Record<string, any>) => any} */
export const button = (text, title, onclick, more) => h("button", { type: "button", title, onclick, ...more }, text);
/** @type {(pairs: any[][]) => any[]} */
export const options = (pairs) => pairs.map(([value, text = value]) => h("option", { value }, text));
/** @type {(pairs: any[][], act?: (value: string) => void, label?: string) => any} */
export const select = (pairs, act, label) => h("select", { "aria-label": label, onchange: (/** @type {any} */ { target }) => act?.(target.value) }, ...options(pairs));
/** @type {(style: string, ...parts: (Node | string)[]) => any} */
export const div = (style, ...parts) => h("div", { class: style }, ...parts);
/** @type {(...parts: (Node | string)[]) => any} */
export const row = (...parts) => div("cg-row", ...parts);
/** @type {(button: Element, yes: any) => void} */
export const usable = (button, yes) => set(button, "aria-disabled", String(!yes));

/** @type {(label: string, heads: string[], choose?: (k: number) => void) => Table} */
export function table(label, heads, choose) {
  const body = h("tbody");
  /** @type {(k: number) => HTMLElement} */
  const first = (k) => h("th", { scope: "row" }, ...(choose ? [button("", "choose this node", () => choose(k))] : []));
  const box = h("div", { class: "cg-table", tabindex: 0, role: "region", "aria-label": label },
    h("table", {}, h("thead", {}, h("tr", {}, ...heads.map((head) => h("th", { scope: "col" }, head)))), body));
  /** @type {(lines: string[][]) => HTMLCollection} */
  const fill = (lines) => {
    if (body.children.length !== lines.length) body.replaceChildren(...lines.map((line, k) => h("tr", {}, first(k), ...heads.slice(1).map(() => h("td")))));
    lines.forEach((texts, k) => texts.forEach((text, j) => {
      const cell = body.children[k].children[j];
      write(cell.firstElementChild ?? cell, j ? text : setNames(text));
    }));
    return body.children;
  };
  return { box, fill };
}
