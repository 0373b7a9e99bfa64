// The settings that there were, to go back and forth among them: of the inputs, whatever moved them, and of what is
// unfolded. Ctrl+Z and Ctrl+Shift+Z, or Cmd, within the view and its inputs; the tool "What if" has buttons for it.

import { brief, exact } from "./number.js";
import { near } from "./tools.js";

const MOST = 50;
const SETTLED = 400;
const TEXTS = "input:not([type=range]), textarea, [contenteditable]";

export class Past {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {Setting[]} */
    this.settings = [];
    this.at = 0;
    this.told = () => {}; // of a new one
    /** @type {any} */
    this.timer = this.held = undefined;
    this.key = (/** @type {KeyboardEvent} */ event) => view.guard("undoing", () => this.press(event));
    this.hold = (/** @type {Event} */ event) => (this.held = event.type === "pointerdown"); // what a hand moves in one go is one move
    window.addEventListener("keydown", this.key, true); // before the notebook, which would undo in its cells
    for (const type of ["pointerdown", "pointerup", "pointercancel"]) window.addEventListener(type, this.hold, true);
  }

  /** @returns {Setting} */
  get now() {
    return { numbers: this.view.inputs.numbers, opened: this.view.model.get("opened") ?? [] };
  }

  get pending() {
    return this.settings.length > 0 && !alike(this.now, this.settings[this.at]);
  }

  get back() { return this.at > 0 || this.pending; }

  get on() { return this.at < this.settings.length - 1 && !this.pending; }

  // The numbers have changed: what stays for a while is a setting.
  watch() {
    clearTimeout(this.timer);
    if (!this.settings.length) this.settle();
    else if (this.pending) this.timer = setTimeout(() => (this.held || /** @type {any} */ (this.view).playing ? this.watch() : this.view.guard("what can be undone", () => this.settle())), SETTLED);
  }

  // Remember where the inputs stand. The first setting stays, whatever is forgotten.
  settle() {
    clearTimeout(this.timer);
    const { now, settings } = this;
    if (this.view.closed || !Object.keys(now.numbers).length || (settings.length && !this.pending)) return;
    settings.splice(this.at + 1, Infinity, now);
    if (settings.length > MOST) settings.splice(1, 1);
    this.at = settings.length - 1;
    this.told();
  }

  // Go to another setting, where there is one.
  /** @type {(to: (at: number) => number, todo: string, done: string) => void} */
  go(to, todo, done) {
    this.settle();
    const [{ view, settings }, from] = [this, this.at];
    this.at = Math.min(settings.length - 1, Math.max(0, to(from)));
    const setting = settings[this.at];
    if (this.at === from) return view.say(`There is nothing to ${todo}.`);
    const before = this.now;
    const moved = Object.entries(setting.numbers).filter(([name, x]) => x !== before.numbers[name]);
    view.inputs.set(setting.numbers);
    if (String(setting.opened) !== String(before.opened)) view.folds.ask(setting.opened);
    const said = `${done}: ${moved.map(([name, x]) => `${name} = ${brief(x)}`).join(", ") || "groups folded and unfolded"}.`;
    view.say(view.alive ? `${said} ${view.next}` : said); // what it leads to, where that is known
  }

  undo() { this.go((k) => k - 1, "undo", "Undone"); }

  redo() { this.go((k) => k + 1, "redo", "Redone"); }

  first() { this.go(() => 0, "undo", "Back at the first setting"); }

  /** @param {KeyboardEvent} event */
  press(event) {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || event.altKey || !(key === "z" || (key === "y" && !event.shiftKey))) return;
    const [target] = /** @type {any[]} */ (event.composedPath());
    const { el, inputs } = this.view;
    if (!(el.closest(".cg-explorer") ?? el.parentElement)?.contains(target)) return;
    // What is being typed, the field itself takes back.
    if (target.matches?.(TEXTS) && !inputs.rows.some(({ number }) => [brief, exact].some((write) => write(number) === target.value))) return;
    event.preventDefault();
    event.stopPropagation();
    if (key === "y" || event.shiftKey) this.redo();
    else this.undo();
  }

  close() {
    clearTimeout(this.timer);
    window.removeEventListener("keydown", this.key, true);
    for (const type of ["pointerdown", "pointerup", "pointercancel"]) window.removeEventListener(type, this.hold, true);
  }
}

/** @type {(a: Setting, b: Setting) => boolean} */
function alike(a, b) {
  return Object.keys({ ...a.numbers, ...b.numbers }).every((name) => near(a.numbers[name], b.numbers[name], 1e-12, 0)) && String(a.opened) === String(b.opened);
}
