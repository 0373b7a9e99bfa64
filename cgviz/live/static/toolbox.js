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
import { backward, carried } from "./flow.js";
import { Folds } from "./folds.js";
import { Frame } from "./frame.js";
import { FullScreen } from "./fullscreen.js";
import { Hiding, openReady } from "./opening.js";
import { leave } from "./glide.js";
import { Loose } from "./loose.js";
import { Marks } from "./marks.js";
import { Past } from "./past.js";
import { Program } from "./program.js";
import { Roving } from "./roving.js";
import { InputRows } from "./input_rows.js";
import { Scrub } from "./scrub.js";
import { addSliders, sender } from "./sliders.js";
import { Toolbar } from "./toolbar.js";
import { TOOLS } from "./tools.js";
import { Zoom } from "./zoom.js";

// All of a graph of which the picture shows a part: with it the page can follow by itself.
/** @param {View} view */
function load(view) {
  const [{ graph }, written] = [view, view.model.get("program")];
  if (!graph) return;
  if (graph.program && written.ops) view.trusted = false; // its constants are others than they were
  graph.program = written.ops && new Program(written);
}

/** @param {View} view */
function equip(view) {
  view.load = () => load(view);
  view.load();
  // The reference: every gradient by the chain rule, whatever the class's own backward does.
  view.flow = (data = view.data) => backward(view.graph, data, carried(view));
  view.marks = new Marks(view.picture);
  view.picture.leave = () => leave(view.picture);
  view.toolbar = new Toolbar(view, TOOLS);
  const [zoom, fullscreen] = [new Zoom(view), new FullScreen(view)];
  zoom.buttons.append(fullscreen.button);
  view.edges = new Edges(view);
  view.buttons.append(view.toolbar.choices, view.edges.choice, zoom.buttons);
  view.past = new Past(view);
  view.sent = sender(view);
  const rows = new InputRows(view);
  view.around = [fullscreen, new Frame(view), view.edges, view.past, new Scrub(view), rows];
  const { hide, tool } = view.opening;
  if (hide && tool !== "Predict") view.toolbar.hiding = new Hiding(view);
  view.arrays = new Arrays(view);
  view.roving = new Roving(view);
  view.folds = new Folds(view);
  view.folds.refresh();
  addChoices(view).catch((error) => view.faults.note("its choices", error)).then(() => view.guard("its sliders", () => {
    if (view.closed) return;
    addSliders(view);
    rows.adorn();
    const loose = new Loose(view); // after those that have rows of their own
    view.around.unshift(loose);
    loose.watch();
  }));
  view.refresh();
  view.guard("its tools", () => openReady(view));
}

export default equip;
