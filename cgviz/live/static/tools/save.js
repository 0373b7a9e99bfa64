// Take the picture away: as SVG, as PNG, or its formulas as TeX.

const NAME = "graph";

// The picture as a file of its own: in ink on white, without the marks of the open tool.
function file(view) {
  const svg = view.picture.svg.cloneNode(true);
  for (const lit of svg.querySelectorAll(".cg-lit, .cg-asked")) lit.classList.remove("cg-lit", "cg-asked");
  svg.classList.remove("cg-dim");
  svg.removeAttribute("style");
  return new XMLSerializer().serializeToString(svg);
}

function download(address, name) {
  const link = h("a", { href: address, download: name });
  link.click();
}

function saveSvg(view, say) {
  const address = URL.createObjectURL(new Blob([file(view)], { type: "image/svg+xml" }));
  download(address, `${NAME}.svg`);
  setTimeout(() => URL.revokeObjectURL(address), 10000);
  say(`${NAME}.svg is saved where your browser puts downloads`);
}

// Twice as large as on the page, but no larger than browsers can paint.
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
    download(canvas.toDataURL("image/png"), `${NAME}.png`);
    say(`${NAME}.png is saved where your browser puts downloads`);
  };
  image.onerror = () => say("this browser cannot paint the picture; save it as SVG");
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(file(view))}`;
}

async function copyTex(view, field, say) {
  field.hidden = false;
  field.value = (view.graph.tex ?? []).join("\n");
  if (!field.value) return say("this graph is too large to be written as formulas, or has an operation without one");
  field.select();
  try {
    await navigator.clipboard.writeText(field.value);
    say("the formulas are on the clipboard");
  } catch {
    say("the formulas are selected: copy them with Ctrl+C or Cmd+C");
  }
}

TOOLS.push({
  name: "Save",
  hint: "save the picture as SVG or PNG, copy the formulas as TeX",
  open(view, panel) {
    const told = h("p", { class: "cg-told", role: "status" });
    const say = (text) => write(told, text);
    const field = h("textarea", { class: "cg-tex", readonly: true, rows: 6, "aria-label": "the formulas as TeX" });
    field.hidden = true;
    const does = { "SVG": () => saveSvg(view, say), "PNG": () => savePng(view, say), "copy TeX": () => copyTex(view, field, say) };
    const buttons = Object.entries(does).map(([text, onclick]) => h("button", { type: "button", onclick }, text));
    panel.append(h("div", { class: "cg-row" }, ...buttons), told, field);
  },
});
