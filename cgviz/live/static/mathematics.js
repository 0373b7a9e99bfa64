// Formulas as mathematics sets them, from the plain text that is said and copied: fractions, powers and indices, in
// MathML, which browsers draw by themselves. What cannot be read as a formula stays text.

import { h } from "./elements.js";
import { typeset } from "./number.js";
import { ownOf } from "./state.js";

const MATH = "http://www.w3.org/1998/Math/MathML";
const GREEK = Object.fromEntries("alpha α beta β gamma γ delta δ epsilon ε zeta ζ eta η theta θ iota ι kappa κ lambda λ mu μ nu ν xi ξ pi π rho ρ sigma σ tau τ phi φ chi χ psi ψ omega ω Gamma Γ Delta Δ Theta Θ Lambda Λ Xi Ξ Pi Π Sigma Σ Phi Φ Psi Ψ Omega Ω".match(/\S+ \S+/g)?.map((pair) => pair.split(" ")) ?? []);
const NAME = new RegExp(`^(?!v\\d)(${Object.keys(GREEK).join("|")}|\\p{L})(?:_?(\\d+))?(?:\\^(\\(\\d+\\)))?$`, "u");
const WORD = /^[\p{L}_][\p{L}\p{N}_]*/u;
const NUMBER = /^(?:\d+(?:\.\d+)?(?:e[+-]?\d+)?|∞|NaN)/;
const BEYOND = /[\p{L}\p{N}_]/u;

/** @type {(tag: string, ...children: (Node | string)[]) => any} */
function m(tag, ...children) {
  const element = document.createElementNS(MATH, tag);
  element.append(...children);
  return element;
}

// Brackets keep the height of a letter: those that grow with a fraction shout.
/** @type {(open: string, inside: Element, close: string) => Element} */
function bracket(open, inside, close) {
  const signs = [m("mo", open), m("mo", close)];
  for (const sign of signs) sign.setAttribute("stretchy", "false");
  return m("mrow", signs[0], inside, signs[1]);
}

// A label: "theta_1" is θ with an index, "x^(1)" has one above; what has no such form stays as it is.
/** @type {(label: string) => Element} */
function writeName(label) {
  const [, base, low, high] = label.match(NAME) ?? [];
  if (!base) return m("mi", label);
  const [letters, ends] = [m("mi", ownOf(GREEK, base) ?? base), [low, high].filter(Boolean).map((text) => m("mn", text))];
  return ends.length ? m(low && high ? "msubsup" : low ? "msub" : "msup", letters, ...ends) : letters;
}

// The names in a formula in signs that need no markup, as boxes have them: "theta_1" is θ₁.
/** @type {(text: string) => string} */
export const setNames = (text) => text.replace(/[\p{L}_][\p{L}\p{N}_]*/gu, (label) => {
  const [, base, low = ""] = label.match(NAME) ?? [];
  return base ? (ownOf(GREEK, base) ?? base) + low.replace(/\d/g, (digit) => String.fromCharCode(0x2080 + Number(digit))) : label;
});

// A number; one with a power of ten is written out.
/** @type {(text: string, sign?: string) => Element} */
function writeNumber(text, sign = "") {
  const [digits, power] = text.split("e");
  if (power === undefined) return m("mn", sign + digits);
  const exponent = m("mn", String(Number(power)).replace("-", "−"));
  return m("mrow", m("mn", sign + digits), m("mo", "·"), m("msup", m("mn", "10"), exponent));
}

// The pieces of a text: { kind, text }, where names that are known are one piece each, whatever stands in them.
/** @type {(text: string, names: string[]) => TextPiece[]} */
function cut(text, names) {
  /** @type {TextPiece[]} */
  const found = [];
  let at = 0;
  while (at < text.length) {
    const rest = text.slice(at);
    /** @param {string} name */
    const ends = (name) => !(BEYOND.test(name.charAt(0)) && BEYOND.test(text[at - 1] ?? "")) && !(BEYOND.test(name.slice(-1)) && BEYOND.test(rest[name.length] ?? ""));
    const name = names.find((name) => rest.startsWith(name) && ends(name));
    const [word, number] = [rest.match(WORD)?.[0], BEYOND.test(text[at - 1] ?? "") ? undefined : rest.match(NUMBER)?.[0]];
    const piece = name ?? number ?? word ?? (rest.startsWith("+=") ? "+=" : rest.match(/^./su)?.[0] ?? rest);
    const kind = name ? "name" : number ? "number" : !word ? "sign" : rest[word.length] === "(" ? "function" : "word";
    found.push({ kind, text: piece });
    at += piece.length;
  }
  return found;
}

// Reads one formula, from loosely to tightly bound; throws where it is none.
class Reader {
  /** @param {TextPiece[]} pieces */
  constructor(pieces) {
    this.pieces = pieces.filter(({ text }) => text !== " ");
    this.tight = new Set(); // places of a bar without space around it: a derivative
    let k = -1;
    pieces.forEach(({ text }, i) => text !== " " && (k += 1) >= 0 && text === "/" && pieces[i - 1]?.text !== " " && this.tight.add(k));
    this.at = 0;
  }

  get next() { return this.pieces[this.at]?.text; }

  /** @param {string} text */
  take(text) {
    if (this.next !== text || this.pieces[this.at].kind === "name") return false;
    this.at += 1;
    return true;
  }

  /** @param {string} text */
  need(text) {
    if (!this.take(text)) throw new SyntaxError(`no ${text}`);
  }

