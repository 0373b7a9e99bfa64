// What belongs to the inputs besides their widgets: the ends of a slider and its 0, a mark in the colour of the leaf in the
// picture, which lights up with it; a double click resets, and a box shows its number in full while it has the focus.

import { h, set, write } from "./elements.js";
import { brief, exact, number } from "./number.js";
import { ends } from "./scrub.js";
import { ownOf } from "./state.js";

const HUES = 5;

export class InputRows {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {any} */
    this.svg = undefined; // the picture whose leaves are marked, for so many inputs
    this.count = 0;
    /** @type {any} */
    this.room = undefined; // what holds the inputs and the picture
    /** @type {[any, string, () => void][]} */
    this.heard = []; // [model, event, act] to be let go of
    // The notebook puts its sliders into the page when this view is there, and may do so anew.
    this.arrivals = new MutationObserver(() => view.guard("its sliders", () => this.adorn()));
    this.arrival = new ResizeObserver(() => view.guard("its sliders", () => this.attend()));
    this.arrival.observe(view.el);
  }

  // The inputs and the picture are in the page.
  attend() {
    this.arrival.disconnect();
    const { faults, el } = this.view;
    this.room = el.closest(".cg-explorer") ?? el.parentElement;
    for (const event of ["pointerover", "pointerleave", "focusin", "focusout"]) faults.listen(this.room, event, (event) => this.light(event));
    faults.listen(this.room, "dblclick", (event) => this.reset(event));
    for (const part of this.room.children) if (!part.contains(el)) this.arrivals.observe(part, { childList: true, subtree: true });
    this.adorn();
  }

  // The rows of the inputs, the page's own or the notebook's.
  /** @returns {Generator<[row: Input, k: number, element: any]>} */
  *all() {
    const { view, room } = this;
    const places = Object.fromEntries(["sliders", "choices"].flatMap((list) => (view.model.get(list) ?? []).map((/** @type {{ name: string, row: number }} */ { name, row }) => [name, row])));
    for (const [k, row] of view.inputs.rows.entries()) {
      if (row.loose) continue; // it stands in the picture alone
      const element = view.sliders ? view.sliders.children[k] : room?.querySelector(`.cg-inputs > .cg-input-${places[row.name]}`);
      yield [row, k, element];
    }
  }

  adorn() {
    const { leaves } = this;
    for (const [row, k, element] of this.all()) {
      if (!element) continue;
      if (!element.dataset.input) {
        element.dataset.input = k;
        element.classList.add(leaves(row) === undefined ? "cg-no-hue" : `cg-hue-${k % HUES}`);
        element.prepend(h("i", { class: "cg-chip", "aria-hidden": "true" }));
      }
      const track = element.querySelector(".cg-track, .widget-hslider .slider-container");
      if (track && !track.querySelector(".cg-scale") && row.slider.get("min") !== undefined) track.append(this.scale(row.slider));
    }
  }

  // The node that an input moves; in a descent it is where the number starts.
  /** @type {(row: Input) => any} */
  leaves = ({ name }) => ownOf(this.view.model.get("leaves"), name.replace(this.view.model.get("names") ? /^start / : "", ""));

  /** @param {Slider} slider */
  scale(slider) {
    const [low, zero, high] = [h("span"), h("i"), h("span")];
    const show = () => {
      const [from, to] = ends(slider);
      for (const [element, x] of [[low, from], [high, to]]) write(element, number(x));
      const at = slider.get("base") ? 0 : -from / (to - from);
      zero.hidden = !(at > 0 && at < 1);
      zero.style.setProperty("--cg-at", at);
      const [left, right] = [low, high].map(({ textContent }) => 0.04 + 0.045 * textContent.length); // of a narrow slider
      set(zero, "data-zero", at > left && at < 1 - right ? "0" : "");
    };
    for (const event of ["change:min", "change:max"]) {
      slider.on(event, show);
      this.heard.push([slider, event, show]);
    }
    show();
    return h("div", { class: "cg-scale", "aria-hidden": "true" }, low, zero, high);
  }

  // Another picture may have been drawn.
  watch() {
    const { picture } = this.view;
    if (this.svg === picture.svg && this.count === this.view.inputs.rows.length) return;
    [this.svg, this.count] = [picture.svg, this.view.inputs.rows.length];
    for (const [row, k] of this.all()) {
      for (const node of picture.node(this.leaves(row))) {
        node.dataset.input = k;
        node.classList.add(`cg-hue-${k % HUES}`);
      }
    }
  }

  // The input and the node under the pointer, or with the focus, light up together.
  /** @param {any} event */
  light({ type, target, relatedTarget }) {
    if (this.view.closed) return;
    const at = type === "pointerleave" ? null : type === "focusout" ? relatedTarget : target;
    const k = at?.closest?.("[data-input]")?.dataset.input;
    if (/^focus/.test(type)) this.full(target, type === "focusin");
    const lit = type.startsWith("pointer") ? "cg-pointed" : "cg-held";
    for (const element of this.room.querySelectorAll("[data-input]")) element.classList.toggle(lit, element.dataset.input === k);
  }

  // The number of a box in full while it has the focus.
  /** @type {(box: any, on: boolean) => void} */
  full(box, on) {
    const row = box.matches("input[type=text]") && this.view.inputs.rows[box.closest(".cg-input, .cg-slider, [class*=cg-input-]")?.dataset.input];
    if (!row || row.number === undefined) return;
    const [now, then] = on ? [brief, exact] : [exact, brief];
    if (box.value === now(row.number)) box.value = then(row.number);
  }

  /** @param {any} event */
  reset({ target }) {
    const element = target.closest?.(".noUi-target, input[type=range]") && target.closest("[data-input]");
    const row = element && this.view.inputs.rows[element.dataset.input];
    if (!row || row.slider.get("disabled")) return;
    this.view.back(row);
    element.querySelector("button")?.click(); // which takes the range back as well
  }

  close() {
    this.arrival.disconnect();
    this.arrivals.disconnect();
    for (const [model, event, act] of this.heard) model.off(event, act);
  }
}
