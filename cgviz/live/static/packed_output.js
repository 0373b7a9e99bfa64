// An output that brings what the page needs to compute by itself: the code, once for all that bring the same, and numbers.

import { wake } from "./output.js";
import { unpack } from "./packing.js";
import { wear } from "./stylesheet.js";

const LATE = 200; // in a notebook; a widget that has just been made comes before that

/** @param {string} code */
async function load(code) {
  const { script, style, tools } = JSON.parse(await unpack(code));
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const found = (await import(address)).default;
  URL.revokeObjectURL(address);
  wear(document.head, style);
  return { ...found, tools };
}

/** @type {(me: any, said: string, key: string, code: string, numbers: string) => void} */
export function wakePacked(me, said, key, code, numbers) {
  const svg = [...me.parentElement.querySelectorAll("svg")].at(-1);
  const bring = () => {
    const { codes } = /** @type {any} */ (globalThis).cgvizOutputs;
    if (!codes.has(key)) codes.set(key, load(code));
    return codes.get(key);
  };
  const box = wake(me, said, async (place) => {
    const { show, tools } = await bring();
    return show(place, JSON.parse(await unpack(numbers)), new XMLSerializer().serializeToString(svg), tools);
  });
  setTimeout(async () => {
    if (box.cgviz.place) return; // taken over
    try {
      (await bring()).take(box);
    } catch (error) {
      console.warn("cgviz: this page does not run the picture's script, so it stays a picture.", error);
    }
  }, box.closest(".jp-Notebook") ? LATE : 0);
}
