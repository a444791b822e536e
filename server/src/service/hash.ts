// The fingerprint of a text.

/** 128 bits and the length: that two texts of a session meet is out of the question. */
export function fingerprint(text: string): string {
  let [a, b, c, d] = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9, 0x6a09e667];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
    c = Math.imul((c << 5) ^ (c >>> 3) ^ code, 0x85ebca6b);
    d = Math.imul((d << 7) ^ (d >>> 9) ^ code, 0xc2b2ae35);
  }
  const word = (x: number, y: number): string =>
    (Math.imul(x ^ (x >>> 16), 0x21f0aaad) ^ Math.imul(y ^ (y >>> 15), 0x735a2d97)).toString(36);
  return [word(a, b), word(b, c), word(c, d), word(d, a), text.length].join('.');
}
