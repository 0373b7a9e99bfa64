// The view: a picture, the numbers in it, and the tools below it. It computes in the page what it can, and takes
// from the kernel what it cannot; what the kernel says of other numbers than the present ones comes too late and is dropped.

class View {
  constructor(model, el) {
    this.model = model;
    this.build(el);
    this.picture = new Picture(this.frame);
    this.inputs = new Inputs(model, () => this.moved(), () => this.waiting && this.wait());
    this.trusted = true; // until the kernel shows that its function is not always this graph
    this.listeners = ["svg", "graph", "state", "message", "old", "notice"].map((name) => [`change:${name}`, () => this.soon(name)]);
    for (const [event, act] of this.listeners) model.on(event, act);
    this.arrived(new Set(["svg", "graph", "state"]));
    this.inputs.ready.then(() => this.closed || this.follow());
    this.equip().catch((error) => console.warn("cgviz: the tools did not load", error));
  }

  // Load the tools, once for all views of a page: they travel in a widget of their own.
  async equip() {
    const make = await bring(this.model, ["tools"]);
    if (this.closed) return;
    this.tools = make({ ROWS, h, write, set, number, exact, fill, digits, signed, precision, added, slots, caption, finite, CALM });
    for (const tool of this.tools) {
      const button = h("button", { type: "button", title: tool.hint, "aria-pressed": "false", onclick: () => this.open(tool) }, tool.name);
      this.choices.append(button);
    }
    this.refresh();
  }

  // The sliders are there. A page that can show no other widgets than this one gets sliders of the view's own.
  follow() {
    if (this.inputs.rows.length && !this.model.widget_manager.create_view) this.el.before((this.sliders = rows(this)));
    this.arrived(new Set(["state", "sliders"]));
  }

  // Something was typed into a box of the page's own: the kernel takes it, or says why not.
  typed(row, text) {
    row.ahead = false; // what is typed comes after the move, which the kernel may not have confirmed yet
    row.box.set("value", text);
    row.box.save_changes();
  }

  back({ name, start }) {
    this.inputs.set({ [name]: start });
  }

  build(el) {
    this.message = h("div", { class: "cg-message", role: "alert" });
    this.frame = h("div", { class: "cg-frame" });
    this.buttons = h("div", { class: "cg-tools", role: "toolbar", "aria-label": "tools for this graph" });
    this.panel = h("div", { class: "cg-panel" });
    this.notice = h("div", { class: "cg-notice", role: "status" });
    this.said = h("div", { class: "cg-said", "aria-live": "polite" });
    this.el = h("div", { class: "cg-view mathjax_ignore" }, this.message, this.frame, this.buttons, this.panel, this.notice, this.said);
    el.append(this.el);
    this.el.addEventListener("keydown", (event) => this.key(event));
    this.frame.addEventListener("click", (event) => this.pick(event));
    for (const event of ["pointerover", "focusin"]) this.frame.addEventListener(event, () => this.describe());
    this.frame.addEventListener("focusin", (event) => event.target.matches?.(":focus-visible") && this.pick(event));
    const zoom = [["−", "smaller", () => this.picture.zoomBy(1 / 1.25)], ["fit", "all of it, no wider than the page", () => this.picture.zoom(this.picture.scale ? 0 : -1)], ["+", "larger", () => this.picture.zoomBy(1.25)]];
    this.folds = new Folds(this);
    this.choices = h("span", { class: "cg-choices" });
    this.buttons.append(this.choices, h("span", { class: "cg-zoom" }, ...zoom.map(([text, title, onclick]) => h("button", { type: "button", title, "aria-label": title, onclick }, text))));
  }

  // Several traits of one message are one arrival.
  soon(name) {
    if (!this.news) queueMicrotask(() => {
      const news = this.news;
      this.news = null;
      if (!this.closed) this.arrived(news);
    });
    (this.news ??= new Set()).add(name);
  }

  arrived(news) {
    const { model } = this;
    const state = model.get("state");
    if (news.has("svg")) this.picture.draw(model.get("svg"));
    if (news.has("graph") && model.get("graph").nodes) {
      // A function that has made another graph may do so again at any move; a group that was unfolded is no other graph.
      if (this.graph && String(this.graph.opened) !== String(model.get("graph").opened)) this.data = undefined;
      else this.trusted = !this.graph;
      this.graph = new Graph(model.get("graph"));
      this.folds.drawn();
      this.tool?.restart?.(this);
    }
    if (this.graph) this.graph.doubts = state.doubt ?? {};
    if (!this.graph || !state.data) return this.tell(model.get("message"), model.get("old"));
    if (this.inputs.agree(state.places ?? {}, state.inputs ?? {})) {
      this.rest();
      const old = model.get("old");
      if (this.alive) this.trusted = this.agrees(state, old);
      // The numbers of the last good run stay; not those that the page has found where the function has none.
      if (!old || !this.data || !this.trusted) Object.assign(this, decoded(state));
      this.tell(model.get("message"), old);
      this.refresh(true);
    } else if (news.has("graph") || news.has("sliders")) { // they stand elsewhere: a notebook may be saved in a move
      Object.assign(this, decoded(state));
      this.moved();
    } else if (news.has("moved")) this.wait();
    else if (news.has("message") && !news.has("state")) this.tell(model.get("message"), model.get("old"));
  }

