// Feature: hover. On a statement first what is held there and who can be beside it; then what the
// word under the cursor is: a name with its declaration and documentation, or a keyword.
import type { Range } from '../text/range.ts';
import type { Sym } from '../analysis/model.ts';
import { NO_SURVEYS, type Surveys } from './exploration.ts';
import { duration } from './numbers.ts';
import { keywordAt } from './keywords.ts';
import { proseAt } from './lexemes.ts';
import { groundsOf, stateOn } from './lock-state.ts';
import { stateText } from './lock-state-text.ts';
import { headOf, type Stmt } from './nodes.ts';
import { placeOf, type PlaceOfStmt } from './place.ts';
import { occurrenceAt } from './references.ts';
import type { Snapshot } from './snapshot.ts';
import { expectedCost } from './takes.ts';

export interface Hover {
  readonly range: Range;
  /** Markdown. */
  readonly text: string;
}

export function hover(
  snapshot: Snapshot, offset: number, surveys: Surveys = NO_SURVEYS,
): Hover | null {
  const prose = proseAt(snapshot.text, offset);
  if (prose === 'comment') return null;
  const place = placeOf(snapshot, offset);
  const stmt = place?.stmt ?? null;
  const name = prose === null ? occurrenceAt(snapshot, offset) : null;
  const word = prose === null && name === null ? keywordAt(snapshot.text, offset) : null;
  const parts = [
    place === null ? '' : stateAt(snapshot, place, surveys),
    stmt === null ? '' : costText(snapshot, stmt),
    name === null ? '' : symText(name.sym),
    word === null ? '' : word.meaning,
  ].filter((part) => part !== '');
  if (parts.length === 0) return null;
  const range = name?.range ?? word ?? (stmt === null ? null : headOf(stmt));
  if (range === null) return null;
  return { range: { start: range.start, end: range.end }, text: parts.join('\n\n---\n\n') };
}

function stateAt(snapshot: Snapshot, place: PlaceOfStmt, surveys: Surveys): string {
  const grounds = groundsOf(snapshot, place, surveys);
  if (grounds === null) return '';
  return stateText(snapshot, stateOn(snapshot, grounds), namesIn(snapshot, headOf(place.stmt)));
}

/** The variables that the statement's own text names. */
function namesIn({ model }: Snapshot, { start, end }: Range): ReadonlySet<string> {
  return new Set(model.occurrences.flatMap(({ range, sym }) =>
    (range.start >= start && range.end <= end && sym.kind === 'shared' ? [sym.name] : [])));
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
