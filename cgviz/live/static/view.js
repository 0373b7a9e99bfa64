// The view: a picture, the numbers in it, and the tools below it. It computes in the page what it can, and takes
// from the kernel what it cannot; what the kernel says of other numbers than the present ones comes too late and is dropped.

import { h, write, writePlain } from "./elements.js";
import { Faults } from "./faults.js";
import { Graph } from "./graph.js";
import { adapt } from "./host.js";
import { Inputs } from "./inputs.js";
import { NAMES } from "./names.js";
import { Picture } from "./picture.js";
import { Refusal } from "./refusal.js";
import { bring } from "./shared.js";
import { caption, nodeSlots } from "./slots.js";
import { readState, near } from "./state.js";

const COMPUTING = "computing with these numbers";
const WAITS = "Each move waits for the kernel: it has once come to something else than the page.";

export class View {
  static names = NAMES; // what parts that come later use
  // Until there is a structure, and numbers, as `readState` gives them: none.
  /** @type {Graph} */
  graph;
  /** @type {any} */
  data;
  /** @type {any[]} */
  grad;
  /** @type {Record<number, string>} */
  stale;
  /** @type {Record<string, number>} */
  local;
  // These come after the first picture.
  /** @type {Toolbar} */
  toolbar;
  /** @type {Edges} */
  edges;
  /** @type {Folds} */
  folds;
  /** @type {HTMLElement} */
  sliders;
  /** @type {{ watch?(): void, close(): void }[]} */
  around;
  /** @type {Past} */
  past;
  /** @type {(slider: Slider) => void} */
  sent;
  /** @type {import("./arrays.js").Arrays} */
  arrays;
  /** @type {import("./roving.js").Roving} */
  roving;
  /** @type {Marks} */
  marks;
  /** @type {() => void} */
  load; // take the program of a graph of which the picture shows a part
  /** @type {(data?: any[]) => { grad: number[], flow: Use[] }} */
  flow; // every gradient by the chain rule, and every use
  ahead = false; // whether the numbers are the page's, and the kernel has not said its own yet
  /** @type {any} */
  news; // a set: the traits of which something has come
  /** @type {any} */
  saying; // a clock

  // Put a view into a notebook's page; the answer is how to take it away.
  /** @param {Host} place */
  static render({ model, el }) {
    const view = new this(model, el);
    const release = adapt(view);
    return () => {
      release();
      view.close();
    };
  }

  /** @param {WidgetModel} model @param {HTMLElement} el */
  constructor(model, el) {
    this.model = model;
    this.faults = new Faults(() => this.tell(...this.told));
    /** @type {[message: string, old: boolean]} */
    this.told = ["", false];
    this.build(el);
    this.picture = new Picture(this.frame);
    if (this.opening.zoom) this.picture.zoom(this.opening.zoom);
    this.inputs = new Inputs(model, () => this.move(), () => this.waiting && this.wait());
    this.trusted = true; // until the kernel shows that its function is not always this graph
    /** @type {[event: string, act: () => void][]} */
    this.listeners = ["svg", "graph", "program", "state", "alive", "pace", "message", "old", "notice"].map((name) => [`change:${name}`, () => this.soon(name)]);
    for (const [event, act] of this.listeners) model.on(event, act);
    this.receive(new Set(["svg", "graph", "state"]));
    this.inputs.ready.then(() => this.closed || this.receive(new Set(["state", "sliders"]))).catch((error) => this.faults.note("its sliders", error));
    this.equip().catch((error) => this.faults.note("its tools", error.errors?.[0] ?? error));
  }

  // Load what can be done with the picture, once for all views of a page: it travels in a widget of its own.
  async equip() {
    const make = await bring(this.model, ["tools"]);
    if (!this.closed) make(NAMES)(this);
  }

  // Something was typed into a box of the page's own: the kernel takes it, or says why not.
  /** @param {Input} row @param {string} text */
  enter(row, text) {
    row.ahead = false; // what is typed comes after the move, which the kernel may not have confirmed yet
    row.box.set("value", text);
    row.box.save_changes();
  }

  /** @param {Input} row */
  back({ name, start }) {
    this.inputs.set({ [name]: start });
  }

