// Statements that no scenario ever gets to. Asked of a body only where every scenario that runs it
// was searched to the end.
import { unreachable } from '../text/unreachable.ts';
import type { Range } from '../text/range.ts';
import type { Stmt } from '../syntax/ast.ts';
import { blocksOf, innerStmt } from './walk.ts';

export interface Coverage {
  /** Some step of the range is in the code of a searched scenario. */
  readonly known: (range: Range) => boolean;
  readonly reached: (range: Range) => boolean;
  /** Outcomes that are declared `never`: not getting to them is what the spec asks for. */
  readonly never: ReadonlySet<string>;
}

/** The outermost ones; neighbours as one range. `atomic`: they are inside a `step`. */
export function unreachedIn(
  stmts: readonly Stmt[], coverage: Coverage, atomic = false,
): readonly Range[] {
  const found: Range[] = [];
  let start: number | null = null;
  let end = 0;
  let wanted = false;
  const close = (): void => {
    if (start !== null && !wanted) found.push({ start, end });
    start = null;
    wanted = false;
  };
  for (const [i, stmt] of stmts.entries()) {
    const { range } = stmt;
    const missed = !coverage.reached(range) && (coverage.known(range) || isStep(stmt, atomic));
    const passed = start === null && isPassed(stmts, i, coverage, atomic);
    // What is no step by itself says nothing of whether its place is reached.
    if ((missed && !passed) || (start !== null && !coverage.reached(range))) {
      start ??= range.start;
      end = range.end;
      wanted ||= stmt.kind === 'outcome' && coverage.never.has(stmt.name.text);
    } else {
      close();
      found.push(...inside(stmt, coverage, atomic));
    }
  }
  close();
  return found;
}

/** No step by itself, and the thread has come past it: what it leaves out is inside. */
function isPassed(
  stmts: readonly Stmt[], at: number, { known, reached }: Coverage, atomic: boolean,
): boolean {
  const [before, stmt, after] = [stmts[at - 1], stmts[at], stmts[at + 1]];
  if (stmt === undefined || isStep(stmt, atomic) || innerStmt(stmt) !== null) return false;
  if (after !== undefined && reached(after.range)) return true;
  // All there is, and its condition is no step: whoever gets to the block gets to it.
  if (stmts.length === 1 && stmt.kind === 'if') {
    return !known({ start: stmt.range.start, end: stmt.then.range.start });
  }
  return before !== undefined && isStep(before, atomic) && reached(before.range)
    && before.kind !== 'jump' && before.kind !== 'goto' && before.kind !== 'return';
}

function inside(stmt: Stmt, coverage: Coverage, atomic: boolean): readonly Range[] {
  const inner = innerStmt(stmt);
  const deeper = atomic || stmt.kind === 'step';
  return [
    ...blocksOf(stmt).flatMap((block) => unreachedIn(block.stmts, coverage, deeper)),
    ...(inner === null ? [] : unreachedIn([inner], coverage, atomic)),
  ];
}

/**
 * A simple statement is a step wherever it stands, also where lowering left it out as dead; but
 * inside a step, jumps and steps without a body leave no trace.
 */
function isStep(stmt: Stmt, atomic: boolean): boolean {
  if (atomic && WITHOUT_TRACE.has(stmt.kind)) return false;
  switch (stmt.kind) {
    case 'let':
    case 'assign': return stmt.value.kind !== 'call';
    case 'return': return stmt.value?.kind !== 'call';
    case 'acquire':
    case 'release':
    case 'downgrade':
    case 'write_once':
    case 'step':
    case 'jump':
    case 'goto':
    case 'await':
    case 'assert':
    case 'outcome':
    case 'free':
    case 'rcu': return true;
    case 'try':
    case 'choose':
    case 'if':
    case 'while':
    case 'loop':
    case 'for':
    case 'labelled':
    case 'call':
    case 'hole': return false;
    default: return unreachable(stmt);
  }
}

const WITHOUT_TRACE: ReadonlySet<Stmt['kind']> = new Set(['step', 'jump', 'goto']);
