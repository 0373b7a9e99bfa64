// Small signs on the buttons, drawn as lines in the colour of the text; nobody hears them.

import { sketch } from "./shapes.js";

const PATHS = {
  step: "M3 3v10l6-5zM12.5 3v10",
  explain: "M3.5 12.5 8 5l4.5 7.5M8 2a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3M3 11.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3M13 11.5a1.5 1.5 0 1 1 0 3 1.5 1.5 0 0 1 0-3",
  slice: "M2 2v12h12M3.5 11c4 0 5-2 6-4.5S12 3 14 3",
  predict: "M5 5.5a3 3 0 1 1 4.3 2.7C8.3 8.8 8 9.3 8 10.5M8 13v.6",
  break: "M9 1.5 3.5 9H8l-1 5.5L12.5 7H8z",
  check: "M2.5 8.5 6.5 13l7-10",
  compare: "M2 8h4l6-4.5M6 8l6 4.5M9 3.2h3.2v3M12.2 9.8v3H9",
  save: "M8 2v8M4.5 6.8 8 10.3l3.5-3.5M2.5 13.5h11",
};

/** @type {(name?: string) => SVGElement[]} */
export function icon(name) {
  const d = name && PATHS[/** @type {keyof typeof PATHS} */ (name)];
  if (!d) return [];
  const svg = sketch("svg", { class: "cg-icon", viewBox: "0 0 16 16", "aria-hidden": true });
  svg.append(sketch("path", { d }));
  return [svg];
}
