// What the output of a cell does by itself: it is a picture, and stays one where no script runs. It may be in the page
// before its widget or after it; whoever can show more than the picture finds it in `cgvizOutputs`, and takes it over.

const ALONE = 1500;

// `said` is for where only a widget can do more; `compute` is how the page shows it, where it can. The answer is the
// output.
/** @type {(me: any, said: string, compute?: (place: HTMLElement) => Promise<any>) => any} */
export function wake(me, said, compute) {
  const box = me.parentElement;
  const outputs = (/** @type {any} */ (globalThis).cgvizOutputs ??= { living: new Map(), boxes: new Set(), codes: new Map() });
  const still = [...box.childNodes].filter((node) => node !== me);
  const sentence = Object.assign(document.createElement("p"), { className: "cg-remark", textContent: said });
  box.cgviz = { still, compute, explain: () => said && setTimeout(() => box.cgviz.shown || box.append(sentence), ALONE) };
  outputs.boxes.add(new WeakRef(box));
  const living = outputs.living.get(box.dataset.cgviz);
  if (living) living.take(box);
  else box.cgviz.explain();
  return box;
}
