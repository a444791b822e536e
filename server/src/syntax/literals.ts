// Numbers, sizes, durations and strings: from the token's text to its value, or what is wrong.

export type Literal<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly message: string };

const SUFFIX: Readonly<Record<string, number>> = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 };
const UNIT_NS: Readonly<Record<string, number>> = { ns: 1, us: 1e3, ms: 1e6, s: 1e9 };

function bad(message: string): { readonly ok: false; readonly message: string } {
  return { ok: false, message };
}

/** `42`, `0x2a`, `4K`: at most 2^53 - 1, beyond which a double no longer holds every integer. */
export function readInteger(text: string): Literal<{ value: number; size: boolean }> {
  const match = /^(?:(0[xX])([0-9a-fA-F]+)|([0-9]+)([KMG])?)$/.exec(text);
  if (match === null) return bad(whyNoInteger(text));
  const [, prefix, hex, digits, suffix] = match;
  const value = prefix === undefined
    ? Number(digits) * (suffix === undefined ? 1 : SUFFIX[suffix] ?? 1)
    : Number(`0x${hex}`);
  if (!Number.isSafeInteger(value)) {
    return bad(`\`${text}\` is too large; the largest number is 2^53 - 1`);
  }
  return { ok: true, value: { value, size: suffix !== undefined } };
}

function whyNoInteger(text: string): string {
  if (/^0[xX]/.test(text)) return `\`${text}\` is no number; behind 0x stand digits 0-9 and a-f`;
  const suffix = /^[0-9]+([A-Za-z_].*)$/.exec(text)?.[1] ?? '';
  if (/^[kmgtKMGT]i?[bB]?$/.test(suffix)) {
    return `\`${text}\` has the suffix \`${suffix}\`; sizes end in K, M or G`;
  }
  if (/^(n|u|m|sec|secs|min|h|NS|US|MS|S)$/.test(suffix)) {
    return `\`${text}\` has the unit \`${suffix}\`; durations end in ns, us, ms or s`;
  }
  return `\`${text}\` is no number; a name starts with a letter or \`_\``;
}

/** `120ns`, `0.5us`: in nanoseconds. */
export function readDuration(text: string): Literal<number> {
  const match = /^([0-9]+(?:\.[0-9]+)?)(ns|us|ms|s)$/.exec(text);
  if (match === null) {
    const unit = /^[0-9.]+(.*)$/.exec(text)?.[1] ?? '';
    return unit === ''
      ? bad(`\`${text}\` has a fraction but no unit; only durations (ns, us, ms, s) may have one`)
      : bad(`\`${text}\` has the unit \`${unit}\`; durations end in ns, us, ms or s`);
  }
  const ns = Number(match[1]) * (UNIT_NS[match[2] ?? ''] ?? 1);
  // 0.1us is 100.00000000000001 in doubles; a thousandth of a nanosecond is finer than any step.
  const rounded = Math.round(ns * 1000) / 1000;
  if (!Number.isSafeInteger(Math.floor(rounded))) {
    return bad(`\`${text}\` is too long; the longest duration is 2^53 - 1 ns (104 days)`);
  }
  return { ok: true, value: rounded };
}

/** The content of a string token; the closing quote may lack. */
export function readString(token: string): { value: string; closed: boolean } {
  let value = '';
  for (let i = 1; i < token.length; i++) {
    const char = token[i] ?? '';
    if (char === '"') return { value, closed: true };
    const next = token[i + 1];
    if (char === '\\' && (next === '"' || next === '\\')) {
      value += next;
      i++;
    } else {
      value += char;
      // An escape that means nothing stands for itself, its next character included.
      if (char === '\\' && next !== undefined) {
        value += next;
        i++;
      }
    }
  }
  return { value, closed: false };
}
