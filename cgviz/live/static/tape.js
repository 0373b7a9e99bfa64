// A graph of rows as flat arrays, run forward and backward in straight loops: of a large graph only a part is drawn, and
// all of it is computed.

import { TOO_LARGE } from "./functions.js";
import { finite } from "./number.js";
import { ROWS } from "./ops.js";
import { Refusal } from "./refusal.js";

// The row of a name; "power 1 2.0" is that of two operands of which the second is always 2.
/** @type {(name: string) => Operation} */
export function findRow(name) {
  if (ROWS[name]) return ROWS[name];
  const [whole, place, number] = name.split(" ");
  const row = ROWS[whole];
  if (!row || !number) throw new TypeError(`there is no row '${name}'`);
  /** @type {(x: number) => number[]} */
  const both = place === "1" ? (x) => [x, +number] : (x) => [+number, x];
  return { ...row, f: (x) => row.f(...both(x)), d: [(g, y, x) => row.d[1 - +place](g, y, ...both(x))] };
}

export class Tape {
  // `explain` makes the sentence of a failure: which node, with which numbers, what was thrown, of what it is.
  /** @param {number} size @param {(i: number, xs: number[], failure: any, of?: string) => any} explain */
  constructor(size, explain) {
    /** @type {(Operation | undefined)[]} */
    this.rows = Array(size).fill(undefined);
    this.first = new Int32Array(size);
    this.second = new Int32Array(size);
    /** @type {boolean[]} */
    this.constant = Array(size).fill(false);
    this.explain = explain;
  }

  // One node that is computed; of one operand the second is the first.
  /** @type {(i: number, row: string, operands: number[]) => void} */
  add(i, row, [first, second = first]) {
    this.rows[i] = findRow(row);
    [this.first[i], this.second[i]] = [first, second];
  }

  /** @type {(i: number, data: ArrayLike<number>) => number[]} */
  operands(i, data) {
    const xs = [data[this.first[i]], data[this.second[i]]];
    return xs.slice(0, this.rows[i]?.d.length);
  }

  // Compute every operation from the numbers of leaves and constants, in place. `held` keeps a node at its number.
  /** @type {<T extends any[] | Float64Array>(data: T, held?: number) => T} */
  forward(data, held = -1) {
    const { rows, first, second } = this;
    let i = 0;
    try {
      for (; i < rows.length; i++) {
        const row = rows[i];
        if (!row || i === held) continue;
        const [a, b] = [data[first[i]], data[second[i]]];
        const y = row.f(a, b);
        // An infinity or NaN that finite numbers have made; one that came in with an operand goes on.
        if (!finite(y) && finite(a) && finite(b)) throw TOO_LARGE;
        data[i] = y;
      }
    } catch (failure) {
      throw this.explain(i, this.operands(i, data), failure);
    }
    return data;
  }

  // The gradients of the last node, or of one before it, with respect to all; those of the nodes that are `stops` go no further down.
  /** @type {(data: ArrayLike<number>, root?: number, stops?: Set<number>) => Float64Array} */
  backward(data, root = this.rows.length - 1, stops = undefined) {
    const { rows, first, second } = this;
    const grad = new Float64Array(rows.length);
    grad[root] = 1;
    for (let i = root; i >= 0; i--) {
      const row = rows[i];
      if (!row || stops?.has(i)) continue;
      const upstream = grad[i];
      grad[first[i]] += this.local(i, 0, data, upstream);
      if (row.d.length > 1) grad[second[i]] += this.local(i, 1, data, upstream);
    }
    return grad;
  }

  // The number ∂node/∂operand at this position; NaN where there is none, and none is needed, as nothing arrives.
  /** @type {(i: number, position: number, data: ArrayLike<number>, upstream: number) => number} */
  slope(i, position, data, upstream) {
    try {
      return this.local(i, position, data);
    } catch (failure) {
      if (upstream === 0 && failure instanceof Refusal) return NaN;
      throw failure;
    }
  }

  // The number ∂node/∂operand at this position, times the gradient that arrives: a row's rule is given that gradient, as
  // `Value` does it: 0 / 1e-320 is 0, and 0 · (1 / 1e-320) is not.
  /** @type {(i: number, position: number, data: ArrayLike<number>, upstream?: number) => number} */
  local(i, position, data, upstream = 1) {
    const [a, b] = [this.first[i], this.second[i]];
    try {
      return /** @type {Operation} */ (this.rows[i]).d[position](upstream, data[i], data[a], data[b]);
    } catch (failure) {
      if (this.constant[position ? b : a] && failure instanceof Refusal) return NaN; // unasked
      if (upstream === 0 && failure instanceof Refusal) return 0; // nothing arrives, and nothing goes on
      throw this.explain(i, this.operands(i, data), failure, "the derivative of ");
    }
  }
}
