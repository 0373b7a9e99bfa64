// Which tool is open, and what the picture shows of it.

import assert from "node:assert/strict";
import { test } from "node:test";

globalThis.matchMedia = () => ({ matches: true });
const { Toolbar } = await import("../../cgviz/live/static/toolbar.js");

// A toolbar without a page: with tools that light a node, and one that takes the picture as it is.
function made() {
  const bar = Object.create(Toolbar.prototype);
  const done = [];
  const lights = (name, i) => ({ name, open() {}, update: () => ({ marks: [["node", i]], said: name }), restart: () => done.push(`restart ${name}`), close: () => done.push(`close ${name}`) });
  const [explain, step, save] = [lights("Explain", 1), lights("Step", 2), { name: "Save", keeps: true, open() {}, update() {} }];
  const view = { graph: {}, around: [], refresh() {}, guard: (what, act) => act(), faults: { forget() {} }, panel: { replaceChildren() {} } };
  Object.assign(bar, { view, tools: [explain, step, save], buttons: [], judge() {}, judged: undefined });
  return { bar, explain, step, save, done };
}

test("what is saved is the picture of the tool that was open, and nothing of it is said again", () => {
  const { bar, explain, save, done } = made();
  bar.open(explain);
  assert.deepEqual(bar.collect(), { marks: [["node", 1]], said: "Explain" });
  bar.open(save);
  assert.deepEqual([bar.collect(), bar.tool], [{ marks: [["node", 1]], said: undefined }, save]);
  assert.deepEqual(done, ["close Explain"]);
  bar.restart();
  assert.deepEqual(done, ["close Explain", "restart Explain"]);
});

test("another tool, and none, have pictures of their own", () => {
  const { bar, explain, step, save } = made();
  for (const tool of [explain, save, step]) bar.open(tool);
  assert.deepEqual(bar.collect().marks, [["node", 2]]);
  bar.open(save);
  bar.open(save);
  assert.deepEqual([bar.collect(), bar.tool], [{}, undefined]);
  clearTimeout(bar.judging);
});
