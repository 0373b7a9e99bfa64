// What every view is sent: a few lines that bring its module to the page, once for all views of a kind.

import { revive } from "./revival.js";
import { bring } from "./shared.js";
import { wear } from "./stylesheet.js";

// Within other widgets no output tells of a view that a busy page has made deaf: its own script finds its model by its id.
/** @type {(model: any) => Promise<void>} */
async function reviveSelf(model) {
  const me = await model.widget_manager?.get_model?.(model.get("me"));
  if (me?._handle_comm_msg) await revive(me);
}

/** @param {Host} place */
async function render(place) {
  reviveSelf(place.model).catch((error) => console.warn("cgviz: a view may not hear its kernel:", error));
  try {
    return (await bring(place.model, place.model.get("parts"), (text) => wear(place.el, text))).render(place);
  } catch (/** @type {any} */ error) {
    const why = error.errors?.[0] ?? error;
    console.error("cgviz: the view did not load", why);
    place.el.textContent = `This picture's script did not load: ${why.message}. Run the cell again.`;
  }
}

const widget = { render };

export default widget;
