// A page of its own, without notebook and kernel: its models answer like widgets.

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

// Without a kernel the page itself takes what was typed.
class Page extends Shown {
  typed({ name, slider }, text) {
    const x = typed(text);
    if (x === x && (!slider.get("base") || x > 0)) this.inputs.set({ [name]: x });
  }
}

function start({ view, widgets }) {
  const models = Object.fromEntries(Object.entries(widgets).map(([id, values]) => [id, new Model(values)]));
  const model = new Model(view);
  model.widget_manager = { get_model: async (id) => models[id] };
  return new Page(model, document.querySelector(".cg-here"));
}

globalThis.cgviz = start(JSON.parse(document.getElementById("cg-numbers").textContent));
