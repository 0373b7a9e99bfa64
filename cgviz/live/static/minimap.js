// A small map of a picture much larger than its frame: where the nodes are, and which part is in sight. A click or a drag
// on it goes there; for the keys there are the nodes and the buttons at the edges.

import { sketch } from "./shapes.js";

const MUCH_LARGER = 1.8; // so many times the frame's width or height
const MAP_SIZE = [170, 90];
const AROUND = 20;
const LEAST_SIDE = 16;
const SHARE = 0.25; // of the frame's height: a taller map stands below, for it would hide boxes

export class Minimap {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.svg = sketch("svg", { class: "cg-map", "aria-hidden": true });
    this.part = sketch("rect", { class: "cg-in-sight" });
    this.height = 0;
    view.faults.listen(this.svg, "pointerdown", (/** @type {any} */ event) => {
      this.svg.setPointerCapture(event.pointerId);
      this.go(event);
    });
    view.faults.listen(this.svg, "pointermove", (/** @type {any} */ event) => event.buttons && this.go(event));
  }

  // Another picture is drawn.
  draw() {
    const { svg } = this.view.picture;
    if (!svg) return;
    const [width, height] = ["width", "height"].map((side) => Number(svg.getAttribute(side)));
    const scale = Math.min(MAP_SIZE[0] / width, MAP_SIZE[1] / height);
    this.svg.setAttribute("viewBox", `0 0 ${width} ${height}`);
    this.svg.setAttribute("preserveAspectRatio", "none"); // of a very long one it would be a line
    this.height = Math.max(LEAST_SIDE, scale * height);
    this.svg.setAttribute("style", `width: ${Math.max(LEAST_SIDE, scale * width)}px; height: ${this.height}px`);
    const boxes = [...svg.querySelectorAll(".cg-node")].map((node) => {
      const [box, copy] = [node.querySelector("rect"), sketch("rect")];
      for (const name of box ? ["x", "y", "width", "height"] : []) copy.setAttribute(name, box.getAttribute(name));
      return copy;
    });
    this.svg.replaceChildren(...boxes, this.part);
  }

  // Show which part is in sight; the map itself only where the picture is much larger than that.
  mark() {
    const { frame, picture } = this.view;
    const { scrollWidth, scrollHeight, clientWidth, clientHeight, scrollLeft, scrollTop } = frame;
    this.svg.classList.toggle("cg-away", !picture.svg || (scrollWidth < MUCH_LARGER * clientWidth && scrollHeight < MUCH_LARGER * clientHeight));
    this.svg.classList.toggle("cg-below", this.height + AROUND > SHARE * clientHeight);
    const [across, down] = [scrollWidth, scrollHeight].map((size, k) => Number(picture.svg?.getAttribute(k ? "height" : "width")) / size);
    const place = { x: scrollLeft * across, y: scrollTop * down, width: clientWidth * across, height: clientHeight * down };
    for (const [name, value] of Object.entries(place)) this.part.setAttribute(name, String(value || 0));
  }

  /** @param {any} event */
  go(event) {
    const [{ frame }, map] = [this.view, this.svg.getBoundingClientRect()];
    const middle = (/** @type {number} */ at, /** @type {number} */ size, /** @type {number} */ all, /** @type {number} */ room) => (at / size) * all - room / 2;
    frame.scrollTo({
      left: middle(event.clientX - map.x, map.width, frame.scrollWidth, frame.clientWidth),
      top: middle(event.clientY - map.y, map.height, frame.scrollHeight, frame.clientHeight),
      behavior: "instant",
    });
  }
}
