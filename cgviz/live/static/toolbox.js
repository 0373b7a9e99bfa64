// What comes to the page after the first picture: its controls, and the tools, here in the order of their buttons.

import "./tools/step.js";
import "./tools/explain.js";
import "./tools/slice.js";
import "./tools/predict.js";
import "./tools/break.js";
import "./tools/check.js";
import "./tools/compare.js";
import "./tools/save.js";
import { Arrays } from "./arrays.js";
import { addChoices } from "./choices.js";
import { Edges } from "./edges.js";
import { Folds } from "./folds.js";
import { Frame } from "./frame.js";
import { FullScreen } from "./fullscreen.js";
import { Hiding, openReady } from "./opening.js";
import { Past } from "./past.js";
import { Roving } from "./roving.js";
import { Rows } from "./rows.js";
import { Scrub } from "./scrub.js";
import { addSliders, sender } from "./sliders.js";
import { Toolbar } from "./toolbar.js";
import { TOOLS } from "./tools.js";
import { Zoom } from "./zoom.js";

/** @param {View} view */
function equip(view) {
  view.toolbar = new Toolbar(view, TOOLS);
  const [zoom, fullscreen] = [new Zoom(view), new FullScreen(view)];
  zoom.buttons.append(fullscreen.button);
  view.edges = new Edges(view);
  view.buttons.append(view.toolbar.choices, view.edges.choice, zoom.buttons);
  view.past = new Past(view);
  view.sent = sender(view);
  const rows = new Rows(view);
  view.around = [fullscreen, new Frame(view), view.edges, view.past, new Scrub(view), rows];
  const { hide, tool } = view.opening;
  if (hide && tool !== "Predict") view.toolbar.hiding = new Hiding(view);
  view.arrays = new Arrays(view);
  view.roving = new Roving(view);
  view.folds = new Folds(view);
  view.folds.refresh();
  addChoices(view).catch((error) => view.faults.note("its choices", error)).then(() => view.guard("its sliders", () => {
    addSliders(view);
    rows.adorn();
  }));
  view.refresh();
  view.guard("its tools", () => openReady(view));
}

export default equip;