  // Whether the page computes by itself: the kernel's graph is made of rows, and of our own class.
  get alive() {
    return this.trusted && this.graph?.known && this.model.get("alive");
  }

  // Whether the page would have found what the kernel has found, from the numbers that it had before.
  agrees(state, old) {
    const { data } = decoded(state);
    try {
      const ours = this.evaluate(state.inputs, this.data ?? data);
      return !old && data.every((x, i) => near(x, ours[i]));
    } catch {
      return old;
    }
  }

  // The values of all nodes for other numbers of the leaves. Throws a sentence where an operation has no value.
  evaluate(numbers, data = this.data) {
    const found = [...data];
    for (const [name, x] of Object.entries(numbers)) {
      const i = this.model.get("leaves")[name];
      if (i !== undefined) found[i] = x;
    }
    return this.graph.forward(found);
  }

  // The reference: every gradient by the chain rule, whatever the class's own backward does.
  flow(data = this.data) {
    return this.graph.backward(data, this.local);
  }

  // A slider has moved.
  moved() {
    if (!this.alive) return this.arrived(new Set(["moved"])); // the kernel may have been there before
    try {
      const data = this.evaluate(this.inputs.numbers);
      const { grad } = this.graph.backward(data, {}, null);
      this.graph.nodes.forEach((node, i) => node.grad || (grad[i] = null));
      Object.assign(this, { data, grad, stale: {} });
      this.tell("", false);
    } catch (error) {
      this.tell(error.message, true);
    }
    this.refresh(true);
  }

  // Only the kernel can say what becomes of these numbers. A short run is waited for without a word.
  wait() {
    this.rest();
    if (this.inputs.live) this.waiting = setTimeout(() => this.tell("still computing with the new numbers …", true), 1000);
    else this.tell("this graph is computed by the kernel, which has ended: run the cell again", true);
  }

  rest() {
    clearTimeout(this.waiting);
    this.waiting = 0;
  }

  tell(message, old) {
    write(this.message, message);
    write(this.notice, this.model.get("notice"));
    this.old = old; // the numbers in the picture belong to an earlier setting of the sliders
    this.el.classList.toggle("cg-old", old);
  }

  // Show the numbers, as the open tool wants them shown; in a move what is only heard or pointed at follows later.
  refresh(moving = false) {
    const { graph, picture } = this;
    if (!picture.svg || !graph || !this.data) return;
    for (const tool of this.tools ?? []) tool.watch?.(this);
    const show = this.tool?.update?.(this) ?? {};
    const { data, grad, stale } = { data: this.data, grad: this.grad, stale: this.stale, ...show };
    picture.places.patch(Object.assign(slots(graph, { data, grad, stale }, graph.memo), show.slots));
    picture.light(show.marks, show.dim);
    picture.look(show.look);
    picture.note(show.notes, show.words);
    const said = (i) => show.captions?.[i] ?? caption(graph.nodes[i], data[i], grad[i], stale[i]);
    this.undescribed = () => graph === this.graph && picture.places.describe(graph.shown, said);
    if (!moving) this.describe();
    this.say(show.said ?? said(graph.root));
  }

  // Bring what is only heard or pointed at up to date.
  describe() {
    this.undescribed?.();
    this.undescribed = undefined;
  }

  // Say something to those who listen, not more often than they can hear.
  say(text) {
    this.next = text;
    this.saying ??= setTimeout(() => {
      this.saying = undefined;
      this.describe();
      write(this.said, this.next);
    }, 250);
  }

  open(tool) {
    this.tool?.close?.(this);
    this.tool = this.tool === tool ? undefined : tool;
    [...this.choices.children].forEach((button, i) => set(button, "aria-pressed", String(this.tools[i] === this.tool)));
    this.panel.replaceChildren();
    this.tool?.open(this, this.panel);
    this.refresh();
  }

  pick(event) {
    const node = event.target.closest?.("[data-node]");
    if (node && this.graph) this.tool?.pick?.(this, +node.dataset.node);
  }

  key(event) {
    const typing = event.target.closest("input, textarea, select, .noUi-handle");
    if (!typing && !event.ctrlKey && !event.metaKey && !event.altKey && this.tool?.key?.(this, event.key)) event.preventDefault();
  }

  close() {
    this.closed = true;
    this.rest();
    clearTimeout(this.saying);
    this.tool?.close?.(this);
    this.inputs.close();
    this.picture.close();
    for (const [event, act] of this.listeners) this.model.off(event, act);
    this.sliders?.remove();
    this.el.remove();
  }
}

const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity };

// The numbers of a message from the kernel. Of a very large graph there are only some, by index.
function decoded(state) {
  const list = (cells) => {
    const found = [];
    for (const [i, cell] of Object.entries(cells)) found[i] = typeof cell === "string" ? WORDS[cell] : cell;
    return found;
  };
  const local = Object.fromEntries(Object.entries(state.local).map(([key, cell]) => [key, typeof cell === "string" ? WORDS[cell] : cell]));
  return { data: list(state.data), grad: list(state.grad), stale: state.stale, local };
}

function near(a, b) {
  return a === b || a !== a || b !== b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}

let Shown = View; // a module that has more to show puts its own class here

function render({ model, el }) {
  const view = new Shown(model, el);
  const release = keep(view);
  return () => {
    release();
    view.close();
  };
}

export default { render };
