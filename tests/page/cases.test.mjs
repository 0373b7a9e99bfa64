// What Python and the page do twice, held together by one table: tests/live/test_cases.py reads it too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { backward } from "../../cgviz/live/static/flow.js";
import { Graph } from "../../cgviz/live/static/graph.js";
import { clean, nearest, samePlace } from "../../cgviz/live/static/inputs.js";
import { brief, exact, number, typeset } from "../../cgviz/live/static/number.js";
import { ROWS } from "../../cgviz/live/static/ops.js";
import { ticks } from "../../cgviz/live/static/plot.js";
import { Refusal } from "../../cgviz/live/static/refusal.js";
import { measure } from "../../cgviz/live/static/slope.js";
import { Slider } from "../../cgviz/live/static/standalone.js";
import { caption, nodeSlots } from "../../cgviz/live/static/slots.js";
import { parseNumber } from "../../cgviz/live/static/typed.js";
import { orNaN, TOOLS } from "../../cgviz/live/static/tools.js";
import { explainValue, partial } from "../../cgviz/live/static/wording.js";
import { clip } from "../../cgviz/live/static/trail.js";
import "../../cgviz/live/static/tools/break.js";
import "../../cgviz/live/static/tools/check.js";
import "../../cgviz/live/static/tools/explain.js";
import "../../cgviz/live/static/tools/predict.js";
import "../../cgviz/live/static/tools/step.js";
import { compare } from "../../cgviz/live/static/verdict.js";
import { readState } from "../../cgviz/live/static/state.js";
import { view } from "./samples.mjs";

const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf-8"));
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };
const read = (x) => WORDS[x] ?? x;
const close = (found, wanted, what) => assert.ok(Math.abs(found - wanted) <= 1e-4 * Math.abs(wanted) + 1e-6, `${what}: ${found}, not ${wanted}`);

for (const { x, ...written } of cases.numbers) {
  test(`${x} is written as the table says`, () => {
    assert.deepEqual({ number: number(read(x)), exact: exact(read(x)), brief: brief(read(x)) }, written);
  });
}

for (const { text, typeset: wanted } of cases.typeset) {
  test(`"${text}" is shown as the table says`, () => {
    assert.deepEqual([typeset(text), typeset(typeset(text))], [wanted, wanted]);
  });
}

for (const { label, called, line, partial: wanted } of cases.labels) {
  test(`the label ${label} stands in formulas as the table says`, () => {
    const leaf = { kind: "leaf", operands: [] };
    const product = { kind: "operation", op: "*", row: "mul", name: "L", called: ["L", 9], operands: [0, 1] };
    const nodes = [{ ...leaf, name: label, called }, { ...leaf, name: "y", called: ["y", 9] }, product];
    const view = { graph: { nodes, root: 2 }, data: [1.5, 3, 4.5] };
    assert.deepEqual([explainValue(view, 2), partial(view, 2, 0)], [line, wanted]);
  });
}

for (const { ticks: wanted, ...axis } of cases.ticks) {
  test(`an axis from ${axis.low} to ${axis.high} has the ticks of the table`, () => {
    assert.deepEqual(ticks(axis), wanted);
  });
}

for (const { slider, nearest: places, clean: numbers } of cases.places) {
  test(`a slider has the places of the table: ${JSON.stringify(slider)}`, () => {
    const made = { get: (name) => slider[name] };
    for (const [x, place] of places) assert.ok(Math.abs(nearest(made, x) - place) <= 1e-12 * Math.abs(place), `${x} at ${nearest(made, x)}, not ${place}`);
    for (const [place, number] of numbers) {
      assert.equal(clean(made, place), number);
      assert.ok(samePlace(made, place, number));
    }
  });
}

for (const { text, number: wanted, refusal } of cases.typed) {
  test(`what is typed is read as the table says: ${JSON.stringify(text)}`, () => {
    if (refusal === undefined) assert.equal(parseNumber(text), wanted);
    else assert.throws(() => parseNumber(text), new Refusal(refusal));
  });
}

for (const { from, to, part } of cases.clips) {
  test(`a way is cut as the table says: from ${from} to ${to}`, () => {
    const found = clip(from, to, 100, 100);
    if (!part || !found) return assert.equal(found, part);
    found.flat().forEach((x, k) => close(x, part.flat()[k], "an end"));
  });
}

for (const { nodes, at, given } of cases.slips) {
  test(`the slip behind a number is that of the table: ${at} of ${JSON.stringify(nodes)}`, () => {
    const { slip } = TOOLS.find((tool) => tool.name === "Predict");
    const i = nodes.findIndex(([name]) => name === at);
    assert.deepEqual(given.map(([x]) => [x, slip(view(...nodes), i, x)]), given);
  });
}

