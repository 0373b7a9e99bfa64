// The page's own view in the output of a cell.

import { mount } from "./standalone.js";
import { View } from "./view.js";

const show = mount(View);

export default show;
