// What the later parts import from files of the view, by `python -m cgviz.live.javascript`. Do not edit.

import { h, set, write } from "./elements.js";
import { TOO_LARGE } from "./functions.js";
import { clean, nearest } from "./inputs.js";
import { FULL, brief, exact, finite, number, typeset } from "./number.js";
import { ROWS } from "./ops.js";
import { CALM } from "./picture.js";
import { Refusal } from "./refusal.js";
import { sketch } from "./shapes.js";
import { caption, nodeSlots, stepOf } from "./slots.js";
import { ownOf, readCell } from "./state.js";
import { Tape, findRow } from "./tape.js";

export const NAMES = { CALM, FULL, ROWS, Refusal, TOO_LARGE, Tape, brief, caption, clean, exact, findRow, finite, h, nearest, nodeSlots, number, ownOf, readCell, set, sketch, stepOf, typeset, write };
