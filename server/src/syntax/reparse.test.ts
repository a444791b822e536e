// Any text at all: random edits (incremental equals fresh), every prefix, noise, deep nesting.
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { MAX_TEXT_LENGTH, type Syntax, type SyntaxParser } from './parse.ts';
import { MAX_NESTING, Reader } from './reader.ts';
import { copyShape, lackingClose, type Shape } from './shape.ts';
import { damage } from './damage.ts';
import {
  loadParser, loadTreeSitter, randomFrom, readExamples, readSample,
} from './testing/load.test.ts';

let parser: SyntaxParser;
before(async () => {
  parser = await loadParser();
});

const SAMPLES = ['every-construct', 'words-as-names'].map(readSample);
const PIECES = [
  '{', '}', '(', ')', '[', ']', '"', '\n', ' ', ';', ':', ',', '.', '..', '=', '==', '=>', '->',
  '|', '&&', '@', '/*', '*/', '//', '/// doc\n', '\\', 'x', 'at', 'new', 'held', 'read', 'takes',
  'thread t', 'lock l: mutex\n', 'if x {', 'else', 'acquire m\n', 'for i in', 'forall i in',
  'scenario s {', 'expect', '12', '4K', '1.5us', '0x', 'nested', 'any', 'shared', 'flags',
  'é', '😀',
];

/** Everything of a `Syntax` that others see. */
function seen({ file, problems, text }: Syntax): string {
  return JSON.stringify({ file, problems, text });
}

test('an edited text is read as a fresh one', () => {
  const random = randomFrom(7);
  for (const sample of [...SAMPLES, ...readExamples()]) {
    let syntax = parser.parse(sample, 'f');
    for (let i = 0; i < 40; i++) {
      const text = i % 8 === 7 ? sample : edited(syntax.text, random);
      const fresh = parser.parse(text, 'f');
      syntax = parser.reparse(syntax, text);
      assert.equal(seen(syntax), seen(fresh), `edit ${i}`);
      fresh.dispose();
    }
    syntax.dispose();
  }
});

/** One to three pieces put in, taken out or put in the place of others. */
function edited(text: string, random: (limit: number) => number): string {
  let result = text;
  for (let i = random(3); i >= 0; i--) {
    const start = random(result.length + 1);
    const end = random(2) === 0 ? start : Math.min(result.length, start + random(30));
    const piece = random(3) === 0 ? '' : PIECES[random(PIECES.length)] ?? '';
    result = result.slice(0, start) + piece + result.slice(end);
  }
  return result;
}

test('damage is found exactly where the tree has an error or an open bracket', async () => {
  const random = randomFrom(5);
  const treeSitter = await loadTreeSitter();
  let text = SAMPLES[0] ?? '';
  for (let i = 0; i < 150; i++) {
    text = i % 15 === 14 ? SAMPLES[i % 2] ?? '' : edited(text, random);
    const tree = treeSitter.parse(text);
    assert.ok(tree !== null);
    const root = copyShape(tree.walk());
    const reader = new Reader(text, 'f');
    damage(reader, root);
    assert.equal(reader.found.length > 0, root.damaged);
    assert.equal(root.damaged, tree.rootNode.hasError || hasOpen(root));
    tree.delete();
  }
});

function hasOpen(node: Shape): boolean {
  return lackingClose(node) !== undefined || node.children.some(hasOpen);
}

test('declarations before and behind an edit are not read again', () => {
  const text = 'lock a: mutex\nlock b: mutex\n/// doc\nlock c: mutex\n';
  const first = parser.parse(text);
  const second = parser.reparse(first, text.replace('b: mutex', 'b: rwsem'));
  assert.equal(second.file.decls[0], first.file.decls[0]);
  assert.equal(second.file.decls[2], first.file.decls[2]);
  assert.notEqual(second.file.decls[1], first.file.decls[1]);
  // A comment is no part of the declaration's node, yet of the declaration.
  const third = parser.reparse(second, second.text.replace('/// doc', '/// cod'));
  assert.equal(third.file.decls[2]?.doc, 'cod');
  third.dispose();
});

