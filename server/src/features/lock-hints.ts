// Behind each lock statement, and each call of a proc that changes a lock for its caller, what it
// does to the lock: `mmap_sem: W → R`. From the paths of the
// text; once all states of the scenarios are known, only the modes that really come there.
import type { Range } from '../text/range.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Held } from '../../../simulator/src/verdict.ts';
import type { LockChange, LockMode } from '../analysis/lockstate.ts';
import { changesOver, touchesLocks, type LocksAt } from '../analysis/passages.ts';
import { hasModes } from '../analysis/state-rows.ts';
import type { KnownRest, Standing } from './exploration.ts';
import type { Hint } from './inlay-hints.ts';
import { groundsOf, statesIn, type Grounds, type HeldHere } from './lock-state.ts';
import { blocksOf, type Block, type Stmt } from './nodes.ts';
import { passagesAt, placeOfStmt } from './place.ts';
import type { Snapshot } from './snapshot.ts';

type LockStmt = Extract<Stmt, { kind: 'acquire' | 'release' | 'downgrade' | 'try' | 'rcu' }>;
type CallStmt = Extract<Stmt, { kind: 'call' | 'let' | 'assign' }>;

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

function lockStmts(block: Block): readonly (LockStmt | CallStmt)[] {
  return block.stmts.flatMap(lockStmtsOf);
}

function lockStmtsOf(stmt: Stmt): readonly (LockStmt | CallStmt)[] {
  switch (stmt.kind) {
    case 'acquire':
    case 'release':
    case 'downgrade':
    case 'call': return [stmt];
    case 'let':
    case 'assign': return stmt.value.kind === 'call' ? [stmt] : [];
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
  readonly stmt: LockStmt | CallStmt;
  readonly offset: number;
  readonly grounds: Grounds;
  readonly wanted: 'changes' | 'all';
}

interface Change {
  /** As the program names it; null: RCU. */
  readonly lock: string | null;
  readonly cls: string | null;
  readonly before: LockMode;
  readonly after: LockMode;
  readonly modes: boolean;
}

function hintOf(snapshot: Snapshot, { stmt, offset, grounds, wanted }: Asked): readonly Hint[] {
  const all = isCall(stmt) ? changesOverCall(snapshot, grounds) : changesAt(snapshot, grounds);
  if (all.length === 0) return [];
  const label = isCall(stmt) ? callText(all) : changeText(nameIn(snapshot, stmt), all);
  const kept = wanted === 'all' ? keptText(grounds.held, all) : '';
  const tooltip = `${grounds.from === 'explored' ? 'In all states that the scenarios reach'
    : 'By the text alone'}. R: held for reading, W: held for writing, –: not held.`;
  return [{ offset, label: `${label}${kept}`, kind: 'lock', tooltip }];
}

function isCall(stmt: LockStmt | CallStmt): stmt is CallStmt {
  return stmt.kind === 'call' || stmt.kind === 'let' || stmt.kind === 'assign';
}

/** Lock by lock; those of one class that it changes, this one or that, as the class. */
function callText(all: readonly Change[]): string {
  return [...new Set(all.map(({ cls }) => cls))].map((cls) => {
    const changes = all.filter((change) => change.cls === cls);
    const locks = new Set(changes.map(({ lock }) => lock));
    const [only = cls] = locks.size === 1 ? locks : [];
    return changeText(only ?? 'rcu', changes);
  }).join(', ');
}

function changeText(name: string, changes: readonly Change[]): string {
  const sides = (which: 'before' | 'after'): string => [...new Set(changes.map((change) =>
    modeText(change[which], change.modes)))].sort().join('/');
  return `${name}: ${sides('before')} → ${sides('after')}`;
}

function nameIn({ text }: Snapshot, stmt: LockStmt): string {
  if (stmt.kind === 'rcu') return 'rcu';
  const { start, end } = stmt.lock.range;
  return text.slice(start, end).replace(/\s+/g, ' ');
}

function modeText(mode: LockMode, modes: boolean): string {
  if (mode === null) return '–';
  if (!modes) return 'held';
  return mode === 'read' ? 'R' : 'W';
}

function changesAt(snapshot: Snapshot, grounds: Grounds): readonly Change[] {
  const { alone, place, from, standings } = grounds;
  const all = alone.flatMap((each) => statesIn(snapshot, each, place).flatMap(({ changes }) =>
    changes.map((change) => named(each.lowered.program, change))));
  if (from === 'text') return all;
  const seen = all.filter(({ lock, before }) =>
    standings.some((standing) => canBe(standing, lock, before)));
  return seen.length > 0 ? seen : all;
}

function named(program: Program, { lock, before, after }: LockChange): Change {
  if (lock === null) return { lock, cls: null, before, after, modes: false };
  const { name = '', cls = 0 } = program.locks[lock] ?? {};
  const modes = hasModes(program, lock);
  return { lock: name, cls: program.classes[cls]?.name ?? '', before, after, modes };
}

/** In the scenarios that reach it, by the ways that they go; else on every path of the text. */
function changesOverCall(snapshot: Snapshot, grounds: Grounds): readonly Change[] {
  const { place: { stmt }, from, standings, alone } = grounds;
  const explored = new Set(standings.map(({ exploration }) => exploration));
  const sources = from === 'text' ? alone.map(({ lowered }) => ({ lowered, rests: null }))
    : [...explored];
  const ways = sources.flatMap(({ lowered, rests }) =>
    passagesAt(snapshot, lowered, stmt.range).map((passage) => ({ lowered, rests, passage })));
  if (!ways.some(({ lowered, passage }) => touchesLocks(lowered.program, passage))) return [];
  const all = ways.flatMap(({ lowered, rests, passage }): readonly (readonly Change[])[] => {
    const { program } = lowered;
    const { code = [] } = program.threads[passage.thread] ?? {};
    const known = new Map((rests?.[passage.thread] ?? []).map((rest) => [rest.pc, rest]));
    return changesOver(lowered, passage, (at) => rests === null || code[at.pc]?.rest !== true
      || isSeen(known.get(at.pc), at)).map((way) => way.map((change) => named(program, change)));
  });
  const changed = new Set(all.flat().flatMap((each) => (isSame(each) ? [] : [each.lock])));
  const ofChanged = all.map((way) => way.filter(({ lock }) => changed.has(lock)));
  const classes = new Set(ofChanged.flat().map(({ cls }) => cls));
  return [...classes].flatMap((cls) => ofChanged.flatMap((way) =>
    telling(way.filter((change) => change.cls === cls))));
}

function isSame({ before, after }: Change): boolean {
  return before === after;
}

/** Of one way and one class: what changes; else what stays held; else that nothing is. */
function telling(changes: readonly Change[]): readonly Change[] {
  const moved = changes.filter((change) => !isSame(change));
  if (moved.length > 0) return moved;
  const kept = changes.filter(({ before }) => before !== null);
  return kept.length > 0 ? kept : changes.slice(0, 1);
}

/** Whether a thread rests there so in some state, for all that is known of the states. */
function isSeen(rest: KnownRest | undefined, { held, rcu }: LocksAt): boolean {
  if (rest === undefined) return false;
  const { always, sometimes } = rest;
  const isIn = (all: readonly Held[], one: Held): boolean =>
    all.some(({ lock, mode }) => lock === one.lock && mode === one.mode);
  return held.every((one) => isIn(always, one) || isIn(sometimes, one))
    && always.every((one) => isIn(held, one))
    && (rest.rcu === 'sometimes' || (rest.rcu === 'always') === rcu);
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
