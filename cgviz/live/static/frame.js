// The frame of the picture: it begins with the output in sight, shows where the picture goes on, and says whether there
// is room for the tool's panel beside it.

import { h } from "./elements.js";
import { Minimap } from "./minimap.js";
import { CALM } from "./picture.js";

const WIDE = 72; // in em: from here on the panel stands beside the picture

/** @type {[side: string, sign: string, title: string, across: number, down: number][]} */
const SIDES = [
  ["left", "‹", "more of the picture to the left", -1, 0],
  ["right", "›", "more of the picture to the right", 1, 0],
  ["up", "‹", "more of the picture above", 0, -1],
  ["down", "›", "more of the picture below", 0, 1],
];

export class Frame {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.frame = view.frame;
    this.edges = SIDES.map(([side, sign, title, ...way]) => h("button", { type: "button", class: `cg-further cg-${side}`, hidden: true, title, "aria-label": title, onclick: () => this.go(...way) }, h("span", {}, sign)));
    this.map = new Minimap(view);
    this.frame.after(...this.edges, this.map.svg);
    view.faults.listen(this.frame, "scroll", () => this.mark());
    this.sizes = new ResizeObserver(() => requestAnimationFrame(() => view.closed || view.guard("the frame of the picture", () => this.settle())));
    this.drawings = new MutationObserver(() => this.watch());
    this.drawings.observe(this.frame, { childList: true });
    this.watch();
    view.el.classList.toggle("cg-side", this.besides()); // a tool may open, and measure its place, before we settle
  }

  // Another picture is drawn.
  watch() {
    this.map.draw();
    this.sizes.disconnect();
    for (const element of [this.view.el, this.frame, this.view.picture.svg]) if (element) this.sizes.observe(element);
  }

  // Something has another size.
  settle() {
    const { frame, view } = this;
    const { clientWidth: width, scrollWidth } = frame;
    if (!width) return;
    view.el.classList.toggle("cg-side", this.besides());
    if (!this.begun) this.begin();
    // What was in sight at the end stays there, unless it was zoomed about another point.
    else if (!frame.matches(".cg-zoomed") && String([width, scrollWidth]) !== this.size) {
      if (this.ended) frame.scrollLeft = scrollWidth;
      view.marks.keep();
    }
    this.size = String([width, scrollWidth]);
    const { svg, width: drawn } = view.picture;
    if (svg) svg.style.setProperty("--cg-least", `${(LEAST * drawn) / svg.getBoundingClientRect().width}px`);
    this.mark();
  }

  // Whether the panel stands beside the picture: where the view is wide, and on the full screen where the picture is then
  // the larger one.
  besides() {
    const { el, picture } = this.view;
    const [width, height] = [el.clientWidth, el.clientHeight];
    if (!el.closest(".cg-present")) return width >= WIDE * parseFloat(getComputedStyle(el).fontSize);
    const [w, h] = ["width", "height"].map((side) => +(picture.svg?.getAttribute(side) ?? 1));
    return Math.min((0.66 * width) / w, (0.9 * height) / h) > Math.min(width / w, (0.6 * height) / h);
  }

  // The output is what a picture is about, where nothing else was asked for.
  begin() {
    const { frame, view } = this;
    const [node] = view.graph ? view.picture.node(view.marks.seen ?? view.opening.at ?? view.opening.first ?? view.graph.root) : [];
    if (!node) return;
    this.begun = true;
    const [box, room] = [node.getBoundingClientRect(), frame.getBoundingClientRect()];
    /** @type {(end: number, edge: number) => number} */
    const beyond = (end, edge) => Math.max(0, end - edge + MARGIN);
    frame.scrollBy({ left: beyond(box.right, room.right), top: beyond(box.bottom, room.bottom), behavior: "instant" });
  }

  // Which way the picture goes on.
  mark() {
    const { frame, edges } = this;
    const [right, down] = [frame.scrollWidth - frame.clientWidth - frame.scrollLeft, frame.scrollHeight - frame.clientHeight - frame.scrollTop];
    // A scroll may be told after the frame has changed its size, and before that is: it says nothing of where the reader was.
    if (String([frame.clientWidth, frame.scrollWidth]) === this.size) this.ended = right < NEAR;
    const further = [frame.scrollLeft, right, frame.scrollTop, down].map((rest) => rest >= NEAR);
    this.map.mark();
    const held = edges.findIndex((edge) => edge.matches(":focus"));
    edges.forEach((edge, i) => {
      edge.hidden = !further[i];
      frame.classList.toggle(`cg-more-${SIDES[i]?.[0]}`, further[i]);
    });
    if (held >= 0 && !further[held]) edges[held ^ 1].focus({ preventScroll: true }); // the way back
  }

  /** @param {number} across @param {number} down */
  go(across, down) {
    const { frame } = this;
    frame.scrollBy({ left: 0.8 * across * frame.clientWidth, top: 0.8 * down * frame.clientHeight, behavior: CALM.matches ? "instant" : "smooth" });
  }

  close() {
    this.sizes.disconnect();
    this.drawings.disconnect();
  }
}

const MARGIN = 16;
const NEAR = 2;
const LEAST = 14; // pixels of text on the full screen
