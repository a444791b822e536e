// The formatter on whole files: the repository's own are in order, and whatever white space a text
// has, formatting changes nothing else, says the same at the second time, and finds back.
// FORMAT_SEED and FORMAT_COUNT choose among the random specs.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { formatted } from '../server/src/service/formatting.ts';
import { randomSpec } from './differential/spec.ts';
import { randomFrom } from './oracle/random.ts';
import { ROOT, theParser } from './support/checking.ts';

const seed = Number(process.env['FORMAT_SEED'] ?? 1);
const count = Number(process.env['FORMAT_COUNT'] ?? 60);
const parser = await theParser();

const FILES = ['examples', 'library'].flatMap((folder) =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.mmlock')).map((path) => join(folder, path)));

function inOrder(text: string): string {
  return formatted(parser, text).text;
}

/** Each token with what the grammar makes of it, by where it stands. */
function tokens(text: string): readonly string[] {
  const syntax = parser.parse(text);
  const leaves = parser.leaves(syntax);
  syntax.dispose();
  return leaves.map(({ start, end, type, parent }) =>
    `${parent} ${type} ${text.slice(start, end).trimEnd()}`);
}

/** Other white space wherever there may be some. */
function disordered(text: string, random: ReturnType<typeof randomFrom>): string {
  const syntax = parser.parse(text);
  const leaves = parser.leaves(syntax);
  syntax.dispose();
  let result = '';
  for (const [i, { start, end }] of leaves.entries()) {
    const before = leaves[i - 1];
    const gap = text.slice(before?.end ?? 0, start);
    const isAfterComment = before?.type.endsWith('_comment') === true;
    result += isAfterComment ? '\n'.repeat(1 + random.below(3)) + ' '.repeat(random.below(5))
      : random.pick([gap, gap, `${gap} \t`, `\n${' '.repeat(random.below(5))}`,
        gap === '' ? '' : ' ', gap === '' ? '' : '\n\n\n']);
    result += text.slice(start, end);
  }
  return result;
}

for (const path of FILES) {
  const text = readFileSync(join(ROOT, path), 'utf8');
  test(`${path} is in order`, () => assert.equal(inOrder(text), text));
  test(`${path} finds back`, () => {
    const code = text.split('\n').filter((line) => !line.startsWith('//')
      || line.startsWith('///')).join('\n');
    const flush = code.split('\n').map((line) => line.trimStart()).join('\n');
    assert.equal(inOrder(flush), inOrder(code));
  });
}

test('formatting changes nothing but white space', () => {
  const specs = Array.from({ length: count }, (_, i) => randomSpec(seed + i));
  const texts = [...FILES.map((path) => readFileSync(join(ROOT, path), 'utf8')), ...specs];
  for (const [i, text] of texts.entries()) {
    const name = FILES[i] ?? `FORMAT_SEED=${seed + i - FILES.length} FORMAT_COUNT=1`;
    const random = randomFrom(seed + i);
    for (const messy of [text, disordered(text, random), disordered(text, random)]) {
      const tidy = inOrder(messy);
      assert.deepEqual(tokens(tidy), tokens(messy), name);
      assert.equal(inOrder(tidy), tidy, `${name}: a second time`);
    }
  }
});
