// Inputs that take one of a few numbers: the notebook's lists to choose from, followed as sliders are.

// The widget of a choice as a slider that stands at its number; the notebook has it stand at an index.
/** @type {(model: WidgetModel, choices: number[]) => Slider} */
function asSlider(model, choices) {
  /** @param {string} event */
  const own = (event) => event.replace("change:value", "change:index");
  return {
    choices,
    get: (name) => (name === "value" ? choices[model.get("index")] : name === "disabled" ? model.get(name) : undefined),
    set: (name, x) => model.set("index", choices.indexOf(x)),
    on: (event, act) => model.on(own(event), act),
    off: (event, act) => model.off(own(event), act),
    save_changes: () => model.save_changes(),
    get comm_live() { return model.comm_live; },
    get widget_manager() { return model.widget_manager; },
  };
}

// Add them to the inputs of a view, in the order of their rows.
/** @param {View} view */
export async function addChoices(view) {
  await view.inputs.ready;
  const { inputs, model } = view;
  /** @type {Record<string, number>} */
  const order = Object.create(null); // a leaf may be called as something that every object has
  for (const { name, row } of model.get("sliders")) order[name] = row;
  /** @type {Input[]} */
  const added = [];
  for (const { name, row, slider, start, choices, labels } of model.get("choices") ?? []) {
    order[name] = row;
    const found = await model.widget_manager.get_model(slider.replace("IPY_MODEL_", "")).catch(() => null);
    if (found) added.push({ name, start, slider: asSlider(found, choices), choices, labels, box: undefined, place: undefined, number: undefined });
  }
  if (!added.length || view.closed) return;
  for (const row of added) inputs.listen(row);
  inputs.rows.push(...added);
  inputs.rows.sort((a, b) => order[a.name] - order[b.name]);
  view.receive(new Set(["state", "sliders"]));
}
