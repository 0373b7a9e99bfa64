// The style sheets of pictures that come as text: those of our own pass, and what reaches out of a picture does not.

import assert from "node:assert/strict";
import { test } from "node:test";
import { keepsWithin } from "../../cgviz/live/static/drawing.js";

const OURS = ".cg-949e78 :is(rect,path).cg-pos{fill:#3b82f6}\nsvg.cg-949e78:root{background:#fff}\n.cg-tiles text{fill:currentColor}\n";

test("a picture's own style sheet is taken", () => {
  assert.ok(keepsWithin(OURS));
  assert.ok(keepsWithin(""));
});

for (const rule of [
  "body{display:none}",
  "body{display:none",
  ".cg-949e78 a,body{display:none}",
  ".cg-949e78{fill:url(//elsewhere/a)}",
  ".cg-949e78{background-image:image-set('a.png' 1x)}",
  "@import '//elsewhere/a.css';",
  "@media all{body{display:none}}",
  ".cg-949e78~*{display:none}",
  "/* .cg-949e78{} */*{display:none}",
  '.cg-949e78{x:"} body{display:none} .cg-949e78{y:"}',
  ".cg-view{display:none}",
  ".cg-949e78{b\\61 ckground:red}",
]) {
  test(`not a sheet with ${rule}`, () => assert.ok(!keepsWithin(OURS + rule)));
}
