// The picture: drawn once for a structure, then patched in place. What its elements are called is said in
// cgviz/pictures/scene.py.

import { write } from "./elements.js";
import { Places } from "./places.js";

const CALM = matchMedia("(prefers-reduced-motion: reduce)");
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
    /** @type {[Element, string][]} */
    this.lit = [];
    /** @type {Element[]} */
    this.noted = [];
    /** @type {Record<number, string> | undefined} */
    this.worded = undefined;
    /** @type {number | undefined} */
    this.seen = undefined;
    /** @type {(key: string | number) => any[]} */
    const none = () => [];
    this.node = this.edge = this.op = this.stem = none; // its elements that stand for something
  }

  // Show another structure. Nodes that were there before glide to their new places.
  /** @param {string} text */
  draw(text) {
    const before = this.boxes();
    this.close();
    this.frame.replaceChildren();
    this.svg = null;
    if (!text) return;
    const page = new DOMParser().parseFromString(text, "image/svg+xml");
    this.svg = document.importNode(page.documentElement, true);
    this.width = +this.svg.getAttribute("width");
    this.svg.setAttribute("style", `--cg-w: ${this.width}; --cg-h: ${this.svg.getAttribute("height")}`);
    this.rename();
    this.frame.append(this.svg);
    Object.assign(this, Object.fromEntries(["node", "edge", "op", "stem"].map((name) => [name, this.index(name)])));
    this.places = new Places(this.svg);
    this.lit = this.noted = [];
    this.seen = undefined;
    if (before.size && !CALM.matches) this.glide(before);
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

  // Light some elements, ["edge", "0-2-1"] or ["node", 3, "cg-asked"], and dim the others if there are any to light.
  /** @param {Mark[]} marks @param {boolean} dim */
  light(marks = [], dim = false) {
    for (const [element, style] of this.lit) element.classList.remove(style);
    this.lit = marks.flatMap(([kind, key, style = "cg-lit"]) => /** @type {any} */ (this)[kind](key).map((/** @type {Element} */ element) => [element, style]));
    for (const [element, style] of this.lit) element.classList.add(style);
    this.svg.classList.toggle("cg-dim", dim && this.lit.length > 0);
  }

  // Bring a node that is out of sight into the frame, with some of what is around it. As long as it is the same one,
  // nothing moves: the frame is the reader's.
  /** @param {number} [i] */
  look(i) {
    if (i === this.seen) return;
    this.seen = i;
    const [node] = i === undefined ? [] : this.node(i);
    if (!node) return;
    const [box, frame, { frame: { scrollLeft, scrollTop } }] = [node.getBoundingClientRect(), this.frame.getBoundingClientRect(), this];
    /** @type {(at: number, size: number, now: number, room: number) => number} */
    const within = (at, size, now, room) => {
      if (at >= now && at + size <= now + room) return now;
      const around = Math.max(0, Math.min(room / 4, (room - size) / 2));
      return Math.max(at + size + around - room, Math.min(at - around, now));
    };
    const left = within(box.x - frame.x + scrollLeft, box.width, scrollLeft, frame.width);
    const top = within(box.y - frame.y + scrollTop, box.height, scrollTop, frame.height);
    this.frame.scrollTo({ left, top, behavior: CALM.matches ? "instant" : "smooth" });
  }

  // Short texts above boxes, { 3: "+0.5" }, and words that stand within them for "grad", { 3: "tangent" }.
  /** @type {(notes?: Record<number, string>, words?: Record<number, string>) => void} */
  note(notes = {}, words) {
    if (words || this.worded) {
      for (const word of this.svg.querySelectorAll(".cg-cell .cg-caption")) write(word, words?.[word.closest(".cg-node").dataset.node] ?? "grad");
    }
    this.worded = words;
    for (const old of this.noted) old.remove();
    this.noted = [];
    for (const [i, text] of Object.entries(notes)) {
      for (const node of this.node(i)) {
        const box = node.querySelector("rect");
        const above = document.createElementNS("http://www.w3.org/2000/svg", "text");
        const right = +box.getAttribute("x") + +box.getAttribute("width") - 3;
        for (const [name, value] of Object.entries({ class: "cg-text cg-above", "text-anchor": "end", x: right, y: box.getAttribute("y") - 3 })) {
          above.setAttribute(name, String(value));
        }
        above.textContent = text;
        node.append(above);
        this.noted.push(above);
      }
    }
  }

  boxes() {
    const found = new Map();
    for (const node of this.svg?.querySelectorAll(".cg-node") ?? []) found.set(this.nameOf(node), node.getBoundingClientRect());
    return found;
  }

  /** @param {any} node */
  nameOf(node) {
    return node.querySelector(".cg-name, .cg-number-name")?.textContent ?? node.dataset.node;
  }

  /** @param {Map<string, DOMRect>} before */
  glide(before) {
    const scale = this.width / (this.svg.getBoundingClientRect().width || this.width);
    for (const node of this.svg.querySelectorAll(".cg-node")) {
      const [was, is] = [before.get(this.nameOf(node)), node.getBoundingClientRect()];
      const from = was ? { transform: `translate(${(was.x - is.x) * scale}px, ${(was.y - is.y) * scale}px)` } : { opacity: 0 };
      node.animate([from, {}], { duration: 350, easing: "ease-in-out" });
    }
    for (const line of this.svg.querySelectorAll(".cg-edge, .cg-stem, .cg-operator")) line.animate([{ opacity: 0 }, {}], { duration: 500 });
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
