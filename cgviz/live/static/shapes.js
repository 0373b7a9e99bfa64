// Elements of pictures and plots.

export const SVG_SPACE = "http://www.w3.org/2000/svg";

/** @type {(tag: string, attributes?: Record<string, any>, text?: string) => any} */
export function sketch(tag, attributes = {}, text = "") {
  const element = document.createElementNS(SVG_SPACE, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  if (text) element.textContent = text;
  return element;
}
