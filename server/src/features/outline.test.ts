// Symbols, semantic tokens, definitions, references and folding of the sample.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot } from '../service/testing.ts';
import { documentSymbols, type DocumentSymbol } from './document-symbols.ts';
import { definition, foldings, references } from './references.ts';
import { semanticTokens } from './semantic-tokens.ts';
import { placed, SAMPLE } from './testing.ts';

function outline(symbols: readonly DocumentSymbol[]): readonly string[] {
  return symbols.flatMap(({ name, kind, children }) =>
    [`${kind} ${name}`, ...outline(children).map((line) => `  ${line}`)]);
}

test('symbols nest', () => {
  assert.deepEqual(outline(documentSymbols(freshSnapshot(SAMPLE))), [
    'param PAGES', 'type page', 'lock mmap_sem', 'lock ptl',
    'enum vma_state', '  member attached', '  member detached',
    'enum pte_state', '  member none', '  member file_page', '  member zero_page',
    'shared vma', 'shared pte',
    'thread munmap', '  step find and split vmas', '  label zap',
    'thread fault', 'property nothing_left', 'scenario one_fault',
  ]);
});

test('the selection of a symbol lies inside it', () => {
  const all = (symbols: readonly DocumentSymbol[]): readonly DocumentSymbol[] =>
    symbols.flatMap((each) => [each, ...all(each.children)]);
  for (const { range, selection, name } of all(documentSymbols(freshSnapshot(SAMPLE)))) {
    assert.ok(range.start <= selection.start && selection.end <= range.end, name);
  }
});

function checkTokens(line: string, expected: string): void {
  test(`tokens of ${line.trim()}`, () => {
    const snapshot = freshSnapshot(SAMPLE);
    const start = SAMPLE.indexOf(line);
    assert.ok(start >= 0);
    const tokens = semanticTokens(snapshot, { start, end: start + line.length })
      .filter((token) => token.start >= start);
    const told = tokens.map(({ start: from, end, type, modifiers }) =>
      [SAMPLE.slice(from, end), type, ...modifiers].join(' '));
    assert.equal(told.join(', '), expected);
  });
}

checkTokens('lock ptl: spinlock', 'lock keyword, ptl lock declaration, spinlock keyword');
checkTokens('  acquire write mmap_sem', 'acquire keyword, write keyword, mmap_sem lock');
checkTokens('    pte[i] = none  takes 120ns', 'pte variable modification, i variable, '
  + 'none enumMember readonly, takes keyword, 120ns number');
checkTokens('  step "find and split vmas"', 'step keyword, "find and split vmas" string');
checkTokens('/// Guards the tree of *vmas*.', '/// Guards the tree of *vmas*. comment');
checkTokens('  fault(0)\n', 'fault function, 0 number');

test('tokens are in order and do not overlap', () => {
  const tokens = semanticTokens(freshSnapshot(SAMPLE));
  for (const [i, { start, end }] of tokens.entries()) {
    assert.ok(start < end && (tokens[i - 1]?.end ?? 0) <= start);
  }
});

function checkDefinition(marked: string, expected: string): void {
  test(`definition of ${marked.trim()}`, () => {
    const { text, offset } = cursor(placed(marked));
    const found = definition(freshSnapshot(text), offset);
    assert.ok(found !== null);
    assert.equal(text.slice(found.full.start, found.full.end).split('\n')[0], expected);
  });
}

checkDefinition('    acquire p<|>tl\n    pte[i]', 'lock ptl: spinlock');
checkDefinition('  fau<|>lt(0)', 'thread fault(p: page) -> content | sigsegv | never zero {');
checkDefinition('    pte[i] = no<|>ne', 'none');

test('references are all that mean the same, and nothing else', () => {
  const { text, offset } = cursor(placed('lock p<|>tl: spinlock'));
  const found = references(freshSnapshot(text), offset);
  assert.deepEqual(found.map(({ range }) => text.slice(range.start, range.end)),
    Array<string>(found.length).fill('ptl'));
  assert.equal(found.length, 6);
});

test('what spans lines can be folded', () => {
  const snapshot = freshSnapshot(SAMPLE);
  const lines = foldings(snapshot).map(({ start }) => snapshot.lines.position(start).line + 1);
  assert.deepEqual([...new Set(lines)], [14, 19, 27, 29, 31, 42]);
});
