// The numbers of a graph that follow its inputs. The page computes what it can, and takes from the kernel what it cannot;
// what the kernel says of other numbers than the present ones comes too late and is dropped.

import { Graph } from "./graph.js";
import { Refusal } from "./refusal.js";
import { isConfirmed, readState } from "./state.js";

const COMPUTING = "computing with these numbers";

export class Follower {
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
  /** @type {Inputs} */
  inputs;
  /** @type {import("./faults.js").Faults} */
  faults;
  /** @type {() => void} */
  load; // take the program of a graph of which the picture shows a part
  /** @type {any} */
  waiting; // a clock
  ahead = false; // whether the numbers are the page's, and the kernel has not said its own yet
  trusted = true; // until the kernel shows that its function is not always this graph
  old = false; // whether the numbers belong to an earlier setting of the inputs
  closed = false;
  /** @type {[message: string, old: boolean]} */
  told = ["", false];

  /** @param {WidgetModel} model */
  constructor(model) {
    this.model = model;
  }

  /** @type {(what: string, act: () => void) => void} */
  guard(what, act) {
    this.faults.guard(what, act);
  }

  // What has come from the kernel, or what became of a move: these traits of the model.
  /** @param {Set<string>} news */
  receive(news) {
    this.guard("taking the kernel's numbers", () => this.take(news));
  }

  /** @param {Set<string>} news */
  take(news) {
    const { model } = this;
    const state = model.get("state");
    if (news.has("graph") && model.get("graph").nodes) {
      const graph = new Graph(model.get("graph"), this.graph?.program);
      // A function that has made another graph may do so again at any move; a group that was unfolded is no other graph.
      if (this.graph && String(this.graph.opened) !== String(graph.opened)) this.data = undefined;
      else if (this.graph && this.graph.form !== graph.form) this.trusted = false;
      this.graph = graph;
      this.restart();
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
    const known = model.get("state").inputs;
    return inputs.live && Object.entries(inputs.numbers).every(([name, x]) => x === known[name] || this.moves(name));
  }

  // Whether it is known what this slider moves.
  /** @param {string} name */
  moves(name) {
    return Object.hasOwn(this.graph.program?.leaves ?? this.model.get("leaves"), name);
  }

  // Whether the page would have found what the kernel has found, from the numbers that it had before.
  /** @type {(state: any, old: boolean) => boolean} */
  agrees(state, old) {
    const { data } = readState(state);
    try {
      const ours = this.evaluate(state.inputs, this.data ?? data);
      return !old && data.every((x, i) => typeof x === "object" || isConfirmed(x, ours[i]));
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

  // The graph has another structure, or other numbers: a picture of it shows that.
  restart() {}

  /** @param {boolean} [moving] whether they are on their way */
  refresh(moving) {} // eslint-disable-line no-unused-vars

  // What there is to say of the numbers; a picture of them shows it.
  /** @param {string} message @param {boolean} old */
  tell(message, old) {
    this.told = [message, old];
    this.old = old;
  }
}
