// The cells of arrays: drawn anew from their states and texts, as cgviz/pictures/array_cells.py and svg.py draw them.

import { number, typeset } from "./number.js";
import { sketch } from "./shapes.js";
import { stepOf } from "./slots.js";

const SPELLED = 5; // so many numbers are written out,
const LETTERS = 7; // each with so many letters at most;
const COLUMNS = 16; // of more there are so many cells at most, in each the strongest of its numbers

// The states and the texts of the cells of a row of numbers.
/** @type {(xs: number[]) => [codes: string, texts: string[]]} */
export function encodeRow(xs) {
  const spelled = xs.length <= SPELLED;
  const columns = spelled ? xs.length : Math.min(xs.length, COLUMNS);
  /** @param {number} k */
  const start = (k) => Math.floor((k * xs.length) / columns);
  const codes = Array.from({ length: columns }, (_, k) => {
    const part = xs.slice(start(k), start(k + 1));
    const [most, least] = [Math.max(...part), Math.min(...part)]; // NaN where there is one
    const x = most >= -least ? most : least;
    return x === x ? (x > 0 ? "012345" : "0abcde")[stepOf(x)] : "n";
  });
  /** @param {number} x */
  const spell = (x) => [3, 2, 1].map((n) => typeset(number(x, n))).find((text, k) => text.length <= LETTERS || k === 2) ?? "";
  return [codes.join(""), spelled ? xs.map(spell) : []];
}

/** @type {Record<string, string>} */
const CELL_STYLES = { n: "cg-nan" };
for (const [sign, codes] of [["cg-pos", "12345"], ["cg-neg", "abcde"]]) [...codes].forEach((code, k) => (CELL_STYLES[code] = `${sign} cg-${k + 1}`));

export class Arrays {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
  }

  // Show these numbers: what is no array, is missing or is stale has no cells.
  /** @param {any} numbers */
  patch({ data, grad, stale }) {
    for (const place of /** @type {NodeListOf<any>} */ (this.view.frame.querySelectorAll("[data-cells]"))) {
      const [i, kind] = place.dataset.cells.split(".");
      const old = kind === "data" ? stale[i] === "value" : stale[i];
      const cells = (!old && (kind === "data" ? data : grad)[i]?.cells) || ["", []];
      const key = JSON.stringify(cells);
      if (place.written === key) continue;
      place.written = key;
      fillCells(place, cells);
    }
  }
}

/** @type {(place: any, cells: [codes: string, texts: string[]]) => void} */
function fillCells(place, [codes, texts]) {
  const [rows, columns, wide, high] = place.dataset.grid.split(" ").map(Number);
  /** @param {number} k */
  const at = (k) => [(k % columns) * wide, Math.floor(k / columns) * high];
  const squares = Object.entries(CELL_STYLES).filter(([code]) => codes.includes(code)).map(([code, style]) => {
    const d = [...codes].map((other, k) => (other === code ? `M${at(k).join(" ")}h${wide}v${high}h${-wide}z` : "")).join("");
    return sketch("path", { class: style, d });
  });
  const frame = sketch("rect", { class: "cg-frame-of-cells", width: columns * wide, height: rows * high });
  const words = texts.map((text, k) => sketch("text", { class: "cg-text cg-cell-text", x: at(k)[0] + wide - 4, y: at(k)[1] + high / 2 + 4, "text-anchor": "end" }, text));
  place.replaceChildren(frame, ...squares, ...words);
}
