// Each gradient beside the slope that a small step ±h shows, and how the error of that slope depends on h.
const MOST = 80;
const SIZES = Array.from({ length: 46 }, (all, k) => 10 ** (-k / 3));
const HALF = 2 ** -53; // the relative error of one rounding
let h10 = -5;
let chosen, body, plot, regime, sizeText, lines, heads;

// (L(x + h) - L(x - h)) / 2h, with the step that a float can take.
const central = (f, x, h) => (f(x + h) - f(x - h)) / (x + h - (x - h) || 2 * h);

// The slope by the best of several steps, and the slopes to both sides: as cgviz/slopes.py finds them.
function measure(f, x) {
  const scale = Math.max(1, Math.abs(x));
  const here = f(x);
  let [best, unsure, digits, before] = [NaN, Infinity, Infinity, NaN];
  for (let k = 1; k <= 10; k++) {
    const h = scale * 10 ** -k;
    const now = central(f, x, h);
    const apart = Math.abs(now - before) + (2 * HALF * Math.max(1e-3, Math.abs(here))) / h;
    const share = Math.min(1, apart / Math.max(Math.abs(now), 1e-300));
    if (share < digits || (share === digits && apart < unsure)) [best, unsure, digits] = [now, apart, share];
    before = now;
  }
  const side = (h) => (f(x + h) - here) / (x + h - x);
  const [left, right, wideLeft, wideRight] = [-1e-5, 1e-5, -1e-3, 1e-3].map((h) => side(h * scale));
  const [apart, wide, steep] = [Math.abs(right - left), Math.abs(wideRight - wideLeft), Math.max(Math.abs(left), Math.abs(right))];
  const smooth = !(apart >= 1e-4 * steep + (100 * HALF * Math.abs(here)) / 1e-5 && apart >= 0.5 * wide);
  const jump = steep > 50 * Math.max(Math.abs(wideLeft), Math.abs(wideRight));
  return { slope: best, unsure, left, right, kind: smooth ? "" : jump ? "jump" : "kink" };
}

// What there is to say of a gradient: [word, whether it is wrong].
function verdict(seen, grad) {
  if (seen.kind === "jump") return ["a jump: no slope here", false];
  if (seen.kind === "kink") {
    const [low, high] = [seen.left, seen.right].sort((a, b) => a - b);
    const slack = 1e-3 * Math.max(Math.abs(low), Math.abs(high));
    const words = `kink: slope ${number(seen.left)} left, ${number(seen.right)} right`;
    return low - slack <= grad && grad <= high + slack ? [words, false] : [`✗ ${words}`, true];
  }
  if (!finite(seen.slope)) return ["no slope to both sides", false];
  const wrong = !(Math.abs(grad - seen.slope) <= 1e-5 * Math.max(Math.abs(grad), Math.abs(seen.slope)) + 20 * seen.unsure + 1e-12);
  return wrong ? [`✗ should be ${number(seen.slope)}`, true] : ["✓ agrees", false];
}

function redraw(view) {
  const why = uncomputable(view) || (view.grad.every((g) => g === null) ? "There are no gradients to check yet." : "");
  body.parentNode.style.display = plot.svg.style.display = why ? "none" : "";
  if (why) return write(regime, why);
  const { graph } = view;
  const L = called(view, graph.root)[0];
  const h = 10 ** h10;
  const all = graph.nodes.map((node, i) => i).filter((i) => graph.nodes[i].grad);
  const shown = all.slice(0, MOST);
  if (!shown.includes(chosen)) chosen = shown[0];
  write(sizeText, `h = ${number(h)}`);
  write(heads, `(${L}(+h) − ${L}(−h)) / 2h`);
  if (lines?.join() !== shown.join()) build(view, shown);
  let found;
  for (const [k, i] of shown.entries()) {
    const f = (x) => rootAt(view, i, x);
    const [x, grad] = [view.data[i], view.grad[i]];
    const slope = central(f, x, h);
    const side = [["+", x + h], ["−", x - h]].find(([, x]) => !finite(f(x)));
    const [words, wrong] = grad === null ? ["no gradient", false] : verdict(measure(f, x), grad);
    if (i === chosen) found = [words, wrong];
    const texts = [number(grad ?? NaN), side ? "–" : number(slope), side || grad === null ? "–" : number(Math.abs(slope - grad)), side ? `no ${L} at ${side[0]}h; ${words}` : words];
    const row = body.children[k];
    if (grad === null) texts[0] = "not yet";
    texts.forEach((text, j) => write(row.children[j + 1], text));
    row.classList.toggle("cg-wrong", wrong);
    set(row, "aria-current", String(i === chosen));
  }
  curve(view, h, L, found);
  return { marks: [["node", chosen, "cg-lit"]] };
}

