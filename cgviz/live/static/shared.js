// The modules that all views of a kernel share, the view and its tools: they travel in a widget of their own. Where a page
// does not have that widget, or not soon, the kernel is asked for the text: a host may drop the widgets of a cell run again.

const SOON = 1500;

const load = (text) => import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));

async function shared(model, part) {
  const box = await model.widget_manager.get_model(model.get("toolbox").replace("IPY_MODEL_", ""));
  return (box[`cgviz ${part}`] ??= load(box.get(part)));
}

function asked(model, part) {
  return new Promise((found) => {
    const hear = (said) => {
      if (said?.part !== part) return;
      model.off("msg:custom", hear);
      found(load(said.text));
    };
    model.on("msg:custom", hear);
    model.send({ wanted: part });
  });
}

async function bring(model, part) {
  const found = shared(model, part);
  const late = new Promise((_, fail) => setTimeout(fail, SOON, new Error("late")));
  return (await Promise.race([found, late]).catch(() => Promise.any([found, asked(model, part)]))).default;
}
