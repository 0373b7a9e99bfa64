// What a tool adds to the picture: elements that are lit, the one that it speaks of brought into sight, notes above boxes.

import { write } from "./elements.js";
import { typeset } from "./number.js";
import { CALM } from "./picture.js";
import { sketch } from "./shapes.js";

export class Marks {
  /** @param {Picture} picture */
  constructor(picture) {
    this.picture = picture;
    this.begin();
  }

  // Nothing of what was marked before is in the picture.
  begin() {
    this.svg = this.picture.svg;
    /** @type {[Element, string][]} */
    this.lit = [];
    /** @type {Element[]} */
    this.noted = [];
    /** @type {number | undefined} */
    this.seen = undefined;
  }

  /** @type {Record<number, string> | undefined} */
  worded = undefined; // what stood for "grad" in the last picture

  /** @param {Shown} shown */
  show({ marks, dim, look, notes, words }) {
    if (this.svg !== this.picture.svg) this.begin();
    this.light(marks, dim);
    this.look(look);
    this.note(notes, words);
  }

  // Light some elements, ["edge", "0-2-1"] or ["node", 3, "cg-asked"], and dim the others if there are any to light.
  /** @param {Mark[]} marks @param {boolean} dim */
  light(marks = [], dim = false) {
    const { picture } = this;
    for (const [element, style] of this.lit) element.classList.remove(style);
    this.lit = marks.flatMap(([kind, key, style = "cg-lit"]) => /** @type {any} */ (picture)[kind](key).map((/** @type {Element} */ element) => [element, style]));
    for (const [element, style] of this.lit) element.classList.add(style);
    picture.svg.classList.toggle("cg-dim", dim && this.lit.length > 0);
  }

  // Bring a node that is out of sight into the frame, with some of what is around it. As long as it is the same one,
  // nothing moves: the frame is the reader's.
  /** @param {number} [i] */
  look(i) {
    if (i === this.seen) return;
    this.seen = i;
    const [node] = i === undefined ? [] : this.picture.node(i);
    if (!node) return;
    const [box, frame, { frame: { scrollLeft, scrollTop } }] = [node.getBoundingClientRect(), this.picture.frame.getBoundingClientRect(), this.picture];
    /** @type {(at: number, size: number, now: number, room: number) => number} */
    const within = (at, size, now, room) => {
      if (at >= now && at + size <= now + room) return now;
      const around = Math.max(0, Math.min(room / 4, (room - size) / 2));
      return Math.max(at + size + around - room, Math.min(at - around, now));
    };
    const left = within(box.x - frame.x + scrollLeft, box.width, scrollLeft, frame.width);
    const top = within(box.y - frame.y + scrollTop, box.height, scrollTop, frame.height);
    this.picture.frame.scrollTo({ left, top, behavior: CALM.matches ? "instant" : "smooth" });
  }

  // The frame, or the picture, has another size: what the tool speaks of stays in sight.
  keep() {
    const { seen } = this;
    this.seen = undefined;
    this.look(seen);
  }

  // Short texts above boxes, { 3: "+0.5" }, and words that stand within them for "grad", { 3: "tangent" }.
  /** @type {(notes?: Record<number, string>, words?: Record<number, string>) => void} */
  note(notes = {}, words) {
    if (words || this.worded) {
      for (const word of this.picture.svg.querySelectorAll(".cg-cell .cg-caption")) write(word, words?.[word.closest(".cg-node").dataset.node] ?? "grad");
    }
    this.worded = words;
    for (const old of this.noted) old.remove();
    this.noted = [];
    for (const [i, text] of Object.entries(notes)) {
      for (const node of this.picture.node(i)) {
        const box = node.querySelector("rect");
        const right = +box.getAttribute("x") + +box.getAttribute("width") - 3;
        const above = sketch("text", { class: "cg-text cg-above", "text-anchor": "end", x: right, y: box.getAttribute("y") - 3 }, typeset(text));
        node.append(above);
        this.noted.push(above);
      }
    }
  }
}
