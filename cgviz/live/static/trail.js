// The way through places of a plot, in pixels from its left upper corner.

import { finite } from "./number.js";

// A path through places; what is far outside is cut off, in the right direction.
/** @type {(places: number[][], width: number, height: number) => string} */
export function trail(places, width, height) {
  let d = "";
  places.slice(1).forEach((to, i) => {
    const cut = clip(places[i], to, width, height);
    if (cut) d += cut.map(([x, y], end) => `${end ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`).join("");
  });
  return d;
}

// The part of a way within a box three times as wide and high around the plot, if there is one: by the rule of
// cgviz/pictures/chart.py (tests/page/cases.json holds them together).
/** @type {(a: number[], b: number[], width: number, height: number) => number[][] | null} */
export function clip(a, b, width, height) {
  let [first, last] = [0, 1];
  for (const [here, there, size] of [[a[0], b[0], width], [a[1], b[1], height]]) {
    const way = there - here;
    if (!finite(way)) return null;
    for (const [towards, room] of [[-way, here + size], [way, 2 * size - here]]) {
      if (towards === 0 && room < 0) return null;
      if (towards < 0) first = Math.max(first, room / towards);
      else if (towards > 0) last = Math.min(last, room / towards);
    }
  }
  return first > last ? null : [first, last].map((t) => [a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1])]);
}
