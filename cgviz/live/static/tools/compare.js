// Keep a setting of the inputs and see what another one changes; go back and forth among the settings there were.

import { h, write } from "../elements.js";
import { writeTerm } from "../formula.js";
import { number } from "../number.js";
import { button, near, offer, row, select, table, usable } from "../tools.js";

const MOST = 50;
const SETTLED = 400;
/** @type {Record<string, number>[]} */
const past = [];
let at = 0;
let /** @type {any} */ kept, /** @type {any} */ timer, /** @type {HTMLElement[]} */ buttons, /** @type {any} */ which, /** @type {Table} */ lines, /** @type {HTMLElement} */ status;

/** @type {(a: Record<string, number>, b: Record<string, number>) => boolean} */
const alike = (a, b) => Object.keys({ ...a, ...b }).every((name) => near(a[name], b[name], 1e-12, 0));

// Remember where the sliders stand. The first setting stays, whatever is forgotten.
/** @param {View} view */
function settle(view) {
  clearTimeout(timer);
  const now = view.inputs.numbers;
  if (view.closed || !Object.keys(now).length || (past.length && alike(now, past[at]))) return;
  past.splice(at + 1, Infinity, now);
  if (past.length > MOST) past.splice(1, 1);
  at = past.length - 1;
  if (lines?.box.isConnected) describe(view);
}

/** @param {View} view @param {(at: number) => number} to */
function go(view, to) {
  settle(view);
  at = Math.min(past.length - 1, Math.max(0, to(at)));
  view.inputs.set(past[at]);
}

// "+0.5", and nothing where the numbers are equal, or are none.
/** @type {(now: any, then: any) => string} */
function change(now, then) {
  if (typeof now !== "number" || typeof then !== "number" || near(now, then, 1e-12, 0)) return "";
  return writeTerm(now - then).replaceAll(" ", "");
}

/** @type {(view: View) => Record<number, string>} */
function changes(view) {
  if (kept?.graph !== view.graph) return {};
  /** @type {"data" | "grad"} */
  const part = which.value;
  const found = view.graph.shown.map((i) => [i, change(view[part][i], kept[part][i])]);
  return Object.fromEntries(found.filter(([, text]) => text));
}

// Write the table, and which buttons can be used: they stay in place, so that the focus does.
/** @param {View} view */
function describe(view) {
  const now = view.inputs.numbers;
  const { graph } = view;
  const found = Object.keys(now).map((name) => [name, now[name], kept?.numbers[name]]);
  const output = view.old ? undefined : view.data[graph.root]; // the picture's belongs to an earlier setting
  if (graph.shown.includes(graph.root)) found.push([graph.nodes[graph.root].name, output, kept?.graph === graph ? kept.data[graph.root] : undefined]);
  /** @param {any} x */
  const short = (x) => (typeof x === "number" ? number(x) : "–");
  lines.fill(found.map(([name, x, then]) => [name, short(x), short(then), change(x, then)]));
  const pending = past.length > 0 && !alike(now, past[at]);
  const ready = [!view.old, kept && !alike(now, kept.numbers), at > 0 || pending, at < past.length - 1 && !pending, past.length && !alike(now, past[0])];
  buttons.forEach((button, k) => usable(button, ready[k]));
  const place = past.length ? `Setting ${at + 1 + +pending} of ${pending ? at + 2 : past.length}. ` : "";
  const words = !kept
    ? "Keep this setting, then move a slider: above each box you see how much has changed."
    : kept.graph !== graph
      ? "This is another graph than the one that was kept, so their nodes cannot be compared."
      : `Above each box: the ${which.value === "data" ? "value" : "gradient"} now minus the one kept.`;
  write(status, place + words);
}

offer({
  name: "What if",
  hint: "keep a setting and compare with it; undo and redo",
  watch(view) {
    clearTimeout(timer);
    if (!past.length) settle(view);
    else if (!alike(view.inputs.numbers, past[at])) timer = setTimeout(() => view.guard("what What if remembers", () => settle(view)), SETTLED);
  },
  open(view, panel) {
    /** @type {[text: string, title: string, act: () => void][]} */
    const acts = [
      ["Keep this", "compare with this setting from now on", () => keep(view)],
      ["Back to kept", "move the sliders to the kept setting", () => view.inputs.set(kept.numbers)],
      ["Undo", "the setting before", () => go(view, (k) => k - 1)],
      ["Redo", "the setting after", () => go(view, (k) => k + 1)],
      ["First", "the setting at the beginning", () => go(view, () => 0)],
    ];
    buttons = acts.map(([text, title, act]) => button(text, title, ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") !== "true" && act()));
    which = select([["data", "values"], ["grad", "gradients"]], () => view.refresh());
    lines = table("inputs now and kept", ["name", "now", "kept", "change"]);
    status = h("p", { class: "cg-hint cg-two" });
    panel.append(row(...buttons, h("label", {}, "show ", which)), status, lines.box);
  },
  update(view) {
    describe(view);
    return { notes: changes(view) };
  },
});

/** @param {View} view */
function keep(view) {
  kept = { numbers: view.inputs.numbers, data: [...view.data], grad: [...view.grad], graph: view.graph };
  view.refresh();
}
