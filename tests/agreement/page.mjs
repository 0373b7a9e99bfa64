// Runs many graphs by the page's own modules: one JSON list comes in, one goes out.

import { readFileSync } from "node:fs";
import { Program } from "../../cgviz/live/static/program.js";
import { Refusal } from "../../cgviz/live/static/refusal.js";

const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity, "-0": -0 };
const write = (x) => (Number.isFinite(x) ? x : String(x));
const found = JSON.parse(readFileSync(0, "utf-8")).map(({ program, leaves }) => {
  const names = Object.keys(program.leaves);
  const made = new Program(program);
  let pass = "forward";
  try {
    const data = made.run(Object.fromEntries(names.map((name) => [name, WORDS[leaves[name]] ?? leaves[name]])));
    pass = "backward";
    const grad = made.gradients();
    return ["done", data[data.length - 1], ...names.map((name) => grad[program.leaves[name]])].map((x, i) => (i ? write(x) : x));
  } catch (failure) {
    if (!(failure instanceof Refusal)) throw failure;
    return [pass];
  }
});
console.log(JSON.stringify(found));
