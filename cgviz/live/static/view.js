// The view: a picture, the numbers in it, and the tools below it. It draws what its numbers are, and says what there is to
// say; where they come from is in follower.js.

import { h, write, writePlain } from "./elements.js";
import { Faults } from "./faults.js";
import { Follower } from "./follower.js";
import { adapt } from "./host.js";
import { Inputs } from "./inputs.js";
import { NAMES } from "./names.js";
import { Picture } from "./picture.js";
import { bring } from "./shared.js";
import { caption, nodeSlots } from "./slots.js";

const WAITS = "Each move waits for the kernel: it has once come to something else than the page.";

export class View extends Follower {
  static names = NAMES; // what parts that come later use
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
  /** @type {(data?: any[]) => { grad: number[], flow: Use[] }} */
  flow; // every gradient by the chain rule, and every use
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
    super(model);
    this.faults = new Faults(() => this.tell(...this.told));
    this.build(el);
    this.picture = new Picture(this.frame);
    if (this.opening.zoom) this.picture.zoom(this.opening.zoom);
    this.inputs = new Inputs(model, () => this.move(), () => this.waiting && this.wait());
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
  take(news) {
    if (news.has("svg")) this.picture.draw(this.model.get("svg"));
    super.take(news);
  }

  /** @param {string} message @param {boolean} old */
  tell(message, old) {
    super.tell(message, old);
    writePlain(this.message, this.faults.before(message));
    writePlain(this.notice, this.model.get("notice"));
    write(this.pace, !this.trusted && this.model.get("alive") ? WAITS : this.model.get("pace"));
    this.el.classList.toggle("cg-old", old);
  }

  restart() {
    this.folds?.refresh();
    this.toolbar?.restart();
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
