// A page of its own, without notebook and kernel: sliders of the browser's own, behind models that answer like widgets.

class Model {
  constructor(values) {
    this.values = values;
    this.acts = {};
  }

  get(name) {
    return this.values[name];
  }

  set(name, value) {
    if (this.values[name] === value) return;
    this.values[name] = value;
    for (const act of this.acts[`change:${name}`] ?? []) act();
  }

  on(event, act) {
    (this.acts[event] ??= []).push(act);
  }

  off(event, act) {
    this.acts[event] = (this.acts[event] ?? []).filter((other) => other !== act);
  }

  save_changes() {}
}

// A number as it may be typed, with a comma for the point as well; else NaN.
function typed(text) {
  const written = text.trim().replace(",", ".");
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(written) && finite(+written) ? +written : NaN;
}

function row(name, slider, box, put) {
  const [low, high, step, base] = ["min", "max", "step", "base"].map((key) => slider.get(key));
  const start = slider.get("value");
  const at = (place) => (base ? Math.log(place) / Math.log(base) : place);
  const range = h("input", { type: "range", min: low, max: high, step: step || "any", "aria-label": name });
  const field = h("input", { type: "text", inputmode: "decimal", "aria-label": `type a number for ${name}`, size: 7 });
  const reset = h("button", { type: "button", title: `set ${name} back to ${exact(start)}`, onclick: () => put({ [name]: start }) }, "reset");
  const show = () => {
    range.value = at(slider.get("value"));
    field.value = box.get("value");
  };
  range.addEventListener("input", () => slider.set("value", base ? base ** +range.value : +range.value));
  field.addEventListener("change", () => {
    const x = typed(field.value);
    if (x === x && (!base || x > 0)) put({ [name]: x });
    show();
  });
  for (const model of [slider, box]) model.on("change:value", show);
  show();
  return h("div", { class: "cg-slider" }, h("span", { "aria-hidden": "true" }, name), range, field, reset);
}

function start({ view, widgets }) {
  const models = Object.fromEntries(Object.entries(widgets).map(([id, values]) => [id, new Model(values)]));
  const model = new Model(view);
  model.widget_manager = { get_model: async (id) => models[id] };
  const sliders = document.querySelector(".cg-sliders");
  const el = document.querySelector(".cg-here");
  const shown = new Shown(model, el);
  for (const { name, slider, box } of view.sliders) {
    const find = (id) => models[id.replace("IPY_MODEL_", "")];
    sliders.append(row(name, find(slider), find(box), (numbers) => shown.inputs.set(numbers)));
  }
  return shown;
}

globalThis.cgviz = start(JSON.parse(document.getElementById("cg-numbers").textContent));