  all() {
    const found = this.sum();
    if (this.at < this.pieces.length) throw new SyntaxError("more than a formula");
    return found.node;
  }

  /** @returns {Typeset} */
  sum() {
    /** @type {Typeset} */
    let found = this.product();
    for (let sign = this.next; this.take("+") || this.take("-"); sign = this.next) {
      const more = this.product();
      found = { node: m("mrow", found.node, m("mo", sign === "-" ? "−" : "+"), more.negative ? bracket("(", more.node, ")") : more.node) };
    }
    return found;
  }

  /** @returns {Typeset} */
  product() {
    /** @type {Typeset} */
    let found = this.signed();
    for (;;) {
      if (this.take("·")) {
        const more = this.signed();
        found = { ...found, node: m("mrow", found.node, m("mo", "·"), more.negative ? bracket("(", more.node, ")") : more.node), inside: undefined };
      } else if (this.next === "/" && !this.tight.has(this.at)) {
        this.at += 1;
        const more = this.signed();
        found = { node: m("mfrac", found.inside ?? found.node, more.inside ?? more.node) };
      } else return found;
    }
  }

  /** @returns {Typeset} */
  signed() {
    if (!this.take("-")) return this.power();
    const number = this.pieces[this.at];
    if (number?.kind === "number" && this.pieces[this.at + 1]?.text !== "^") {
      this.at += 1;
      return { node: writeNumber(number.text, "−"), negative: true };
    }
    return { node: m("mrow", m("mo", "−"), this.signed().node), negative: true };
  }

  /** @returns {Typeset} */
  power() {
    const found = this.atom();
    if (this.take("²")) return { node: m("msup", found.node, m("mn", "2")) };
    if (!this.take("^")) return found;
    const above = this.signed();
    return { node: m("msup", found.node, above.inside ?? above.node) };
  }

  /** @returns {Typeset} */
  atom() {
    if (this.take("∂")) return this.partial();
    for (const [open, close] of [["(", ")"], ["|", "|"], ["[", "]"]]) {
      if (!this.take(open)) continue;
      let inside = this.sum().node;
      const sign = this.next;
      if (open === "[" && [">", "≥", "<", "≤"].some((one) => this.take(one))) inside = m("mrow", inside, m("mo", sign), this.sum().node);
      this.need(close);
      return { node: bracket(open, inside, close), ...(open === "(" ? { inside } : {}) };
    }
    const { kind, text } = this.pieces[this.at] ?? {};
    this.at += 1;
    if (kind === "name") return { node: writeName(text) };
    if (kind === "number") return { node: writeNumber(text) };
    if (kind !== "function") throw new SyntaxError(`no formula at ${text}`);
    this.need("(");
    const inside = [this.sum().node];
    while (this.take(",")) inside.push(m("mo", ","), this.sum().node);
    this.need(")");
    return { node: m("mrow", m("mi", text), m("mo", "\u2061"), bracket("(", m("mrow", ...inside), ")")) };
  }

  // ∂y/∂x; without a bar, ∂y alone.
  /** @returns {Typeset} */
  partial() {
    const above = m("mrow", m("mo", "∂"), this.atom().node);
    if (!this.tight.has(this.at)) throw new SyntaxError("no derivative");
    this.at += 1;
    this.need("∂");
    return { node: m("mfrac", above, m("mrow", m("mo", "∂"), this.atom().node)) };
  }
}

const BETWEEN = new Set(["=", "≈", "+=", ":", "→", ";", "'", "\"", "…"]);

// The parts of a sentence: formulas as lists of pieces, and as text what stands between them.
/** @type {(text: string, names: string[]) => (string | TextPiece[])[]} */
function parts(text, names) {
  /** @type {any[]} */
  const found = [];
  /** @type {any[]} */
  let now = [];
  let depth = 0;
  const end = () => {
    const blank = now.at(-1)?.text === " " ? now.pop().text : "";
    found.push(...[now, blank].filter(({ length }) => length));
    now = [];
  };
  const pieces = cut(text, names);
  pieces.forEach((piece, i) => {
    const { kind, text } = piece;
    if (kind === "sign") depth += Number("([".includes(text)) - Number(")]".includes(text));
    const between = kind === "word" || (kind === "sign" && (BETWEEN.has(text) || (text === "," && !depth) || (text === "." && i === pieces.length - 1)));
    if (between) end();
    if (between || (text === " " && !now.length)) found.push(text);
    else now.push(piece);
  });
  end();
  return found;
}

// A sentence, set as mathematics where it is a formula: what is said, and copied, stays the plain text.
/** @type {(text: string, called: Iterable<string>) => Node[]} */
export function setMathematics(text, called) {
  const names = [...new Set(called)].filter((name) => /\S/.test(name) && !NUMBER.test(name)).sort((a, b) => b.length - a.length);
  const shown = h("span", { class: "cg-math", "aria-hidden": "true" });
  for (const part of parts(text, names)) {
    const { lastChild } = shown;
    if (typeof part === "string" && lastChild instanceof Element && /^[,.;:]/.test(part)) shown.append(h("span", { class: "cg-joined" }, lastChild, part)); // no line begins with these
    else if (typeof part === "string") shown.append(typeset(part));
    else {
      try {
        shown.append(m("math", new Reader(part).all()));
      } catch (error) {
        if (!(error instanceof SyntaxError)) throw error;
        shown.append(typeset(part.map(({ text }) => text).join("")));
      }
    }
  }
  return [h("span", { class: "cg-plain" }, text), shown];
}
