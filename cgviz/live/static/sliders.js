// Sliders of the browser's own, each with a box to type into and a reset: for pages that show no sliders of the notebook's.
// They move the widgets that the notebook's would move.

import { h, set } from "./elements.js";
import { exact } from "./number.js";

const ANSWER = 1000;

// Put them above a view whose page shows no other widgets than itself.
/** @param {View} view */
export function addSliders(view) {
  if (view.closed || !view.inputs.rows.length || view.model.widget_manager.create_view) return;
  const sent = sender(view);
  view.sliders = h("div", { class: "cg-sliders" }, ...view.inputs.rows.filter(({ box }) => box).map((row) => line(view, row, sent)));
  const longest = Math.max(...view.inputs.rows.map(({ name }) => name.length));
  view.sliders.style.setProperty("--cg-label", `${Math.min(longest + Number(longest < 10), 20)}ch`);
  view.faults.watch(view.sliders);
  view.el.before(view.sliders);
}

/** @type {(view: View, row: Input, sent: (slider: Slider) => void) => HTMLElement} */
function line(view, row, sent) {
  const { name, slider, box, start } = row;
  const base = slider.get("base");
  const range = h("input", { type: "range", "aria-label": name, hidden: slider.get("min") === undefined });
  const field = h("input", { type: "text", inputmode: "decimal", "aria-label": `type a number for ${name}`, size: 7 });
  const reset = h("button", { type: "button", title: `set ${name} back to ${exact(start)}`, onclick: () => view.back(row) }, "reset");
  let typing = false;
  row.show = () => {
    const [min, max, step, place] = ["min", "max", "step", "value"].map((key) => slider.get(key));
    for (const [key, value] of Object.entries({ min, max, step: step || "any" })) set(range, key, String(value));
    range.value = base ? Math.log(place) / Math.log(base) : place;
    if (!typing) field.value = box.get("value");
  };
  view.faults.listen(range, "input", () => {
    slider.set("value", base ? base ** +range.value : +range.value);
    sent(slider);
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
  return h("div", { class: "cg-slider" }, h("span", { "aria-hidden": "true" }, name), range, field, reset);
}

// Send the moves of sliders to the kernel, the next one when the last has been answered: a dragged slider makes more of
// them than a slow function can follow.
/** @type {(view: View) => (slider: Slider) => void} */
function sender({ model, listeners }) {
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
