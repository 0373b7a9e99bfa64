// The settings there were: what counts as one, and the keys that go back and forth among them.

import assert from "node:assert/strict";
import { mock, test } from "node:test";

const heard = {};
globalThis.window = { addEventListener: (type, act) => (heard[type] = act), removeEventListener: (type) => delete heard[type] };
const { Past } = await import("../../cgviz/live/static/past.js");

function kept(numbers = { a: 1 }) {
  const said = [];
  const view = {
    alive: false,
    guard: (what, act) => act(),
    say: (text) => said.push(text),
    inputs: { rows: [], numbers, set(to) { this.numbers = { ...this.numbers, ...to }; past.watch(); } },
    model: { get: () => view.opened },
    opened: [],
    folds: { ask: (opened) => (view.opened = opened) },
    el: { closest: () => ({ contains: (target) => target !== OUTSIDE }) },
  };
  const past = new Past(view);
  past.watch();
  return { view, past, said, move: (to) => { view.inputs.set(to); past.settle(); } };
}

const OUTSIDE = { matches: () => false };
const press = (key, more = {}) => {
  const event = { key, ctrlKey: true, metaKey: false, altKey: false, shiftKey: false, stopped: 0, composedPath: () => [more.target ?? { matches: () => false }], preventDefault() {}, stopPropagation() { this.stopped += 1; }, ...more };
  heard.keydown(event);
  return event.stopped > 0;
};

test("Ctrl+Z and Cmd+Z go back, with Shift and Ctrl+Y forth, and each is said", () => {
  const { view, past, move, said } = kept();
  move({ a: 2 });
  move({ a: 3 });
  assert.ok(press("z"));
  assert.equal(view.inputs.numbers.a, 2);
  assert.ok(press("z", { ctrlKey: false, metaKey: true }));
  assert.equal(view.inputs.numbers.a, 1);
  assert.ok(press("z")); // it is kept from the notebook, which would undo in a cell
  assert.equal(view.inputs.numbers.a, 1);
  assert.ok(press("Z", { shiftKey: true }) && press("y"));
  assert.equal(view.inputs.numbers.a, 3);
  assert.deepEqual(said, ["Undone: a = 2.", "Undone: a = 1.", "There is nothing to undo.", "Redone: a = 2.", "Redone: a = 3."]);
  past.close();
});

test("keys elsewhere in the page, and in a field that is being written, are not ours", () => {
  const { view, past, move } = kept();
  move({ a: 2 });
  view.inputs.rows = [{ number: 2 }];
  assert.ok(!press("z", { target: OUTSIDE }));
  assert.ok(!press("z", { altKey: true }) && !press("z", { ctrlKey: false }) && !press("x"));
  const field = { matches: () => true, value: "2.5" };
  assert.ok(!press("z", { target: field }));
  assert.equal(view.inputs.numbers.a, 2);
  field.value = "2"; // nothing has been written
  assert.ok(press("z", { target: field }));
  assert.equal(view.inputs.numbers.a, 1);
  past.close();
});

test("what is unfolded is part of a setting", () => {
  const { view, past } = kept();
  view.opened = [4];
  past.watch();
  past.undo();
  assert.deepEqual(view.opened, []);
  past.redo();
  assert.deepEqual(view.opened, [4]);
  past.close();
});

test("what a hand moves in one go is one setting", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const { view, past } = kept();
  heard.pointerdown({ type: "pointerdown" });
  view.inputs.set({ a: 2 });
  mock.timers.tick(2000);
  assert.equal(past.settings.length, 1);
  heard.pointerup({ type: "pointerup" });
  view.inputs.set({ a: 3 });
  past.undo();
  assert.deepEqual([view.inputs.numbers.a, past.settings.length], [1, 2]);
  mock.timers.reset();
  past.close();
});
