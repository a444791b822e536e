// What a step can touch: everything that its instructions, on any path to the next resting place,
// may read, write or ask. An over-approximation made from the code alone.
import { unreachable } from '../assert.ts';
import { locksOf } from '../layout.ts';
import type { Instr, LockIdx, Pc, PoolIdx, Program, ThreadIdx } from '../program.ts';
import { successors } from './flow.ts';
import type { Fresh } from './fresh.ts';
import { holdingsAt, READ, WRITTEN, type HeldTable } from './held.ts';
import {
  ACQUIRE_READ, ACQUIRE_WRITE, addCell, ALLOCATE, EXPIRE, FREE, noEffects, RELEASE_READ,
  RELEASE_WRITE, REUSE, TRY_READ, TRY_WRITE, UNSETTLED, type Effects, type LockOps,
} from './operations.ts';
import {
  addExpr, readExpr, readLock, readTarget, touchAccess, touchPlace, type View,
} from './reads.ts';

/** One step: of a thread, from one of its resting places. */
export interface StepEffects extends Effects {
  readonly pc: Pc;
  /** Resting pcs at which it can come out, ascending. */
  readonly next: readonly Pc[];
  /** It may have to wait: an acquire, await, synchronize_rcu, or an `any` of nothing. */
  readonly mayBlock: boolean;
  /** Of an acquire: what joining the queue touches, without what follows once it is granted. */
  readonly joining: Effects | null;
}

export interface Scope {
  readonly program: Program;
  readonly held: HeldTable;
  readonly fresh: Fresh;
  /** By pool: as in `plentyOf`; false where it does matter which object is had. */
  readonly plenty: readonly boolean[];
  readonly thread: ThreadIdx;
}

/** By resting place (as in `Layout.rests`: ascending pcs), what the thread's step touches. */
export function effectsOf(scope: Scope): readonly StepEffects[] {
  const { code } = scope.program.threads[scope.thread]!;
  return code.flatMap((instr, pc) => (instr.rest ? [stepEffects(scope, pc)] : []));
}

function stepEffects(scope: Scope, pc: Pc): StepEffects {
  const { code } = scope.program.threads[scope.thread]!;
  const effects = noEffects(scope.program);
  const next = new Set<Pc>();
  const seen = new Set<Pc>([pc]);
  let mayBlock = false;
  for (const at of seen) {
    const instr = code[at]!;
    addInstr(scope, effects, at);
    mayBlock ||= blocks(instr);
    for (const to of successors(instr)) {
      if (code[to]!.rest) next.add(to);
      else seen.add(to);
    }
  }
  const joining = code[pc]!.op === 'acquire' ? instrEffects(scope, pc) : null;
  return {
    ...effects, pc, next: [...next].sort((a, b) => a - b), mayBlock, joining,
  };
}

function blocks(instr: Instr): boolean {
  switch (instr.op) {
    case 'acquire': case 'await': case 'synchronize_rcu': return true;
    case 'any': return instr.lo.kind !== 'const' || instr.hi.kind !== 'const'
      || instr.hi.value < instr.lo.value;
    default:
      // The others are done at once.
      return false;
  }
}

/** What one instruction touches. */
export function instrEffects(scope: Scope, pc: Pc): Effects {
  const effects = noEffects(scope.program);
  addInstr(scope, effects, pc);
  return effects;
}

/** Adds what one instruction touches. */
function addInstr(scope: Scope, into: Effects, pc: Pc): void {
  const view = viewAt(scope, pc);
  const instr = scope.program.threads[scope.thread]!.code[pc]!;
  switch (instr.op) {
    case 'nop': case 'choose': return;
    case 'set': readTarget(view, into, instr.target); return addExpr(view, into, instr.value);
    case 'any':
      readTarget(view, into, instr.target);
      addExpr(view, into, instr.lo);
      return addExpr(view, into, instr.hi);
    case 'branch': case 'await': case 'assert': return addExpr(view, into, instr.cond);
    case 'acquire': case 'try': case 'release': case 'downgrade':
      return addLockOp(scope, into, pc);
    case 'cmpxchg':
      addExpr(view, into, instr.old);
      addExpr(view, into, instr.value);
      touchPlace(view, into, instr.access, 'read');
      return touchAccess(view, into, instr.access, 'write');
    case 'outcome': into.setsOutcome = true; return;
    case 'new': return addNew(scope, into, pc);
    case 'free':
      addExpr(view, into, instr.value);
      if (!view.owns(instr.value)) into.pools[instr.pool]! |= FREE;
      into.asksRcu ||= instr.deferred;
      return;
    case 'rcu_lock': case 'rcu_unlock': return addRcu(scope, into, pc);
    case 'synchronize_rcu': into.asksRcu = true; return;
    case 'end': into.ends = true; return;
    default: unreachable(instr);
  }
}

