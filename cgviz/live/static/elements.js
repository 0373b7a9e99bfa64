// Elements of the page: made, and changed only where something is to change. Text is only ever set as text, never as markup.

import { typeset } from "./number.js";

// Make an element: h("button", { title: "…", onclick }, "text", child, …).
/** @type {(tag: string, attributes?: Record<string, any>, ...children: (Node | string)[]) => any} */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), reportErrors(value));
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.map((child) => (typeof child === "string" ? typeset(child) : child)));
  return element;
}

// A listener: what it throws is told to the view around its element, and to the console where there is none.
/** @type {(act: (event: any) => any) => (event: any) => void} */
const reportErrors = (act) => (event) => {
  try {
    return act(event);
  } catch (error) {
    const told = new CustomEvent("cg-fault", { bubbles: true, cancelable: true, detail: error });
    if (event.currentTarget.dispatchEvent(told)) throw error;
  }
};

/** @type {(element: Element, attribute: string, value: string) => void} */
export function set(element, attribute, value) {
  if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}

/** @type {(element: Element, text: string) => void} */
export const write = (element, text) => writePlain(element, typeset(text));

// The same for what is to be copied, or typed, as it stands.
/** @type {(element: Element, text: string) => void} */
export function writePlain(element, text) {
  const only = /** @type {Text | null} */ (element.firstChild);
  if (only?.nodeType !== Node.TEXT_NODE || only.nextSibling) element.textContent = text;
  else if (only.data !== text) only.data = text;
}
