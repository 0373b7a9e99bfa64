// Leaves that are called as something that every object of JavaScript has.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Inputs } from "../../cgviz/live/static/inputs.js";
import { setNames } from "../../cgviz/live/static/mathematics.js";
import { Program } from "../../cgviz/live/static/program.js";
import { ownOf } from "../../cgviz/live/static/state.js";
import { graph } from "./samples.mjs";

globalThis.document = { activeElement: null };

const NAMES = [...Object.getOwnPropertyNames(Object.prototype), "length", "name", "prototype", "hasOwn"];
const dict = (...pairs) => Object.fromEntries(pairs);

const widget = (values) => ({ get: (name) => values[name], set: (name, x) => (values[name] = x), on() {}, off() {}, save_changes() {} });

async function inputs(...names) {
  const widgets = names.map(() => widget({ value: 1, min: 0, max: 9, step: 1 }));
  const rows = names.map((name, k) => ({ name, slider: `IPY_MODEL_${k}`, box: `IPY_MODEL_b${k}`, start: 1 }));
  const boxes = names.map(() => widget({ value: "1" }));
  const model = { get: () => rows, widget_manager: { get_model: async (id) => (id[0] === "b" ? boxes[+id.slice(1)] : widgets[+id]) } };
  const made = new Inputs(model, () => {}, () => {});
  await made.ready;
  return made;
}

for (const name of NAMES) {
  test(`a leaf called ${name} is a leaf as any other`, async () => {
    const made = await inputs(name, "b");
    made.agree({}, dict(["b", 3]));
    assert.deepEqual(made.rows.map(({ number }) => number), [undefined, 3]);
    made.agree({}, dict([name, 2], ["b", 3]));
    made.set({ b: 4 });
    assert.deepEqual(made.rows.map(({ number }) => number), [2, 4]);
    assert.equal(ownOf(made.numbers, name), 2);
    made.set({ [name]: 5 });
    assert.deepEqual(made.rows.map(({ number }) => number), [5, 4]);
    const product = graph([name, 2], ["b", 3], ["L", "mul", 0, 1]);
    assert.deepEqual(product.run(made.numbers, dict([name, 0], ["b", 1]), [2, 3, NaN]), [5, 4, 20]);
    assert.deepEqual(product.run(made.numbers, dict(["b", 1]), [2, 3, NaN]), [2, 4, 8]);
    const program = new Program({ rows: ["mul"], ops: [0, 0, 2], operands: [0, 1], numbers: [2, 3], leaves: dict(["b", 1]) });
    program.run(made.numbers);
    assert.deepEqual([...program.data], [2, 4, 8]);
    assert.equal(setNames(name), name);
  });
}
