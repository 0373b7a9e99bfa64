// Leaves without widgets, where there are too many of them for sliders: their numbers are moved in the picture alone, and
// the kernel is told so in messages of the view. Those in the picture are inputs as all others, each with a stand-in for
// what it has no widget for.

import { ownOf } from "./state.js";

export class Loose {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    this.svg = ""; // the picture whose leaves are inputs
    /** @type {Map<string, Place>} */
    this.places = new Map();
    /** @type {[event: string, act: () => void]} */
    const answered = ["change:state", () => this.hear()];
    view.listeners.push(answered); // and ends with them
    view.model.on(...answered);
  }

  // Another picture may have been drawn, or more of it unfolded.
  watch() {
    const { model, picture, inputs } = this.view;
    const svg = model.get("svg");
    if (svg === this.svg) return;
    this.svg = svg;
    const [leaves, loose] = [model.get("leaves"), model.get("loose") ?? {}];
    const added = [];
    for (const [name, start] of Object.entries(loose)) {
      if (this.places.has(name) || ownOf(leaves, name) === undefined || !picture.node(leaves[name]).length) continue;
      const slider = new Place(model, name, model.get("state").inputs[name]);
      this.places.set(name, slider);
      added.push({ name, start, slider, box: new Field(model, name), loose: true, place: undefined, number: undefined });
    }
    if (!added.length) return;
    for (const row of added) inputs.listen(row);
    inputs.rows.push(...added);
    this.view.receive(new Set(["state", "sliders"]));
  }

  // The kernel has answered: before the view compares where its inputs stand.
  hear() {
    const { inputs, places } = this.view.model.get("state");
    for (const [name, place] of this.places) place.confirm(places?.[name], inputs?.[name]);
  }

  close() {}
}

// What would be a slider: it stands at the number itself, and has no ends.
class Place {
  refuses = () => "";

  /** @param {WidgetModel} model @param {string} name @param {number} value */
  constructor(model, name, value) {
    /** @type {any} */
    this.model = model;
    this.name = name;
    this.value = value;
    this.ahead = false; // of what the kernel has heard
    /** @type {Set<() => void>} */
    this.acts = new Set();
  }

  /** @param {string} key */
  get(key) {
    return key === "value" ? this.value : undefined;
  }

  /** @param {string} key @param {any} x */
  set(key, x) {
    if (key !== "value" || x === this.value) return;
    this.value = x;
    this.ahead = true;
    for (const act of this.acts) act();
  }

  /** @param {number} place @param {number} number */
  confirm(place, number) {
    if (this.ahead && place !== this.value) return;
    this.ahead = false;
    if (number !== undefined) this.value = number;
  }

  /** @param {string} event @param {() => void} act */
  on(event, act) {
    if (event === "change:value") this.acts.add(act);
  }

  /** @param {string} event @param {() => void} act */
  off(event, act) {
    this.acts.delete(act);
  }

  save_changes() {
    this.model.send?.({ moved: { [this.name]: this.value } });
  }

  get comm_live() { return this.model.comm_live; }

  get widget_manager() { return this.model.widget_manager; }
}

// What would be a box: what is typed goes to the kernel as it stands.
class Field {
  text = "";

  /** @param {WidgetModel} model @param {string} name */
  constructor(model, name) {
    this.model = model;
    this.name = name;
  }

  get() {
    return this.text;
  }

  /** @param {string} key @param {string} text */
  set(key, text) {
    this.text = text;
  }

  save_changes() {
    this.model.send?.({ moved: { [this.name]: this.text } });
  }

  on() {}

  off() {}
}
