// The page's own descent in the output of a cell.

import { Descent } from "./descent.js";
import { mount } from "./standalone.js";

const show = mount(Descent);

export default show;
