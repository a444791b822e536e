// Behind each lock statement what it does to its lock: `mmap_sem: W → R`. From the paths of the
// text; once all states of the scenarios are known, only the modes that really come there.
import { unreachable } from '../text/unreachable.ts';
import type { Range } from '../text/range.ts';
import type { LockMode } from '../analysis/lockstate.ts';
import { hasModes } from '../analysis/state-rows.ts';
import type { Standing } from './exploration.ts';
import type { Hint } from './inlay-hints.ts';
import { groundsOf, statesIn, type Grounds, type HeldHere } from './lock-state.ts';
import { blocksOf, type Block, type Stmt } from './nodes.ts';
import { placeOfStmt } from './place.ts';
import type { Snapshot } from './snapshot.ts';

type LockStmt = Extract<Stmt, { kind: 'acquire' | 'release' | 'downgrade' | 'try' | 'rcu' }>;

export function lockHints(
  snapshot: Snapshot, range: Range, wanted: 'changes' | 'all',
): readonly Hint[] {
  return snapshot.model.source.decls.flatMap((decl) => {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') return [];
    if (decl.range.end < range.start || range.end < decl.range.start) return [];
    return lockStmts(decl.body).flatMap((stmt) => {
      const offset = stmt.kind === 'try' ? stmt.head.end : stmt.range.end;
      if (offset < range.start || range.end < offset) return [];
      const grounds = groundsOf(snapshot, placeOfStmt(decl, stmt));
      return grounds === null ? [] : hintOf(snapshot, { stmt, offset, grounds, wanted });
    });
  });
}

function lockStmts(block: Block): readonly LockStmt[] {
  return block.stmts.flatMap(lockStmtsOf);
}

function lockStmtsOf(stmt: Stmt): readonly LockStmt[] {
  switch (stmt.kind) {
    case 'acquire':
    case 'release':
    case 'downgrade': return [stmt];
    case 'rcu': return stmt.op === 'synchronize' ? [] : [stmt];
    case 'labelled': return lockStmtsOf(stmt.stmt);
    case 'try':
    case 'if': {
      const otherwise = stmt.otherwise;
      return [
        ...(stmt.kind === 'try' ? [stmt] : []), ...lockStmts(stmt.then),
        ...(otherwise === null ? [] : otherwise.kind === 'block' ? lockStmts(otherwise.block)
          : lockStmtsOf(otherwise)),
      ];
    }
    default: // Those with blocks, and those that take no lock.
      return blocksOf(stmt).flatMap(lockStmts);
  }
}

interface Asked {
  readonly stmt: LockStmt;
  readonly offset: number;
  readonly grounds: Grounds;
  readonly wanted: 'changes' | 'all';
}

interface Change {
  /** As the program names it; null: RCU. */
  readonly lock: string | null;
  readonly before: LockMode;
  readonly after: LockMode;
  readonly modes: boolean;
}

function hintOf(snapshot: Snapshot, { stmt, offset, grounds, wanted }: Asked): readonly Hint[] {
  const changes = changesAt(snapshot, grounds);
  if (changes.length === 0) return [];
  const sides = (which: 'before' | 'after'): string => [...new Set(changes.map((change) =>
    modeText(change[which], change.modes)))].sort().join('/');
  const label = `${nameIn(snapshot, stmt)}: ${sides('before')} → ${sides('after')}`;
  const kept = wanted === 'all' ? keptText(grounds.held, changes) : '';
  const tooltip = `${grounds.from === 'explored' ? 'In all states that the scenarios reach'
    : 'By the text alone'}. R: held for reading, W: held for writing, –: not held.`;
  return [{ offset, label: `${label}${kept}`, kind: 'lock', tooltip }];
}

function nameIn({ text }: Snapshot, stmt: LockStmt): string {
  switch (stmt.kind) {
    case 'rcu': return 'rcu';
    case 'acquire':
    case 'release':
    case 'downgrade':
    case 'try': {
      const { start, end } = stmt.lock.range;
      return text.slice(start, end).replace(/\s+/g, ' ');
    }
    default: return unreachable(stmt);
  }
}

function modeText(mode: LockMode, modes: boolean): string {
  if (mode === null) return '–';
  if (!modes) return 'held';
  return mode === 'read' ? 'R' : 'W';
}

function changesAt(snapshot: Snapshot, grounds: Grounds): readonly Change[] {
  const { alone, place, from, standings } = grounds;
  const all = alone.flatMap((each) => {
    const { program } = each.lowered;
    return statesIn(snapshot, each, place).flatMap(({ changes }) =>
      changes.map(({ lock, before, after }): Change => ({
        lock: lock === null ? null : program.locks[lock]?.name ?? '', before, after,
        modes: lock !== null && hasModes(program, lock),
      })));
  });
  if (from === 'text') return all;
  const seen = all.filter(({ lock, before }) =>
    standings.some((standing) => canBe(standing, lock, before)));
  return seen.length > 0 ? seen : all;
}

/** Whether the lock is held so before the step, in some state. */
function canBe({ exploration, rest }: Standing, name: string | null, mode: LockMode): boolean {
  if (name === null) return rest.rcu === 'sometimes' || (rest.rcu === 'always') === (mode !== null);
  const { locks } = exploration.lowered.program;
  const isIt = ({ lock }: { readonly lock: number }): boolean => locks[lock]?.name === name;
  if (mode === null) return !rest.always.some(isIt);
  return [...rest.always, ...rest.sometimes].some((held) => isIt(held) && held.mode === mode);
}

/** What else is held afterwards. */
function keptText(held: readonly HeldHere[], changes: readonly Change[]): string {
  const changed = new Set(changes.map(({ lock }) => lock ?? 'rcu_read_lock'));
  const kept = held.filter(({ lock }) => !changed.has(lock)).map(({ lock, modes, always }) => {
    const mode = modes === null ? 'held' : modes.map((each) => (each === 'read' ? 'R' : 'W'))
      .sort().join('/');
    return `${lock === 'rcu_read_lock' ? 'rcu' : lock}: ${always ? '' : '–/'}${mode}`;
  });
  return kept.map((text) => `, ${text}`).join('');
}
