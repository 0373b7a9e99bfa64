// The sliders as the page follows them: which number a place means, and who moves whom.

import assert from "node:assert/strict";
import { test } from "node:test";
import { addChoices } from "../../cgviz/live/static/choices.js";
import { clean, Inputs, nearest, samePlace } from "../../cgviz/live/static/inputs.js";

globalThis.document = { activeElement: null };

class Widget {
  constructor(values) {
    this.values = values;
    this.acts = {};
    this.saved = 0;
  }
  get(name) { return this.values[name]; }
  set(name, value) {
    if (this.values[name] === value) return this;
    this.values[name] = value;
    for (const act of this.acts[`change:${name}`] ?? []) act();
    return this;
  }
  on(event, act) { (this.acts[event] ??= []).push(act); }
  off(event, act) { this.acts[event] = (this.acts[event] ?? []).filter((other) => other !== act); }
  save_changes() { this.saved += 1; }
}

const LINEAR = { min: 0, max: 1, step: 0.1 };
const slider = (values) => new Widget(values);

test("a place means a number without binary dust", () => {
  assert.equal(clean(slider(LINEAR), 0.1 + 0.2), 0.3);
  assert.equal(clean(slider({ min: -2, max: 2, step: 0.05 }), -1.9000000000000001), -1.9);
  assert.equal(clean(slider(LINEAR), 0.34), 0.34); // beside the places
  assert.equal(clean(slider({ min: -9, max: 1, base: 10 }), 0.0010000000000000002), 0.001);
});

test("places that differ by dust are the same", () => {
  assert.ok(samePlace(slider(LINEAR), 0.3, 0.1 + 0.2));
  assert.ok(!samePlace(slider(LINEAR), 0.3, 0.4));
  assert.ok(samePlace(slider({ base: 10 }), 1e-9, 1e-9 * (1 + 1e-12)) && !samePlace(slider({ base: 10 }), 1e-9, 1.1e-9));
});

test("the nearest place lies between the ends", () => {
  assert.deepEqual([0.34, -5, 7].map((x) => nearest(slider(LINEAR), x)), [0.3, 0, 1]);
  assert.equal(nearest(slider({ min: -3, max: 3, step: 1, base: 10 }), 120), 100);
  assert.equal(nearest(slider({}), 7.25), 7.25); // no ends: a box alone
});

async function followed() {
  const widgets = { s: slider({ value: 0.5, ...LINEAR }), b: slider({ value: "0.5" }) };
  const calls = [];
  const model = { get: () => [{ name: "a", slider: "IPY_MODEL_s", box: "IPY_MODEL_b", start: 0.5 }], widget_manager: { get_model: async (id) => widgets[id] } };
  const inputs = new Inputs(model, () => calls.push("changed"), () => calls.push("lost"));
  await inputs.ready;
  return { inputs, calls, ...widgets };
}

test("a slider that moves is followed, its box with it, and dust is no move", async () => {
  const { inputs, calls, s, b } = await followed();
  s.set("value", 0.1 + 0.2);
  assert.deepEqual([inputs.numbers, b.get("value"), calls], [{ a: 0.3 }, "0.3", ["changed"]]);
  s.set("value", 0.3);
  assert.deepEqual(calls, ["changed"]);
});

test("a number between two places goes to the kernel through the box, one at a place through the slider", async () => {
  const { inputs, s, b } = await followed();
  inputs.set({ a: 0.34 });
  assert.deepEqual([s.get("value"), b.get("value"), s.saved, b.saved, inputs.numbers], [0.3, "0.34", 0, 1, { a: 0.34 }]);
  inputs.set({ a: 0.7 });
  assert.deepEqual([s.get("value"), b.get("value"), s.saved, b.saved], [0.7, "0.7", 1, 1]);
});

test("the kernel's numbers are taken only where the sliders still stand where it found them", async () => {
  const { inputs, s } = await followed();
  assert.ok(inputs.agree({ a: 0.5 }, { a: 0.5 }));
  s.set("value", 0.9);
  assert.ok(!inputs.agree({ a: 0.5 }, { a: 0.5 }));
  assert.deepEqual(inputs.numbers, { a: 0.9 });
});

test("who stops following hears no more", async () => {
  const { inputs, calls, s } = await followed();
  inputs.close();
  s.set("value", 0.2);
  assert.deepEqual(calls, []);
});

test("a number typed at the place where the slider stands goes to the kernel as well", async () => {
  const { inputs, s, b } = await followed();
  inputs.set({ a: 0.54 }); // beside the slider's place
  inputs.set({ a: 0.5 }); // back at it: the slider has nothing to tell
  assert.deepEqual([s.saved, b.saved, b.get("value"), inputs.numbers], [0, 2, "0.5", { a: 0.5 }]);
});

test("a box shows four digits of a long number, and the kernel is sent all of it", async () => {
  const { inputs, b } = await followed();
  const sent = [];
  b.save_changes = () => sent.push(b.get("value"));
  inputs.set({ a: -2 / 3 });
  assert.deepEqual([sent, b.get("value"), inputs.numbers], [["-0.6666666666666666"], "-0.6667", { a: -2 / 3 }]);
});

test("a choice is followed as a slider is, though its widget stands at an index", async () => {
  const widgets = { s: slider({ value: 0.5, ...LINEAR }), b: slider({ value: "0.5" }), d: slider({ index: 0 }) };
  const model = {
    get: (name) => (name === "sliders" ? [{ name: "a", row: 1, slider: "IPY_MODEL_s", box: "IPY_MODEL_b", start: 0.5 }] : [{ name: "n", row: 0, slider: "IPY_MODEL_d", start: 3, choices: [3, 1, 2], labels: ["3", "1", "2"] }]),
    widget_manager: { get_model: async (id) => widgets[id] },
  };
  const moves = [];
  const inputs = new Inputs(model, () => moves.push({ ...inputs.numbers }), () => {});
  const view = { inputs, model, receive: () => inputs.agree({ a: 0.5, n: 3 }, { a: 0.5, n: 3 }) };
  await addChoices(view);
  assert.deepEqual(inputs.numbers, { n: 3, a: 0.5 }); // in the order of the rows
  widgets.d.set("index", 2);
  assert.deepEqual(moves, [{ n: 2, a: 0.5 }]);
  inputs.set({ n: 1 });
  assert.deepEqual([widgets.d.get("index"), widgets.d.saved, inputs.numbers.n], [1, 1, 1]);
  inputs.close();
  widgets.d.set("index", 0);
  assert.equal(moves.length, 2);
});
