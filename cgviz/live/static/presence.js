// Tells the outputs of a page that a widget of the kernel lives, and how it is shown in them: as the notebook would.

import { findOutputs, take } from "./place.js";
import { reviveAll } from "./revival.js";

const TRIES = 50;

// The widget of this id, which may come to the page later than we do.
/** @param {any} manager @param {string} id */
async function wait(manager, id) {
  for (let tries = 1; ; tries += 1) {
    try {
      return await manager.get_model(id);
    } catch (error) {
      if (tries === TRIES) throw error;
      await new Promise((done) => setTimeout(done, 100));
    }
  }
}

/** @param {any} manager @param {string} id @param {HTMLElement} place */
async function show(manager, id, place) {
  const model = await wait(manager, id);
  reviveAll(model).catch((error) => console.warn("cgviz: a widget may not hear its kernel:", error));
  const view = await manager.create_view(model, {});
  const widget = view.luminoWidget ?? view.pWidget;
  const tell = (/** @type {string} */ type) => widget.processMessage({ type, isConflatable: false, conflate: () => false });
  // Its parent is a piece of the page and no widget, which would say this of it.
  Object.defineProperty(widget, "isAttached", { get: () => widget.node.isConnected });
  let inside = false;
  const move = (/** @type {boolean} */ into) => {
    if (inside === into || widget.isDisposed) return;
    inside = into;
    for (const when of ["before", "after"]) tell(`${when}-${into ? "attach" : "detach"}`);
  };
  place.append(view.el);
  return {
    enter: () => move(true),
    leave: () => move(false),
    close() {
      move(false);
      if (!widget.isDisposed) view.remove();
    },
  };
}

/** @param {string} id */
function tellOutputs(id) {
  const { boxes } = findOutputs();
  for (const one of boxes) {
    const box = one.deref();
    if (!box) boxes.delete(one);
    else if (box.dataset.cgviz === id) take(box);
  }
}

/** @param {{ model: any }} place */
function initialize({ model }) {
  const [id, manager] = [model.get("shown"), model.widget_manager];
  if (!manager?.create_view) return;
  const { living } = findOutputs();
  const ended = () => manager.isDisposed || manager.context?.isDisposed; // its notebook was closed
  const here = Object.assign((/** @type {HTMLElement} */ place) => (ended() ? undefined : show(manager, id, place)), { ended, take });
  for (const [other, one] of living) if (one.ended()) living.delete(other);
  living.set(id, here);
  tellOutputs(id);
  return () => {
    if (living.get(id) !== here) return;
    living.delete(id);
    tellOutputs(id);
  };
}

const presence = { initialize };

export default presence;
