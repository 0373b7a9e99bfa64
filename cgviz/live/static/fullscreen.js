// The view on the full screen, for a room: the picture as large as it goes, the inputs in a strip below it. Where a page
// may not have the screen, the view fills the window.

import { h, set } from "./elements.js";

const FIELD = "input:not([type=range]), textarea, select, [contenteditable]";

export class FullScreen {
  /** @param {View} view */
  constructor(view) {
    this.view = view;
    /** @type {{ room: any, place: any, height: string, focus: any, scrolls: [Element, number][] } | undefined} */
    this.before = undefined; // what to come back to
    this.button = h("button", { type: "button", title: "on the full screen, and back (p, Esc)", "aria-pressed": "false", onclick: () => this.turn() }, "Present");
    view.el.tabIndex = -1; // a click on the picture gives the view the keys
    /** @param {any} event */
    this.key = (event) => view.guard("the full screen", () => this.press(event));
    this.ended = () => this.full && !this.fills() && this.leave();
    window.addEventListener("keydown", this.key, true);
    document.addEventListener("fullscreenchange", this.ended);
  }

  get room() {
    return this.view.el.closest(".cg-explorer") ?? this.view.el.parentElement;
  }

  fills() {
    return this.before && this.view.el.getRootNode().fullscreenElement === this.before.room;
  }

  /** @param {any} event */
  press(event) {
    const [target] = event.composedPath();
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape" && this.before) this.leave();
    else if (event.key === "p" && this.room?.contains(target) && !target.matches(FIELD)) this.turn();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  turn() {
    if (this.before) this.leave();
    else this.enter().catch((error) => this.view.faults.note("the full screen", error));
  }

  async enter() {
    const { room, view } = this;
    const place = room.parentElement;
    /** @type {[Element, number][]} */
    const scrolls = [];
    for (let one = place; one; one = one.parentElement) scrolls.push([one, one.scrollTop]);
    this.before = { room, place, height: place.style.minHeight, focus: view.el.getRootNode().activeElement, scrolls };
    place.style.minHeight = `${place.getBoundingClientRect().height}px`; // what is around it stays where it is
    this.show(true);
    await room.requestFullscreen?.().catch(() => {}); // a page may be forbidden to
    this.full = this.fills();
    if (!this.before) return this.full && document.exitFullscreen();
    if (!this.full && room.showPopover) { // above everything else, whatever holds it
      room.popover = "manual";
      room.showPopover();
    }
  }

  leave() {
    const { before, full } = this;
    if (!before) return;
    const { room, place, height, focus, scrolls } = before;
    if (full && this.fills()) document.exitFullscreen().catch(() => {});
    this.before = this.full = undefined;
    this.show(false, room);
    room.removeAttribute("popover");
    const back = () => {
      place.style.minHeight = height;
      for (const [one, top] of scrolls) one.scrollTop = top;
      focus?.focus?.({ preventScroll: true });
    };
    back();
    requestAnimationFrame(back); // once more when the window has its size again
  }

  /** @param {boolean} on @param {any} room */
  show(on, room = this.room) {
    room.classList.toggle("cg-present", on);
    set(this.button, "aria-pressed", String(on));
  }

  close() {
    this.leave();
    window.removeEventListener("keydown", this.key, true);
    document.removeEventListener("fullscreenchange", this.ended);
  }
}
