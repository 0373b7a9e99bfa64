// What can be done with the picture: each file in tools/ puts one tool into TOOLS. One tool is open at a time.
//
// A tool is { name, hint, open(view, panel), update(view)?, pick(view, i)?, key(view, key)?, close(view)?, restart(view)?, watch(view)? }.
//   open     fills the panel below the picture (`h` makes elements).
//   update   is called after every change of the numbers; it may return what to show instead of them:
//            { data, grad, stale: as in `view`; slots: { "3.grad": [text, style, title] }; captions: { 3: "…" };
//              marks: [["edge", "0-2-1"], ["node", 3, "cg-asked"]], dim: true; notes: { 3: "+0.5" } }
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
