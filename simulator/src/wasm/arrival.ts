// Where a thread comes to rest, as WebAssembly: what must not be so there, what it is seen to hold;
// and where it ends.
import { doneRest } from '../layout.ts';
import { spins } from '../locks.ts';
import { standAt, type Instr, type Pc } from '../program.ts';
import { NOT_HELD, READ, WRITTEN, holdingsAt } from '../reduction/held.ts';
import { factAddress, rcuAddress } from './sightings.ts';
import { OP } from './assembler.ts';
import { anySet, slotIs, unlessTold, writeConstant, type Unit } from './unit.ts';

/** The thread rests before `pc`: what must not be so there, what is seen. */
export function emitArrival(u: Unit, pc: Pc): void {
  const { plan } = u;
  const instr = plan.program.threads[u.self]!.code[pc]!;
  const rest = plan.layout.restOf[u.self]![pc]!;
  writeConstant(u, plan.layout.threads[u.self]!.pc, rest);
  standAt(u, instr);
  if (instr.op === 'acquire' || instr.op === 'await' || instr.op === 'synchronize_rcu') {
    checkReached(u, instr, pc);
  }
  sight(u, pc);
  forget(u, rest);
}

/** `sleep_in_atomic` and `lock_order` are judged when the step is reached. */
function checkReached(
  u: Unit, instr: Extract<Instr, { op: 'acquire' | 'await' | 'synchronize_rcu' }>, pc: Pc,
): void {
  const { program, layout } = u.plan;
  const classOf = (lock: number) => program.classes[program.locks[lock]!.cls]!;
  const held = mayHold(u, pc);
  const tell = (code: 'sleep_in_atomic' | 'lock_order', subject: string): void => {
    u.code.if(() => unlessTold(u, code, subject, instr.site));
  };
  const cls = instr.op === 'acquire' ? program.locks[instr.lock.base]!.cls : null;
  if (cls === null || !spins(program.classes[cls]!.kind)) {
    for (const lock of held) {
      if (!spins(classOf(lock).kind)) continue;
      anySet(u, ownSlots(u, lock));
      tell('sleep_in_atomic', classOf(lock).name);
    }
    anySet(u, [layout.threads[u.self]!.rcu]);
    tell('sleep_in_atomic', 'rcu');
  }
  for (const { outer, inner } of program.orders) {
    if (outer !== cls) continue;
    const against = held.filter((lock) => program.locks[lock]!.cls === inner);
    if (against.length === 0) continue;
    anySet(u, against.flatMap((lock) => ownSlots(u, lock)));
    tell('lock_order', program.classes[outer]!.name);
  }
}

const ownSlots = (u: Unit, lock: number): number[] => {
  const { writer, readers } = u.plan.layout.locks[lock]!;
  return [writer[u.self]!, readers[u.self]!];
};

/** The locks that the thread holds there in some run, as far as its own code says. */
function mayHold(u: Unit, pc: Pc): number[] {
  const { held, layout } = u.plan;
  return layout.holdable[u.self]!.filter((lock) =>
    (holdingsAt(held, { t: u.self, pc, lock }) & ~NOT_HELD) !== 0);
}

/** Notes what the thread holds where it rests; what its own code makes certain is not asked. */
function sight(u: Unit, pc: Pc): void {
  const { code, plan } = u;
  const { held, layout } = plan;
  for (const lock of layout.holdable[u.self]!) {
    const can = holdingsAt(held, { t: u.self, pc, lock });
    const kinds = [can & NOT_HELD, can & READ, can & WRITTEN].filter((bits) => bits !== 0);
    const at = factAddress(plan, { t: u.self, pc, lock });
    const seen = (bit: number): void => {
      code.i32(0).i32(0).memory(OP.i32Load8, at).i32(bit).op(OP.i32Or).memory(OP.i32Store8, at);
    };
    if (kinds.length === 1) {
      if ((can & NOT_HELD) !== 0) continue;
      code.i32(0).i32((can & WRITTEN) === 0 ? 2 : 4).memory(OP.i32Store8, at);
      continue;
    }
    const { writer, readers } = layout.locks[lock]!;
    anySet(u, [writer[u.self]!]);
    code.if(() => seen(4), () => {
      anySet(u, [readers[u.self]!]);
      code.if(() => seen(2), () => seen(1));
    });
  }
  const at = rcuAddress(plan, { t: u.self, pc });
  if (layout.hi[layout.threads[u.self]!.rcu] === 0) {
    code.i32(0).i32(1).memory(OP.i32Store8, at);
    return;
  }
  code.i32(0).i32(0).memory(OP.i32Load8, at);
  code.i32(2).i32(1);
  anySet(u, [layout.threads[u.self]!.rcu]);
  code.op(OP.select).op(OP.i32Or).memory(OP.i32Store8, at);
}

export function emitEnd(u: Unit, began: number): void {
  const { code, plan } = u;
  const { layout, program } = plan;
  const thread = program.threads[u.self]!;
  for (const lock of layout.holdable[u.self]!) {
    anySet(u, ownSlots(u, lock));
    const { name } = program.classes[program.locks[lock]!.cls]!;
    code.if(() => unlessTold(u, 'lock_held_at_exit', name, began));
  }
  anySet(u, [layout.threads[u.self]!.rcu]);
  code.if(() => unlessTold(u, 'lock_held_at_exit', 'rcu', began));
  if (thread.outcomes.length > 0) {
    slotIs(u, layout.threads[u.self]!.outcome, 0);
    code.if(() => unlessTold(u, 'missing_outcome', thread.decl, began));
  }
  writeConstant(u, layout.threads[u.self]!.pc, doneRest(layout, u.self));
  forget(u, doneRest(layout, u.self));
}

/** Locals that are not looked at again are as they were at the start. */
function forget(u: Unit, rest: number): void {
  const dead = u.plan.lean?.reduction?.live?.dead[u.self]![rest] ?? [];
  for (const cell of dead) writeConstant(u, cell, u.plan.program.cells[cell]!.init);
}
