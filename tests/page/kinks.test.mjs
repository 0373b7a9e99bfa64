// The slopes of the larger and the smaller of two numbers: on each side of the kink, and where the two tie.

import assert from "node:assert/strict";
import { test } from "node:test";
import { ROWS } from "../../cgviz/live/static/ops.js";

for (const [name, first, second] of [
    ["maximum", 1, 0],
    ["minimum", 0, 1],
])
    test(`the gradient of ${name} goes to the one that was taken, and in halves at a tie`, () => {
        const slopes = (a, b) => ROWS[name].d.map((push) => push(3, ROWS[name].f(a, b), a, b));
        assert.deepEqual(slopes(2, 1), [3 * first, 3 * second]);
        assert.deepEqual(slopes(1, 2), [3 * second, 3 * first]);
        assert.deepEqual(slopes(1, 1), [1.5, 1.5]);
    });
