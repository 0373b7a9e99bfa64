// The slots of a picture: what is in sight is written at once; the rest, and what is only heard or pointed at, may follow.

import { write } from "./elements.js";

export class Places {
  /** @param {SVGElement} svg */
  constructor(svg) {
    /** @type {Record<string, Place>} */
    this.at = {}; // "3.data" → { texts, backs, titles, now, written, away }
    /** @type {Map<string, HTMLElement[]>} */
    this.nodes = new Map(); // their elements, by index
    /** @type {Record<number, string>} */
    this.captions = {};
    /** @type {Set<Place>} */
    this.behind = new Set();
    this.sight = new IntersectionObserver((entries) => this.note(entries), { rootMargin: "200px", scrollMargin: "200px" });
    for (const node of svg.querySelectorAll("[data-node]")) this.add(node);
  }

  /** @param {any} node */
  add(node) {
    const { node: i } = node.dataset;
    this.nodes.set(i, [...(this.nodes.get(i) ?? []), node]);
    /** @type {(kind: string, act: (place: Place, part: any) => void) => void} */
    const parts = (kind, act) => {
      for (const part of node.querySelectorAll(`[data-${kind}]`)) {
        act((this.at[part.dataset[kind]] ??= { texts: [], backs: [], titles: [], written: [] }), part);
      }
    };
    parts("slot", ({ texts }, slot) => {
      if (!slot.firstChild) slot.append("");
      texts.push(slot.firstChild);
    });
    parts("fill", ({ backs }, fill) => backs.push(fill));
    parts("title", ({ titles }, title) => titles.push(title));
    this.sight.observe(node);
  }

  // What is to stand in each slot from now on: [text, style, title, or how to find it].
  /** @param {Record<string, Slot>} slots */
  patch(slots) {
    for (const key in slots) {
      const [place, now] = [this.at[key], slots[key]];
      if (!place || place.now === now) continue;
      place.now = now;
      this.behind.add(place);
      if (!place.away) this.write(place);
    }
  }

  /** @param {Place} place */
  write(place) {
    const [{ texts, backs, now }, [before, styled]] = [place, place.written];
    const [text, style] = (place.written = now);
    if (text !== before) for (const node of texts) node.data = text;
    if (style === styled) return;
    for (const node of /** @type {any[]} */ (texts)) node.parentNode.setAttribute("class", `cg-slot ${style}`);
    for (const element of backs) element.setAttribute("class", `cg-fill ${style}`);
  }

  // Some nodes have come into sight, or close to it, or have left it.
  /** @param {any[]} entries */
  note(entries) {
    for (const { target, isIntersecting } of entries) {
      for (const kind of ["data", "grad"]) {
        const place = this.at[`${target.dataset.node}.${kind}`];
        if (!place) continue;
        place.away = !isIntersecting;
        if (isIntersecting && place.now) this.write(place);
      }
    }
  }

  // Bring the rest up to date: what is out of sight, the titles, and how each node is said.
  /** @type {(nodes: number[], caption: (i: number) => string) => void} */
  describe(nodes, caption) {
    for (const place of this.behind) {
      this.write(place);
      const [, , title] = place.now;
      for (const element of place.titles) write(element, typeof title === "function" ? title() : title);
    }
    this.behind.clear();
    for (const i of nodes) {
      const text = caption(i);
      if (this.captions[i] === text) continue;
      this.captions[i] = text;
      for (const element of this.nodes.get(String(i)) ?? []) element.setAttribute("aria-label", text);
    }
  }

  close() {
    this.sight.disconnect();
  }
}
