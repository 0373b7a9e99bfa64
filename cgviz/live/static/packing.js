// What a page or an output brings along is packed, as cgviz/live/page_numbers.py does it.

/** @param {string} text */
export async function unpack(text) {
  const bytes = Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
  return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"))).text();
}
