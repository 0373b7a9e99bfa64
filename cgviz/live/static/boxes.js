// A picture whose boxes are buttons: a click, the Enter key or a space chooses one.

import { readDrawing } from "./drawing.js";

/** @param {{ model: any, el: HTMLElement }} place */
function render({ model, el }) {
  el.classList.add("cg-boxes");
  const draw = () => {
    el.replaceChildren(readDrawing(model.get("svg")));
    const names = model.get("names");
    for (const box of el.querySelectorAll("g.cg-node[data-node]")) {
      box.setAttribute("role", "button");
      box.setAttribute("aria-label", names[Number(box.getAttribute("data-node"))]);
    }
  };
  /** @param {Event} event */
  const choose = (event) => {
    const box = event.target instanceof Element && event.target.closest("g.cg-node[data-node]");
    if (!box || (event instanceof KeyboardEvent && event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    event.stopPropagation();
    for (const other of el.querySelectorAll(".cg-chosen")) other.classList.remove("cg-chosen");
    box.classList.add("cg-chosen");
    model.set("chosen", model.get("names")[Number(box.getAttribute("data-node"))]);
    model.set("turn", model.get("turn") + 1);
    model.save_changes();
  };
  draw();
  model.on("change:svg", draw);
  el.addEventListener("click", choose);
  el.addEventListener("keydown", choose);
  return () => model.off("change:svg", draw);
}

const widget = { render };

export default widget;
