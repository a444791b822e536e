// Instructions as WebAssembly, one emitter each; what they do is said by ops.ts of the interpreter.
import { unreachable } from '../assert.ts';
import { MAX_CHOICES } from '../bounds.ts';
import { locksOf } from '../layout.ts';
import { FREED, LIVE, PENDING, UNUSED } from '../objects.ts';
import type { Access, Instr, LockIdx, Pc, Target } from '../program.ts';
import { I32, I64, OP } from './assembler.ts';
import {
  checkGuard, emitCondition, emitNumber, forLock, heldBySelf, readCell, withAddress, writeCell,
} from './expr.ts';
import {
  blocksNewcomer, blocksWaiter, dropRead, join, leave, take, unlessCircle,
} from './locks.ts';
import { eventAt } from './registry.ts';
import {
  anySet, cutOff, note, readSlot, slotIs, unlessTold, withLocal, writeConstant, writeSlot,
  type Unit,
} from './unit.ts';

type Of<K extends Instr['op']> = Extract<Instr, { readonly op: K }>;

/** Where a step can go: emitted by the step that the instruction belongs to. */
export interface Exits {
  /** On to that instruction, or to rest before it. */
  readonly goto: (pc: Pc) => void;
  /** The thread has begun to wait where it is. */
  readonly waits: () => void;
  /** The thread is done. */
  readonly end: () => void;
  /** Takes an i32, the number of options (1 or more); leaves the one to take. */
  readonly decide: () => void;
}

export function emitInstr(u: Unit, instr: Instr, exits: Exits): void {
  switch (instr.op) {
    case 'nop': break;
    case 'set': emitSet(u, instr); break;
    case 'any': emitAny(u, instr, exits); break;
    case 'branch':
      emitCondition(u, instr.cond);
      u.code.if(() => exits.goto(instr.next));
      exits.goto(instr.otherwise);
      return;
    case 'choose': emitChoose(u, instr, exits); return;
    case 'acquire': emitAcquire(u, instr, exits); return;
    case 'try': emitTry(u, instr); break;
    case 'release': emitRelease(u, instr); break;
    case 'downgrade': emitDowngrade(u, instr); break;
    case 'cmpxchg': emitCmpxchg(u, instr); break;
    case 'await':
      emitCondition(u, instr.cond);
      u.code.op(OP.i32Eqz).brIf(u.blocked);
      break;
    case 'assert':
      emitCondition(u, instr.cond);
      u.code.op(OP.i32Eqz).if(() => cutOff(u, 'assert', instr.text));
      break;
    case 'outcome': emitOutcome(u, instr); break;
    case 'new': emitNew(u, instr, exits); break;
    case 'free': emitFree(u, instr); break;
    case 'rcu_lock': emitRcuLock(u); break;
    case 'rcu_unlock': emitRcuUnlock(u); break;
    case 'synchronize_rcu': emitSynchronize(u, exits); break;
    case 'end': exits.end(); return;
    default: unreachable(instr);
  }
  exits.goto(instr.next);
}

function emitSet(u: Unit, instr: Of<'set'>): void {
  withLocal(u, I64, (value) => {
    emitNumber(u, instr.value);
    u.code.set(value);
    assign(u, instr.target, value);
  });
}

function assign(u: Unit, target: Target, value: number): void {
  switch (target.kind) {
    case 'reg': u.code.get(value).set(u.regs[target.reg]!); return;
    case 'local':
      checkRange(u, target.cell, { value, name: target.name });
      u.code.get(value);
      writeSlot(u, target.cell);
      return;
    case 'store': store(u, target.access, value); return;
    default: unreachable(target);
  }
}

function store(u: Unit, access: Access, value: number): void {
  withAddress(u, access, (at) => {
    checkGuard(u, access, true);
    checkRange(u, at.place.base, { value, name: at.place.name });
    writeCell(u, at, value);
  });
}

