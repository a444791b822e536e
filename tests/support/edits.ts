// Random edits of a text as people make them, for tests of what is kept from version to version.

/** A number from 0 up to but without `limit`. */
export type Random = (limit: number) => number;

/** One to three changes as people make them: of words, of lines, of white space. */
export function edited(text: string, random: Random): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) result = changed(result, random);
  return result;
}

/** One change after which the text may well be right still. */
export function touched(text: string, random: Random): string {
  const words = [...text.matchAll(/\b[a-z]\w*\b/g)];
  const numbers = [...text.matchAll(/\b\d+\b/g)];
  const lines = text.split('\n');
  const line = random(lines.length);
  const word = words[random(words.length)];
  switch (random(7)) {
    case 0: return replaced(text, numbers[random(numbers.length)], `${random(4)}`);
    case 1: return replaced(text, word, words[random(words.length)]?.[0] ?? '');
    case 2: return insert(text, text.indexOf('\n', random(text.length)), '\n// one more line');
    case 3: return text.replaceAll(/"[^"\n]*"/g, (all) =>
      (random(3) === 0 ? `"one more ${all.slice(1)}` : all));
    case 4: return lines.filter((_, i) => i !== line).join('\n');
    case 5: return [...lines.slice(0, line), ...lines.slice(line - 1)].join('\n');
    default: { // Another name.
      const name = word?.[0] ?? 'x';
      return text.replaceAll(new RegExp(`\\b${name}\\b`, 'g'), `${name}_`);
    }
  }
}

function replaced(text: string, found: RegExpMatchArray | undefined, by: string): string {
  const start = found?.index;
  if (found === undefined || start === undefined) return text;
  return text.slice(0, start) + by + text.slice(start + found[0].length);
}

const PIECES = ['\n\n', '// note\n', ' x', '{', '}', 'if ', ' = ', '/* ', '"', '  release ptl\n',
  'lock more: mutex\n', 'shared more: 0..9 = 3\n', 'order a -> b\n', 'proc more() { return }\n'];

function changed(text: string, random: Random): string {
  const words = [...text.matchAll(/\b\w+\b/g)];
  const word = words[random(words.length)];
  const other = words[random(words.length)]?.[0] ?? 'x';
  const lines = text.split('\n');
  const line = random(lines.length);
  switch (random(8)) {
    case 0: return insert(text, random(text.length), PIECES[random(PIECES.length)] ?? '');
    case 1: return lines.filter((_, i) => i !== line).join('\n');
    case 2: return [...lines.slice(0, line), ...lines.slice(line - 1)].join('\n');
    case 3: return [lines[line] ?? '', ...lines.filter((_, i) => i !== line)].join('\n');
    case 4: return word === undefined ? text : text.replaceAll(word[0], `${word[0]}_`);
    case 5: return word === undefined ? text
      : text.slice(0, word.index) + other + text.slice(word.index + word[0].length);
    case 6: return text.replace(/\d+/g, (digits) => (random(12) === 0 ? `${random(4)}` : digits));
    default: return insert(text, text.indexOf('\n', random(text.length)), '\n// one more line');
  }
}

function insert(text: string, at: number, piece: string): string {
  return text.slice(0, Math.max(0, at)) + piece + text.slice(Math.max(0, at));
}
