// Take the picture away: as SVG, as PNG, or its formulas as TeX.

import { h, write } from "../elements.js";
import { button, row } from "../controls.js";
import { offer } from "../tools.js";

// What the page's own style sheet may add to that of a picture: the colours of what a tool has lit, dimmed or written.
const ADDED = ["stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "fill", "fill-opacity", "opacity", "visibility", "font-size", "font-weight", "paint-order"];
const PAPER = "color-scheme: light; --cg-ink: #000; --cg-ground: #fff; color: #000; left: -9999px; position: fixed";

// The picture as a file of its own: in ink on white, with what the tool that was open before shows in it.
/** @param {View} view */
function file(view) {
  view.describe();
  const svg = view.picture.svg.cloneNode(true);
  svg.removeAttribute("style");
  const [bare, paper] = ["", "cg-view"].map((kind) => h("div", { class: kind, style: PAPER }));
  const all = [...svg.querySelectorAll("g, path, rect, circle, text")];
  /** @param {HTMLElement} sheet */
  const looks = (sheet) => {
    view.el.after(sheet);
    sheet.append(svg);
    const found = all.map((element) => {
      const style = getComputedStyle(element);
      return ADDED.map((name) => style.getPropertyValue(name));
    });
    sheet.remove();
    return found;
  };
  const [own, shown] = [bare, paper].map(looks);
  all.forEach((element, k) => ADDED.forEach((name, n) => {
    if (own[k][n] !== shown[k][n] || element.style.getPropertyValue(name).includes("var(")) element.style.setProperty(name, shown[k][n]);
  }));
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

// Twice as large as on the page, but no larger than browsers can paint. Throws where they cannot.
/** @param {View} view @returns {Promise<any>} */
async function paint(view) {
  const [width, height] = ["width", "height"].map((side) => +view.picture.svg.getAttribute(side));
  const scale = Math.min(2, 8000 / width, 8000 / height);
  const image = new Image();
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file(view))}`;
  await image.decode();
  const canvas = h("canvas", { width: Math.round(scale * width), height: Math.round(scale * height) });
  const pen = canvas.getContext("2d");
  pen.fillStyle = "white";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(image, 0, 0, canvas.width, canvas.height);
  return canvas;
}

const UNPAINTED = "This browser cannot paint the picture: save it as SVG.";

/** @param {View} view @param {(text: string) => void} say */
async function savePng(view, say) {
  try {
    download((await paint(view)).toDataURL("image/png"), "png", say);
  } catch {
    say(UNPAINTED);
  }
}

// The clipboard is asked at once, and given the picture when it is painted: later a browser forgets the click.
/** @param {View} view @param {(text: string) => void} say */
async function copyPng(view, say) {
  const picture = paint(view).then((canvas) => new Promise((done) => canvas.toBlob(done, "image/png")));
  try {
    await navigator.clipboard.write([new ClipboardItem({ "image/png": picture })]);
    say("The picture is on the clipboard.");
  } catch {
    const painted = await picture.then(() => true, () => false);
    say(painted ? "This page may not write to the clipboard: save the picture as PNG." : UNPAINTED);
  }
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
  hint: "save the picture as SVG or PNG, copy it, or its formulas as TeX",
  group: "keep",
  icon: "save",
  keeps: true,
  open(view, panel) {
    const told = h("p", { class: "cg-told", role: "status" });
    /** @param {string} text */
    const say = (text) => write(told, text);
    const field = h("textarea", { class: "cg-tex", readonly: true, rows: 6, hidden: true, "aria-label": "the formulas as TeX" });
    const acts = [
      button("SVG", "a picture that stays sharp at any size", () => saveSvg(view, say)),
      button("PNG", "a picture for slides and messages", () => savePng(view, say)),
      button("copy PNG", "the picture, to be pasted into slides and messages", () => copyPng(view, say)),
      button("copy TeX", "the formulas, for a text in LaTeX", () => copyTex(view, field, say)),
    ];
    panel.append(row(...acts), told, field);
  },
});