function viewAt({ program, fresh, thread }: Scope, pc: Pc): View {
  const owned = fresh.owned[thread]![pc]!;
  return { program, owns: (ref) => ref.kind === 'local' && owned.has(ref.cell) };
}

function addLockOp(scope: Scope, into: Effects, pc: Pc): void {
  const { program, thread } = scope;
  const instr = program.threads[thread]!.code[pc]!;
  if (instr.op !== 'acquire' && instr.op !== 'try' && instr.op !== 'release'
    && instr.op !== 'downgrade') return;
  const view = viewAt(scope, pc);
  readLock(view, into, instr.lock);
  if (instr.lock.ref !== null && view.owns(instr.lock.ref)) return;
  for (const lock of locksOf(program, instr.lock)) {
    into.locks[lock]! |= opsOn(scope, pc, instr, lock);
  }
}

function opsOn(
  scope: Scope, pc: Pc, instr: Extract<Instr, { lock: object }>, lock: LockIdx,
): LockOps {
  switch (instr.op) {
    case 'acquire': {
      const how = instr.mode === 'read' ? ACQUIRE_READ : ACQUIRE_WRITE;
      return isSettled(instr) ? how : how | UNSETTLED;
    }
    case 'try': return instr.mode === 'read' ? TRY_READ : TRY_WRITE;
    case 'downgrade': return RELEASE_WRITE;
    case 'release': {
      const bits = holdingsAt(scope.held, { t: scope.thread, pc, lock });
      const read = instr.mode !== 'write' && (bits & READ) !== 0 ? RELEASE_READ : 0;
      return read | (instr.mode !== 'read' && (bits & WRITTEN) !== 0 ? RELEASE_WRITE : 0);
    }
    default: return unreachable(instr);
  }
}

/** Whether the thread's own values alone say which lock it is. */
function isSettled(instr: Extract<Instr, { op: 'acquire' }>): boolean {
  let settled = true;
  const shared = (): void => { settled = false; };
  for (const expr of [instr.lock.ref, instr.lock.index]) {
    if (expr === null) continue;
    readExpr(expr, { load: shared, held: shared, lock: shared, thread: shared });
  }
  return settled;
}

/** Where no object is allocated twice nobody looks at what it is before, or frees it. */
function addNew(scope: Scope, into: Effects, pc: Pc): void {
  const { program, fresh, thread } = scope;
  const view = viewAt(scope, pc);
  const instr = program.threads[thread]!.code[pc]!;
  if (instr.op !== 'new') return;
  readTarget(view, into, instr.target);
  for (const { value } of instr.inits) addExpr(view, into, value);
  if (!scope.plenty[instr.pool]!) into.pools[instr.pool]! |= ALLOCATE;
  if (fresh.isOnce[instr.pool]!) return;
  into.pools[instr.pool]! |= REUSE;
  for (const { place } of [...program.pools[instr.pool]!.fields, ...instr.inits]) {
    const { base, count } = program.places[place]!;
    for (let i = 0; i < count; i++) addCell(into.writes, base + i);
  }
}

function addRcu(scope: Scope, into: Effects, pc: Pc): void {
  const { program, thread, held } = scope;
  const depths = held.threads[thread]!.rcu[pc]!;
  const leaves = program.threads[thread]!.code[pc]!.op === 'rcu_unlock';
  if ((depths & (leaves ? 2 : 1)) === 0) return;
  into.entersRcu = true;
  if (!leaves) return;
  for (const pool of deferredPools(program)) into.pools[pool]! |= EXPIRE;
}

function deferredPools(program: Program): readonly PoolIdx[] {
  return program.pools.flatMap((_, pool) => (program.threads.some(({ code }) =>
    code.some((instr) => instr.op === 'free' && instr.deferred && instr.pool === pool))
    ? [pool] : []));
}
