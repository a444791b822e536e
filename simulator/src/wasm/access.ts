// Accesses as WebAssembly: which lock or cell is meant, whether it may be touched, what it holds.
import { assert, unreachable } from '../assert.ts';
import { FREED } from '../objects.ts';
import type { Access, Guard, LockIdx, LockRef, Place } from '../program.ts';
import { I32, I64, OP } from './assembler.ts';
import { emitNumber } from './expr.ts';
import {
  anySet, cases, cutOff, fieldOf, readSlot, slotIs, unlessTold, withLocal, writeSlot, type Unit,
} from './unit.ts';

/** Runs `body` for the lock that is meant, whichever it turns out to be. */
export function forLock(u: Unit, ref: LockRef, body: (lock: LockIdx) => void): void {
  const { code, plan } = u;
  const { name } = plan.program.classes[plan.program.locks[ref.base]!.cls]!;
  const objects = ref.pool === null ? 1 : plan.program.pools[ref.pool]!.count;
  withLocal(u, I32, (offset) => {
    code.i32(0).set(offset);
    if (ref.ref !== null) {
      assert(ref.pool !== null, 'a lock in an object has a pool');
      const { pool } = ref;
      withLocal(u, I64, (object) => {
        emitNumber(u, ref.ref!);
        code.set(object);
        checkAlive(u, pool, object);
        code.get(object).i64(1).op(OP.i64Sub).i64(ref.count).op(OP.i64Mul);
        code.op(OP.i32WrapI64).set(offset);
      });
    }
    if (ref.index !== null) {
      withLocal(u, I64, (index) => {
        emitNumber(u, ref.index!);
        code.set(index);
        checkIndex(u, { index, count: ref.count, name });
        code.get(index).op(OP.i32WrapI64).get(offset).op(OP.i32Add).set(offset);
      });
    }
    const all = objects * ref.count;
    const fixed = ref.pool === null && ref.index?.kind === 'const' ? ref.index.value : null;
    if (fixed !== null && (fixed < 0 || fixed >= ref.count)) {
      code.op(OP.unreachable); // it was cut off above
      return;
    }
    if (all === 1 || fixed !== null) {
      body(ref.base + (fixed ?? 0));
      return;
    }
    code.get(offset);
    cases(u, all, (i) => body(ref.base + i));
  });
}

function checkIndex(u: Unit, at: { index: number; count: number; name: string }): void {
  const { code } = u;
  code.get(at.index).i64(at.count).op(OP.i64LtU).op(OP.i32Eqz);
  code.if(() => cutOff(u, 'range', at.name));
}

/** Ends the run where the object (a local) is gone: null, or freed and not type-stable. */
function checkAlive(u: Unit, pool: number, object: number): void {
  const { code, plan } = u;
  const spec = plan.program.pools[pool]!;
  code.get(object).op(OP.i64Eqz).if(() => cutOff(u, 'null_ref', spec.name));
  if (u.quiet || spec.typesafe) return;
  withLocal(u, I32, (freed) => {
    code.i32(0).set(freed);
    code.get(object).i64(1).op(OP.i64Sub).op(OP.i32WrapI64);
    cases(u, spec.count, (i) => {
      slotIs(u, plan.layout.objects[pool]![i]!.status, FREED);
      code.set(freed);
    });
    code.get(freed).if(() => cutOff(u, 'use_after_free', spec.name));
  });
}

/** Leaves an i32: whether the thread holds the lock (in that mode, or in any). */
export function heldBySelf(u: Unit, lock: LockIdx, mode: 'read' | 'write' | null): void {
  const { writer, readers } = u.plan.layout.locks[lock]!;
  const own = [mode === 'read' ? -1 : writer[u.self]!, mode === 'write' ? -1 : readers[u.self]!];
  anySet(u, own);
}

/** An access worked out: the place's cell number `offset` (i32 local), or a fixed cell. */
export type Address =
  | { readonly kind: 'fixed'; readonly cell: number; readonly place: Place }
  | { readonly kind: 'dynamic'; readonly offset: number; readonly place: Place };

