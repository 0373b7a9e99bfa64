// Shows the picture of a graph and patches its numbers in place. What the elements of a picture are
// called is said in cgviz/draw/scene.py. Text from the kernel is only ever set as text, never as markup.

function parse(svg) {
  const page = new DOMParser().parseFromString(svg, "image/svg+xml");
  return document.importNode(page.documentElement, true);
}

function index(svg, name) {
  const found = new Map();
  for (const element of svg.querySelectorAll(`[data-${name}]`)) {
    const key = element.getAttribute(`data-${name}`);
    if (!found.has(key)) found.set(key, []);
    found.get(key).push(element);
  }
  return (key) => found.get(key) ?? [];
}

function set(element, attribute, value) {
  if (element.getAttribute(attribute) !== value) element.setAttribute(attribute, value);
}

function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
}

// In the notebook's command mode a letter pressed on a slider would act on the cell: x cuts it. Shortcuts with
// Ctrl, Alt or Cmd, and Shift+Enter, which runs the cell, still go on to the notebook.
function keep(event) {
  const shortcut = event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter");
  if (!shortcut) event.stopPropagation();
}

// A slider of the notebook's has no name of its own for those who listen: it gets that of the label beside it.
// The box has an empty label, which would hide its title.
function name(explorer) {
  for (const handle of explorer.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label")?.textContent;
    if (label) handle.setAttribute("aria-label", label);
  }
  for (const box of explorer.querySelectorAll("input[title]:not([aria-label])")) box.setAttribute("aria-label", box.title);
}

function render({ model, el }) {
  const frame = document.createElement("div");
  frame.className = "cg-view";
  const message = document.createElement("div");
  message.className = "cg-message";
  message.setAttribute("role", "alert");
  const picture = document.createElement("div");
  picture.className = "cg-frame";
  const said = document.createElement("div");
  said.className = "cg-said";
  said.setAttribute("aria-live", "polite");
  const notice = document.createElement("div");
  notice.className = "cg-notice";
  notice.setAttribute("role", "status");
  frame.append(message, picture, notice, said);
  el.append(frame);

  let slot, fill, title, node;

  function draw() {
    picture.replaceChildren();
    if (!model.get("svg")) return;
    const svg = parse(model.get("svg"));
    svg.style.minWidth = `${0.75 * svg.getAttribute("width")}px`;
    picture.append(svg);
    [slot, fill, title, node] = ["slot", "fill", "title", "node"].map((name) => index(svg, name));
    patch();
  }

  function patch() {
    if (!slot) return;
    for (const [key, [text, style, full]] of Object.entries(model.get("slots"))) {
      for (const element of slot(key)) {
        write(element, text);
        set(element, "class", `cg-slot ${style}`);
      }
      for (const element of fill(key)) set(element, "class", `cg-fill ${style}`);
      for (const element of title(key)) write(element, full);
    }
    for (const [key, caption] of Object.entries(model.get("captions"))) {
      for (const element of node(key)) set(element, "aria-label", caption);
    }
  }

  function tell() {
    write(message, model.get("message"));
    write(notice, model.get("notice"));
    frame.classList.toggle("cg-old", model.get("old"));
    write(said, model.get("said"));
  }

  // The whole explorer is in the page only after this view has been made: then keep its keys and name its sliders,
  // those that come later too. (The picture is not watched: it has no sliders, and changes often.)
  const rows = new MutationObserver((changes) => changes.forEach((change) => name(change.target)));
  const arrival = new ResizeObserver(() => {
    const explorer = el.closest(".cg-explorer");
    (explorer ?? frame).addEventListener("keydown", keep);
    for (const part of explorer?.children ?? []) {
      if (!part.contains(frame)) rows.observe(part, { childList: true, subtree: true });
    }
    if (explorer) name(explorer);
    arrival.disconnect();
  });
  arrival.observe(frame);

  const listeners = { "change:svg": draw, "change:slots": patch, "change:captions": patch };
  for (const name of ["message", "old", "notice", "said"]) listeners[`change:${name}`] = tell;
  for (const [event, act] of Object.entries(listeners)) model.on(event, act);
  draw();
  tell();
  return () => {
    arrival.disconnect();
    rows.disconnect();
    for (const [event, act] of Object.entries(listeners)) model.off(event, act);
    frame.remove();
  };
}

export default { render };
