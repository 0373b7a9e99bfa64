// A picture that came as text, as elements of the page: only those of which pictures of ours are made. What somebody
// else's notebook or page brings for a picture runs nothing, asks no host, and changes nothing around it.

import { sketch, SVG_SPACE } from "./shapes.js";

const KINDS = new Set(["svg", "g", "path", "rect", "text", "title", "desc", "style"]);
const ATTRIBUTES = /^(xmlns|id|class|d|x|y|width|height|rx|viewBox|transform|text-anchor|fill(-opacity)?|role|tabindex|(aria|data)-[a-z]+)$/;
const RULE = /^\s*(svg)?\.cg-([0-9a-f]{6}|tiles)\b[^{},~@\\]*\{[^{@\\]*$/; // of a style sheet: within such pictures
const ELSEWHERE = /url|image|src|\/[/*]/i;

/** @type {(text: string) => any} */
export function readDrawing(text) {
  const page = new DOMParser().parseFromString(text, "image/svg+xml").documentElement;
  if (!isOurs(page) || page.localName !== "svg") return sketch("svg");
  for (const element of [page, ...page.querySelectorAll("*")]) {
    if (!isOurs(element)) element.remove();
    else for (const { name, value } of [...element.attributes]) if (!ATTRIBUTES.test(name) || /^\s*url\(/i.test(value)) element.removeAttribute(name);
  }
  return document.importNode(page, true);
}

/** @param {Element} element */
function isOurs({ namespaceURI, localName, textContent }) {
  return namespaceURI === SVG_SPACE && KINDS.has(localName) && (localName !== "style" || keepsWithin(textContent ?? ""));
}

// Whether each rule of a style sheet is about pictures, and none brings anything from elsewhere.
/** @param {string} sheet */
export function keepsWithin(sheet) {
  const rules = sheet.trim().split("}");
  return !rules.pop() && !ELSEWHERE.test(sheet) && rules.every((rule) => RULE.test(rule.replace(/\([^()]*\)/g, "")));
}
