// The page's own descent in the output of a cell.

import { Descent } from "./descent.js";
import { take } from "./place.js";
import { mount } from "./standalone.js";

const output = { show: mount(Descent), take };

export default output;
