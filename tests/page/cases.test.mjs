// What Python and the page do twice, held together by one table: tests/live/test_cases.py reads it too.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { brief, exact, number } from "../../cgviz/live/static/number.js";
import { ROWS } from "../../cgviz/live/static/ops.js";
import { ticks } from "../../cgviz/live/static/plot.js";
import { measure } from "../../cgviz/live/static/slope.js";
import { caption, slots } from "../../cgviz/live/static/slots.js";
import { orNaN } from "../../cgviz/live/static/tools.js";
import { readState } from "../../cgviz/live/static/state.js";

const cases = JSON.parse(readFileSync(new URL("cases.json", import.meta.url), "utf-8"));
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };
const read = (x) => WORDS[x] ?? x;
const close = (found, wanted, what) => assert.ok(Math.abs(found - wanted) <= 1e-4 * Math.abs(wanted) + 1e-6, `${what}: ${found}, not ${wanted}`);

for (const { x, ...written } of cases.numbers) {
  test(`${x} is written as the table says`, () => {
    assert.deepEqual({ number: number(read(x)), exact: exact(read(x)), brief: brief(read(x)) }, written);
  });
}

for (const { ticks: wanted, ...axis } of cases.ticks) {
  test(`an axis from ${axis.low} to ${axis.high} has the ticks of the table`, () => {
    assert.deepEqual(ticks(axis), wanted);
  });
}

for (const { row, x, second, kind, ...wanted } of cases.slopes) {
  test(`the slope of ${row} at ${x} is that of the table`, () => {
    const seen = measure((at) => orNaN(() => ROWS[row].f(at, second)), x, 0);
    assert.equal(seen.kind || "smooth", kind);
    for (const [name, slope] of Object.entries(wanted)) close(seen[name], slope, name);
  });
}

for (const { about, sent, state, slots: wanted, captions } of cases.graphs) {
  test(`the slots and captions of a graph are those of the table: ${about}`, () => {
    const numbers = readState(state);
    const graph = { nodes: sent, shown: sent.map((node, i) => i) };
    const found = Object.entries(slots(graph, numbers)).map(([key, [text, style, title]]) => [key, [text, style, title()]]);
    assert.deepEqual(Object.fromEntries(found), wanted);
    const said = sent.map((node, i) => [String(i), caption(node, numbers.data[i], numbers.grad[i], numbers.stale[i])]);
    assert.deepEqual(Object.fromEntries(said), captions);
  });
}
