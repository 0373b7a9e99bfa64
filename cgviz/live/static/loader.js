// What every view is sent: a few lines that ask the widget which all views of a kernel share for the rest, once.

async function shared(model) {
  const box = await model.widget_manager.get_model(model.get("toolbox").replace("IPY_MODEL_", ""));
  await box.state_change; // what came last has arrived
  const parts = model.get("parts");
  const text = parts.map((name) => box.get(name)).join("\n");
  box.cgviz ??= {};
  box.cgviz[parts] ??= import(URL.createObjectURL(new Blob([text], { type: "text/javascript" })));
  return (await box.cgviz[parts]).default;
}

export default { render: async (place) => (await shared(place.model)).render(place) };
