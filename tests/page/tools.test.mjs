// The tools, as far as they compute and speak: no page is needed for that.

import assert from "node:assert/strict";
import { test } from "node:test";
import { writeSum, precision } from "../../cgviz/live/static/equation.js";
import { digits, fill, writeTerm } from "../../cgviz/live/static/formula.js";
import { ROWS } from "../../cgviz/live/static/ops.js";
import { Refusal } from "../../cgviz/live/static/refusal.js";
import { computable, joinNames, near, orNaN, own, plain, rootAt, TOOLS, usesOf } from "../../cgviz/live/static/tools.js";
import { explainValue, factors, partials } from "../../cgviz/live/static/wording.js";
import "../../cgviz/live/static/tools/break.js";
import { SEED, view } from "./samples.mjs";

const tool = (name) => TOOLS.find((tool) => tool.name === name);

test("a formula is filled with pieces, in parentheses where they bind less tightly", () => {
  assert.equal(fill("{0:2} · {1:2}", [["a + b", 1], ["c", 9]]), "(a + b) · c");
  assert.equal(fill("exp({0})", [["a + b", 1]]), "exp(a + b)");
  assert.deepEqual(digits(-2), ["-2", 2]);
  assert.deepEqual([writeTerm(-2), writeTerm(3)], [" - 2", " + 3"]);
});

test("a node's number is said with its formula", () => {
  assert.equal(explainValue(view(...SEED), 2), "e = a · b = 2 · -3 = -6");
  assert.equal(explainValue(view(...SEED), 0), "a = 2");
});

test("a node whose class means something else by a name is said without an equation", () => {
  const seed = view(...SEED);
  seed.graph.nodes[2].named = true;
  assert.equal(explainValue(seed, 2), "e is -6, by 'mul' of a (2) and b (-3)");
  assert.ok(!explainValue(seed, 4).includes("by"));
});

test("an equation has as many digits as make it true", () => {
  assert.equal(explainValue(view(["a", 1.00004], ["b", 1], ["L", "sub", 0, 1]), 2), "L = a - b = 1.00004 - 1 = 4e-05");
  assert.equal(writeSum([1, -3], -2), "1 - 3 = -2");
  assert.throws(() => precision(() => { throw new TypeError("gone"); }, [1], 1), TypeError);
  assert.deepEqual(precision(ROWS.log.f, [1e-9], Math.log(1e-9)), [4, "="]);
});

test("a term of the chain rule is said in partial derivatives and in numbers", () => {
  const seed = view(...SEED);
  const [use] = usesOf(seed.flow().flow, 0);
  assert.equal(partials(seed, use), "∂L/∂e · ∂e/∂a");
  assert.equal(factors(seed, use), "-2 · ∂ = -2 · -3 = 6");
});

test("names are listed as in a sentence", () => {
  assert.deepEqual([["a"], ["a", "b"], ["a", "b", "c"]].map(joinNames), ["a", "a and b", "a, b and c"]);
});

test("numbers are near by their size, and infinities only where they are the same", () => {
  assert.ok(near(1, 1 + 1e-10) && near(Infinity, Infinity) && near(NaN, NaN));
  assert.ok(!near(1, 1 + 1e-8) && !near(Infinity, -Infinity) && !near(Infinity, 1));
});

test("the root along one number has no value where an operation has none", () => {
  const seed = view(["a", 2], ["L", "log", 0]);
  assert.equal(rootAt(seed, 0, 1), 0);
  assert.ok(Number.isNaN(rootAt(seed, 0, -1)));
});

test("what a fault of the page throws is not taken for a missing value", () => {
  assert.ok(Number.isNaN(orNaN(() => { throw new Refusal("no value"); })));
  assert.throws(() => orNaN(() => { throw new ReferenceError("gone"); }), ReferenceError);
});

test("a graph that cannot be computed with is refused in a sentence", () => {
  const said = (change, check = plain) => {
    const seed = view(...SEED);
    change(seed);
    let message = "";
    assert.throws(() => check(seed), (error) => error instanceof Refusal && Boolean((message = error.message)));
    return message;
  };
  assert.equal(said((seed) => seed.graph.shown.pop()), "it is too large");
  assert.equal(said((seed) => (seed.data[0] = null)), "some nodes do not hold a single number");
  assert.equal(said((seed) => Object.assign(seed.data, [null]) && (seed.graph.nodes[0].group = 1)), "'a' is folded; unfold it by a click on its box");
  assert.equal(said((seed) => (seed.stale[2] = "value")), "some values are stale; compute them again");
  assert.equal(said((seed) => (seed.graph.nodes[2].row = ""), computable), "the page does not know how to compute 'mul'");
});

test("a class's own gradient is named where it is another than the chain rule's", () => {
  const seed = view(...SEED);
  assert.equal(own(seed, 0, 6), "");
  seed.grad[0] = 7;
  assert.equal(own(seed, 0, 6), "Your class computes 7; the chain rule gives 6.");
});

const TWICE = [["a", 3], ["b", "mul", 0, 0], ["L", "add", 1, 0]];

for (const [fault, wrong, bad] of [["replace", [3, 1, 1], [0]], ["twice", [20, 2, 1], [1, 0]], ["order", [7, 1, 1], []]]) {
  test(`a backward pass with the mistake "${fault}"`, () => {
    const found = tool("Break it").break(view(...TWICE), fault);
    assert.deepEqual([found.right, found.wrong, found.bad], [[7, 1, 1], wrong, bad]);
    assert.equal(Boolean(found.why), bad.length > 0);
  });
}
