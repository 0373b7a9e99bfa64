// Numbers moved by a hand: where a drag and the arrow keys lead, for each kind of input.

import assert from "node:assert/strict";
import { test } from "node:test";
import { along, ends, further } from "../../cgviz/live/static/scrub.js";

const slider = (values) => ({ ...values, get: (name) => values[name] });
const LINEAR = slider({ min: -2, max: 6, step: 0.1 });
const WHOLE = slider({ min: 0, max: 20, step: 1 });
const POWERS = slider({ min: -3, max: 1, step: 0.5, base: 10 });
const FREE = slider({ min: 0, max: 1, step: null }); // a box with ends and no step
const OPEN = slider({ step: null }); // a box alone
const CHOICE = slider({ choices: [3, 1, 2] });

test("an arrow key moves a number as it moves the slider: by a step, to a place, and not beyond the end", () => {
  const steps = (slider, number, ...ns) => ns.map((n) => further({ slider, number }, n));
  assert.deepEqual(steps(LINEAR, 2, 1, -1, 10, -100), [2.1, 1.9, 3, -2]);
  assert.deepEqual(steps(LINEAR, 0.1234567, 1, -1), [0.2, 0]); // from between two places
  assert.deepEqual(steps(WHOLE, 3, 1, -1, -10), [4, 2, 0]);
  assert.deepEqual(steps(POWERS, 0.1, 1, -10), [0.316227766017, 0.001]);
  assert.deepEqual(steps(FREE, 0.5, 1, -1, 80), [0.51, 0.49, 1]);
  assert.deepEqual(steps(OPEN, 0.1 + 0.2, 1, -1), [0.4, 0.2]);
  assert.deepEqual(steps(CHOICE, 3, 1, 2, 9, -1), [1, 2, 2, 3]);
});

test("each step away from a number between two places leads further", () => {
  for (const number of [0.11, 0.149, 0.15, 0.151, 0.19]) {
    assert.ok(further({ slider: LINEAR, number }, 1) > number, `up from ${number}`);
    assert.ok(further({ slider: LINEAR, number }, -1) < number, `down from ${number}`);
  }
});

test("a drag goes through the range by its share, and not beyond the ends", () => {
  const drag = (slider, from, ...shares) => shares.map((share) => along({ slider }, from, share));
  assert.deepEqual(drag(LINEAR, 2, 0, 0.1, -0.25, 1, -9), [2, 2.8, 0, 6, -2]);
  assert.deepEqual(drag(WHOLE, 10, 0.02, 0.03, 0.5), [10, 11, 20]);
  assert.deepEqual(drag(POWERS, 0.1, 0.25, -1), [1, 0.001]);
  assert.deepEqual(drag(CHOICE, 3, 0.1, 0.4, 5), [3, 1, 2]);
  assert.deepEqual(drag(OPEN, 1, 0.1), [1.6]);
});

test("the ends are numbers, also of a slider of powers", () => {
  assert.deepEqual([LINEAR, POWERS, CHOICE, OPEN].map(ends), [[-2, 6], [0.001, 10], [1, 3], [undefined, undefined]]);
});
