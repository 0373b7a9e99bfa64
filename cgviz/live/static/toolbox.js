// What comes to the page after the first picture: its controls, and the tools, here in the order of their buttons.

import "./tools/step.js";
import "./tools/explain.js";
import "./tools/predict.js";
import "./tools/break.js";
import "./tools/check.js";
import "./tools/compare.js";
import "./tools/slice.js";
import "./tools/save.js";
import { Folds } from "./folds.js";
import { Frame } from "./frame.js";
import { FullScreen } from "./fullscreen.js";
import { addSliders } from "./sliders.js";
import { Toolbar } from "./toolbar.js";
import { TOOLS } from "./tools.js";
import { Zoom } from "./zoom.js";

/** @param {View} view */
function equip(view) {
  view.toolbar = new Toolbar(view, TOOLS);
  const [zoom, fullscreen] = [new Zoom(view), new FullScreen(view)];
  zoom.buttons.append(fullscreen.button);
  view.buttons.append(view.toolbar.choices, zoom.buttons);
  view.around = [fullscreen, new Frame(view)];
  view.folds = new Folds(view);
  view.folds.refresh();
  view.inputs.ready.then(() => view.guard("its sliders", () => addSliders(view)));
  view.refresh();
}

export default equip;
