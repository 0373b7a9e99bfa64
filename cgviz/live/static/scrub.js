// The numbers of the leaves, moved in the picture as by their sliders: dragged sideways, with the arrow keys, or typed in
// place after a double click, F2, Enter or a first digit.

import { h, set } from "./elements.js";
import { clean, nearest } from "./inputs.js";
import { brief, exact, number } from "./number.js";
import { Refusal } from "./refusal.js";
import { ownOf } from "./state.js";
import { parseNumber, shorten } from "./typed.js";

const SWEEP = 17; // in em: so far a drag goes through the whole range
const SLACK = 3; // pixels: up to here a press is a click
/** @type {Record<string, number>} */
const STEPS = { ArrowUp: 1, ArrowDown: -1, PageUp: 10, PageDown: -10 };

export class Scrub {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {any} */
    this.held = undefined; // what a pointer holds
    /** @type {any} */
    this.typing = undefined; // the field in place of a number
    /** @type {any} */
    this.svg = undefined; // the picture that was last seen
    const { faults, frame } = view;
    faults.listen(frame, "pointerdown", (event) => this.press(event));
    faults.listen(frame, "pointermove", (event) => this.drag(event));
    for (const end of ["pointerup", "pointercancel", "lostpointercapture"]) faults.listen(frame, end, () => this.drop());
    faults.listen(frame, "dblclick", (event) => !event.target.closest(".cg-typed") && this.edit(event.target));
    faults.listen(frame, "keydown", (event) => this.key(event), { capture: true }); // before keys go from node to node
  }

  // The input whose number an element of the picture shows.
  /** @type {(target: any) => Input | undefined} */
  row(target) {
    const i = target.closest?.(".cg-node")?.dataset.node;
    const { inputs, model } = this.view;
    return i === undefined ? undefined : inputs.rows.find(({ name, slider }) => model.get("leaves")[name] === +i && !slider.get("disabled"));
  }

  // After every change: for those who listen a leaf is a number that can be moved.
  watch() {
    const { picture, inputs, model } = this.view;
    for (const row of inputs.rows) {
      const i = ownOf(model.get("leaves"), row.name);
      if (row.number === undefined || row.slider.get("disabled") || (row.heard === row.number && this.svg === picture.svg)) continue;
      row.heard = row.number;
      for (const node of picture.node(i)) {
        node.querySelector("[data-fill$='.data']").parentNode.classList.add("cg-scrub");
        const [low, high] = ends(row.slider);
        for (const [name, value] of Object.entries({ role: "spinbutton", "aria-valuenow": row.number, "aria-valuetext": number(row.number), "aria-valuemin": low, "aria-valuemax": high })) if (value !== undefined) set(node, name, typeof value === "number" ? String(+value.toPrecision(12)) : value);
      }
      if (this.typing?.row === row && !this.typing.touched) this.typing.field.value = exact(row.number);
    }
    this.svg = picture.svg;
  }

  /** @param {any} event */
  press(event) {
    const row = event.button === 0 && !event.target.closest(".cg-typed") && event.target.closest?.(".cg-scrub") && this.row(event.target);
    if (row) this.held = { row, id: event.pointerId, x: event.clientX, from: row.number, cell: event.target };
  }

  /** @param {any} event */
  drag(event) {
    const { held, view } = this;
    if (!held || held.id !== event.pointerId) return;
    const way = event.clientX - held.x;
    if (!held.moved && Math.abs(way) < SLACK) return;
    if (!held.moved) {
      held.moved = true;
      held.cell.setPointerCapture(held.id);
      view.frame.classList.add("cg-scrubs");
    }
    this.move(held.row, along(held.row, held.from, way / (SWEEP * parseFloat(getComputedStyle(view.el).fontSize))));
  }

  drop() {
    const { held, view } = this;
    this.held = undefined;
    view.frame.classList.remove("cg-scrubs");
    if (!held?.moved) return;
    const stop = (/** @type {Event} */ event) => event.stopPropagation(); // the click that ends a drag chooses no node
    view.frame.addEventListener("click", stop, { capture: true, once: true });
    setTimeout(() => view.frame.removeEventListener("click", stop, { capture: true }));
  }

  /** @param {any} event */
  key(event) {
    const { key, target } = event;
    const row = !target.closest(".cg-typed") && this.row(target);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const { tool, toolbar } = this.view;
    const free = !tool?.key; // else Enter and digits are answers to the tool; Enter shows a number that is hidden
    if (key === "F2" || (free && ((key === "Enter" && !toolbar.hiding) || (row && /^[-+.,\d]$/.test(key))))) {
      if (!this.edit(target, key.length > 1 ? undefined : key)) return;
    } else if (row && key in STEPS) this.step(row, STEPS[key]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @type {(row: Input, n: number) => void} */
  step(row, n) {
    this.move(row, further(row, n));
  }

  // Move as a slider moves: the picture at once, the kernel when it has answered the last move.
  /** @type {(row: Input, x: number) => void} */
  move(row, x) {
    const { view } = this;
    if (x === row.number) return;
    row.slider.set("value", x);
    if (row.number === x) view.sent(row.slider);
    else view.inputs.set({ [row.name]: x }); // it stood there, beside the number
  }

  // A field in the place of the number; tell whether there is one.
  /** @type {(target: any, text?: string) => boolean} */
  edit(target, text) {
    const { view } = this;
    const node = target.closest?.(".cg-node");
    const row = node && this.row(node);
    if (!row) return this.refuse(node);
    this.typing?.leave();
    const field = h("input", { type: "text", inputmode: "decimal", class: "cg-typed", autocomplete: "off", spellcheck: "false", "aria-label": `${row.name} in the picture` });
    field.value = text ?? exact(row.number);
    const typing = (this.typing = { row, field, touched: text !== undefined, leave: (/** @type {boolean | void} */ focus) => {
      if (this.typing !== typing) return;
      this.typing = undefined;
      if (focus) node.focus({ preventScroll: true });
      field.remove();
    } });
    const finish = (/** @type {boolean | void} */ focus) => {
      const [{ touched }, written] = [typing, field.value];
      if (this.typing !== typing) return;
      typing.leave(focus);
      if (touched && written.trim() !== exact(row.number)) this.take(row, written);
    };
    const { faults } = view;
    faults.listen(field, "input", () => (typing.touched = true));
    faults.listen(field, "blur", () => finish());
    faults.listen(field, "keydown", (event) => {
      if (event.key === "Enter" || event.key === "Escape") (event.key === "Enter" ? finish : typing.leave)(true);
      else if (event.key in STEPS) {
        this.step(row, STEPS[event.key]);
        [typing.touched, field.value] = [false, exact(row.number)];
      } else return;
      event.preventDefault();
      event.stopPropagation();
    });
    this.place(field, node.querySelector("[data-fill$='.data']"));
    field.focus({ preventScroll: true });
    if (text === undefined) field.select();
    return true;
  }

  // Over the number, in the frame, so that it moves with the picture; wide enough to type into.
  /** @type {(field: HTMLInputElement, cell: Element) => void} */
  place(field, cell) {
    const { frame } = this.view;
    const [box, room] = [cell.getBoundingClientRect(), frame.getBoundingClientRect()];
    field.style.fontSize = `max(0.85em, ${0.7 * box.height}px)`;
    field.style.width = `${Math.min(field.value.length, 22) + 3}ch`; // a long number as well
    frame.append(field);
    const { offsetHeight, offsetWidth } = field;
    const [width, height] = [Math.max(box.width, offsetWidth), Math.max(box.height, offsetHeight)];
    const left = Math.max(frame.scrollLeft, box.right - width - room.left - frame.clientLeft + frame.scrollLeft);
    const top = box.top + (box.height - height) / 2 - room.top - frame.clientTop + frame.scrollTop;
    for (const [name, x] of Object.entries({ left, top, width, height })) field.style.setProperty(name, `${x}px`);
  }

  // What was typed: a kernel takes it, or says why not; one that has ended does neither, so then the page does.
  /** @type {(row: Input, text: string) => void} */
  take(row, text) {
    const { view } = this;
    if (row.choices) return this.choose(row, text.trim());
    if (view.inputs.live) return view.enter(row, text);
    this.accept(row, () => parseNumber(text.trim()));
  }

  /** @type {(row: Input, text: string) => void} */
  choose(row, text) {
    this.accept(row, () => {
      const named = row.labels.indexOf(text);
      const x = named >= 0 ? row.choices[named] : parseNumber(text);
      if (!row.choices.includes(x)) throw new Refusal(`${exact(x)} is none of the choices ${row.choices.slice(0, LISTED).map(brief).join(", ")}${row.choices.length > LISTED ? ", …" : ""}`);
      return x;
    });
  }

  /** @type {(row: Input, read: () => number) => void} */
  accept(row, read) {
    const { view } = this;
    try {
      view.inputs.set({ [row.name]: read() });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      view.tell(`${shorten(row.name)}: ${refusal.message}`, Boolean(view.old));
    }
  }

  // A leaf that nothing in the page moves, because it has no slider or one that is disabled, says so.
  /** @type {(node: any) => boolean} */
  refuse(node) {
    const { inputs, model, old } = this.view;
    const fixed = { ...model.get("state").inputs, ...inputs.numbers };
    const name = node && Object.keys(fixed).find((name) => model.get("leaves")[name] === +node.dataset.node);
    const why = inputs.rows.some((row) => row.name === name) ? "its slider is locked" : "it has no slider";
    if (name) this.view.tell(`${shorten(name)} is fixed at ${brief(fixed[name])}: ${why}.`, Boolean(old));
    return false;
  }

  close() {
    this.typing?.leave();
  }
}

const LISTED = 6;

// The smallest and the largest number that a slider stands at.
/** @type {(slider: Slider) => number[]} */
export function ends(slider) {
  const [low, high, base] = ["min", "max", "base"].map((name) => slider.get(name));
  if (slider.choices) return [Math.min(...slider.choices), Math.max(...slider.choices)];
  return base ? [clean(slider, base ** low), clean(slider, base ** high)] : [low, high];
}

// The number so many steps from where an input stands.
/** @type {(row: any, n: number) => number} */
export function further({ slider, number }, n) {
  const [low, high, step, base] = ["min", "max", "step", "base"].map((name) => slider.get(name) ?? undefined);
  if (slider.choices) return slider.choices[Math.min(slider.choices.length - 1, Math.max(0, slider.choices.indexOf(number) + n))];
  const one = step || (low === undefined ? 0.1 : (high - low) / 100);
  if (low === undefined) return +(number + n * one).toPrecision(12);
  return clean(slider, nearest(slider, base ? number * base ** (n * one) : number + n * one));
}

// The number at a share of the range from another: 1 is all of it.
/** @type {(row: any, from: number, share: number) => number} */
export function along({ slider }, from, share) {
  const [low, high, base] = ["min", "max", "base"].map((name) => slider.get(name) ?? undefined);
  if (slider.choices) return further({ slider, number: from }, Math.round(share * slider.choices.length));
  if (low === undefined) return further({ slider, number: from }, Math.round(60 * share));
  return clean(slider, nearest(slider, base ? from * base ** (share * (high - low)) : from + share * (high - low)));
}
