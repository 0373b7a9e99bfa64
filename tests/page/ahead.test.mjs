// Who shows a move first, the page or the kernel, and what becomes of numbers that the kernel does not confirm.

import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED, view } from "./samples.mjs";

globalThis.matchMedia = () => ({ matches: true });
const { View } = await import("../../cgviz/live/static/view.js");

const STATE = { inputs: { a: 2 }, places: { a: 2 }, data: { 0: 2, 1: -3, 2: -6, 3: 10, 4: 4, 5: -2, 6: -8 }, grad: { 0: 6, 1: -4, 2: -2, 3: -2, 4: -2, 5: 4, 6: 1 }, stale: {}, local: {} };

// A view without a page, of a class of one's own; `live` is whether its kernel is there, `now` where its slider stands.
function shown({ own = "Mine", live = true, now = 2, leaves = { a: 0 }, alive = true, lines = SEED } = {}) {
  const made = Object.create(View.prototype);
  const said = { waited: 0, told: [] };
  const traits = { alive, own, leaves, state: structuredClone(STATE), message: "", old: false, program: {}, pace: "" };
  const inputs = { live, numbers: { a: now }, agree: (places) => places.a === inputs.numbers.a };
  Object.assign(made, view(...lines), { model: { get: (name) => traits[name] }, inputs, trusted: true, told: ["", false], ahead: false, picture: {}, faults: { forget() {}, guard: (what, act) => act() } });
  made.tell = (...told) => said.told.push(told);
  made.wait = () => (said.waited += 1);
  return { made, said, traits, inputs };
}

function move(one, a) {
  one.inputs.numbers.a = a;
  one.made.move();
}

test("a move of a class that has agreed is shown at once", () => {
  const one = shown();
  move(one, 3);
  assert.deepEqual([one.made.data[6], one.made.grad[1], one.said.waited], [-2, -6, 0]);
  assert.ok(one.made.ahead);
});

for (const [why, given] of [
  ["has not agreed", { alive: false }],
  ["has no kernel that would confirm it", { live: false }],
  ["does not say which node the slider moves", { leaves: {} }],
]) {
  test(`a class that ${why} is waited for, and no number is shown that it has not computed`, () => {
    const one = shown(given);
    move(one, 3);
    assert.deepEqual([one.made.data[6], one.said.waited], [-8, 1]);
  });
}

test("of Value the page follows without a kernel", () => {
  const one = shown({ own: "", live: false, leaves: { a: 0 } });
  move(one, 3);
  assert.equal(one.made.data[6], -2);
});

test("a gradient that the class has not computed is not computed by the page", () => {
  const one = shown();
  one.made.grad[4] = null;
  move(one, 3);
  assert.deepEqual([one.made.grad[4], one.made.grad[5]], [null, 1]);
});

test("where the operations have no value the class is asked, which may have one", () => {
  const one = shown({ lines: [["a", 2], ["L", "log", 0]] });
  move(one, -1);
  assert.deepEqual([one.made.data[1], one.said.waited, one.said.told], [Math.log(2), 1, []]);
});

test("the kernel's answer stands", () => {
  const one = shown();
  move(one, 3);
  Object.assign(one.traits, { state: { ...structuredClone(STATE), inputs: { a: 3 }, places: { a: 3 } }, alive: false });
  one.traits.state.data[0] = 3;
  one.traits.state.grad[1] = 77;
  one.made.take(new Set(["state", "alive"]));
  assert.deepEqual([one.made.grad[1], one.made.ahead], [77, false]);
});

test("a late answer that differs takes back what was shown, and the class is waited for from then on", () => {
  const one = shown();
  move(one, 3);
  move(one, 4);
  Object.assign(one.traits, { state: { ...structuredClone(STATE), inputs: { a: 3 }, places: { a: 3 } } });
  one.traits.state.data[0] = 3;
  one.traits.state.data[6] = 5; // and not -2
  one.made.take(new Set(["state"]));
  assert.deepEqual([one.made.data[6], one.made.trusted, one.said.waited], [5, false, 1]);
  assert.deepEqual(one.said.told.at(-1), ["", true]); // the numbers are those of an earlier setting
  move(one, 5);
  assert.deepEqual([one.made.data[6], one.said.waited], [5, 2]);
});

test("a late answer that agrees changes nothing", () => {
  const one = shown();
  move(one, 3);
  move(one, 4);
  const state = { ...structuredClone(STATE), inputs: { a: 3 }, places: { a: 3 } };
  Object.assign(state.data, { 0: 3, 2: -9, 4: 1, 6: -2 });
  one.traits.state = state;
  one.made.take(new Set(["state"]));
  assert.deepEqual([one.made.data[6], one.made.trusted, one.made.ahead], [4, true, true]);
});
