// A descent whose class has the last word: the page walks ahead of it, and shows the kernel's steps when they have come.

import assert from "node:assert/strict";
import { test } from "node:test";
import { view } from "./samples.mjs";

globalThis.matchMedia = () => ({ matches: true });
const { Descent } = await import("../../cgviz/live/static/descent.js");

const LINES = [["x", 3], ["L", "mul", 0, 0]];

// A descent of x·x from 3 without a page; `own` is its class, `live` whether its kernel is there.
function shown({ own = "Mine", live = true, alive = true, leaves = { x: 0 }, names = ["x"] } = {}) {
  const made = Object.create(Descent.prototype);
  const state = { inputs: { "start x": 3, "start y": 7, rate: 0.25, step: 0 }, data: { 0: 3, 1: 9 }, grad: { 0: 6, 1: 1 }, stale: {}, local: {} };
  const traits = { alive, own, leaves, state, names, count: 2, message: "", old: false, program: {}, pace: "" };
  const inputs = { live, numbers: { ...state.inputs }, agree: () => false };
  let waited = 0;
  Object.assign(made, view(...LINES), { model: { get: (name) => traits[name] }, inputs, trusted: true, told: ["", false], ahead: false, picture: {}, faults: { forget() {}, guard: (what, act) => act() }, tell() {}, wait: () => (waited += 1) });
  return { made, inputs, waited: () => waited };
}

function move(one, name, x) {
  one.inputs.numbers[name] = x;
  one.made.move();
}

test("a class that has agreed is walked ahead of, whichever number moves", () => {
  const one = shown();
  move(one, "step", 1);
  assert.deepEqual([one.made.data, one.made.grad, one.made.ahead], [[1.5, 2.25], [3, 1], true]);
  move(one, "start x", 4);
  move(one, "rate", 0.5);
  assert.deepEqual([one.made.data, one.waited()], [[0, 0], 0]);
});

for (const [why, given, name] of [["has not agreed", { alive: false }, "step"], ["has no kernel", { live: false }, "step"], ["does not say where its number stands", { leaves: {} }, "start x"]]) {
  test(`a class that ${why} is waited for`, () => {
    const one = shown(given);
    move(one, name, 1);
    assert.deepEqual([one.made.data, one.made.ahead, one.waited()], [[3, 9], false, 1]);
  });
}

test("a number that the result does not depend on keeps no step waiting, and stays where it is", () => {
  const one = shown({ names: ["x", "y"] });
  move(one, "step", 1);
  move(one, "rate", 0.5);
  move(one, "start x", 4);
  assert.deepEqual([one.made.data, one.made.walked.rows[1], one.waited()], [[0, 0], [0, 7, 0, 0, 0], 0]);
  move(one, "start y", 8); // whether the class heeds it is its own to say
  assert.deepEqual([one.made.data, one.waited()], [[0, 0], 1]);
});

test("of Value no kernel is needed", () => {
  const one = shown({ own: "", live: false });
  move(one, "step", 1);
  assert.deepEqual(one.made.data, [1.5, 2.25]);
});
