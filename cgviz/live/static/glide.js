// From one structure to the next: nodes that were there before glide to their new places.

import { CALM } from "./picture.js";

const nameIn = (/** @type {any} */ node) => node.querySelector(".cg-name, .cg-number-name")?.textContent ?? node.dataset.node;

// Remember where the nodes of a picture are; the answer is how they go from there to where they are then.
/** @type {(picture: Picture) => () => void} */
export function leave(picture) {
  const before = new Map();
  for (const node of picture.svg?.querySelectorAll(".cg-node") ?? []) before.set(nameIn(node), node.getBoundingClientRect());
  return () => before.size && !CALM.matches && arrive(picture, before);
}

/** @type {(picture: Picture, before: Map<string, DOMRect>) => void} */
function arrive({ svg, width }, before) {
  const scale = width / (svg.getBoundingClientRect().width || width);
  for (const node of svg.querySelectorAll(".cg-node")) {
    const [was, is] = [before.get(nameIn(node)), node.getBoundingClientRect()];
    const from = was ? { transform: `translate(${(was.x - is.x) * scale}px, ${(was.y - is.y) * scale}px)` } : { opacity: 0 };
    node.animate([from, {}], { duration: 350, easing: "ease-in-out" });
  }
  for (const line of svg.querySelectorAll(".cg-edge, .cg-stem, .cg-operator")) line.animate([{ opacity: 0 }, {}], { duration: 500 });
}
