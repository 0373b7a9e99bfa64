// The numbers of a message from the kernel, as cgviz/live/serialization.py writes them.

/** @type {Record<string, number>} */
const WORDS = { nan: NaN, inf: Infinity, "-inf": -Infinity };

/** @type {(cell: any) => any} */
export const readCell = (cell) => (typeof cell === "string" ? WORDS[cell] : cell);

// What stands under somebody's name: every object has a `constructor` as well, which nobody has put there.
/** @type {(things: any, name: string) => any} */
export const ownOf = (things, name) => (Object.hasOwn(things, name) ? things[name] : undefined);

// Of a very large graph there are only some, by index.
/** @type {(state: any) => { data: Cell[], grad: Cell[], stale: Record<number, string>, local: Record<string, number> }} */
export function readState(state) {
  /** @param {Record<number, any>} cells */
  const list = (cells) => {
    /** @type {Cell[]} */
    const found = [];
    for (const [i, cell] of Object.entries(cells)) found[+i] = readCell(cell);
    return found;
  };
  const local = Object.fromEntries(Object.entries(state.local).map(([key, cell]) => [key, readCell(cell)]));
  return { data: list(state.data), grad: list(state.grad), stale: state.stale, local };
}

// Whether the page would have found the same number: its functions may differ from Python's in the last digits.
/** @type {(a: any, b: any) => boolean} */
export function isConfirmed(a, b) {
  return a === b || a !== a || b !== b || Math.abs(a - b) <= 1e-9 * Math.max(Math.abs(a), Math.abs(b));
}
