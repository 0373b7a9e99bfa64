// Keep a setting of the inputs and see what another one changes; go back and forth among the settings there were.
const MOST = 50;
const SETTLED = 400;
let past = [];
let at = 0;
let kept, timer, buttons, which, rows, status;

const close = (a, b) => a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
const alike = (a, b) => Object.keys({ ...a, ...b }).every((name) => close(a[name], b[name]));

// Remember where the sliders stand. The first setting stays, whatever is forgotten.
function settle(view) {
  clearTimeout(timer);
  timer = undefined;
  const now = view.inputs.numbers;
  if (view.closed || !Object.keys(now).length || (past.length && alike(now, past[at]))) return;
  past.splice(at + 1, Infinity, now);
  if (past.length > MOST) past.splice(1, 1);
  at = past.length - 1;
  if (rows?.isConnected) describe(view);
}

function go(view, to) {
  settle(view);
  at = Math.min(past.length - 1, Math.max(0, to(at)));
  view.inputs.set(past[at]);
}

// "+0.5", and nothing where the numbers are equal, or are none.
function change(now, then) {
  if (typeof now !== "number" || typeof then !== "number" || close(now, then)) return "";
  return signed(now - then).replaceAll(" ", "");
}

function changes(view) {
  if (kept?.graph !== view.graph) return {};
  const found = view.graph.shown.map((i) => [i, change(view[which.value][i], kept[which.value][i])]);
  return Object.fromEntries(found.filter(([, text]) => text));
}

// Write the table, and which buttons can be used: they stay in place, so that the focus does.
function describe(view) {
  const now = view.inputs.numbers;
  const { graph } = view;
  const lines = Object.keys(now).map((name) => [name, now[name], kept?.numbers[name]]);
  if (graph.shown.includes(graph.root)) lines.push([graph.nodes[graph.root].name, view.data[graph.root], kept?.graph === graph ? kept.data[graph.root] : undefined]);
  const short = (x) => (typeof x === "number" ? number(x) : "–");
  const cells = lines.map(([name, x, then]) => [name, short(x), short(then), change(x, then)]);
  if (rows.children.length !== cells.length) rows.replaceChildren(...cells.map(() => h("tr", {}, h("th", { scope: "row" }), h("td"), h("td"), h("td"))));
  cells.forEach((texts, k) => texts.forEach((text, j) => write(rows.children[k].children[j], text)));
  const pending = past.length > 0 && !alike(now, past[at]);
  const usable = [true, kept && !alike(now, kept.numbers), at > 0 || pending, at < past.length - 1 && !pending, past.length && !alike(now, past[0])];
  buttons.forEach((button, k) => set(button, "aria-disabled", String(!usable[k])));
  const place = past.length ? `Setting ${at + 1 + pending} of ${pending ? at + 2 : past.length}. ` : "";
  const words = !kept
    ? "Keep a setting, then move a slider: what changes stands above each box."
    : kept.graph !== graph
      ? "The graph is another one than that which was kept, so its nodes cannot be compared."
      : `Above each box: the ${which.value === "data" ? "value" : "gradient"} now minus the one kept.`;
  write(status, place + words);
}

TOOLS.push({
  name: "What if",
  hint: "keep a setting and compare with it; undo and redo",
  watch(view) {
    if (past.length && alike(view.inputs.numbers, past[at])) return clearTimeout(timer);
    if (!past.length) return settle(view);
    clearTimeout(timer);
    timer = setTimeout(() => settle(view), SETTLED);
  },
  open(view, panel) {
    const acts = [
      ["Keep this", "compare with the present setting from now on", () => keep(view)],
      ["Back to kept", "move the sliders to the kept setting", () => view.inputs.set(kept.numbers)],
      ["Undo", "the setting before", () => go(view, (k) => k - 1)],
      ["Redo", "the setting after", () => go(view, (k) => k + 1)],
      ["First", "the setting at the beginning", () => go(view, () => 0)],
    ];
    buttons = acts.map(([text, title, act]) => {
      const onclick = ({ currentTarget }) => currentTarget.getAttribute("aria-disabled") !== "true" && act();
      return h("button", { type: "button", title, onclick }, text);
    });
    const options = [["data", "values"], ["grad", "gradients"]].map(([value, text]) => h("option", { value }, text));
    which = h("select", { onchange: () => view.refresh() }, ...options);
    rows = h("tbody");
    const heads = ["name", "now", "kept", "change"].map((text) => h("th", { scope: "col" }, text));
    const table = h("table", {}, h("thead", {}, h("tr", {}, ...heads)), rows);
    status = h("p", { class: "cg-hint cg-two" });
    const box = h("div", { class: "cg-table", tabindex: 0, role: "region", "aria-label": "inputs now and kept" }, table);
    panel.append(h("div", { class: "cg-row" }, ...buttons, h("label", {}, "show ", which)), status, box);
  },
  update(view) {
    describe(view);
    return { notes: changes(view) };
  },
});

function keep(view) {
  kept = { numbers: view.inputs.numbers, data: [...view.data], grad: [...view.grad], graph: view.graph };
  view.refresh();
}