// The error against h, for the chosen node.
function curve(view, h, L, found) {
  const f = (x) => rootAt(view, chosen, x);
  const [x, grad, name] = [view.data[chosen], view.grad[chosen], view.graph.nodes[chosen].name];
  const error = (h) => Math.max(1e-17, Math.abs(central(f, x, h) - grad));
  const errors = SIZES.map((h) => [h, error(h)]);
  const most = Math.max(1, ...errors.map(([, e]) => e).filter(finite));
  plot.axes({ low: 1e-15, high: 1, log: true, name: "step h" }, { low: 1e-17, high: 10 ** Math.ceil(Math.log10(most)), log: true, name: `error of ${name}` });
  plot.line("cg-here", [[h, plot.y.low], [h, plot.y.high]]);
  plot.line("cg-curve", errors);
  plot.dot("cg-now", h, error(h));
  const own = rootAt(view, -1, 0);
  const apart = Math.abs(own - view.data[view.graph.root]) > 1e-9 * Math.max(1, Math.abs(own));
  const less = view.graph.nodes.filter((node) => node.grad).length > MOST ? ` Only the first ${MOST} nodes are checked.` : "";
  const said = (apart ? `This class computes another ${L} than the page's rules, which give ${number(own)} and these slopes.` : judge(view, f, x, h, L, name, found)) + less;
  write(regime, said);
  write(plot.description, `At h = ${number(h)} the error is ${number(error(h))}. ${said}`);
}

// Which of the two errors rules at h: that of a curve which is not straight, or that of rounding.
function judge(view, f, x, h, L, name, [word, wrong]) {
  const [above, below] = [f(x + h), f(x - h)];
  if (!finite(above) || !finite(below)) return `${L} has no value at ${name} ${finite(above) ? "−" : "+"} h: a smaller h may do.`;
  if (word.includes("kink") || word.includes("jump")) return `At this number of ${name}, ${L} has a ${word.includes("kink") ? "kink" : "jump"}: no h gives one slope for both sides.`;
  if (wrong) return `No h brings the error of ${name} down: the gradient itself is wrong.`;
  if (x + h === x) return `h is too small: ${name} ± h rounds to ${name} itself.`;
  const slope = (above - below) / (2 * h);
  const rounding = (HALF * weights(view)) / h;
  const bend = Math.max((4 / 3) * Math.abs(slope - central(f, x, h / 2)), Math.abs(slope - view.grad[chosen]) - rounding);
  const allowed = 1e-6 * Math.max(Math.abs(slope), Math.abs(view.grad[chosen]), 1e-3);
  if (Math.max(bend, rounding) <= allowed) return `h is good for ${name}: small enough for a straight line, large enough to be safe from rounding.`;
  if (bend > 2 * rounding) return `h is too large: between ${name} − h and ${name} + h the curve of ${L} is not straight.`;
  return `h is too small: ${L}(+h) and ${L}(−h) differ in their last digits only, so rounding shows.`;
}

// How strongly the rounding of every number reaches the root.
function weights(view) {
  try {
    const { grad } = view.flow();
    const { nodes } = view.graph; // no rounding gets into a constant, and its gradient may be NaN: ∂(-2)^n/∂n
    return view.data.reduce((sum, x, i) => (nodes[i].kind === "constant" ? sum : sum + Math.abs(x * grad[i])), 0);
  } catch {
    return Math.abs(view.data[view.graph.root]);
  }
}

function build(view, shown) {
  lines = shown;
  const choose = (i) => () => ((chosen = i), view.refresh());
  const name = (i) => h("button", { type: "button", title: "plot its error", onclick: choose(i) }, view.graph.nodes[i].name);
  body.replaceChildren(...shown.map((i) => h("tr", {}, h("th", { scope: "row" }, name(i)), h("td"), h("td"), h("td"), h("td", { class: "cg-words" }))));
}

TOOLS.push({
  name: "Check",
  hint: "each gradient beside the slope that a small step shows",
  open(view, panel) {
    lines = undefined;
    sizeText = h("output", { class: "cg-slope" });
    const move = ({ target }) => {
      h10 = +target.value;
      view.refresh();
    };
    const slider = h("input", { type: "range", min: -15, max: 0, step: 0.25, value: h10, "aria-label": "step h, as a power of ten", oninput: move });
    heads = h("th", { scope: "col" });
    const head = h("tr", {}, ...["node", "gradient"].map((text) => h("th", { scope: "col" }, text)), heads, h("th", { scope: "col" }, "difference"), h("th", { scope: "col", class: "cg-words" }, "verdict"));
    body = h("tbody");
    const table = h("div", { class: "cg-table", tabindex: 0, role: "region", "aria-label": "gradients and slopes" }, h("table", {}, h("thead", {}, head), body));
    plot = new Plot(Math.max(240, Math.min(340, view.el.clientWidth - 8)), 230, "error of the slope against the step h");
    regime = h("p", { class: "cg-hint cg-two" });
    panel.append(h("label", { class: "cg-row" }, "step", slider, sizeText), h("div", { class: "cg-beside" }, table, h("div", {}, plot.svg, regime)));
  },
  update: redraw,
  pick(view, i) {
    if (!lines?.includes(i)) return;
    chosen = i;
    view.refresh();
  },
  restart() {
    lines = undefined;
  },
});
