// The page of its own for a descent.

import { Descent } from "./descent.js";
import { start } from "./standalone.js";

globalThis.cgviz = start(Descent);
