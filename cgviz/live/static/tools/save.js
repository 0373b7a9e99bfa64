// Take the picture away: as SVG, as PNG, or its formulas as TeX.

import { h, write } from "../elements.js";
import { button, offer, row } from "../tools.js";

// The picture as a file of its own: in ink on white, without the marks of a tool.
/** @param {View} view */
function file(view) {
  view.describe();
  const svg = view.picture.svg.cloneNode(true);
  svg.removeAttribute("style");
  return new XMLSerializer().serializeToString(svg);
}

/** @param {string} href @param {string} kind @param {(text: string) => void} say */
function download(href, kind, say) {
  h("a", { href, download: `graph.${kind}` }).click();
  say(`graph.${kind} is now where your browser puts downloads.`);
}

/** @param {View} view @param {(text: string) => void} say */
function saveSvg(view, say) {
  const address = URL.createObjectURL(new Blob([file(view)], { type: "image/svg+xml" }));
  download(address, "svg", say);
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

// Twice as large as on the page, but no larger than browsers can paint.
/** @param {View} view @param {(text: string) => void} say */
function savePng(view, say) {
  const [width, height] = ["width", "height"].map((side) => +view.picture.svg.getAttribute(side));
  const scale = Math.min(2, 8000 / width, 8000 / height);
  const image = new Image();
  image.onload = () => {
    const canvas = h("canvas", { width: Math.round(scale * width), height: Math.round(scale * height) });
    const pen = canvas.getContext("2d");
    pen.fillStyle = "white";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    download(canvas.toDataURL("image/png"), "png", say);
  };
  image.onerror = () => say("This browser cannot paint the picture: save it as SVG.");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file(view))}`;
}

/** @param {View} view @param {any} field @param {(text: string) => void} say */
async function copyTex(view, field, say) {
  field.hidden = false;
  field.value = (view.graph.tex ?? []).join("\n");
  if (!field.value) return say("This graph is too large to be written as formulas, or has an operation without one.");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("The formulas are on the clipboard.");
  } catch {
    say("The formulas are selected: copy them with Ctrl+C or Cmd+C.");
  }
}

offer({
  name: "Save",
  hint: "save the picture as SVG or PNG, copy the formulas as TeX",
  open(view, panel) {
    const told = h("p", { class: "cg-told", role: "status" });
    /** @param {string} text */
    const say = (text) => write(told, text);
    const field = h("textarea", { class: "cg-tex", readonly: true, rows: 6, hidden: true, "aria-label": "the formulas as TeX" });
    const acts = [button("SVG", "a picture that stays sharp at any size", () => saveSvg(view, say)), button("PNG", "a picture for slides and messages", () => savePng(view, say)), button("copy TeX", "the formulas, for a text in LaTeX", () => copyTex(view, field, say))];
    panel.append(row(...acts), told, field);
  },
});