  /** @param {HTMLElement} el */
  build(el) {
    this.message = h("div", { class: "cg-message", role: "alert" });
    this.frame = h("div", { class: "cg-frame" });
    this.buttons = h("div", { class: "cg-tools", role: "toolbar", "aria-label": "tools for this graph" });
    this.panel = h("div", { class: "cg-panel" });
    this.notice = h("div", { class: "cg-notice", role: "status" });
    this.pace = h("div", { class: "cg-pace" }); // who computes a move
    this.said = h("div", { class: "cg-said", "aria-live": "polite" });
    this.el = h("div", { class: "cg-view mathjax_ignore" }, this.message, this.frame, this.buttons, this.panel, this.notice, this.pace, this.said);
    el.append(this.el);
    for (const event of ["pointerover", "focusin"]) this.frame.addEventListener(event, () => this.describe());
    this.faults.watch(this.el);
  }

  /** @type {(what: string, act: () => void) => void} */
  guard(what, act) {
    this.faults.guard(what, act);
  }

  // Several traits of one message are one arrival.
  /** @param {string} name */
  soon(name) {
    if (!this.news) queueMicrotask(() => {
      const news = this.news;
      this.news = undefined;
      if (!this.closed) this.receive(news);
    });
    (this.news ??= new Set()).add(name);
  }

  /** @param {Set<string>} news */
  receive(news) {
    this.guard("taking the kernel's numbers", () => this.take(news));
  }

  /** @param {Set<string>} news */
  take(news) {
    const { model } = this;
    const state = model.get("state");
    if (news.has("svg")) this.picture.draw(model.get("svg"));
    if (news.has("graph") && model.get("graph").nodes) {
      const graph = new Graph(model.get("graph"), this.graph?.program);
      // A function that has made another graph may do so again at any move; a group that was unfolded is no other graph.
      if (this.graph && String(this.graph.opened) !== String(graph.opened)) this.data = undefined;
      else if (this.graph && this.graph.form !== graph.form) this.trusted = false;
      this.graph = graph;
      this.folds?.refresh();
      this.toolbar?.restart();
    }
    if (news.has("program")) this.load?.();
    if (this.graph) this.graph.doubts = state.doubt ?? {};
    if (!this.graph || !state.data) return this.tell(model.get("message"), model.get("old"));
    const old = model.get("old");
    const present = this.inputs.agree(state.places ?? {}, state.inputs ?? {}); // else a late answer, or sliders that stand elsewhere
    if (this.alive && (present || news.has("state"))) this.trusted = this.agrees(state, old);
    if (present) {
      this.rest();
      // The numbers of the last good run stay; not those that the page has found where the function has none.
      if (!old || !this.data || !this.alive) this.adopt(state);
      this.tell(model.get("message"), old);
      this.refresh(true);
    } else if (news.has("graph") || news.has("sliders")) { // they stand elsewhere: a notebook may be saved in a move
      this.adopt(state);
      this.move();
    } else if (this.ahead && !this.alive) { // the page was wrong: back to what is known, until the kernel is there
      this.adopt(state);
      this.refresh(true);
      this.wait();
      this.tell(model.get("message"), true);
    } else if (news.has("moved")) this.wait();
    else if (news.has("message") && !news.has("state")) this.tell(model.get("message"), old);
    else if (news.has("pace")) this.tell(...this.told);
  }

  // The kernel's numbers.
  /** @param {any} state */
  adopt(state) {
    Object.assign(this, readState(state), { ahead: false });
  }

  // Whether the page computes by itself: the kernel's graph is made of rows, and its class has agreed with them so far.
  get alive() {
    return this.trusted && this.graph?.runs && this.model.get("alive");
  }

  // Whether the page may show these numbers before the kernel. Of a class of the learner's own it does so where the
  // kernel will have the last word, and where it has seen which node each slider that has moved leads to.
  get leads() {
    const { model, inputs } = this;
    if (!this.alive || !model.get("own")) return this.alive;
    const [leaves, known] = [this.graph.program?.leaves ?? model.get("leaves"), model.get("state").inputs];
    return inputs.live && Object.entries(inputs.numbers).every(([name, x]) => x === known[name] || Object.hasOwn(leaves, name));
  }

