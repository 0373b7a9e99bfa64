// The steps of a descent as the page takes them.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Refusal } from "../../cgviz/live/static/refusal.js";
import { endless, walk } from "../../cgviz/live/static/walk.js";
import { graph } from "./samples.mjs";

const SQUARE = () => graph(["x", 0], ["L", "mul", 0, 0]);
const LOG = () => graph(["x", 1], ["L", "log", 0]);
const steps = (made, start, rate, count = 3) => walk(made, [start, 0], [0], { get: (name) => ({ names: ["x"], count })[name] }, { "start x": start, rate });

test("each step goes against the gradient, by the rate", () => {
  assert.deepEqual(steps(SQUARE(), 4, 0.25), { rows: [[4, 16, 8], [2, 4, 4], [1, 1, 2], [0.5, 0.25, 1]], ended: "" });
});

test("a step that leads too far ends the way, in words", () => {
  const { rows, ended } = steps(SQUARE(), 1e100, 1e100);
  assert.equal(rows.length, 1);
  assert.equal(ended, "step 1 leads too far: mul(x, y) is too large for a number when x is -2e+200 and y is -2e+200");
});

test("a step to where there is no value ends it too", () => {
  assert.equal(steps(LOG(), 1, 2).ended, "step 1 leads to where there is no value: log(x) is defined for other numbers, but node 'x' is -1");
});

test("a start without a value is refused, and a fault of the page is no end of the way", () => {
  assert.throws(() => steps(LOG(), -1, 1), Refusal);
  const made = SQUARE();
  const { forward } = made.tape;
  // eslint-disable-next-line no-undef
  made.tape.forward = (data) => (data[0] === 4 ? forward.call(made.tape, data) : missing(data));
  assert.throws(() => steps(made, 4, 0.25), ReferenceError);
});

test("the first number that is none is named", () => {
  assert.equal(endless([1, NaN, Infinity], ["a is", "b is", "c is"]), "b is NaN");
  assert.equal(endless([1, 2], ["a is", "b is"]), "");
});
