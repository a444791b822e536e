// What evaluating an expression, reaching a place or naming a lock looks at.
import { unreachable } from '../assert.ts';
import { locksOf } from '../layout.ts';
import type {
  Access, CellIdx, Expr, Guard, LockRef, Program, Target,
} from '../program.ts';
import { addCell, ALIVE, ASK_READ, ASK_WRITE, type Effects, type Question } from './operations.ts';

/** Who looks: whether only that thread can name the object that the expression refers to. */
export interface View {
  readonly program: Program;
  readonly owns: (ref: Expr) => boolean;
}

/** As anyone may look: every object may be somebody else's too. */
export const openView = (program: Program): View => ({ program, owns: () => false });

/** Told of each part of an expression; parts inside parts too. */
export interface Reader {
  /** The access alone; what names its object and index comes by itself. */
  readonly load?: (access: Access) => void;
  readonly local?: (cell: CellIdx) => void;
  /** A lock is named, by `held` or `holds`; what names it comes by itself. */
  readonly lock?: (ref: LockRef) => void;
  readonly held?: (ref: LockRef, mode: 'read' | 'write' | null) => void;
  readonly thread?: (question: Question) => void;
  /** A division whose divisor may be 0. */
  readonly divides?: () => void;
}

/** The operands of an expression. */
export function operandsOf(expr: Expr): readonly Expr[] {
  switch (expr.kind) {
    case 'const': case 'local': case 'reg': case 'done': case 'at': case 'outcome':
    case 'self_ref': case 'self_index':
      return [];
    case 'load': return [expr.access.ref, expr.access.index].filter((it) => it !== null);
    case 'not': case 'neg': return [expr.operand];
    case 'binary': return [expr.left, expr.right];
    case 'one_of': return [expr.value, ...expr.items];
    case 'between': return [expr.value, expr.lo, expr.hi];
    case 'quantifier': return [expr.lo, expr.hi, expr.body];
    case 'held': case 'holds':
      return [expr.lock.ref, expr.lock.index].filter((it) => it !== null);
    default: return unreachable(expr);
  }
}

export function readExpr(expr: Expr, reader: Reader): void {
  for (const operand of operandsOf(expr)) readExpr(operand, reader);
  switch (expr.kind) {
    case 'load': reader.load?.(expr.access); return;
    case 'local': reader.local?.(expr.cell); return;
    case 'binary': {
      const divisor = expr.right.kind === 'const' ? expr.right.value : 0;
      if ((expr.op === '/' || expr.op === '%') && divisor === 0) reader.divides?.();
      return;
    }
    case 'held': reader.lock?.(expr.lock); reader.held?.(expr.lock, expr.mode); return;
    case 'holds': reader.lock?.(expr.lock); return;
    case 'done': case 'outcome':
      reader.thread?.({ thread: expr.thread, about: expr.kind });
      return;
    case 'at': reader.thread?.({ thread: expr.thread, about: expr.pcs }); return;
    default:
      // Nothing but its operands.
      return;
  }
}

/** Adds what evaluating an expression touches. */
export function addExpr(view: View, into: Effects, expr: Expr): void {
  const { program } = view;
  readExpr(expr, {
    load: (access) => touchAccess(view, into, access, 'read'),
    local: (cell) => addCell(into.reads, cell),
    lock: (ref) => { if (isShared(view, ref.ref)) touchAlive(program, into, ref.pool); },
    held: (ref, mode) => {
      if (isOwned(view, ref.ref)) return;
      const ops = mode === 'read' ? ASK_READ : mode === 'write' ? ASK_WRITE : ASK_READ | ASK_WRITE;
      for (const lock of locksOf(program, ref)) into.locks[lock]! |= ops;
    },
    thread: (question) => { into.questions.push(question); },
  });
}

const isOwned = ({ owns }: View, ref: Expr | null): boolean => ref !== null && owns(ref);
const isShared = ({ owns }: View, ref: Expr | null): boolean => ref !== null && !owns(ref);

