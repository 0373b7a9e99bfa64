// What can be done with the picture: each file in tools/ puts one tool into TOOLS. One tool is open at a time.
//
// A tool is { name, hint, open(view, panel), update(view)?, pick(view, i)?, key(view, key)?, close(view)?, restart(view)?, watch(view)? }.
//   open     fills the panel below the picture (`h` makes elements).
//   update   is called after every change of the numbers; it may return what to show instead of them:
//            { data, grad, stale: as in `view`; slots: { "3.grad": [text, style, title] }; captions: { 3: "…" };
//              marks: [["edge", "0-2-1"], ["node", 3, "cg-asked"]], dim: true; notes: { 3: "+0.5" };
//              said: what to say to those who listen, instead of the output's caption }
//   pick     is called with the index of a node that was clicked, or reached with the Tab key.
//   key      gets keys that were pressed within the view and not in a field; true says that it was used.
//   restart  says that the graph has another structure now.
//   watch    is called after every change of the numbers, whichever tool is open.
// A tool reads view.graph, view.data, view.grad, view.inputs.numbers, view.flow(), view.evaluate(numbers); it moves
// sliders by view.inputs.set(numbers), asks to be drawn again by view.refresh(), and speaks by view.say(text).
export default ({ ROWS, h, write, set, number, exact, fill, digits, signed, slots, caption, finite, CALM }) => {
const TOOLS = [];

// What pictures call the edge of a use.
const edge = (use) => `${use.source}-${use.user}-${use.position}`;

// What a formula calls a node.
const called = (view, i) => view.graph.nodes[i].called;
const partial = (view, y, x) => `∂${wrap(called(view, y))}/∂${wrap(called(view, x))}`;
const wrap = ([text, binds]) => (binds < 9 ? `(${text})` : text);

// The chain rule on the numbers shown: { grad, flow }. Throws a sentence where the page cannot follow it.
function reference(view) {
  if (Array.from(view.data).some((x) => typeof x !== "number")) throw new Error("some nodes hold no single number, and the page computes with nothing else");
  return view.flow();
}

// "e = a · b = 2 · -3 = -6", as cgviz/steps.py writes it.
function computed(view, i) {
  const { op, row, operands, text = ROWS[row]?.text } = view.graph.nodes[i];
  const [here, result] = [called(view, i)[0], number(view.data[i])];
  const names = operands.map((k) => called(view, k));
  const listed = (pieces) => pieces.map(([text]) => text).join(", ");
  if (operands.length && !text && !op) return `${here} of ${listed(names)} = ${result}`;
  const written = (pieces) => (text ? fill(text, pieces) : `${op}(${listed(pieces)})`);
  const middle = operands.length ? [written(names), written(operands.map((k) => digits(view.data[k])))] : [];
  return [...new Set([here, ...middle, result])].join(" = ");
}

// "∂L/∂e · ∂e/∂a", and the same as "-2 · b = -2 · -3 = 6": as cgviz/chain.py writes them.
const partials = (view, { user, source }) => `${partial(view, view.graph.root, user)} · ${partial(view, user, source)}`;
function factors(view, { user, position, upstream, local, product }) {
  const [text, binds] = view.graph.nodes[user].locals?.[position] ?? digits(local);
  const formula = binds < 2 ? `(${text})` : text;
  return [...new Set([formula, number(local)])].map((by) => `${number(upstream)} · ${by}`).concat(number(product)).join(" = ");
}
