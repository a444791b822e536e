// Lock state over all examples: behind each statement's line its hints, and what its hover says of
// the locks first, once every scenario is checked; below it who cannot be beside it, and which lock
// keeps them away. Kept in tests/lock-state; `UPDATE=1` writes it.
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { walkStmts } from '../server/src/analysis/walk.ts';
import { hover } from '../server/src/features/hover.ts';
import { DEFAULT_HINTS, inlayHints } from '../server/src/features/inlay-hints.ts';
import { headOf, type Stmt } from '../server/src/features/nodes.ts';
import type { Surveys } from '../server/src/features/exploration.ts';
import type { Snapshot } from '../server/src/features/snapshot.ts';
import { createBench, surveyor } from '../server/src/service/testing.ts';
import { ROOT, textsOf } from './support/checking.ts';

const FOLDERS = ['examples', 'examples/munmap', 'examples/rules'];

for (const folder of FOLDERS) {
  test(folder, async () => {
    const names = readdirSync(join(ROOT, folder)).filter((name) => name.endsWith('.mmlock')).sort();
    const shown = await checkedSnapshots(names.map((name) => join(ROOT, folder, name)));
    const actual = shown.map((snapshot, i) => `${names[i]}\n${linesOf(snapshot)}`).join('\n');
    const kept = join(ROOT, 'tests/lock-state', `${folder.replace('/', '-')}.txt`);
    const before = existsSync(kept) ? readFileSync(kept, 'utf8') : '';
    if (process.env['UPDATE'] === '1' && actual !== before) writeFileSync(kept, actual);
    else assert.equal(actual, before);
  });
}

/** One server that has all of the files open, and has checked them. */
async function checkedSnapshots(files: readonly string[]): Promise<readonly Snapshot[]> {
  const texts = textsOf(null);
  const read = (file: string): Promise<string | null> => Promise.resolve(texts.read(file));
  const bench = createBench({ sources: { ...texts, read } });
  files.forEach((file) => bench.workspace.open(file, 1, readFileSync(file, 'utf8')));
  await bench.settle();
  return files.map((file) => {
    const snapshot = bench.workspace.snapshot(file);
    assert.ok(snapshot !== null && snapshot.checks.every(({ kind }) => kind === 'judged'), file);
    return snapshot;
  });
}

interface Said {
  readonly locks: string[];
  readonly notBeside: string[];
}

/** `  42  acquire ptl «ptl: – → held»   Holds mmap_sem for reading`, for each line with one. */
function linesOf(snapshot: Snapshot): string {
  const { text, lines } = snapshot;
  const said = new Map<number, Said>();
  const surveys = surveyor();
  for (const stmt of statementsOf(snapshot)) {
    const line = lines.position(stmt.range.start).line;
    const all: Said = said.get(line) ?? { locks: [], notBeside: [] };
    said.set(line, all);
    const { locks, notBeside } = saidAt(snapshot, stmt, surveys);
    if (all.locks.at(-1) !== locks) all.locks.push(locks);
    all.notBeside.push(...notBeside.filter((each) => !all.notBeside.includes(each)));
  }
  const marked = withHints(snapshot).split('\n');
  assert.equal(marked.length, text.split('\n').length);
  return [...said].sort(([a], [b]) => a - b).map(([line, { locks, notBeside }]) => {
    const code = (marked[line] ?? '').replace(/\/\/.*$/, '').trimEnd();
    const kept = notBeside.map((each) => `${' '.repeat(65)}| ${each}\n`).join('');
    return `${String(line + 1).padStart(4)} ${code.padEnd(59)} | ${locks.join(' ; ')}\n${kept}`;
  }).join('');
}

function statementsOf({ model }: Snapshot): readonly Stmt[] {
  const found: Stmt[] = [];
  for (const decl of model.source.decls) {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') continue;
    walkStmts(decl.body, (stmt) => void found.push(stmt));
  }
  return found;
}

/** What the hover says first, what it says of where that is from, and who cannot be there. */
function saidAt(
  snapshot: Snapshot, stmt: Stmt, surveys: Surveys,
): { readonly locks: string; readonly notBeside: readonly string[] } {
  const at = headOf(stmt).start;
  const [state = ''] = (hover(snapshot, at, surveys)?.text ?? '').split('\n\n---\n\n');
  assert.match(state, /^\*\*(Holds|On some paths only|No scenario gets here)/,
    `nothing is said of ${snapshot.text.slice(at, stmt.range.end)}`);
  const all = state.split('  \n').map((line) => line.replace(/\*\*|`/g, ''));
  const told = all.filter((line, i) => i === 0 || /^\*|^Not reached/.test(line));
  return { locks: told.join(' / '), notBeside: all.filter((line) => /^Not beside/.test(line)) };
}

function withHints(snapshot: Snapshot): string {
  const { text } = snapshot;
  const hints = inlayHints(snapshot, { start: 0, end: text.length }, DEFAULT_HINTS);
  return [...hints].reverse().reduce((all, { offset, label }) =>
    `${all.slice(0, offset)} «${label}»${all.slice(offset)}`, text);
}
