// A view among the widgets and the keys of the notebook.

// In the notebook's command mode a letter pressed on a slider would act on the cell: x cuts it. Shortcuts with
// Ctrl, Alt or Cmd, and Shift+Enter, which runs the cell, still go on to the notebook.
/** @param {View} view @returns {() => void} how to leave it */
export function adapt(view) {
  // The whole explorer is in the page only after this view has been made: then keep its keys and name its sliders,
  // those that come later too. (The picture is not watched: it has no sliders, and changes often.)
  const rows = new MutationObserver((changes) => changes.forEach((change) => nameHandles(change.target)));
  /** @type {any} */
  let kept;
  /** @param {any} event */
  const ours = (event) => !(event.ctrlKey || event.metaKey || event.altKey || (event.shiftKey && event.key === "Enter"));
  /** @param {any} event */
  const hold = (event) => ours(event) && event.stopPropagation();
  // Notebook 7 takes a key before the element hears of it, unless the element says that it is not for the notebook.
  /** @param {any} event */
  const claim = (event) => kept?.contains(event.target) && event.target.toggleAttribute("data-lm-suppress-shortcuts", ours(event));
  window.addEventListener("keydown", claim, true);
  const arrival = new ResizeObserver(() => {
    const explorer = view.el.closest(".cg-explorer");
    kept = explorer ?? view.el;
    kept.addEventListener("keydown", hold);
    for (const part of explorer?.children ?? []) {
      if (!part.contains(view.el)) rows.observe(part, { childList: true, subtree: true });
    }
    if (explorer) nameHandles(explorer);
    arrival.disconnect();
  });
  arrival.observe(view.el);
  return () => {
    arrival.disconnect();
    rows.disconnect();
    window.removeEventListener("keydown", claim, true);
    kept?.removeEventListener("keydown", hold);
  };
}

// A slider of the notebook's has no name of its own for those who listen: it gets that of the label beside it.
// The box has an empty label, which would hide its title.
/** @param {any} explorer */
function nameHandles(explorer) {
  for (const handle of explorer.querySelectorAll(".noUi-handle:not([aria-label])")) {
    const label = handle.closest(".jupyter-widgets")?.querySelector(".widget-label")?.textContent;
    if (label) handle.setAttribute("aria-label", label);
  }
  for (const box of explorer.querySelectorAll("input[title]:not([aria-label])")) box.setAttribute("aria-label", box.title);
}
