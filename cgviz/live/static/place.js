// The place of a widget in the output of a cell. It shows the kernel's widget where that lives; else what the page can
// compute; else the picture. It may be cleared at any time, or be put aside for a while.

const ASIDE = 60000; // a cell that is so long out of the page gives back what it took

/** @type {() => { living: Map<string, any>, boxes: Set<WeakRef<any>> }} */
export const findOutputs = () => /** @type {any} */ (globalThis).cgvizOutputs ??= { living: new Map(), boxes: new Set(), codes: new Map() };

class Place {
  /** @param {any} box */
  constructor(box) {
    /** @type {any} */
    this.timer = this.turn = this.source = undefined;
    this.box = box;
    this.away = false;
    new ResizeObserver(() => this.follow()).observe(box);
  }

  // Show what there is now; a later turn overtakes.
  async choose() {
    const { box } = this;
    const living = findOutputs().living.get(box.dataset.cgviz);
    if (box.cgviz.shown && this.source === living) return;
    const turn = (this.turn = {});
    if (this.away) return this.forget();
    const place = document.createElement("div");
    let next;
    for (const show of [living, box.cgviz.compute]) {
      if (next || turn !== this.turn) break;
      try {
        next = await show?.(place);
      } catch (error) {
        console.warn("cgviz: a picture stays a picture:", error);
      }
    }
    if (turn !== this.turn) return next?.close();
    box.cgviz.shown?.close();
    box.cgviz.shown = next;
    this.source = living;
    box.replaceChildren(...(next ? [place] : box.cgviz.still));
    if (next) next.enter?.();
    else box.cgviz.explain();
  }

  forget() {
    const { box } = this;
    this.turn = {};
    box.cgviz.shown?.close();
    box.cgviz.shown = undefined;
    box.replaceChildren(...box.cgviz.still);
  }

  // The output has another size: it may have left the page, or have come back.
  follow() {
    const { box } = this;
    if (this.away === !box.isConnected) return;
    this.away = !box.isConnected;
    clearTimeout(this.timer);
    if (!this.away && box.cgviz.shown) box.cgviz.shown.enter?.();
    else if (!this.away) this.choose();
    else {
      box.cgviz.shown?.leave?.();
      // JupyterLab puts a cell that is out of sight aside, and brings it back; an output that is cleared goes alone.
      if (box.getRootNode().classList?.contains("jp-Cell")) this.timer = setTimeout(() => this.forget(), ASIDE);
      else this.forget();
    }
  }
}

// Take an output over, or let who has taken it look again.
/** @param {any} box */
export function take(box) {
  box.cgviz.place ??= new Place(box);
  box.cgviz.place.choose();
}
