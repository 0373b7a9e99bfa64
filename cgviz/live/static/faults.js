// Where the page itself fails: said in a sentence, for as long as it is so, and in the console.

const ANSWERING = "an answer to what was done";

export class Faults {
  /** @param {() => void} changed */
  constructor(changed) {
    /** @type {Record<string, string>} */
    this.sentences = {}; // by what the page has failed at
    this.changed = changed;
  }

  // Do something; where it fails, everything else goes on.
  /** @type {(what: string, act: () => void) => void} */
  guard(what, act) {
    try {
      act();
    } catch (error) {
      return this.note(what, error);
    }
    this.forget(what);
  }

  forget(what = ANSWERING) {
    if (!(what in this.sentences)) return;
    delete this.sentences[what];
    this.changed();
  }

  /** @type {(what: string, error: any) => void} */
  note(what, error) {
    console.error(`cgviz: the page failed at ${what}:`, error);
    this.sentences[what] = `The page failed at ${what}: ${error.message}.`;
    this.changed();
  }

  // Before the sentence that there is to say anyway.
  /** @param {string} message */
  before(message) {
    return [...Object.values(this.sentences), message].filter(Boolean).join(" ");
  }

  // Listen to an element that was not made by `h`. What is told then stays until a slider moves or a tool is opened.
  /** @type {(element: Element, event: string, act: (event: any) => void, options?: any) => void} */
  listen(element, event, act, options) {
    element.addEventListener(event, (event) => {
      try {
        act(event);
      } catch (error) {
        this.note(ANSWERING, error);
      }
    }, options);
  }

  // What is thrown by listeners within an element; those made by `h` tell it by an event.
  /** @param {HTMLElement} element */
  watch(element) {
    element.addEventListener("cg-fault", (/** @type {any} */ event) => {
      event.preventDefault();
      this.note(ANSWERING, event.detail);
    });
  }
}
