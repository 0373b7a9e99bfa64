// anywidget gives a widget two seconds to be ready. On a page that is busier than that the widget comes all the same, but
// whatever the kernel says to it from then on is lost, its picture too. Here it is given ears again, and told all of it.

/** @type {any} */
const PROBE = { content: { data: { method: "none" } } }; // a message that nobody acts upon

/** @type {(model: any) => Promise<void>} */
export async function revive(model) {
  try {
    await model._handle_comm_msg(PROBE);
  } catch {
    const hear = findPlain(model);
    if (!hear || !model.comm) return;
    model.comm.on_msg((/** @type {any} */ message) => hear.call(model, message));
    model.comm.send({ method: "request_state" }, {});
  }
}

// What a widget does with a message if it does not wait for anything first.
/** @param {any} model */
function findPlain(model) {
  const found = [];
  for (let one = model; one; one = Object.getPrototypeOf(one)) if (Object.hasOwn(one, "_handle_comm_msg")) found.push(one._handle_comm_msg);
  return found[1];
}

// A widget that is shown, and all that it holds.
/** @type {(model: any) => Promise<void>} */
export async function reviveAll(model) {
  const held = model.get("children");
  await Promise.all([revive(model), ...(Array.isArray(held) ? held : []).map(reviveAll)]);
}
