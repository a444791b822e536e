// The statement under the cursor, and the step that it is or is part of.
import { contains, type Range } from '../text/range.ts';
import type { Pc } from '../../../simulator/src/program.ts';
import type { Lowered, Passage } from '../analysis/lowered.ts';
import { blocksOf, headOf, statementAt, type Block, type Stmt } from './nodes.ts';
import type { Snapshot } from './snapshot.ts';

export interface PlaceOfStmt {
  readonly stmt: Stmt;
  /** The statement where a thread rests before it: itself, or the atomic step around it. */
  readonly rest: Range;
  /** Whether that is itself. */
  readonly own: boolean;
  /** The thread or proc it stands in. */
  readonly owner: string;
}

/** The statement whose own text, not that of a block in it, is under the cursor. */
export function placeOf({ model }: Snapshot, offset: number): PlaceOfStmt | null {
  for (const decl of model.source.decls) {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') continue;
    if (!contains(decl.body.range, offset)) continue;
    const found = statementAt(decl.body, offset);
    if (found === null || !contains(headOf(found), offset)) return null;
    return placeOfStmt(decl, found);
  }
  return null;
}

export function isStatement(snapshot: Snapshot, offset: number): boolean {
  return placeOf(snapshot, offset) !== null;
}

export function placeOfStmt(
  decl: { readonly name: { readonly text: string }; readonly body: Block }, found: Stmt,
): PlaceOfStmt {
  // A label is no statement: what it stands before is.
  let stmt = found;
  while (stmt.kind === 'labelled') stmt = stmt.stmt;
  const around = stepAround(decl.body, stmt);
  return {
    stmt, rest: (around ?? stmt).range, own: around === null, owner: decl.name.text,
  };
}

/** The innermost `step` with a body that the statement is in. */
function stepAround(block: Block, stmt: Stmt): Stmt | null {
  for (const each of block.stmts) {
    if (each === stmt || !contains(each.range, stmt.range.start)) continue;
    for (const inner of blocksOf(each)) {
      if (!contains(inner.range, stmt.range.start)) continue;
      const found = stepAround(inner, stmt);
      if (found !== null) return found;
    }
    return each.kind === 'step' && each.body !== null ? each : null;
  }
  return null;
}

/** The sites of a statement of this file: a site is all of it or its head. */
export function sitesAt(
  { file }: Snapshot, lowered: Lowered, stmt: Range,
): readonly number[] {
  const here = startsOf(lowered).get(stmt.start) ?? NONE;
  return here.filter((site) => {
    const place = lowered.sites[site];
    return place !== undefined && place.file === file && place.range.end <= stmt.end;
  });
}

const NONE: readonly never[] = [];
const starts = new WeakMap<Lowered, ReadonlyMap<number, readonly number[]>>();
const passed = new WeakMap<Lowered, ReadonlyMap<number, readonly Passage[]>>();

/** The ways over a statement of this file that is no step by itself; none of what is one. */
export function passagesAt(
  { file }: Snapshot, lowered: Lowered, stmt: Range,
): readonly Passage[] {
  const here = passagesOf(lowered).get(stmt.start) ?? NONE;
  return here.filter((each) => each.file === file && each.range.end === stmt.end);
}

function passagesOf(lowered: Lowered): ReadonlyMap<number, readonly Passage[]> {
  const before = passed.get(lowered);
  if (before !== undefined) return before;
  const found = byStart(lowered.passages.map((passage) => [passage.range.start, passage]));
  passed.set(lowered, found);
  return found;
}

/** Sites by where they begin: every statement of a file is asked of every program of it. */
function startsOf(lowered: Lowered): ReadonlyMap<number, readonly number[]> {
  const before = starts.get(lowered);
  if (before !== undefined) return before;
  const found = byStart(lowered.sites.map(({ range: { start } }, site) => [start, site]));
  starts.set(lowered, found);
  return found;
}

function byStart<T>(all: readonly (readonly [number, T])[]): ReadonlyMap<number, readonly T[]> {
  const found = new Map<number, T[]>();
  for (const [start, one] of all) {
    const at = found.get(start);
    if (at === undefined) found.set(start, [one]);
    else at.push(one);
  }
  return found;
}

/** The steps that a thread comes to first on the way over it; none where it ends before. */
export function firstSteps({ program }: Lowered, { thread, from }: Passage): readonly Pc[] {
  const code = program.threads[thread]?.code ?? [];
  const seen = new Set(from);
  for (const pc of seen) {
    const instr = code[pc];
    if (instr === undefined || instr.rest || instr.op === 'end') continue;
    for (const to of instr.op === 'choose' ? instr.targets : [instr.next]) seen.add(to);
    if (instr.op === 'branch') seen.add(instr.otherwise);
  }
  return [...seen].filter((pc) => code[pc]?.rest === true);
}
