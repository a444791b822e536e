// Instructions as WebAssembly, one emitter each; what they do is said by ops.ts of the interpreter.
import { unreachable } from '../assert.ts';
import { MAX_CHOICES } from '../bounds.ts';
import { locksOf } from '../layout.ts';
import { FREED } from '../objects.ts';
import type { Instr, LockIdx, Pc } from '../program.ts';
import { checkGuard, forLock, heldBySelf, readCell, withAddress, writeCell } from './access.ts';
import { I32, I64, OP } from './assembler.ts';
import { assign, checkRange } from './assign.ts';
import { emitCondition, emitNumber } from './expr.ts';
import {
  blocksNewcomer, blocksWaiter, dropRead, join, leave, take, unlessCircle,
} from './locks.ts';
import {
  emitFree, emitNew, emitRcuLock, emitRcuUnlock, emitSynchronize,
} from './objects.ts';
import { eventAt } from './registry.ts';
import {
  anySet, cutOff, note, slotIs, unlessTold, withLocal, writeConstant, type Unit,
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
  if (declared.never) unlessTold(u, 'forbidden_outcome', declared.name, u.within);
  writeConstant(u, layout.threads[u.self]!.outcome, instr.outcome + 1);
}
