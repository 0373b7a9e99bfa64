// The picture: drawn once for a structure, then patched in place. What its elements are called is said in
// cgviz/pictures/scene.py.

import { readDrawing } from "./drawing.js";
import { Places } from "./places.js";

export const CALM = matchMedia("(prefers-reduced-motion: reduce)");
let drawn = 0;

export class Picture {
  /** @param {HTMLElement} frame */
  constructor(frame) {
    this.frame = frame;
    this.scale = 0;
    this.width = 0;
    /** @type {any} */
    this.svg = null;
    /** @type {any} */
    this.places = undefined;
    /** @type {(key: string | number) => any[]} */
    const none = () => [];
    this.node = this.edge = this.op = this.stem = none; // its elements that stand for something
  }

  /** @type {(() => () => void) | undefined} */
  leave = undefined; // how nodes go to their new places: that comes with the tools

  // Show another structure.
  /** @param {string} text */
  draw(text) {
    const arrive = this.leave?.();
    this.close();
    this.frame.replaceChildren();
    this.svg = null;
    if (!text) return;
    this.svg = readDrawing(text);
    this.width = +this.svg.getAttribute("width");
    this.svg.setAttribute("style", `--cg-w: ${this.width}; --cg-h: ${this.svg.getAttribute("height")}`);
    this.rename();
    this.frame.append(this.svg);
    Object.assign(this, Object.fromEntries(["node", "edge", "op", "stem"].map((name) => [name, this.index(name)])));
    this.places = new Places(this.svg);
    arrive?.();
  }

  close() {
    this.places?.close();
  }

  // Ids are unique in the page, also when one widget is shown twice.
  rename() {
    drawn += 1;
    for (const element of this.svg.querySelectorAll("[id]")) element.id += `-${drawn}`;
    for (const name of ["aria-labelledby", "aria-describedby"]) {
      if (this.svg.hasAttribute(name)) this.svg.setAttribute(name, `${this.svg.getAttribute(name)}-${drawn}`);
    }
  }

  /** @type {(name: string) => (key: string | number) => any[]} */
  index(name) {
    const found = new Map();
    for (const element of this.svg.querySelectorAll(`[data-${name}]`)) {
      const key = element.getAttribute(`data-${name}`);
      if (!found.has(key)) found.set(key, []);
      found.get(key).push(element);
    }
    return (key) => found.get(String(key)) ?? [];
  }

  // 0 is as large as its place allows, within bounds; -1 all of it, however small or large; else a factor. The widths
  // follow from it in view.css.
  /** @param {number} scale */
  zoom(scale) {
    this.scale = scale;
    this.frame.style.setProperty("--cg-scale", String(scale));
    for (const [name, on] of [["zoomed", scale > 0], ["whole", scale < 0]]) this.frame.classList.toggle(`cg-${name}`, /** @type {any} */ (on));
  }
}
