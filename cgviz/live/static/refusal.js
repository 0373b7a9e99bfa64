// What a page says of numbers, and what it says of itself.

// A sentence about the graph, or about what was typed, for those who read. Whatever else is thrown is a fault of the page.
export class Refusal extends Error {
  /** @type {Error | undefined} */
  failure = undefined; // what an operation threw
}