test('a syntax is the start of one incremental parse; a second is a fresh one', () => {
  const first = parser.parse('lock a: mutex');
  parser.reparse(first, 'lock a: rwsem').dispose();
  const again = parser.reparse(first, 'lock b: rwsem');
  assert.equal(seen(again), seen(parser.parse('lock b: rwsem')));
  again.dispose();
  again.dispose();
});

test('every prefix and every suffix of a sample is read', () => {
  for (const sample of SAMPLES) {
    for (let at = 0; at <= sample.length; at += 11) {
      parser.parse(sample.slice(0, at)).dispose();
      parser.parse(sample.slice(at)).dispose();
    }
  }
});

test('each half-typed line of a sample leaves the declarations around it', () => {
  const sample = readSample('every-construct');
  const whole = parser.parse(sample).file.decls.length;
  const lines = sample.split('\n');
  for (const [i, line] of lines.entries()) {
    const half = [...lines.slice(0, i), line.slice(0, line.length >> 1), ...lines.slice(i + 1)];
    const { file } = parser.parse(half.join('\n'));
    const kinds = file.decls.filter((decl) => decl.kind !== 'hole').length;
    assert.ok(kinds >= whole - 2, `${whole - kinds} declarations lost by line ${i + 1}: ${line}`);
  }
});

test('ranges lie in the text and children in their parents', () => {
  const random = randomFrom(3);
  let text = SAMPLES[0] ?? '';
  for (let i = 0; i < 30; i++) {
    checkRanges(parser.parse(text).file, { start: 0, end: text.length });
    text = edited(text, random);
  }
});

function checkRanges(value: unknown, around: { start: number; end: number }): void {
  if (typeof value !== 'object' || value === null) return;
  const range: unknown = Reflect.get(value, 'range');
  const inner = isRange(range) ? range : around;
  assert.ok(around.start <= inner.start && inner.start <= inner.end && inner.end <= around.end);
  for (const member of Object.values(value)) checkRanges(member, inner);
}

function isRange(value: unknown): value is { start: number; end: number } {
  return typeof value === 'object' && value !== null && 'start' in value && 'end' in value;
}

test('nesting past the bound is one problem and a hole', () => {
  const deep = 40_000;
  const texts = [
    `const a = ${'('.repeat(deep)}1${')'.repeat(deep)}`, `const a = ${'!'.repeat(deep)}x`,
    `const a = x${' + x'.repeat(deep)}`, `thread t { x${'[x'.repeat(deep)} }`,
    `thread t { ${'if x { '.repeat(deep / 4)}${'}'.repeat(deep / 4)} }`,
    `thread t { ${'a: '.repeat(deep)} return }`, `type t = a${'[1]'.repeat(deep)}`,
    `thread t { if x { } ${'else if x { } '.repeat(deep / 8)} }`, '{'.repeat(100_000),
    `shared x: bool read under ${'('.repeat(deep)}m`,
  ];
  for (const text of texts) {
    const { problems, file, dispose } = parser.parse(text);
    assert.ok(problems.length >= 1 && problems.length <= 2, text.slice(0, 30));
    assert.ok(depthOf(file) < 8 * MAX_NESTING, text.slice(0, 30));
    dispose();
  }
});

/** How many objects are inside each other; fails itself where it were too many. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

test('noise is read or refused', () => {
  const random = randomFrom(11);
  const size = 96 * 1024;
  const noises = [
    () => String.fromCharCode(random(256)), () => String.fromCharCode(random(65536)),
    () => `${PIECES[random(PIECES.length)]} `, () => 'thread a { if x { ',
  ];
  for (const noise of noises) {
    let text = '';
    while (text.length < size) text += noise();
    const syntax = parser.parse(text.slice(0, size));
    assert.ok(syntax.problems.length > 0);
    syntax.dispose();
  }
  const binary = parser.parse('\0'.repeat(size));
  assert.deepEqual(binary.problems.map(({ message }) => message),
    ['this is no text in UTF-8, so it is not read']);
  const long = parser.parse('x'.repeat(MAX_TEXT_LENGTH + 1));
  assert.match(long.problems[0]?.message ?? '', /too long/);
  assert.deepEqual(long.file.decls.map((decl) => decl.kind), ['hole']);
  const short = parser.reparse(long, 'lock a: mutex');
  assert.equal(short.problems.length, 0);
  short.dispose();
});
