// The page's own view in the output of a cell.

import { take } from "./place.js";
import { mount } from "./standalone.js";
import { View } from "./view.js";

const output = { show: mount(View), take };

export default output;
