// Keep a setting of the inputs and see what another one changes; go back and forth among the settings there were.

import { h, write } from "../elements.js";
import { writeTerm } from "../formula.js";
import { number } from "../number.js";
import { button, row, select, table, usable } from "../controls.js";
import { near, offer } from "../tools.js";

let /** @type {any} */ kept, /** @type {HTMLElement[]} */ buttons, /** @type {any} */ which, /** @type {Table} */ lines, /** @type {HTMLElement} */ status;

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
  const { settings, at, pending, back, on } = view.past;
  const ready = [!view.old, kept && Object.keys(now).some((name) => !near(now[name], kept.numbers[name], 1e-12, 0)), back, on, back];
  buttons.forEach((button, k) => usable(button, ready[k]));
  const place = settings.length ? `Setting ${at + 1 + +pending} of ${pending ? at + 2 : settings.length}. ` : "";
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
  group: "verify",
  icon: "compare",
  open(view, panel) {
    /** @type {[text: string, title: string, act: () => void][]} */
    const acts = [
      ["Keep this", "compare with this setting from now on", () => keep(view)],
      ["Back to kept", "move the sliders to the kept setting", () => view.inputs.set(kept.numbers)],
      ["Undo", "the setting before (Ctrl+Z)", () => view.past.undo()],
      ["Redo", "the setting after (Ctrl+Shift+Z)", () => view.past.redo()],
      ["First", "the setting at the beginning", () => view.past.first()],
    ];
    buttons = acts.map(([text, title, act]) => button(text, title, ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") !== "true" && act()));
    which = select([["data", "values"], ["grad", "gradients"]], () => view.refresh());
    lines = table("inputs now and kept", ["name", "now", "kept", "change"]);
    status = h("p", { class: "cg-hint cg-two" });
    view.past.told = () => lines.box.isConnected && describe(view);
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
