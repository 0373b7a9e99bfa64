// What every view is sent: a few lines that bring its module to the page, once for all views of a kind.

import { bring } from "./shared.js";
import { wear } from "./stylesheet.js";

/** @param {Host} place */
async function render(place) {
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
