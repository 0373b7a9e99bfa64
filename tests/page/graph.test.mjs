// A graph computed by the page: forward, backward, and what is said where an operation has no value.

import assert from "node:assert/strict";
import { test } from "node:test";
import { backward, carried } from "../../cgviz/live/static/flow.js";
import { ROWS } from "../../cgviz/live/static/ops.js";
import { Refusal } from "../../cgviz/live/static/refusal.js";
import { graph, SEED, view } from "./samples.mjs";

test("the worked example has its values and gradients", () => {
  const { data, grad } = view(...SEED);
  assert.deepEqual(data, [2, -3, -6, 10, 4, -2, -8]);
  assert.deepEqual(grad, [6, -4, -2, -2, -2, 4, 1]);
});

test("a node that is used twice adds up what comes from both uses, in the order of a backward pass", () => {
  const { grad, flow } = view(["a", 3], ["b", "mul", 0, 0], ["L", "add", 1, 0]);
  assert.equal(grad[0], 7);
  const uses = flow().flow.filter((use) => use.source === 0);
  assert.deepEqual(uses.map(({ user, position, product, after, complete }) => [user, position, product, after, complete]), [[2, 1, 1, 1, false], [1, 0, 3, 4, false], [1, 1, 3, 7, true]]);
});

test("the gradients alone are those of the uses", () => {
  const made = graph(...SEED);
  assert.deepEqual(made.gradients(view(...SEED).data), [6, -4, -2, -2, -2, 4, 1]);
});

test("a node can be held at a number", () => {
  const { graph, data } = view(...SEED);
  const moved = [...data];
  moved[4] = 5;
  assert.deepEqual(graph.tape.forward(moved, 4), [2, -3, -6, 10, 5, -2, -10]);
});

for (const [row, xs, said] of [
  ["log", [-1], "log(x) is defined for other numbers, but node 'a' is -1"],
  ["div", [1, 0], "div(x, y) is defined for other numbers, but node 'a' is 1 and node 'b' is 0"],
  ["exp", [800], "exp(x) is too large for a number when x is 800"],
  ["mul", [1e200, 1e200], "mul(x, y) is too large for a number when x is 1e+200 and y is 1e+200"],
]) {
  test(`${row} of ${xs} is refused in a sentence`, () => {
    const leaves = xs.map((x, i) => ["ab"[i], x]);
    assert.throws(() => view(...leaves, ["L", row, ...xs.keys()]), (error) => error instanceof Refusal && error.message === said);
  });
}

test("an operation without a known derivative is refused by name", () => {
  const { graph, data } = view(...SEED);
  graph.nodes[6].row = "";
  graph.doubts = { 6: "its number is another" };
  assert.throws(() => backward(graph, data), { message: "no derivative is known for 'mul', which computed 'L': its number is another" });
  assert.deepEqual(backward(graph, data, { "4-6-0": -2, "5-6-1": 4 }).grad, [6, -4, -2, -2, -2, 4, 1]);
});

test("a missing operation is a fault of the page and no sentence about the graph", () => {
  const { graph, data } = view(...SEED);
  graph.nodes[6].row = "none of ours";
  graph.recorded = undefined;
  assert.throws(() => graph.tape.forward([...data]), (error) => error instanceof TypeError && !(error instanceof Refusal));
});

for (const [name, { f, d }] of Object.entries(ROWS)) {
  test(`the derivative rules of ${name} are slopes`, () => {
    const xs = [0.7, 1.3].slice(0, d.length);
    const h = 1e-6;
    d.forEach((rule, k) => {
      const [up, down] = [h, -h].map((step) => f(...xs.map((x, i) => (i === k ? x + step : x))));
      const found = rule(1, f(...xs), ...xs);
      assert.ok(Math.abs(found - (up - down) / (2 * h)) < 1e-6, `${found} is not ${(up - down) / (2 * h)}`);
    });
  });
}

test("a derivative of a constant that is not defined is none, and a missing one is a fault", () => {
  const { graph, data } = view(["a", -2], ["2", 2], ["L", "power", 0, 1]);
  graph.nodes[1].kind = "constant";
  graph.recorded = undefined;
  assert.equal(backward(graph, data).grad[0], -4);
  assert.ok(Number.isNaN(graph.tape.local(2, 1, data)));
  const { d } = ROWS.power;
  ROWS.power.d = [d[0]];
  try {
    assert.throws(() => graph.tape.local(2, 1, data), TypeError);
  } finally {
    ROWS.power.d = d;
  }
});

test("of a sum of many operands that is one box each use has its own slope, also where a node is used twice", () => {
  const nodes = [{ operands: [], results: [0] }, { operands: [], results: [1] }, { operands: [0, 0, 0, 1], results: [4], others: [[1], [0], [], []] }];
  const program = { run() {}, data: [3, 5, 9, 12, 17] };
  const local = { "0-2-0": 0, "0-2-1": 0, "0-2-2": 0, "1-2-3": 0 };
  assert.deepEqual(carried({ graph: { nodes, program }, local, inputs: { numbers: {} }, ahead: true }), { "0-2-0": 3, "0-2-1": 3, "0-2-2": 1, "1-2-3": 1 });
});
