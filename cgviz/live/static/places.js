// The slots of a picture: what is in sight is worked out and written at once; the rest, and what is only heard or pointed
// at, may follow.

import { write } from "./elements.js";

export class Places {
  /** @param {SVGElement} svg */
  constructor(svg) {
    /** @type {Record<string, Place>} */
    this.at = {}; // "3.data" → { texts, backs, titles, now, written }
    /** @type {Map<string, HTMLElement[]>} */
    this.nodes = new Map(); // their elements, by index
    /** @type {Record<number, string>} */
    this.captions = {};
    /** @type {Set<Element>} */
    this.away = new Set(); // the elements that are out of sight
    /** @type {Set<number>} */
    this.behind = new Set(); // the nodes, by index, that are not written yet
    /** @type {Set<Place>} */
    this.untitled = new Set(); // the slots whose titles are not
    /** @type {(i: number) => [key: string, slot: Slot][]} */
    this.slotsOf = () => [];
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

  // From now on these nodes show what `slotsOf` gives: [["3.data", [text, style, title, or how to find it]], …].
  /** @type {(nodes: number[], slotsOf: (i: number) => [key: string, slot: Slot][]) => void} */
  patch(nodes, slotsOf) {
    this.slotsOf = slotsOf;
    for (const i of nodes) {
      if (this.nodes.get(String(i))?.every((node) => this.away.has(node))) this.behind.add(i);
      else this.fill(i);
    }
  }

  // Bring one node up to date.
  /** @param {number} i */
  fill(i) {
    this.behind.delete(i);
    for (const [key, now] of this.slotsOf(i)) this.set(key, now);
  }

  // What stands in one slot until the next patch.
  /** @type {(key: string, now: Slot) => void} */
  set(key, now) {
    const place = this.at[key];
    if (!place || place.now === now) return;
    place.now = now;
    this.untitled.add(place);
    this.write(place);
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
      this.away[isIntersecting ? "delete" : "add"](target);
      if (isIntersecting && this.behind.has(+target.dataset.node)) this.fill(+target.dataset.node);
    }
  }

  // Bring the rest up to date: what is out of sight, the titles, and how each node is said.
  /** @type {(nodes: number[], caption: (i: number) => string) => void} */
  describe(nodes, caption) {
    for (const i of this.behind) this.fill(i);
    for (const { titles, now: [, , title] } of this.untitled) {
      for (const element of titles) write(element, typeof title === "function" ? title() : title);
    }
    this.untitled.clear();
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
