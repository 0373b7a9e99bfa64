// A picture of tiles that answers: its numbers follow the kernel; a click, or Enter on a tile, asks the kernel for more.

import { readDrawing } from "./drawing.js";
import { adapt } from "./host.js";

const TILES = "g[data-tile]";

/** @param {{ model: any, el: HTMLElement }} place */
function render({ model, el }) {
  el.classList.add("cg-tile-view");
  const [message, picture, words] = ["p", "div", "p"].map((name) => document.createElement(name));
  message.className = "cg-tile-message";
  picture.className = "cg-tile-picture";
  words.className = "cg-tile-words";
  for (const one of [message, words]) one.setAttribute("role", "status");
  el.append(message, picture, words);
  let stop = 0; // the tile that the Tab key comes to

  /** @returns {any[]} */
  const tiles = () => [...picture.querySelectorAll(TILES)];

  function mark() {
    for (const [k, tile] of tiles().entries()) {
      tile.setAttribute("tabindex", k === stop ? "0" : "-1");
      tile.setAttribute("role", "button");
      tile.classList.toggle("cgt-chosen", k === model.get("chosen"));
    }
  }
  function draw() {
    const inside = picture.contains(document.activeElement);
    picture.replaceChildren(readDrawing(model.get("svg")));
    stop = Math.min(stop, tiles().length - 1);
    mark();
    if (inside) tiles()[stop]?.focus({ preventScroll: true });
  }
  function tell() {
    message.textContent = model.get("message");
    words.textContent = model.get("words");
    el.classList.toggle("cg-tile-old", model.get("old"));
    mark();
  }
  /** @param {any} event */
  function choose(event) {
    const k = tiles().indexOf(event.target.closest?.(TILES));
    if (k < 0) return;
    stop = k;
    model.set("chosen", k);
    model.save_changes();
  }
  /** @param {any} event */
  function move(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (event.key === "Enter" || event.key === " ") choose(event);
    else {
      const columns = model.get("columns");
      /** @type {Record<string, number>} */
      const ways = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, Home: -Infinity, End: Infinity };
      if (!(event.key in ways)) return;
      const [way, last] = [ways[event.key], tiles().length - 1];
      const next = Number.isFinite(way) ? stop + way : way < 0 ? 0 : last;
      if (next >= 0 && next <= last) stop = next;
      mark();
      tiles()[stop].focus();
    }
    event.preventDefault();
  }
  picture.addEventListener("click", choose);
  picture.addEventListener("keydown", move);
  model.on("change:svg", draw);
  model.on("change:message change:words change:old change:chosen", tell);
  draw();
  tell();
  const leave = adapt(/** @type {any} */ ({ el }));
  return () => {
    model.off("change:svg", draw);
    model.off("change:message change:words change:old change:chosen", tell);
    leave();
  };
}

const tiles = { render };

export default tiles;