/** All cells of one place have one range. */
function checkRange(u: Unit, cell: number, of: { value: number; name: string }): void {
  const { lo, hi } = u.plan.program.cells[cell]!;
  const { code } = u;
  code.get(of.value).i64(lo).op(OP.i64LtS).get(of.value).i64(hi).op(OP.i64GtS).op(OP.i32Or);
  code.if(() => cutOff(u, 'range', of.name));
}

function emitAny(u: Unit, instr: Of<'any'>, exits: Exits): void {
  const { code } = u;
  withLocal(u, I64, (first) => withLocal(u, I64, (span) => {
    emitNumber(u, instr.lo);
    code.set(first);
    emitNumber(u, instr.hi);
    code.get(first).op(OP.i64Sub).tee(span).i64(0).op(OP.i64LtS).brIf(u.blocked);
    code.get(span).i64(MAX_CHOICES).op(OP.i64GeS).brIf(u.slow);
    code.get(span).op(OP.i32WrapI64).i32(1).op(OP.i32Add);
    exits.decide();
    code.op(OP.i64ExtendI32U).get(first).op(OP.i64Add).set(span);
    assign(u, instr.target, span);
  }));
}

function emitChoose(u: Unit, instr: Of<'choose'>, exits: Exits): void {
  const { code } = u;
  withLocal(u, I32, (choice) => {
    code.i32(instr.targets.length);
    exits.decide();
    code.set(choice);
    instr.targets.forEach((target, i) => {
      code.get(choice).i32(i).op(OP.i32Eq).if(() => exits.goto(target));
    });
    code.op(OP.unreachable);
  });
}

function emitAcquire(u: Unit, instr: Of<'acquire'>, exits: Exits): void {
  const { code, plan } = u;
  const { mode } = instr;
  for (const lock of locksOf(plan.program, instr.lock)) {
    anySet(u, [plan.layout.locks[lock]!.wait[u.self]!]);
    code.if(() => {
      checkNotFreed(u, lock);
      blocksWaiter(u, lock, mode);
      code.brIf(u.blocked);
      leave(u, lock);
      take(u, lock, mode);
      exits.goto(instr.next);
    });
  }
  forLock(u, instr.lock, (lock) => {
    noteRecursion(u, lock, mode);
    blocksNewcomer(u, lock, mode);
    code.if(() => {
      join(u, lock);
      unlessCircle(u, lock);
      exits.waits();
    });
    take(u, lock, mode);
  });
  exits.goto(instr.next);
}

/** The lock waited for lies in an object: it may be gone by now. */
function checkNotFreed(u: Unit, lock: LockIdx): void {
  const { program, layout } = u.plan;
  const { object } = program.locks[lock]!;
  if (object === null) return;
  const pool = program.pools[object.pool]!;
  if (pool.typesafe) return;
  slotIs(u, layout.objects[object.pool]![object.ref - 1]!.status, FREED);
  u.code.if(() => cutOff(u, 'use_after_free', pool.name));
}

function noteRecursion(u: Unit, lock: LockIdx, mode: 'read' | 'write'): void {
  const { program, layout, registry } = u.plan;
  const { cls } = program.locks[lock]!;
  const slot = layout.locks[lock]!.readers[u.self]!;
  if (mode !== 'read' || program.classes[cls]!.kind !== 'rwsem' || slot === -1) return;
  anySet(u, [slot]);
  const at = eventAt(registry, { kind: 'recursive_read', site: u.step, cls });
  u.code.if(() => note(u, at));
}

function emitTry(u: Unit, instr: Of<'try'>): void {
  const { code } = u;
  const result = u.regs[instr.result]!;
  forLock(u, instr.lock, (lock) => {
    blocksNewcomer(u, lock, instr.mode);
    code.if(() => code.i64(0).set(result), () => {
      noteNestings(u, instr, lock);
      take(u, lock, instr.mode);
      code.i64(1).set(result);
    });
  });
}

