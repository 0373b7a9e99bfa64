// What the output of a cell does by itself. It is a picture, and stays one where no script runs. Where the kernel's
// widget lives, it shows that; else what the page can compute, if it brings what that takes; else a sentence says what
// to do. It may be there before its widget or after it, and be cleared at any time, or be put aside for a while.

const LATE = 120; // a widget that has just been made comes before that
const ALONE = 1500;
const ASIDE = 60000; // a cell that is so long out of the page gives back what it took

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return JSON.parse(await new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
}

// The script and the style of a page's own views, once for all outputs that bring the same.
async function load(code) {
  const { script, style, tools } = await unpack(code);
  const address = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
  const show = (await import(address)).default;
  URL.revokeObjectURL(address);
  const sheet = document.createElement("style");
  sheet.textContent = style;
  document.head.append(sheet);
  return (place, numbers, svg) => show(place, numbers, svg, tools);
}

// `said` is for where neither a widget nor the page can do anything; `key`, `code` and `numbers` are what the page needs.
/** @type {(me: any, said: string, key?: string, code?: string, numbers?: string) => void} */
export function wake(me, said, key, code, numbers) {
  const box = me.parentElement;
  /** @type {{ living: Map<string, any>, boxes: Set<WeakRef<any>>, codes: Map<any, any> }} */
  const outputs = (/** @type {any} */ (globalThis).cgvizOutputs ??= { living: new Map(), boxes: new Set(), codes: new Map() });
  const still = [...box.childNodes].filter((node) => node !== me);
  const svg = [...box.querySelectorAll("svg")].at(-1);
  /** @type {any} */
  let shown, turn, timer, away;

  async function compute(place) {
    if (!numbers || !svg) return;
    if (!outputs.codes.has(key)) outputs.codes.set(key, load(code));
    const show = await outputs.codes.get(key);
    return show(place, await unpack(numbers), new XMLSerializer().serializeToString(svg));
  }

  // Show what there is now; a later turn overtakes.
  async function choose(wait = 0) {
    if (away) return forget();
    const mine = (turn = {});
    if (!outputs.living.has(box.dataset.cgviz)) await pause(wait);
    const place = document.createElement("div");
    let next;
    for (const show of [outputs.living.get(box.dataset.cgviz), compute]) {
      if (next || mine !== turn) break;
      try {
        next = await show?.(place);
      } catch (error) {
        console.warn("cgviz: a picture stays a picture:", error);
      }
    }
    if (mine !== turn) return next?.close();
    shown?.close();
    shown = next;
    box.replaceChildren(...(next ? [place] : still));
    shown?.enter?.();
    if (!next) explain(mine);
  }

  async function explain(mine) {
    await pause(ALONE);
    if (mine === turn) box.append(Object.assign(document.createElement("p"), { className: "cg-remark", textContent: said }));
  }

  function forget() {
    turn = {};
    shown?.close();
    shown = undefined;
    box.replaceChildren(...still);
  }

  // Called whenever the output has another size, so also when it leaves the page and when it comes back.
  function follow() {
    if (away === !box.isConnected) return;
    away = !box.isConnected;
    clearTimeout(timer);
    if (!away && shown) shown.enter?.();
    else if (!away) choose();
    else {
      shown?.leave?.();
      // JupyterLab puts a cell that is out of sight aside, and brings it back; an output that is cleared goes alone.
      if (box.getRootNode().classList?.contains("jp-Cell")) timer = setTimeout(forget, ASIDE);
      else forget();
    }
  }

  away = false;
  box.cgviz = () => choose();
  outputs.boxes.add(new WeakRef(box));
  new ResizeObserver(follow).observe(box);
  choose(LATE);
}
