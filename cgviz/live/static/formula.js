// Formulas, made of pieces: a piece is a pair of its text and how tightly it binds.

import { number } from "./number.js";

// A formula from its template, "{0:2} · {1:2}": operand 0 in parentheses if it binds less tightly than 2.
/** @type {(template: string, pieces: Piece[]) => string} */
export function fill(template, pieces) {
  return template.replace(/\{(\d)(?::(\d))?\}/g, (all, i, least) => {
    const [text, binds] = pieces[i];
    return least && binds < least ? `(${text})` : text;
  });
}

// Numbers as pieces, and as the next term of a sum.
/** @type {(x: number, n?: number) => Piece} */
export const digits = (x, n) => [number(x, n), x < 0 ? 2 : 9];
/** @type {(x: number, n?: number) => string} */
export const writeTerm = (x, n) => number(x, n).replace(/^(-?)(.*)$/, (all, sign, rest) => ` ${sign || "+"} ${rest}`);