/** Every class held while this one is taken. */
function noteNestings(u: Unit, instr: Of<'try'>, lock: LockIdx): void {
  const { program, layout, registry } = u.plan;
  const { mode, nested } = instr;
  const inner = program.locks[lock]!.cls;
  for (const held of layout.holdable[u.self]!) {
    for (const outerMode of ['read', 'write'] as const) {
      const slots = layout.locks[held]!;
      const slot = (outerMode === 'read' ? slots.readers : slots.writer)[u.self]!;
      if (slot === -1) continue;
      const outer = program.locks[held]!.cls;
      const at = eventAt(registry, {
        kind: 'nesting',
        nesting: {
          outer, outerMode, inner, innerMode: mode, site: u.step, thread: u.self, byTry: true,
          nested,
        },
      });
      anySet(u, [slot]);
      u.code.if(() => note(u, at));
    }
  }
}

function emitRelease(u: Unit, instr: Of<'release'>): void {
  const { code, plan } = u;
  forLock(u, instr.lock, (lock) => {
    const { writer, readers } = plan.layout.locks[lock]!;
    const { name } = plan.program.classes[plan.program.locks[lock]!.cls]!;
    code.block('released', (released) => {
      if (writer[u.self] !== -1 && instr.mode !== 'read') {
        heldBySelf(u, lock, 'write');
        code.if(() => {
          writeConstant(u, writer[u.self]!, 0);
          code.br(released);
        });
      }
      if (readers[u.self] !== -1 && instr.mode !== 'write') {
        heldBySelf(u, lock, 'read');
        code.if(() => {
          dropRead(u, lock);
          code.br(released);
        });
      }
      cutOff(u, 'lock_not_held', name);
    });
  });
}

function emitDowngrade(u: Unit, instr: Of<'downgrade'>): void {
  const { code, plan } = u;
  forLock(u, instr.lock, (lock) => {
    const { writer } = plan.layout.locks[lock]!;
    const { name } = plan.program.classes[plan.program.locks[lock]!.cls]!;
    heldBySelf(u, lock, 'write');
    code.op(OP.i32Eqz).if(() => cutOff(u, 'lock_not_held', name));
    if (writer[u.self] !== -1) writeConstant(u, writer[u.self]!, 0);
    take(u, lock, 'read');
  });
}

function emitCmpxchg(u: Unit, instr: Of<'cmpxchg'>): void {
  const { code } = u;
  withLocal(u, I64, (expected) => withLocal(u, I64, (replacement) => {
    emitNumber(u, instr.old);
    code.set(expected);
    emitNumber(u, instr.value);
    code.set(replacement);
    withAddress(u, instr.access, (at) => {
      checkGuard(u, instr.access, false);
      readCell(u, at);
      code.get(expected).op(OP.i64Eq).if(() => {
        checkGuard(u, instr.access, true);
        checkRange(u, at.place.base, { value: replacement, name: at.place.name });
        writeCell(u, at, replacement);
        code.i64(1).set(u.regs[instr.result]!);
      }, () => code.i64(0).set(u.regs[instr.result]!));
    });
  }));
}

function emitOutcome(u: Unit, instr: Of<'outcome'>): void {
  const { program, layout } = u.plan;
  const declared = program.threads[u.self]!.outcomes[instr.outcome]!;
  if (declared.never) unlessTold(u, 'forbidden_outcome', declared.name, u.step);
  writeConstant(u, layout.threads[u.self]!.outcome, instr.outcome + 1);
}

function emitNew(u: Unit, instr: Of<'new'>, exits: Exits): void {
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

function emitFree(u: Unit, instr: Of<'free'>): void {
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

function emitRcuLock(u: Unit): void {
  const { rcu } = u.plan.layout.threads[u.self]!;
  slotIs(u, rcu, u.plan.layout.hi[rcu]!);
  u.code.brIf(u.slow);
  readSlot(u, rcu);
  u.code.i64(1).op(OP.i64Add);
  writeSlot(u, rcu);
}

function emitRcuUnlock(u: Unit): void {
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
function emitSynchronize(u: Unit, exits: Exits): void {
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
      anySet(u, [
        ...plan.layout.waitable[t]!.map((lock) => plan.layout.locks[lock]!.wait[t]!),
        plan.layout.threads[t]!.begun,
      ]);
      code.brIf(u.slow);
    });
  });
}
