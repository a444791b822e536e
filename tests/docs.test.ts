// The manual: every code has its page and every page its code, the example of a page shows its
// code, every spec in the manual is a valid one, and every link leads somewhere.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { test } from 'node:test';
import type { Code } from '../server/src/text/problem.ts';
import { checkText, problemsOf, ROOT } from './support/checking.ts';

const DOCS = join(ROOT, 'docs');
const PAGES = join(DOCS, 'diagnostics');

/** A record, so that the compiler wants each code here. */
const CODES: Readonly<Record<Code, true>> = {
  syntax: true, name: true, type: true, use: true,
  lock_not_held: true, lock_held_at_exit: true, deadlock: true, sleep_in_atomic: true,
  guard: true, data_race: true, use_after_free: true, double_free: true, null_ref: true,
  range: true, pool_exhausted: true, assert: true, invariant: true, final: true,
  eventually: true, reachable: true, forbidden_outcome: true, missing_outcome: true,
  refines: true, lock_order: true, stale_after_relock: true, recursive_read: true,
  unreachable_step: true, expectation: true, unknown: true,
};
const READING: ReadonlySet<string> = new Set(['syntax', 'name', 'type', 'use']);

/** Small enough that the example of `unknown` gets there soon; the others never do. */
const LIMITS = { maxStates: 20_000 };

interface Block {
  /** What stands after the fence: `mmlock`, `mmlock error`. */
  readonly info: string;
  readonly text: string;
  /** Of the fence, 1-based. */
  readonly line: number;
}

interface Open {
  readonly info: string;
  readonly line: number;
  readonly lines: string[];
}

function blocksOf(markdown: string): readonly Block[] {
  const blocks: Block[] = [];
  let open: Open | null = null;
  for (const [index, line] of markdown.split('\n').entries()) {
    if (open === null) {
      if (line.startsWith('```')) open = { info: line.slice(3), line: index + 1, lines: [] };
    } else if (line === '```') {
      blocks.push({ info: open.info, line: open.line, text: open.lines.join('\n') });
      open = null;
    } else {
      open.lines.push(line);
    }
  }
  assert.equal(open, null, 'a code block is not closed');
  return blocks;
}

function pagesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.md')).map((path) => join(folder, path)).sort();
}

function specsOf(page: string): readonly Block[] {
  return blocksOf(readFileSync(page, 'utf8')).filter(({ info }) => /^mmlock( |$)/.test(info));
}

test('every code has a page, every page a code', () => {
  const pages = readdirSync(PAGES).map((name) => name.replace(/\.md$/, ''));
  assert.deepEqual(pages.sort(), Object.keys(CODES).sort());
});

for (const code of Object.keys(CODES).sort()) {
  test(`the page of ${code} shows it`, async () => {
    const page = join(PAGES, `${code}.md`);
    assert.ok(readFileSync(page, 'utf8').startsWith(`# ${code}\n`), 'its title is the code');
    const [block] = specsOf(page);
    assert.ok(block !== undefined, 'it has an example');
    const report = await checkText(block.text, { limits: LIMITS });
    const found: readonly string[] = problemsOf(report).map((problem) => problem.code);
    assert.ok(found.includes(code), `found: ${found.join(', ')}`);
    assert.equal(block.info === 'mmlock error', READING.has(code));
  });
}

for (const page of pagesIn(DOCS)) {
  const name = page.slice(ROOT.length + 1);
  test(`the specs of ${name} are valid`, async () => {
    for (const { info, text, line } of specsOf(page)) {
      const report = await checkText(text, { limits: LIMITS });
      const wrong = problemsOf(report).filter((problem) => READING.has(problem.code));
      assert.equal(wrong.length > 0, info === 'mmlock error', `${name}:${line} ${
        wrong.map((problem) => problem.message).join('; ')}`);
      if (page.startsWith(PAGES)) continue;
      for (const { judgement } of report.judged) {
        assert.equal(judgement.expectation, 'met', `${name}:${line} ${
          judgement.problems.map((problem) => problem.message).join('; ')}`);
      }
    }
  });
  test(`the links of ${name} lead somewhere`, () => {
    const text = readFileSync(page, 'utf8');
    for (const [, target = ''] of text.matchAll(/\]\(([^)#]+)[^)]*\)/g)) {
      if (/^https?:/.test(target)) continue;
      assert.ok(existsSync(join(dirname(page), target)), target);
    }
  });
}
