// A page of its own, without notebook and kernel: its models answer like widgets.

import { writePlain } from "./elements.js";
import { adapt } from "./host.js";
import { decimals } from "./inputs.js";
import { exact } from "./number.js";
import { unpack } from "./packing.js";
import { Refusal } from "./refusal.js";
import { parseNumber, shorten } from "./typed.js";

class Model {
  /** @param {Record<string, any>} values */
  constructor(values) {
    this.values = values;
    /** @type {any} */
    this.widget_manager = undefined;
    /** @type {Promise<any> | undefined} */
    this.state_change = undefined;
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
export class Slider extends Model {
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
      writePlain(this.message, `${shorten(name)}: ${refusal.message}`);
    }
  }

  /** @param {any} row */
  back(row) {
    super.back(row);
    row.slider.narrow?.();
  }

  wait() {
    this.tell("this page cannot compute this graph, and has no kernel to ask", true);
  }
};

const idOf = (/** @type {string} */ reference) => reference.replace("IPY_MODEL_", "");

// A view of this kind, with its numbers; `place` is where it stands. The tools may come later.
/** @param {any} Shown @param {any} place @param {any} numbers @param {Promise<string> | string} tools */
function assemble(Shown, place, { view, widgets }, tools) {
  const models = Object.fromEntries(Object.entries(widgets).map(([id, values]) => [id, new ("min" in values ? Slider : Model)(values)]));
  const box = (models[idOf(view.toolbox)] = new Model({}));
  box.state_change = Promise.resolve(tools).then((text) => box.set("tools", text));
  const model = new Model(view);
  model.widget_manager = { get_model: async (/** @type {string} */ id) => models[id] };
  for (const one of view.sliders) one.start = +models[idOf(one.box)].get("value"); // when the page was made
  return new (page(Shown))(model, place);
}

// A still picture without the paths that are lit in it, which the tools light and put out.
/** @param {string} svg */
const dim = (svg) => svg.replace(/ cg-lit-\w+/g, "");

// Show views of this kind, each with the numbers that the page brings for it; the first of them is returned.
/** @param {any} Shown */
export function start(Shown) {
  const [places, numbers] = [".cg-here", "script[type='application/json']"].map((part) => document.querySelectorAll(part));
  const tools = unpack(`${document.getElementById("cg-tools")?.textContent}`);
  return [...places].map((place, k) => {
    const found = JSON.parse(`${numbers[k].textContent}`);
    found.view.svg = dim(place.innerHTML); // the picture that stands there without a script
    place.replaceChildren();
    return assemble(Shown, place, found, tools);
  })[0];
}

// Show a view of this kind in the output of a cell; the answer is how it is closed.
/** @type {(Shown: any) => (place: HTMLElement, numbers: any, svg: string, tools: string) => { close(): void }} */
export const mount = (Shown) => (place, numbers, svg, tools) => {
  place.className = "cg-explorer";
  numbers.view.svg = dim(svg);
  const shown = assemble(Shown, place, numbers, tools);
  const release = adapt(shown);
  return {
    close() {
      release();
      shown.close();
    },
  };
};
