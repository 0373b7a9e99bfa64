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
  frame.append(message, picture, said);
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
    frame.classList.toggle("cg-old", Boolean(model.get("message")));
    write(said, model.get("said"));
  }

  // The whole explorer is in the page only after this view has been made: then keep its keys.
  const arrival = new ResizeObserver(() => {
    (el.closest(".cg-explorer") ?? frame).addEventListener("keydown", keep);
    arrival.disconnect();
  });
  arrival.observe(frame);

  const listeners = { "change:svg": draw, "change:slots": patch, "change:captions": patch };
  for (const name of ["message", "said"]) listeners[`change:${name}`] = tell;
  for (const [event, act] of Object.entries(listeners)) model.on(event, act);
  draw();
  tell();
  return () => {
    arrival.disconnect();
    for (const [event, act] of Object.entries(listeners)) model.off(event, act);
    frame.remove();
  };
}

export default { render };
