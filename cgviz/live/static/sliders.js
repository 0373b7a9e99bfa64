// Sliders of the browser's own, each with a box to type into and a reset: for pages that show no sliders of the notebook's.
// They move the widgets that the notebook's would move.

import { h, set } from "./elements.js";
import { setNames } from "./mathematics.js";
import { brief } from "./number.js";

const ANSWER = 1000;

// Put them above a view whose page shows no other widgets than itself.
/** @param {View} view */
export function addSliders(view) {
  if (view.closed || !view.inputs.rows.length || view.model.widget_manager.create_view) return;
  view.sliders = h("div", { class: "cg-sliders" }, ...view.inputs.rows.map((row) => (row.choices ? list : line)(view, row)));
  const longest = Math.max(...view.inputs.rows.map(({ name }) => setNames(name).length));
  view.sliders.style.setProperty("--cg-label", `${Math.min(longest + Number(longest < 10), 20)}ch`);
  view.faults.watch(view.sliders);
  view.el.before(view.sliders);
}

/** @param {Input} row */
const named = (row) => h("span", { "aria-hidden": "true" }, setNames(row.name));
/** @type {(view: View, row: Input, text: string) => HTMLButtonElement} */
const back = (view, row, text) => h("button", { type: "button", title: `set ${row.name} back to ${text}`, onclick: () => view.back(row) }, "reset");

// An input that takes one of a few numbers.
/** @type {(view: View, row: Input) => HTMLElement} */
function list(view, row) {
  const { name, slider, choices, labels, start } = row;
  const select = h("select", { "aria-label": name, onchange: () => move(choices[select.value]) }, ...labels.map((/** @type {string} */ label, /** @type {number} */ i) => h("option", { value: i }, label)));
  /** @param {number} x */
  const move = (x) => {
    slider.set("value", x);
    view.sent(slider);
  };
  row.show = () => (select.value = choices.indexOf(slider.get("value")));
  row.shown = [[slider, "change:value"]];
  slider.on("change:value", row.show);
  row.show();
  const reset = back(view, row, labels[choices.indexOf(start)]);
  for (const part of [select, reset]) part.disabled = Boolean(slider.get("disabled"));
  return h("div", { class: "cg-slider" }, named(row), select, reset);
}

/** @type {(view: View, row: Input) => HTMLElement} */
function line(view, row) {
  const { name, slider, box, start } = row;
  const base = slider.get("base");
  const range = h("input", { type: "range", "aria-label": name, hidden: slider.get("min") === undefined });
  const field = h("input", { type: "text", inputmode: "decimal", "aria-label": `type a number for ${name}`, size: 7 });
  let typing = false;
  row.show = () => {
    const [min, max, step, place] = ["min", "max", "step", "value"].map((key) => slider.get(key));
    for (const [key, value] of Object.entries({ min, max, step: step || "any" })) set(range, key, String(value));
    range.value = base ? Math.log(place) / Math.log(base) : place;
    if (!typing) field.value = box.get("value");
  };
  view.faults.listen(range, "input", () => {
    slider.set("value", base ? base ** +range.value : +range.value);
    view.sent(slider);
  });
  view.faults.listen(field, "input", () => (typing = true));
  view.faults.listen(field, "change", () => {
    typing = false;
    view.enter(row, field.value);
    row.show();
  });
  row.shown = [...["value", "min", "max", "step"].map((key) => [slider, `change:${key}`]), [box, "change:value"]];
  for (const [widget, event] of row.shown) widget.on(event, row.show);
  row.show();
  const reset = back(view, row, brief(start));
  for (const part of [range, field, reset]) part.disabled = Boolean(slider.get("disabled"));
  return h("div", { class: "cg-slider" }, named(row), h("div", { class: "cg-track" }, range), field, reset);
}

// Send the moves of sliders to the kernel, the next one when the last has been answered: a dragged slider makes more of
// them than a slow function can follow.
/** @type {(view: View) => (slider: Slider) => void} */
export function sender({ model, listeners }) {
  /** @type {Set<Slider>} */
  const waiting = new Set();
  let timer = 0;
  const send = () => {
    clearTimeout(timer);
    timer = 0;
    if (!waiting.size) return;
    timer = setTimeout(send, ANSWER);
    for (const slider of waiting) slider.save_changes();
    waiting.clear();
  };
  /** @type {[event: string, act: () => void]} */
  const answered = ["change:state", send];
  listeners.push(answered); // and ends with them
  model.on(...answered);
  return (slider) => {
    waiting.add(slider);
    if (!timer) send();
  };
}
