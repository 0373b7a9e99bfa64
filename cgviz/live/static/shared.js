// The modules and style sheets that all views of a kernel share: they travel in a widget of their own. Where a page does
// not have it, or not soon, the kernel is asked for the text: a host may drop the widgets of a cell run again.

/** @typedef {(text: string) => void} Wear what becomes of a style sheet */

const SOON = 1500;

/** @param {string} text */
const script = async (text) => (await import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })))).default;

// What a module brings: the first text is one by itself, and each of the others a function of what the one before brought.
/** @param {string[]} texts */
async function load(texts) {
  const [first, ...more] = await Promise.all(texts.map(script));
  return more.reduce((below, make) => make(below.names, below), first);
}

// What these parts bring, which are traits of that widget.
/** @param {WidgetModel} model @param {string[]} parts @param {Wear} [wear] */
async function takeShared(model, parts, wear) {
  const box = await model.widget_manager.get_model(model.get("toolbox").replace("IPY_MODEL_", ""));
  await box.state_change; // what came last has arrived
  const texts = parts.map((name) => box.get(name));
  const sheets = wear ? model.get("styles").map((/** @type {string} */ name) => box.get(`${name}_style`)) : [];
  if (![...texts, ...sheets].every(Boolean)) throw new Error("the toolbox is empty");
  for (const sheet of sheets) wear?.(sheet); // at once: sliders are there already
  box.cgviz ??= {};
  return (box.cgviz[String(parts)] ??= load(texts));
}

/** @param {WidgetModel} model @param {string[]} parts @param {Wear} [wear] */
function askKernel(model, parts, wear) {
  return new Promise((found) => {
    /** @param {any} said */
    const take = async ({ styles, texts }) => {
      if (wear) for (const sheet of styles) wear(sheet);
      return load(texts);
    };
    /** @param {any} said */
    const hear = (said) => {
      if (String(said?.parts) !== String(parts)) return;
      model.off("msg:custom", hear);
      found(take(said)); // what it throws is told: else the picture's place stayed empty for ever
    };
    model.on("msg:custom", hear);
    model.send({ wanted: parts });
  });
}

/** @type {(model: WidgetModel, parts: string[], wear?: Wear) => Promise<any>} */
export async function bring(model, parts, wear) {
  const found = takeShared(model, parts, wear);
  const late = new Promise((_, no) => setTimeout(no, SOON, new Error("late")));
  return await Promise.race([found, late]).catch(() => Promise.any([found, askKernel(model, parts, wear)]));
}