for (const { row, x, second, kind, ...wanted } of cases.slopes) {
  test(`the slope of ${row} at ${x} is that of the table`, () => {
    const seen = measure((at) => orNaN(() => ROWS[row].f(at, second)), x, 0);
    assert.equal(seen.kind, kind);
    for (const [name, slope] of Object.entries(wanted)) close(seen[name], slope, name);
  });
}

for (const { rows, x, kind, grads, ...wanted } of cases.verdicts) {
  test(`a gradient of ${JSON.stringify(rows)} at ${x} is judged as the table says`, () => {
    const f = (x) => orNaN(() => rows.reduce((y, [row, ...second]) => ROWS[row].f(y, ...second), x));
    const seen = measure(f, x, 0);
    assert.equal(seen.kind, kind);
    for (const [name, slope] of Object.entries(wanted)) close(seen[name], slope, name);
    for (const [grad, ...said] of grads) assert.deepEqual(compare(seen, read(grad)), said);
  });
}

for (const { text, numbers, sent, data, local, steps, lines } of cases.conventions) {
  test(`a slope that is a convention is said to be one: ${text} at ${JSON.stringify(numbers)}`, () => {
    const graph = new Graph({ nodes: sent.map((node) => ({ ...node, locals: node.locals ?? undefined })), shown: sent.map((node, i) => i) });
    const shown = sent.map((node, i) => read(data[i]));
    const flow = () => backward(graph, shown, local);
    const view = { graph, data: shown, grad: flow().grad, stale: {}, flow };
    const tool = (name) => TOOLS.find((tool) => tool.name === name);
    const pushed = tool("Step").steps(view, flow().flow).filter(({ computed }) => computed === undefined);
    assert.deepEqual(pushed.map(({ text }) => text()), steps);
    const asked = [...sent.keys()].reverse().filter((i) => sent[i].kind !== "constant");
    assert.deepEqual(asked.flatMap((i) => tool("Explain").lines(view, i, flow())), lines);
  });
}

for (const { about, sent, state, slots: wanted, captions } of cases.graphs) {
  test(`the slots and captions of a graph are those of the table: ${about}`, () => {
    const numbers = readState(state);
    const graph = { nodes: sent, shown: sent.map((node, i) => i) };
    const found = graph.shown.flatMap((i) => nodeSlots(graph.nodes[i], i, numbers)).map(([key, [text, style, title]]) => [key, [text, style, title()]]);
    assert.deepEqual(Object.fromEntries(found), wanted);
    const said = sent.map((node, i) => [String(i), caption(node, numbers.data[i], numbers.grad[i], numbers.stale[i])]);
    assert.deepEqual(Object.fromEntries(said), captions);
  });
}

for (const { nodes, behind, ...faults } of cases.breaks) {
  test(`a backward pass with a mistake gives the gradients of the table: ${JSON.stringify(nodes)}`, () => {
    const [shown, names] = [view(...nodes), nodes.map(([name]) => name)];
    const tool = (name) => TOOLS.find((tool) => tool.name === name);
    for (const [fault, wanted] of Object.entries(faults)) {
      const found = tool("Break it").break(shown, fault).wrong;
      wanted.forEach((grad, i) => close(found[i], grad, `${fault}: ${names[i]}`));
    }
    const found = tool("Check").backgrounds(shown);
    behind.forEach((size, i) => close(found[i], size, `the size behind ${names[i]}`));
  });
}

for (const { slider, number: x, ends } of cases.widenings) {
  test(`the ends of a slider move out as the table says: ${JSON.stringify(slider)} for ${x}`, () => {
    const made = new Slider({ ...slider, value: 1 });
    made.widen(x);
    ["min", "max"].forEach((end, k) => close(made.get(end), ends[k], end));
    made.narrow();
    assert.deepEqual([made.get("min"), made.get("max")], [slider.min, slider.max]);
  });
}

for (const { text, numbers, data, sent, refusal } of cases.refusals) {
  test(`an operation without a value is told as the table says: ${text} at ${JSON.stringify(numbers)}`, () => {
    const made = new Graph({ nodes: sent.map((node) => ({ ...node })), shown: sent.map((node, i) => i) });
    const leaves = Object.fromEntries(sent.map(({ name }, i) => [name, i]));
    assert.throws(() => made.run(numbers, leaves, data), ({ message }) => message === refusal);
  });
}
