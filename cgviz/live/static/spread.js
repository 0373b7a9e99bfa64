// Room on the edges: a picture whose columns are moved apart, so that something can be written between them. The page
// does it by itself: columns are found where the boxes stand, and what lies between them is stretched.

const JOINED = 20; // an operation, its stem and its box are one column
const END = 9; // so much of a gap stays as it is at both ends: there are arrowheads

/** @type {(d: string, move: (x: number, y: number) => number[]) => string} */
const movePath = (d, move) => d.replace(/([MLC])([^MLC]*)/g, (all, name, numbers) => {
  /** @type {number[]} */
  const found = numbers.trim().split(" ").map(Number);
  const moved = found.flatMap((x, i) => (i % 2 ? [] : move(x, found[i + 1])));
  return name + moved.map((x) => Number(x.toFixed(1))).join(" ");
});

// The line of an edge without its arrowhead, which begins with a move of its own.
/** @type {(d: string) => string} */
export const lineOf = (d) => d.replace(/(?!^)M.*$/, "");

/** @type {(d: string) => number[]} */
const numbersOf = (d) => (d.match(/-?[\d.]+/g) ?? []).map(Number);

export class Spread {
  /** @param {SVGElement} svg */
  constructor(svg) {
    this.svg = svg;
    this.room = 0;
    /** @type {(names: string) => any[]} */
    const all = (names) => [...svg.querySelectorAll(names)];
    /** @type {(element: Element) => string} */
    const path = (element) => element.getAttribute("d") ?? "";
    const [x0, y0, x1, y1] = numbersOf(path(svg.querySelector(".cg-stem") ?? svg));
    this.axis = Math.abs(y1 - y0) > Math.abs(x1 - x0) ? 1 : 0; // 0 across the page, 1 down
    /** @type {Map<string, { element: any, d: string, now: string }>} */
    this.edges = new Map(all(".cg-edge").map((element) => [element.dataset.edge, { element, d: path(element), now: path(element) }]));
    this.size = ["width", "height"].map((side) => Number(svg.getAttribute(side)));
    const [at, long] = [["x", "width"], ["y", "height"]][this.axis] ?? [];
    this.parts = all(".cg-node, .cg-operator, .cg-copy, .cg-stub").map((element) => {
      const [from, size] = [at, long].map((name) => Number(element.querySelector("rect").getAttribute(name)));
      return { element, from, to: from + size };
    });
    this.stems = all(".cg-stem").map((element) => ({ element, from: numbersOf(path(element))[this.axis] }));
    /** @type {number[][]} */
    this.gaps = [];
    let end = Infinity;
    for (const { from, to } of [...this.parts].sort((a, b) => a.from - b.from)) {
      if (from > end + JOINED) this.gaps.push([end, from]);
      end = end === Infinity ? to : Math.max(end, to);
    }
  }

  // How far what stands at a place is moved.
  /** @param {number} x */
  shift(x) {
    return this.gaps.reduce((sum, [from, to]) => sum + this.room * Math.max(0, Math.min(1, (x - from - END) / Math.max(1, to - from - 2 * END))), 0);
  }

  // Move the columns apart, each by so much; the answer is whether anything has moved.
  /** @param {number} room */
  apart(room) {
    if (room === this.room) return false;
    this.room = room;
    /** @param {number} far */
    const by = (far) => (this.axis ? [0, far] : [far, 0]);
    /** @param {number[]} place */
    const move = (...place) => by(this.shift(place[this.axis])).map((far, side) => place[side] + far);
    for (const edge of this.edges.values()) edge.element.setAttribute("d", (edge.now = room ? movePath(edge.d, move) : edge.d));
    for (const { element, from } of [...this.parts, ...this.stems]) {
      if (room) element.setAttribute("transform", `translate(${by(this.shift(from + 1)).join(" ")})`);
      else element.removeAttribute("transform");
    }
    const [width, height] = by(room * this.gaps.length).map((more, side) => this.size[side] + more);
    for (const [name, value] of Object.entries({ width, height, viewBox: `0 0 ${width} ${height}` })) this.svg.setAttribute(name, String(value));
    for (const [name, value] of Object.entries({ "--cg-w": width, "--cg-h": height })) this.svg.style.setProperty(name, String(value));
    return true;
  }

  // The ends of the gap through which a line comes to its end, as they are now.
  /** @type {(key: string) => number[]} */
  lastGap(key) {
    const places = numbersOf(lineOf(this.edges.get(key)?.d ?? "")).filter((_, i) => i % 2 === this.axis);
    const [begin, end] = [places[0], places.at(-1) ?? 0];
    const gap = begin < end ? this.gaps.findLast(([from]) => from < end) : this.gaps.find(([, to]) => to > end);
    return gap?.map((x) => x + this.shift(x)) ?? [];
  }
}
