// What a step can touch: everything that its instructions, on any path to the next resting place,
// may read, write or ask. An over-approximation made from the code alone.
import { unreachable } from '../assert.ts';
import { locksOf } from '../layout.ts';
import type {
  Expr, Instr, LockIdx, Pc, PoolIdx, Program, Target, ThreadIdx,
} from '../program.ts';
import { successors } from './flow.ts';
import { holdingsAt, NOT_HELD, READ, WRITTEN, type HeldTable } from './held.ts';
import {
  ACQUIRE_READ, ACQUIRE_WRITE, addCell, ALLOCATE, EXPIRE, FREE, noEffects, RELEASE_READ,
  RELEASE_WRITE, TRY_READ, TRY_WRITE, UNSETTLED, type Effects, type LockOps,
} from './operations.ts';
import { addExpr, readExpr, readLock, readTarget, touchAccess, touchPlace } from './reads.ts';

/** One step: of a thread, from one of its resting places. */
export interface StepEffects extends Effects {
  readonly pc: Pc;
  /** Resting pcs at which it can come out, ascending. */
  readonly next: readonly Pc[];
  /** It may have to wait: an acquire, await, synchronize_rcu, or an `any` of nothing. */
  readonly mayBlock: boolean;
  /** It may end the run. */
  readonly mayCut: boolean;
  /** It may have several successors. */
  readonly isChoice: boolean;
  /** Of an acquire: what joining the queue touches, without what follows once it is granted. */
  readonly joining: Effects | null;
}

export interface Scope {
  readonly program: Program;
  readonly held: HeldTable;
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
  let [mayBlock, mayCut, isChoice] = [false, false, false];
  for (const at of seen) {
    const instr = code[at]!;
    addInstr(scope, effects, at);
    mayBlock ||= blocks(instr);
    mayCut ||= cuts(scope, at);
    isChoice ||= instr.op === 'any' || instr.op === 'choose' || instr.op === 'new';
    for (const to of successors(instr)) {
      if (code[to]!.rest) next.add(to);
      else seen.add(to);
    }
  }
  const joining = code[pc]!.op === 'acquire' ? instrEffects(scope, pc) : null;
  return {
    ...effects, pc, next: [...next].sort((a, b) => a - b), mayBlock, mayCut, isChoice, joining,
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

/** Whether the instruction may end the run; what is found only on doing it counts as may. */
function cuts(scope: Scope, pc: Pc): boolean {
  const instr = scope.program.threads[scope.thread]!.code[pc]!;
  switch (instr.op) {
    case 'nop': case 'choose': case 'outcome': case 'end': case 'rcu_lock':
      return instr.op === 'rcu_lock' && scope.held.threads[scope.thread]!.mayOverflow;
    case 'branch': case 'await': return !isPlain(instr.cond);
    case 'set': return !isPlain(instr.value)
      || !fits(scope.program, instr.target, instr.value);
    case 'release': return !mustHold(scope, pc, instr);
    case 'rcu_unlock': return (scope.held.threads[scope.thread]!.rcu[pc]! & 1) !== 0;
    default:
      // The others may name an object or break.
      return true;
  }
}

/** Whether the target has every value that the expression, as far as is plain to see, can have. */
function fits(program: Program, target: Target, value: Expr): boolean {
  if (target.kind === 'reg') return true;
  if (target.kind === 'store' && (target.access.ref !== null || target.access.index !== null)) {
    return false;
  }
  const range = rangeOf(program, value);
  const cell = target.kind === 'local' ? target.cell : program.places[target.access.place]!.base;
  const { lo, hi } = program.cells[cell]!;
  return range !== null && lo <= range.lo && range.hi <= hi;
}

function rangeOf(program: Program, value: Expr): { lo: number; hi: number } | null {
  switch (value.kind) {
    case 'const': return { lo: value.value, hi: value.value };
    case 'local': return program.cells[value.cell]!;
    case 'load': return program.cells[program.places[value.access.place]!.base]!;
    case 'not': return { lo: 0, hi: 1 };
    default:
      // No more is plain to see.
      return null;
  }
}

function mustHold(scope: Scope, pc: Pc, instr: Extract<Instr, { op: 'release' }>): boolean {
  const locks = locksOf(scope.program, instr.lock);
  const [lock] = locks;
  if (lock === undefined || locks.length > 1 || instr.lock.ref !== null) return false;
  const bits = holdingsAt(scope.held, { t: scope.thread, pc, lock });
  const wrong = instr.mode === 'read' ? WRITTEN : instr.mode === 'write' ? READ : 0;
  return (bits & (NOT_HELD | wrong)) === 0;
}

/** An expression whose value can always be had. */
function isPlain(expr: Expr): boolean {
  let plain = true;
  readExpr(expr, {
    load: (access) => { plain &&= access.ref === null && access.index === null; },
    lock: (ref) => { plain &&= ref.ref === null && ref.index === null; },
    divides: () => { plain = false; },
  });
  return plain;
}

/** What one instruction touches. */
export function instrEffects(scope: Scope, pc: Pc): Effects {
  const effects = noEffects(scope.program);
  addInstr(scope, effects, pc);
  return effects;
}

/** Adds what one instruction touches. */
function addInstr(scope: Scope, into: Effects, pc: Pc): void {
  const { program, thread } = scope;
  const instr = program.threads[thread]!.code[pc]!;
  switch (instr.op) {
    case 'nop': case 'choose': return;
    case 'set': readTarget(program, into, instr.target); return addExpr(program, into, instr.value);
    case 'any':
      readTarget(program, into, instr.target);
      addExpr(program, into, instr.lo);
      return addExpr(program, into, instr.hi);
    case 'branch': case 'await': case 'assert': return addExpr(program, into, instr.cond);
    case 'acquire': case 'try': case 'release': case 'downgrade':
      return addLockOp(scope, into, pc);
    case 'cmpxchg':
      addExpr(program, into, instr.old);
      addExpr(program, into, instr.value);
      touchPlace(program, into, instr.access, 'read');
      return touchAccess(program, into, instr.access, 'write');
    case 'outcome': into.setsOutcome = true; return;
    case 'new': return addNew(program, into, instr);
    case 'free':
      addExpr(program, into, instr.value);
      into.pools[instr.pool]! |= FREE;
      into.asksRcu ||= instr.deferred;
      return;
    case 'rcu_lock': case 'rcu_unlock': return addRcu(scope, into, pc);
    case 'synchronize_rcu': into.asksRcu = true; return;
    case 'end': into.ends = true; return;
    default: unreachable(instr);
  }
}

function addLockOp(scope: Scope, into: Effects, pc: Pc): void {
  const { program, thread } = scope;
  const instr = program.threads[thread]!.code[pc]!;
  if (instr.op !== 'acquire' && instr.op !== 'try' && instr.op !== 'release'
    && instr.op !== 'downgrade') return;
  readLock(program, into, instr.lock);
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

function addNew(program: Program, into: Effects, instr: Extract<Instr, { op: 'new' }>): void {
  readTarget(program, into, instr.target);
  for (const { value } of instr.inits) addExpr(program, into, value);
  into.pools[instr.pool]! |= ALLOCATE;
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
