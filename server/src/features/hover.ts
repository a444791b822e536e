// Feature: hover. On a statement first what is held there and who can be beside it; then what the
// word under the cursor is: a name with its declaration and documentation, or a keyword.
import type { Range } from '../text/range.ts';
import type { Sym } from '../analysis/model.ts';
import { duration } from './numbers.ts';
import { keywordAt } from './keywords.ts';
import { proseAt } from './lexemes.ts';
import { lockStateAt, type Beside, type LockState } from './lock-state.ts';
import { covers, headOf, statementAt, type Stmt } from './nodes.ts';
import { occurrenceAt } from './references.ts';
import type { Snapshot } from './snapshot.ts';
import { expectedCost } from './takes.ts';

export interface Hover {
  readonly range: Range;
  /** Markdown. */
  readonly text: string;
}

export function hover(snapshot: Snapshot, offset: number): Hover | null {
  const prose = proseAt(snapshot.text, offset);
  if (prose === 'comment') return null;
  const stmt = stmtAt(snapshot, offset);
  const name = prose === null ? occurrenceAt(snapshot, offset) : null;
  const word = prose === null && name === null ? keywordAt(snapshot.text, offset) : null;
  const parts = [
    stmt === null ? '' : stateText(snapshot, stmt),
    stmt === null ? '' : costText(snapshot, stmt),
    name === null ? '' : symText(name.sym),
    word === null ? '' : word.meaning,
  ].filter((part) => part !== '');
  if (parts.length === 0) return null;
  const range = name?.range ?? word ?? (stmt === null ? null : headOf(stmt));
  if (range === null) return null;
  return { range: { start: range.start, end: range.end }, text: parts.join('\n\n---\n\n') };
}

/** The statement whose own text, not that of a block in it, is under the cursor. */
function stmtAt({ model }: Snapshot, offset: number): Stmt | null {
  for (const decl of model.source.decls) {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') continue;
    if (!covers(decl.body.range, offset)) continue;
    const stmt = statementAt(decl.body, offset);
    return stmt !== null && covers(headOf(stmt), offset) ? stmt : null;
  }
  return null;
}

function stateText(snapshot: Snapshot, stmt: Stmt): string {
  const state = lockStateAt(snapshot, stmt.range);
  if (state === null) return '';
  return [heldText(state), besideText(state)].filter((line) => line !== '').join('  \n');
}

function heldText({ always, sometimes }: LockState): string {
  const list = (names: readonly string[]): string => names.map(lockText).join(', ');
  if (always.length === 0 && sometimes.length === 0) return '**Holds no lock here**';
  if (always.length === 0) return `**On some paths only:** holds ${list(sometimes)}`;
  const sure = `**Holds ${list(always)}**`;
  return sometimes.length === 0 ? sure : `${sure}; on some paths also ${list(sometimes)}`;
}

/** `mmap_sem for writing` with the name as code. */
function lockText(name: string): string {
  return name.replace(/^\S+/, (lock) => `\`${lock}\``);
}

function besideText({ beside, searched }: LockState): string {
  if (!searched || beside.length === 0) return '';
  return `Beside it: ${beside.map(oneBeside).join('; ')}.`;
}

function oneBeside({ thread, spans, done, anywhere }: Beside): string {
  if (anywhere) return `\`${thread}\` anywhere${done ? '' : ', but not done'}`;
  const places = spans.length === 0 ? '' : ` at ${placesText(spans)}`;
  const end = done ? (places === '' ? ' when done' : ' or done') : '';
  return `\`${thread}\`${places}${end}`;
}

/** More are not read. */
const SPANS_MAX = 4;

/** `lines 31, 33–36`. */
function placesText(spans: Beside['spans']): string {
  const texts = spans.map(({ first, last }) =>
    (first === last ? `${first}` : `${first}–${last}`));
  const word = texts.length === 1 && spans[0]?.first === spans[0]?.last ? 'line' : 'lines';
  if (texts.length <= SPANS_MAX + 1) return `${word} ${texts.join(', ')}`;
  const shown = texts.slice(0, SPANS_MAX).join(', ');
  return `${word} ${shown} and ${texts.length - SPANS_MAX} places more`;
}

function costText({ model }: Snapshot, stmt: Stmt): string {
  if (stmt.takes === null) return '';
  const mean = expectedCost(model, stmt.takes);
  if (mean === null) return '';
  const average = stmt.takes.kind === 'fixed' ? '' : 'on average ';
  return `Takes ${average}${duration(mean)} in a workload.`;
}

function symText(sym: Sym): string {
  const guard = sym.guard === null || sym.detail.includes(sym.guard) ? '' : guardOf(sym.guard);
  const container = sym.container === null || !INSIDE.has(sym.kind) ? ''
    : `in \`${sym.container}\``;
  const code = `\`\`\`mmlock\n${sym.detail}${guard}\n\`\`\``;
  return [code, container, sym.doc ?? ''].filter((part) => part !== '').join('\n\n');
}

/** `guarded by L` beside the declaration; the long form below it, each side on its line. */
function guardOf(guard: string): string {
  if (guard.startsWith('guarded by')) return `  ${guard}`;
  return `\n  ${guard.replace(/ (?=(?:read|write) under )/, '\n  ')}`;
}

/** Whose container the declaration itself does not say. */
const INSIDE: ReadonlySet<Sym['kind']> = new Set(['field', 'member', 'parameter', 'local']);