/** The cells an access can reach, first and last; none where `to` comes first. */
function reachOf(program: Program, access: Access): { from: CellIdx; to: CellIdx } {
  const { base, count } = program.places[access.place]!;
  if (access.ref !== null) return { from: base, to: base + count - 1 };
  if (access.index === null) return { from: base, to: base };
  const { lo, hi } = rangeOf(program, access.index);
  return { from: base + Math.max(lo, 0), to: base + Math.min(hi, count - 1) };
}

function addReach(
  program: Program, into: Effects, access: Access, how: 'read' | 'write',
): void {
  const { from, to } = reachOf(program, access);
  const cells = how === 'read' ? into.reads : into.writes;
  for (let cell = from; cell <= to; cell++) addCell(cells, cell);
  const which = access.ref ?? access.index;
  if (which === null && program.places[access.place]!.count === 1) return;
  into.items.push({ place: access.place, which, how });
}

/** Between what the value always lies, as far as is plain to see. */
function rangeOf(program: Program, value: Expr): { readonly lo: number; readonly hi: number } {
  if (value.kind === 'const') return { lo: value.value, hi: value.value };
  if (value.kind === 'local') return program.cells[value.cell]!;
  if (value.kind !== 'binary' || (value.op !== '+' && value.op !== '-')) return ANY;
  const [a, b] = [rangeOf(program, value.left), rangeOf(program, value.right)];
  return value.op === '+' ? { lo: a.lo + b.lo, hi: a.hi + b.hi }
    : { lo: a.lo - b.hi, hi: a.hi - b.lo };
}
const ANY = { lo: -Infinity, hi: Infinity };

/** Adds an access: its cells, whether its object lives, and what its guard looks at. */
export function touchAccess(
  view: View, into: Effects, access: Access, how: 'read' | 'write',
): void {
  const { program } = view;
  const place = program.places[access.place]!;
  if (!isOwned(view, access.ref)) {
    addReach(program, into, access, how);
    if (access.ref !== null) touchAlive(program, into, place.pool);
  }
  const guard = how === 'read' ? place.readGuard : place.writeGuard;
  if (guard !== null) readGuard(program, into, guard);
}

/** Adds an access by an instruction: also what names its object and index. */
export function touchPlace(
  view: View, into: Effects, access: Access, how: 'read' | 'write',
): void {
  touchAccess(view, into, access, how);
  for (const expr of [access.ref, access.index]) {
    if (expr !== null) addExpr(view, into, expr);
  }
}

function touchAlive(program: Program, into: Effects, pool: number | null): void {
  if (pool !== null && !program.pools[pool]!.typesafe) into.pools[pool]! |= ALIVE;
}

/** A guard asks what the thread itself holds; only what names the lock is looked at, unguarded. */
function readGuard(program: Program, into: Effects, guard: Guard): void {
  switch (guard.kind) {
    case 'and': case 'or':
      readGuard(program, into, guard.left);
      readGuard(program, into, guard.right);
      return;
    case 'lock':
      for (const expr of [guard.lock.ref, guard.lock.index]) {
        if (expr !== null) readExpr(expr, cellReader(program, into));
      }
      return;
    case 'rcu': return;
    default: unreachable(guard);
  }
}

/** Adds only the cells that are looked at. */
function cellReader(program: Program, into: Effects): Reader {
  return {
    local: (cell) => addCell(into.reads, cell),
    load: (access) => addReach(program, into, access, 'read'),
  };
}

/** Naming a lock: what says which, and whether its object lives. */
export function readLock(view: View, into: Effects, ref: LockRef): void {
  if (isShared(view, ref.ref)) touchAlive(view.program, into, ref.pool);
  for (const expr of [ref.ref, ref.index]) {
    if (expr !== null) addExpr(view, into, expr);
  }
}

export function readTarget(view: View, into: Effects, target: Target): void {
  switch (target.kind) {
    case 'reg': return;
    case 'local': addCell(into.writes, target.cell); return;
    case 'store': touchPlace(view, into, target.access, 'write'); return;
    default: unreachable(target);
  }
}
