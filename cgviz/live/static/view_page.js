// The page of its own for a view: what `explorer.to_html()` writes.

import { start } from "./standalone.js";
import { View } from "./view.js";

globalThis.cgviz = start(View);
