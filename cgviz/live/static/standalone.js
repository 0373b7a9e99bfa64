// A page of its own, without notebook and kernel: its models answer like widgets.

import { writePlain } from "./elements.js";
import { decimals } from "./inputs.js";
import { exact, finite, number } from "./number.js";
import { Refusal } from "./refusal.js";

class Model {
  /** @param {Record<string, any>} values */
  constructor(values) {
    this.values = values;
    /** @type {any} */
    this.widget_manager = undefined;
    /** @type {Record<string, (() => void)[]>} */
    this.acts = {};
  }

  /** @param {string} name */
  get(name) {
    return this.values[name];
  }

  /** @param {string} name @param {any} value */
  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const act of this.acts[`change:${name}`] ?? []) act();
  }

  /** @param {string} event @param {() => void} act */
  on(event, act) {
    (this.acts[event] ??= []).push(act);
  }

  /** @param {string} event @param {() => void} act */
  off(event, act) {
    this.acts[event] = (this.acts[event] ?? []).filter((other) => other !== act);
  }

  save_changes() {}
}

// A slider whose range follows what is typed, as cgviz/live/controls/snapping.py has it.
class Slider extends Model {
  /** @param {Record<string, any>} values */
  constructor(values) {
    super(values);
    /** @type {[low: number, high: number]} */
    this.ends = [values.min, values.max];
  }

  // Move the ends out by whole steps, so that the number lies between them, as far as a slider can reach.
  /** @param {number} x */
  widen(x) {
    const { min, max, step, base } = this.values;
    const at = base ? Math.log(x) / Math.log(base) : x;
    /** @param {number} end @param {number} way */
    const out = (end, way) => {
      const far = way * (at - end);
      if (!step || !(far > 0)) return far > 0 ? at : end;
      const moved = end + way * Math.ceil(far / step - 1e-9) * step;
      return base ? moved : +moved.toFixed(Math.max(decimals(step), decimals(end)));
    };
    const [low, high] = [out(min, -1), out(max, 1)];
    const reach = base ? Math.max(base ** high, base ** -low) : high - low;
    if (reach <= 1e306) this.move(low, high);
  }

  narrow() {
    this.move(...this.ends);
  }

  /** @param {number} low @param {number} high */
  move(low, high) {
    this.set("min", low);
    this.set("max", high);
  }

  // Why it cannot stand at a number; nothing if it can.
  /** @param {number} x */
  refuses(x) {
    if (this.values.base && !(x > 0)) return `this slider takes numbers above 0, and ${exact(x)} is none`;
    return this.values.whole && !Number.isInteger(x) ? `this slider takes whole numbers, and ${exact(x)} is none` : "";
  }
}

/** @param {string} text */
const cut = (text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
const UNSIGNED = "(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:[eE][+-]?\\d+)?";
const NUMBER = new RegExp(`^[+-]?${UNSIGNED}$`);
const FRACTION = new RegExp(`^([+-]?${UNSIGNED})\\s*/\\s*(${UNSIGNED})$`);

// A number as it is typed, with a comma for the point as well. Throws the sentences of cgviz/live/controls/number_input.py
// (tests/page/cases.json holds them together).
/** @type {(text: string) => number} */
export function parseNumber(text) {
  /** @param {string} part */
  const read = (part) => +part.replace(",", ".");
  if (!text) throw new Refusal("the box was empty; write a number such as 0.5");
  if (!NUMBER.test(text)) {
    const [over, under] = (FRACTION.exec(text) ?? []).slice(1).map(read);
    const share = under ? over / under : NaN;
    throw new Refusal(`'${cut(text)}' is not a number; write ${finite(share) ? `it as ${number(share, 10)}` : "one such as 0.5"}`);
  }
  if (!finite(read(text))) throw new Refusal(`'${cut(text)}' is too large; the largest number is about 1.8e308`);
  return read(text);
}

// Without a kernel the page itself takes what was typed, or says why not.
/** @param {any} Shown @returns {any} */
const page = (Shown) => class Page extends Shown {
  /** @param {any} row @param {string} text */
  enter({ name, slider }, text) {
    try {
      const x = parseNumber(text.trim());
      if (slider.refuses(x)) throw new Refusal(slider.refuses(x));
      this.inputs.set({ [name]: x });
    } catch (refusal) {
      if (!(refusal instanceof Refusal)) throw refusal;
      writePlain(this.message, `${cut(name)}: ${refusal.message}`);
    }
  }

  /** @param {any} row */
  back(row) {
    super.back(row);
    row.slider.narrow();
  }

  wait() {
    this.tell("this page cannot compute this graph, and has no kernel to ask", true);
  }
};

// Show a view of this kind, with the numbers that the page brings.
/** @param {any} Shown */
export function start(Shown) {
  const { view, widgets } = JSON.parse(/** @type {HTMLElement} */ (document.getElementById("cg-numbers")).textContent);
  view.svg = /** @type {HTMLElement} */ (document.querySelector("noscript")).textContent;
  const models = Object.fromEntries(Object.entries(widgets).map(([id, values]) => [id, new ("min" in values ? Slider : Model)(values)]));
  const model = new Model(view);
  model.widget_manager = { get_model: async (/** @type {string} */ id) => models[id] };
  for (const one of view.sliders) one.start = +models[one.box.replace("IPY_MODEL_", "")].get("value"); // when the page was made
  return new (page(Shown))(model, document.querySelector(".cg-here"));
}
