// Where the page itself fails: one sentence in the view, a line in the console, and everything else goes on.

import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { Faults } from "../../cgviz/live/static/faults.js";
import { offer, TOOLS } from "../../cgviz/live/static/tools.js";
import { view } from "./samples.mjs";

globalThis.matchMedia = () => ({ matches: true });
globalThis.document = { createElement: () => ({ append() {}, setAttribute() {} }) };
const { View } = await import("../../cgviz/live/static/view.js");

const quiet = (run) => {
  const heard = mock.method(console, "error", () => {});
  try {
    run();
    return heard.mock.calls.map(({ arguments: [text] }) => text);
  } finally {
    heard.mock.restore();
  }
};

test("a failure is said until the same thing works again", () => {
  const said = [];
  const faults = new Faults(() => said.push(faults.before("as always")));
  const heard = quiet(() => {
    faults.guard("drawing", () => { throw new TypeError("no such thing"); });
    faults.guard("computing", () => {});
    faults.guard("drawing", () => {});
  });
  assert.deepEqual(said, ["The page failed at drawing: no such thing. as always", "as always"]);
  assert.deepEqual(heard, ["cgviz: the page failed at drawing:"]);
});

// A view without a page: all that computing needs.
function shown() {
  const sample = view(["a", 2], ["L", "exp", 0]);
  const made = Object.create(View.prototype);
  const told = [];
  Object.assign(made, sample, { model: { get: (name) => ({ alive: true, leaves: { a: 0 }, state: { data: [] } })[name] ?? "" }, inputs: { numbers: { a: 3 } }, trusted: true, told: ["", false], picture: {}, message: "message" });
  made.faults = new Faults(() => told.push(made.faults.before("")));
  made.tell = (message, old) => told.push([message, old]);
  made.receive = (news) => told.push(`asked the kernel: ${[...news]}`);
  return { made, told };
}

test("a slider that moves is answered by the page", () => {
  const { made, told } = shown();
  made.move();
  assert.equal(made.data[1], Math.exp(3));
  assert.deepEqual(told, [["", false]]);
});

test("a sentence about the numbers is said, and the page goes on computing", () => {
  const { made, told } = shown();
  made.inputs.numbers.a = 800;
  made.move();
  assert.deepEqual(told, [["exp(x) is too large for a number when x is 800", true]]);
  assert.ok(made.trusted);
});

test("a missing operation is told, and the kernel computes from then on", () => {
  const { made, told } = shown();
  made.graph.nodes[1].row = "gone";
  made.graph.recorded = undefined;
  const heard = quiet(() => made.move());
  assert.equal(heard.length, 1);
  assert.match(told[0], /^The page failed at computing with these numbers: .+\.$/);
  assert.deepEqual(told.slice(1), ["asked the kernel: moved"]);
  assert.ok(!made.trusted);
});

test("it is told as well where the kernel's first numbers are checked", () => {
  const { made, told } = shown();
  made.graph.nodes[1].row = "gone";
  made.graph.recorded = undefined;
  const state = { inputs: { a: 2 }, data: [2, Math.exp(2)], grad: [0, 1], local: {}, stale: {} };
  const heard = quiet(() => assert.equal(made.agrees(state, false), false));
  assert.equal(heard.length, 1);
  assert.match(told[0], /^The page failed at computing with these numbers: /);
});

test("a tool's fault goes on to the view, and a sentence about the graph to its panel", () => {
  offer({ name: "broken", hint: "", open() {}, update() { throw new RangeError("too deep"); } });
  const tool = TOOLS.at(-1);
  tool.open({}, { append() {} });
  assert.throws(() => tool.update({}), RangeError);
});