  // Whether the page would have found what the kernel has found, from the numbers that it had before.
  /** @type {(state: any, old: boolean) => boolean} */
  agrees(state, old) {
    const { data } = readState(state);
    try {
      const ours = this.evaluate(state.inputs, this.data ?? data);
      return !old && data.every((x, i) => typeof x === "object" || near(x, ours[i]));
    } catch (error) {
      if (error instanceof Refusal) return old;
      this.faults.note(COMPUTING, error);
      return false;
    }
  }

  // The values of all nodes for other numbers of the leaves. Throws a sentence where an operation has no value.
  /** @type {(numbers: Record<string, number>, data?: any[]) => any[]} */
  evaluate(numbers, data = this.data) {
    return this.graph.run(numbers, this.model.get("leaves"), data);
  }

  // A slider has moved.
  move() {
    this.faults.forget();
    if (!this.leads) return this.receive(new Set(["moved"])); // the kernel may have been there before
    try {
      const data = this.evaluate(this.inputs.numbers);
      const grad = this.graph.gradients(data);
      // A gradient that the class has not computed it will not compute.
      this.graph.shown.forEach((i) => (!this.graph.nodes[i].grad || this.grad?.[i] === null) && (grad[i] = null));
      Object.assign(this, { data, grad, stale: {}, ahead: true });
      this.tell("", false);
    } catch (error) {
      if (error instanceof Refusal && !this.model.get("own") && !this.graph.program) this.tell(error.message, true);
      else {
        if (!(error instanceof Refusal)) {
          this.trusted = false;
          this.faults.note(COMPUTING, error);
        }
        this.receive(new Set(["moved"]));
      }
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

  /** @param {string} message @param {boolean} old */
  tell(message, old) {
    this.told = [message, old];
    writePlain(this.message, this.faults.before(message));
    writePlain(this.notice, this.model.get("notice"));
    write(this.pace, !this.trusted && this.model.get("alive") ? WAITS : this.model.get("pace"));
    this.old = old; // the numbers in the picture belong to an earlier setting of the sliders
    this.el.classList.toggle("cg-old", old);
  }

  // Show the numbers, as the open tool wants them shown; in a move what is only heard or pointed at follows later.
  refresh(moving = false) {
    if (this.picture.svg && this.graph && this.data) this.guard("drawing the numbers", () => this.redraw(moving));
  }

  /** @param {boolean} moving */
  redraw(moving) {
    const { graph, picture, opening } = this;
    if (opening.hide && !this.toolbar) return; // what hides it is still on the way, and the picture comes without it
    const show = this.toolbar?.collect() ?? {};
    const { data, grad, stale } = { data: this.data, grad: this.grad, stale: this.stale, ...show };
    /** @param {number} i */
    const slotsOf = (i) => {
      const own = nodeSlots(graph.nodes[i], i, { data, grad, stale }, graph.memo);
      const { slots } = show;
      return slots ? own.map(([key, slot]) => [key, slots[key] ?? slot]) : own;
    };
    picture.places.patch(graph.shown, slotsOf);
    this.arrays?.patch({ data, grad, stale });
    this.marks?.show(show);
    this.edges?.update(show);
    /** @param {number} i */
    const captionOf = (i) => show.captions?.[i] ?? caption(graph.nodes[i], data[i], grad[i], stale[i]);
    this.undescribed = () => graph === this.graph && picture.places.describe(graph.shown, captionOf);
    if (!moving) this.describe();
    this.say(show.said ?? captionOf(graph.root));
  }

  // Bring what is only heard or pointed at up to date.
  describe() {
    this.guard("describing the picture", () => this.undescribed?.());
    this.undescribed = undefined;
  }

  // Say something to those who listen, not more often than they can hear.
  /** @param {string} text */
  say(text) {
    /** @type {any} */
    this.next = text;
    this.saying ??= setTimeout(() => {
      this.saying = undefined;
      this.describe();
      write(this.said, this.next);
    }, 250);
  }

  /** @type {Opening} */
  get opening() { return this.model.get("opening") ?? {}; }

  get tool() { return this.toolbar?.tool; }

  close() {
    this.closed = true;
    this.rest();
    clearTimeout(this.saying);
    this.toolbar?.shut();
    for (const one of this.around ?? []) one.close();
    this.inputs.close();
    this.picture.close();
    for (const [event, act] of this.listeners) this.model.off(event, act);
    this.sliders?.remove();
    this.el.remove();
  }
}

export default View;
