// A style sheet that many views wear: it stands once in the document, or in the shadow root that a host gives to a view.

/** @param {HTMLElement} el @param {string | undefined} text */
export function wear(el, text) {
  const root = el.getRootNode();
  const home = root instanceof ShadowRoot ? root : document.head;
  if (!text || [...home.querySelectorAll(".cg-style")].some(({ textContent }) => textContent === text)) return;
  home.append(Object.assign(document.createElement("style"), { className: "cg-style", textContent: text }));
}
