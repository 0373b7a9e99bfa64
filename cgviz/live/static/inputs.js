// The sliders of the notebook, followed in the page: `sliders` of the model lists { name, slider, box }, the last two
// as the notebook refers to widgets. A place is where a slider stands; the number it means is clean of binary dust: as
// cgviz/live/controls/snapping.py has them (tests/page/cases.json holds them together).

import { brief, exact } from "./number.js";

export class Inputs {
  /** @param {WidgetModel} model @param {() => void} changed @param {() => void} lost */
  constructor(model, changed, lost) {
    /** @type {Input[]} */
    this.rows = [];
    this.changed = changed;
    this.lost = lost;
    this.ready = this.attach(model);
  }

  /** @param {WidgetModel} model */
  async attach(model) {
    for (const { name, slider, box, start } of model.get("sliders")) {
      try {
        /** @param {string | undefined} id */
        const find = (id) => id && model.widget_manager.get_model(id.replace("IPY_MODEL_", ""));
        this.rows.push({ name, start, slider: await find(slider), box: await find(box), place: undefined, number: undefined });
      } catch {
        continue; // a widget that this page does not have: the kernel goes on without it
      }
    }
    for (const row of this.rows) this.listen(row);
  }

  /** @param {Input} row */
  listen(row) {
    if (this.closed) return;
    row.act = () => this.follow(row);
    calm(row.slider);
    row.slider.on("change:value", row.act);
    row.echo = () => this.correct(row);
    row.box?.on("change:value", row.echo);
    row.slider.on("comm_live_update", this.lost);
  }

  // Whether a kernel hears of the moves.
  get live() {
    return this.rows.every(({ slider }) => slider.comm_live !== false && slider.widget_manager?.kernel !== null);
  }

  /** @param {Input} row */
  follow(row) {
    const place = row.slider.get("value");
    if (row.place !== undefined && samePlace(row.slider, place, row.place)) return;
    [row.place, row.number] = [place, clean(row.slider, place)];
    row.ahead = true;
    row.box?.set("value", brief(row.number)); // shown at once; the kernel will say the same
    this.changed();
  }

  // The kernel writes into the box where the slider was when it last heard of it: too late, if it has moved since.
  /** @param {Input} row */
  correct(row) {
    const typing = document.activeElement?.matches("input[type=text]");
    const text = brief(row.number);
    if (!row.ahead || typing || row.echoing || row.box.get("value") === text) return;
    row.echoing = true; // another view of the same sliders, which has not heard of the move yet, would answer without end
    row.box.set("value", text);
    row.echoing = false;
  }

  // Take the numbers that the kernel has computed with, if the sliders still stand where they stood then.
  /** @type {(places: Record<string, number>, numbers: Record<string, number>) => boolean} */
  agree(places, numbers) {
    const moved = this.rows.filter((row) => Object.hasOwn(places, row.name) && !samePlace(row.slider, row.slider.get("value"), places[row.name]));
    if (moved.length) {
      for (const row of this.rows) row.number ??= moved.includes(row) ? clean(row.slider, row.slider.get("value")) : numbers[row.name];
      return false;
    }
    for (const row of this.rows) {
      if (!Object.hasOwn(numbers, row.name)) continue;
      [row.place, row.number, row.ahead] = [places[row.name], numbers[row.name], false];
      row.box?.set("value", brief(row.number)); // what was typed, where the slider can only stand beside it
    }
    return true;
  }

  /** @type {Record<string, number>} */
  get numbers() {
    return Object.fromEntries(this.rows.filter((row) => row.number !== undefined).map((row) => [row.name, row.number]));
  }

  // Move sliders: { a: 2.5 }. A number between two places goes to the kernel through the box, as if it had been typed.
  /** @param {Record<string, number>} numbers */
  set(numbers) {
    for (const row of this.rows.filter((row) => Object.hasOwn(numbers, row.name) && numbers[row.name] !== row.number)) {
      const x = numbers[row.name];
      row.slider.widen?.(x); // in a notebook the kernel does it
      const place = nearest(row.slider, x);
      const stands = samePlace(row.slider, row.slider.get("value"), place); // then it has nothing to tell
      [row.place, row.number] = [place, x];
      row.slider.set("value", place);
      if (row.box && (stands || clean(row.slider, place) !== x)) {
        row.box.set("value", exact(x));
        row.box.save_changes();
      } else row.slider.save_changes();
      row.box?.set("value", brief(x));
    }
    this.changed();
  }

  close() {
    this.closed = true;
    for (const row of this.rows.filter((row) => row.act)) { // `off` without a listener would silence everybody's
      row.slider.off("change:value", row.act);
      row.box?.off("change:value", row.echo);
      row.slider.off("comm_live_update", this.lost);
      for (const [widget, event] of row.shown ?? []) widget.off(event, row.show);
    }
  }
}

// Every display of a slider writes where it stands back into the model, with binary dust of its own: two of them would
// correct one another without end. The same place is no news.
/** @param {Slider} slider */
function calm(slider) {
  const { set } = slider;
  if (slider.calm) return;
  slider.calm = true;
  slider.set = function (/** @type {string} */ name, value, options) {
    const again = name === "value" && options?.updated_view && samePlace(this, value, this.get("value"));
    return again ? this : set.apply(this, /** @type {any} */ (arguments));
  };
}

/** @type {(x: number) => number} */
export const decimals = (x) => {
  const [digits, e] = x.toExponential().split("e");
  return Math.min(100, Math.max(0, (digits.split(".")[1] ?? "").length - +e));
};

/** @type {(slider: Slider) => number} */
const dust = (slider) => Math.max(1e-6 * slider.get("step"), 1e-12 * (slider.get("max") - slider.get("min")));

/** @type {(slider: Slider, a: number, b: number) => boolean} */
export function samePlace(slider, a, b) {
  if (slider.get("base")) return Math.abs(a - b) <= 1e-9 * Math.abs(a);
  return a === b || Math.abs(a - b) <= dust(slider);
}

// The number that a place means: 2.1, and not 2.1000000000000005.
/** @type {(slider: Slider, place: number) => number} */
export function clean(slider, place) {
  if (slider.get("base")) return +place.toPrecision(12);
  const [low, high, step] = ["min", "max", "step"].map((name) => slider.get(name));
  if (!step || low === undefined || place <= low || place >= high) return place;
  const at = +(low + Math.round((place - low) / step) * step).toFixed(Math.max(decimals(step), decimals(low)));
  return Math.abs(at - place) <= dust(slider) ? at : place;
}

// The place nearest to a number; of two as near the upper one, whatever dust the division leaves.
/** @type {(slider: Slider, x: number) => number} */
export function nearest(slider, x) {
  const [low, high, step, base] = ["min", "max", "step", "base"].map((name) => slider.get(name));
  if (low === undefined) return x;
  const at = base ? Math.log(x) / Math.log(base) : x;
  const place = Math.min(high, Math.max(low, step ? low + Math.round((at - low) / step + 1e-9) * step : at));
  return base ? base ** place : clean(slider, place);
}
