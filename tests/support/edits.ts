// Random edits of a text as people make them, for tests of what is kept from version to version.

/** A number from 0 up to but without `limit`. */
export type Random = (limit: number) => number;

/** One to three changes as people make them: of words, of lines, of white space. */
export function edited(text: string, random: Random): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) result = changed(result, random);
  return result;
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
