// Object lifetimes and RCU as WebAssembly; the rules are those of objects.ts of the interpreter.
import { FREED, LIVE, PENDING, UNUSED } from '../objects.ts';
import type { Instr } from '../program.ts';
import { I32, I64, OP } from './assembler.ts';
import { assign, checkRange } from './assign.ts';
import { emitNumber } from './expr.ts';
import type { Exits } from './ops.ts';
import {
  anySet, cutOff, isWaiting, readSlot, slotIs, withLocal, writeConstant, writeSlot, type Unit,
} from './unit.ts';

type Of<K extends Instr['op']> = Extract<Instr, { readonly op: K }>;

export function emitNew(u: Unit, instr: Of<'new'>, exits: Exits): void {
  const { code, plan } = u;
  const spec = plan.program.pools[instr.pool]!;
  const values = instr.inits.map(({ value }) => {
    const local = code.local(I64);
    emitNumber(u, value);
    code.set(local);
    return local;
  });
  withLocal(u, I64, (object) => {
    chooseObject(u, instr, { object, exits });
    code.get(object).op(OP.i32WrapI64).i32(1).op(OP.i32Sub);
    eachObject(u, spec.count, (i) => {
      writeConstant(u, plan.layout.objects[instr.pool]![i]!.status, LIVE);
      for (const field of spec.fields) {
        writeConstant(u, plan.program.places[field.place]!.base + i, field.init);
      }
      instr.inits.forEach((init, n) => {
        const { base, name } = plan.program.places[init.place]!;
        checkRange(u, base + i, { value: values[n]!, name });
        code.get(values[n]!);
        writeSlot(u, base + i);
      });
    });
    assign(u, instr.target, object);
  });
}

/** Takes an i32, the object's number from 0. */
function eachObject(u: Unit, count: number, body: (i: number) => void): void {
  const { code } = u;
  withLocal(u, I32, (index) => {
    code.set(index);
    for (let i = 0; i < count; i++) {
      code.get(index).i32(i).op(OP.i32Eq).if(() => body(i));
    }
  });
}

/** The ref to hand out: freed slots of a typesafe pool, each tried, then one never used. */
function chooseObject(
  u: Unit, instr: Of<'new'>, to: { object: number; exits: Exits },
): void {
  const { code, plan } = u;
  const spec = plan.program.pools[instr.pool]!;
  const slots = plan.layout.objects[instr.pool]!;
  const { object } = to;
  code.i64(0).set(object);
  for (let i = spec.count - 1; i >= 0; i--) {
    slotIs(u, slots[i]!.status, UNUSED);
    code.if(() => code.i64(i + 1).set(object));
  }
  if (!spec.typesafe) {
    code.get(object).op(OP.i64Eqz).if(() => cutOff(u, 'pool_exhausted', spec.name));
    return;
  }
  withLocal(u, I32, (left) => {
    code.i32(0).set(left);
    for (const { status } of slots) {
      slotIs(u, status, FREED);
      code.get(left).op(OP.i32Add).set(left);
    }
    code.get(left).get(object).i64(0).op(OP.i64Ne).op(OP.i32Add).tee(left);
    code.op(OP.i32Eqz).if(() => cutOff(u, 'pool_exhausted', spec.name));
    code.get(left);
    to.exits.decide();
    code.set(left);
    code.block('chosen', (chosen) => {
      slots.forEach(({ status }, i) => {
        slotIs(u, status, FREED);
        code.if(() => {
          code.get(left).op(OP.i32Eqz).if(() => code.i64(i + 1).set(object).br(chosen));
          code.get(left).i32(1).op(OP.i32Sub).set(left);
        });
      });
    });
  });
}

export function emitFree(u: Unit, instr: Of<'free'>): void {
  const { code, plan } = u;
  const spec = plan.program.pools[instr.pool]!;
  withLocal(u, I64, (object) => {
    emitNumber(u, instr.value);
    code.tee(object).op(OP.i64Eqz).if(() => cutOff(u, 'null_ref', spec.name));
    code.get(object).op(OP.i32WrapI64).i32(1).op(OP.i32Sub);
    eachObject(u, spec.count, (i) => {
      const { status, grace } = plan.layout.objects[instr.pool]![i]!;
      slotIs(u, status, LIVE);
      code.op(OP.i32Eqz).if(() => cutOff(u, 'double_free', spec.name));
      if (!instr.deferred) {
        writeConstant(u, status, FREED);
        return;
      }
      insideRcu(u);
      code.if(() => {
        markReaders(u, grace);
        writeConstant(u, status, PENDING);
      }, () => writeConstant(u, status, FREED));
    });
  });
}

/** Leaves an i32: whether any thread is inside rcu_read_lock. */
function insideRcu(u: Unit): void {
  anySet(u, u.plan.layout.threads.map((slots) => slots.rcu));
}

function markReaders(u: Unit, grace: readonly number[]): void {
  u.plan.layout.threads.forEach((slots, t) => {
    if (grace[t] === -1) return;
    anySet(u, [slots.rcu]);
    u.code.if(() => writeConstant(u, grace[t]!, 1));
  });
}

export function emitRcuLock(u: Unit): void {
  const { rcu } = u.plan.layout.threads[u.self]!;
  slotIs(u, rcu, u.plan.layout.hi[rcu]!);
  u.code.brIf(u.slow);
  readSlot(u, rcu);
  u.code.i64(1).op(OP.i64Add);
  writeSlot(u, rcu);
}

export function emitRcuUnlock(u: Unit): void {
  const { code, plan } = u;
  const { rcu } = plan.layout.threads[u.self]!;
  anySet(u, [rcu]);
  code.op(OP.i32Eqz).if(() => cutOff(u, 'lock_not_held', 'rcu'));
  readSlot(u, rcu);
  code.i64(1).op(OP.i64Sub);
  writeSlot(u, rcu);
  anySet(u, [rcu]);
  code.op(OP.i32Eqz).if(() => endReader(u));
}

/** The reader has left: grace periods that waited for it may be over. */
function endReader(u: Unit): void {
  const { layout } = u.plan;
  for (const slots of layout.threads) clear(u, slots.grace[u.self]!);
  for (const pool of layout.objects) {
    for (const { status, grace } of pool) {
      if (grace[u.self] === -1) continue;
      slotIs(u, status, PENDING);
      u.code.if(() => {
        clear(u, grace[u.self]!);
        anySet(u, grace);
        u.code.op(OP.i32Eqz).if(() => writeConstant(u, status, FREED));
      });
    }
  }
}

function clear(u: Unit, slot: number): void {
  if (slot !== -1) writeConstant(u, slot, 0);
}

/** A wait for readers who wait themselves may close a circle: the interpreter looks. */
export function emitSynchronize(u: Unit, exits: Exits): void {
  const { code, plan } = u;
  const { begun, grace } = plan.layout.threads[u.self]!;
  code.block('over', (over) => {
    anySet(u, [begun]);
    code.if(() => {
      anySet(u, grace);
      code.brIf(u.blocked);
      writeConstant(u, begun, 0);
      code.br(over);
    });
    insideRcu(u);
    code.op(OP.i32Eqz).brIf(over);
    markReaders(u, grace);
    writeConstant(u, begun, 1);
    unlessReaderWaits(u);
    exits.waits();
  });
}

function unlessReaderWaits(u: Unit): void {
  const { code, plan } = u;
  const { grace } = plan.layout.threads[u.self]!;
  grace.forEach((slot, t) => {
    if (slot === -1) return;
    anySet(u, [slot]);
    code.if(() => {
      isWaiting(u, t);
      code.brIf(u.slow);
    });
  });
}