/** Works out which cell is meant, then runs `body`. */
export function withAddress(u: Unit, access: Access, body: (at: Address) => void): void {
  const { code, plan } = u;
  const place = plan.program.places[access.place]!;
  const operand = access.ref ?? access.index;
  if (operand === null) {
    body({ kind: 'fixed', cell: place.base, place });
    return;
  }
  withLocal(u, I64, (value) => withLocal(u, I32, (offset) => {
    emitNumber(u, operand);
    code.set(value);
    const [selfRef, selfIndex] = [u.selfRef, u.selfIndex];
    if (access.ref !== null) {
      assert(place.pool !== null, 'a field has a pool');
      checkAlive(u, place.pool, value);
      u.selfRef = value;
      code.get(value).i64(1).op(OP.i64Sub).op(OP.i32WrapI64).set(offset);
    } else {
      checkIndex(u, { index: value, count: place.count, name: place.name });
      u.selfIndex = value;
      code.get(value).op(OP.i32WrapI64).set(offset);
    }
    body({ kind: 'dynamic', offset, place });
    u.selfRef = selfRef;
    u.selfIndex = selfIndex;
  }));
}

/** Holds an access against its guard. */
export function checkGuard(u: Unit, access: Access, write: boolean): void {
  if (u.quiet) return;
  const place = u.plan.program.places[access.place]!;
  const guard = write ? place.writeGuard : place.readGuard;
  if (guard === null) return;
  emitGuard(u, guard);
  u.code.op(OP.i32Eqz).if(() => unlessTold(u, 'guard', place.name, u.within));
}

function emitGuard(u: Unit, guard: Guard): void {
  const { code } = u;
  switch (guard.kind) {
    case 'and':
      emitGuard(u, guard.left);
      code.ifElse(I32, () => emitGuard(u, guard.right), () => code.i32(0));
      return;
    case 'or':
      emitGuard(u, guard.left);
      code.ifElse(I32, () => code.i32(1), () => emitGuard(u, guard.right));
      return;
    case 'lock': emitGuardLock(u, guard); return;
    case 'rcu': anySet(u, [u.plan.layout.threads[u.self]!.rcu]); return;
    default: unreachable(guard);
  }
}

/** What names the lock is looked at, not accessed. If it cannot be had, the interpreter tells. */
function emitGuardLock(u: Unit, guard: Guard & { kind: 'lock' }): void {
  withLocal(u, I32, (answer) => {
    const { quiet } = u;
    const asked: Unit = { ...u, quiet: true, cut: u.slow };
    forLock(asked, guard.lock, (lock) => {
      heldBySelf(u, lock, guard.write ? 'write' : null);
      u.code.set(answer);
    });
    assert(u.quiet === quiet, 'only the copy is quiet');
    u.code.get(answer);
  });
}

/** Leaves the value of what is accessed, an i64. */
export function emitLoad(u: Unit, access: Access): void {
  withAddress(u, access, (at) => {
    checkGuard(u, access, false);
    readCell(u, at);
  });
}

/** Leaves the cell's value, an i64. */
export function readCell(u: Unit, at: Address): void {
  const { code } = u;
  if (at.kind === 'fixed') {
    readSlot(u, at.cell);
    return;
  }
  const { base, count } = at.place;
  const stride = evenStride(u, base, count);
  if (stride !== null) {
    const first = fieldOf(u.plan.layout, base);
    code.get(u.words[first.word]!).get(at.offset).i32(stride).op(OP.i32Mul);
    code.i32(first.shift).op(OP.i32Add).op(OP.i64ExtendI32U).op(OP.i64ShrU);
    code.i64(first.mask).op(OP.i64And);
    if (first.lo !== 0) code.i64(first.lo).op(OP.i64Add);
    return;
  }
  withLocal(u, I64, (value) => {
    code.get(at.offset);
    cases(u, count, (i) => {
      readSlot(u, base + i);
      code.set(value);
    });
    code.get(value);
  });
}

/** Takes an i64 within the cell's range from the local. */
export function writeCell(u: Unit, at: Address, value: number): void {
  const { code } = u;
  if (at.kind === 'fixed') {
    code.get(value);
    writeSlot(u, at.cell);
    return;
  }
  code.get(at.offset);
  cases(u, at.place.count, (i) => {
    code.get(value);
    writeSlot(u, at.place.base + i);
  });
}

/** Bits from one cell of an array to the next, where all lie evenly in one word; else null. */
function evenStride(u: Unit, base: number, count: number): number | null {
  const { layout } = u.plan;
  const first = fieldOf(layout, base);
  const stride = count > 1 ? fieldOf(layout, base + 1).shift - first.shift : 0;
  for (let i = 0; i < count; i++) {
    const field = fieldOf(layout, base + i);
    const even = field.word === first.word && field.shift === first.shift + i * stride;
    if (!even || field.mask !== first.mask || field.lo !== first.lo) return null;
  }
  return stride;
}
