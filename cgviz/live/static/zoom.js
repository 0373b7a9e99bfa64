// The size of the picture: buttons for it, the wheel with Ctrl or Cmd, and a zoomed picture that can be dragged.

import { h } from "./elements.js";

export class Zoom {
  /** @param {View} view */
  constructor({ picture, faults }) {
    this.picture = picture;
    faults.listen(picture.frame, "wheel", (event) => this.wheel(event), { passive: false });
    faults.listen(picture.frame, "pointerdown", (event) => this.drag(event));
    /** @type {[text: string, title: string, onclick: () => void][]} */
    const acts = [["−", "smaller", () => this.by(1 / 1.25)], ["fit", "up to 1.8 times as large, or all of it in the full width, in turn", () => picture.zoom(picture.scale ? 0 : -1)], ["+", "larger", () => this.by(1.25)]];
    this.buttons = h("span", { class: "cg-zoom" }, ...acts.map(([text, title, onclick]) => h("button", { type: "button", title, "aria-label": title, onclick }, text)));
  }

  // Zoom by a factor, and keep the point at (x, y) of the window where it is: the middle, if none is given.
  /** @type {(factor: number, x?: number, y?: number) => void} */
  by(factor, x, y) {
    const { picture } = this;
    if (!picture.svg) return;
    const frame = picture.frame.getBoundingClientRect();
    const [dx, dy] = [(x ?? frame.x + frame.width / 2) - frame.x, (y ?? frame.y + frame.height / 2) - frame.y];
    const [left, top, old] = [picture.frame.scrollLeft + dx, picture.frame.scrollTop + dy, this.factor];
    picture.zoom(Math.min(4, Math.max(0.2, old * factor)));
    const grown = this.factor / old;
    picture.frame.scrollTo(left * grown - dx, top * grown - dy);
  }

  // The present size as a factor: at 1 its text is as large as that of the page.
  get factor() {
    const { frame, svg, width } = this.picture;
    return (SIZE * svg.getBoundingClientRect().width) / width / parseFloat(getComputedStyle(frame).fontSize) || 1;
  }

  /** @param {any} event */
  wheel(event) {
    if (!event.ctrlKey && !event.metaKey) return; // the page scrolls
    event.preventDefault();
    this.by(Math.exp(-event.deltaY / 300), event.clientX, event.clientY);
  }

  /** @param {any} event */
  drag(event) {
    if (event.button !== 0 || event.pointerType === "touch" || event.target.closest(".cg-typed, .cg-scrub")) return; // a finger scrolls by itself, and a number is moved
    let [x, y] = [event.clientX, event.clientY];
    /** @param {any} event */
    const move = (event) => {
      this.picture.frame.scrollBy(x - event.clientX, y - event.clientY);
      [x, y] = [event.clientX, event.clientY];
    };
    const stop = () => {
      removeEventListener("pointermove", move);
      for (const end of ["pointerup", "pointercancel"]) removeEventListener(end, stop);
    };
    addEventListener("pointermove", move);
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, stop);
  }
}

const SIZE = 14; // of text for which a picture is drawn
