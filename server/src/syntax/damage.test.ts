// What is said about broken and half-typed text. testing/damage.txt has the inputs with ‹marks› at
// the ranges of the problems and the messages below; UPDATE=1 writes what is said now.
import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import type { Problem } from '../text/problem.ts';
import type { SyntaxParser } from './parse.ts';
import { loadParser } from './testing/load.test.ts';

const FILE = new URL('testing/damage.txt', import.meta.url);
const UPDATE = process.env['UPDATE'] === '1';
const BETWEEN = '\n----\n';
/** Stands behind every input: an error must not reach into the next declaration. */
const NEXT = '\nthread next { acquire m }\n';

let parser: SyntaxParser;
before(async () => {
  parser = await loadParser();
});

const cases = readFileSync(FILE, 'utf8').trimEnd().split(BETWEEN);

test('problems are as the file has them', () => {
  const told = cases.map((one) => {
    const input = inputOf(one);
    return annotated(input, parser.parse(input + NEXT, 'file').problems);
  });
  if (UPDATE) writeFileSync(FILE, `${told.join(BETWEEN)}\n`);
  else told.forEach((one, i) => assert.equal(one, cases[i]));
});

test('the next declaration is read whatever stands before it', () => {
  for (const one of cases) {
    const { file, problems } = parser.parse(inputOf(one) + NEXT);
    const next = file.decls.find((decl) => decl.kind === 'thread' && decl.name.text === 'next');
    if (problems.some((problem) => problem.message.includes('comment is not closed'))) continue;
    assert.ok(next?.kind === 'thread' && next.body.stmts.length === 1, one);
  }
});

test('at most one problem a line, inside the text, none empty', () => {
  for (const one of cases) {
    const input = inputOf(one);
    const { problems } = parser.parse(input + NEXT);
    const lines = problems.map(({ range }) => input.slice(0, range.start).split('\n').length);
    assert.equal(new Set(lines).size, lines.length, one);
    for (const { range } of problems) {
      assert.ok(range.start < range.end && range.end <= input.length, one);
    }
  }
});

function inputOf(one: string): string {
  const lines = one.split('\n').filter((line) => !line.startsWith('=> '));
  return lines.join('\n').replace(/[‹›]/g, '');
}

function annotated(input: string, problems: readonly Problem[]): string {
  let marked = input;
  for (const { range } of [...problems].reverse()) {
    marked = `${marked.slice(0, range.start)}‹${marked.slice(range.start, range.end)}›${
      marked.slice(range.end)}`;
  }
  const messages = problems.map((problem) => {
    const related = problem.related.map(({ range, message }) =>
      ` [line ${input.slice(0, range.start).split('\n').length}: ${message}]`);
    return `\n=> ${problem.message}${related.join('')}`;
  });
  return marked + messages.join('');
}
