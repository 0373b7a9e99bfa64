// A number as a person types it.

import { finite, number } from "./number.js";
import { Refusal } from "./refusal.js";

/** @param {string} text */
export const shorten = (text) => (text.length > 24 ? `${text.slice(0, 23)}…` : text);
const UNSIGNED = "(?:\\d+(?:[.,]\\d*)?|[.,]\\d+)(?:[eE][+-]?\\d+)?";
const DECIMAL = new RegExp(`^[+-]?${UNSIGNED}$`);
const FRACTION = new RegExp(`^([+-]?${UNSIGNED})\\s*/\\s*(${UNSIGNED})$`);

// A number as it is typed, with a comma for the point as well. Throws the sentences of cgviz/live/controls/number_input.py
// (tests/page/cases.json holds them together).
/** @type {(text: string) => number} */
export function parseNumber(text) {
  /** @param {string} part */
  const read = (part) => +part.replace(",", ".");
  if (!text) throw new Refusal("the box was empty; write a number such as 0.5");
  if (!DECIMAL.test(text)) {
    const [over, under] = (FRACTION.exec(text) ?? []).slice(1).map(read);
    const share = under ? over / under : NaN;
    throw new Refusal(`'${shorten(text)}' is not a number; write ${finite(share) ? `it as ${number(share, 10)}` : "one such as 0.5"}`);
  }
  if (!finite(read(text))) throw new Refusal(`'${shorten(text)}' is too large; the largest number is about 1.8e308`);
  return read(text);
}
