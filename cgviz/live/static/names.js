// What the later parts import from files of the view, by `python -m cgviz.live.javascript`. Do not edit.

import { h, set, write } from "./elements.js";
import { TOO_LARGE } from "./functions.js";
import { clean, nearest } from "./inputs.js";
import { FULL, brief, exact, finite, number, typeset } from "./number.js";
import { ROWS } from "./ops.js";
import { Refusal } from "./refusal.js";
import { caption, slots } from "./slots.js";

export const NAMES = { FULL, ROWS, Refusal, TOO_LARGE, brief, caption, clean, exact, finite, h, nearest, number, set, slots, typeset, write };
