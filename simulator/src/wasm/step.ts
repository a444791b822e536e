// A thread's steps as one WebAssembly function: the state in, every successor appended to a batch.
// It says where the interpreter shall take the state instead.
import { MAX_CHOICES } from '../bounds.ts';
import { divergedRest, doneRest } from '../layout.ts';
import { spins } from '../locks.ts';
import { standAt, type Instr, type Pc, type Program, type ThreadIdx } from '../program.ts';
import { NOT_HELD, READ, WRITTEN, holdingsAt } from '../reduction/held.ts';
import { Code, I32, I64, OP, type Label } from './assembler.ts';
import { append } from './append.ts';
import { mayChange } from './changes.ts';
import { stepFlow } from './flow.ts';
import { BATCH, CHOICES, entryBytes, GLOBALS } from './memory.ts';
import { emitInstr, type Exits } from './ops.ts';
import { factAddress, rcuAddress } from './sightings.ts';
import { emitAsleep } from './sleep.ts';
import { eventAt } from './registry.ts';
import {
  anySet, cases, createScratch, note, readRest, slotIs, unlessTold, writeConstant, type Plan,
  type Unit,
} from './unit.ts';

/** Silent turns in one step beyond which the interpreter decides whether it ever ends. */
const MAX_TURNS = 4_096;

/** What a thread's function answers: it has successors, it is for the interpreter, it has none. */
export const MOVED = 0;
export const SLOW = 1;
export const STOOD = 2;

/** Indices of the functions that steps call. */
export interface Calls {
  readonly decide: number;
  readonly nextChoice: number;
  /** By invariant: the state's words in; 0 false, 1 true, 2 cannot be judged. */
  readonly invariants: readonly number[];
}

/** What is fixed while one thread's function is emitted. */
interface Frame {
  readonly u: Unit;
  readonly calls: Calls;
  /** The parameters: the state from which the step starts. */
  readonly base: readonly number[];
  /** Which of the step's successors is next, an i32. */
  readonly choice: number;
  /** See append.ts. */
  readonly asleep: number | null;
  /** Combinations of choices gone through, an i32. */
  readonly tried: number;
  /** Silent turns, an i32. */
  readonly turns: number;
  /** The instruction to go on with, in a cyclic step. */
  readonly at: number;
}

export function emitThread(plan: Plan, t: ThreadIdx, calls: Calls): Code {
  const base = Array.from({ length: plan.nWords }, (_, k) => k);
  const code = new Code(base.map(() => I64), [I32]);
  const words = base.map(() => code.local(I64));
  const regs = Array.from({ length: plan.program.nRegs }, () => code.local(I64));
  const locals = {
    choice: code.local(I32), tried: code.local(I32), turns: code.local(I32), at: code.local(I32),
    asleep: plan.lean?.sleep == null ? null : code.local(I64),
  };
  const { rests } = plan.layout;
  code.block('slow', (slow) => {
    code.block('over', (over) => {
      const u: Unit = {
        plan, code, words, regs, self: t, step: 0, within: 0, selfRef: null, selfIndex: null,
        quiet: false, cut: over, blocked: over, slow, scratch: createScratch(),
      };
      readBaseRest(u, base, t);
      cases(u, rests[t]!.length + 2, (rest) => {
        if (rest >= doneRest(plan.layout, t)) emitSelfLoop(plan, { u, calls, base, ...locals });
        else emitRest({ u, calls, base, ...locals }, rests[t]![rest]!);
      });
    });
    emitAnswer(plan, code, locals.choice);
  });
  code.i32(SLOW);
  return code;
}

/** Whether the thread had a successor at all is asked in a lean search only. */
function emitAnswer(plan: Plan, code: Code, choice: number): void {
  if (plan.lean === null) {
    code.i32(MOVED).op(OP.return);
    return;
  }
  code.i32(MOVED).i32(STOOD).get(choice).op(OP.select).op(OP.return);
}

function readBaseRest(u: Unit, base: readonly number[], t: ThreadIdx): void {
  readRest({ ...u, words: base }, t);
}

/** A thread that has diverged goes round for ever; one that is done takes no step. */
function emitSelfLoop(plan: Plan, f: Frame): void {
  const { u } = f;
  const { pc } = plan.layout.threads[u.self]!;
  slotIs({ ...u, words: f.base }, pc, divergedRest(plan.layout, u.self));
  u.code.if(() => {
    f.base.forEach((word, k) => u.code.get(word).set(u.words[k]!));
    u.code.i32(0).set(f.choice);
    append(f, false);
  });
}

/** The step that begins at `pc`, with each combination of its choices. */
function emitRest(f: Frame, pc: Pc): void {
  const { u, base } = f;
  const { code } = u;
  const instrs = u.plan.program.threads[u.self]!.code;
  const flow = stepFlow(instrs, pc);
  const chooses = flow.order.some((at) => mayChoose(u.plan.program, instrs[at]!));
  code.i32(0).set(f.choice);
  noteAsleep(f, pc);
  if (chooses) code.i32(0).set(f.tried).i32(0).i32(0).memory(OP.i32Store, CHOICES.length);
  code.block('rest', () => {
    const once = (): void => {
      if (chooses) code.i32(0).i32(0).memory(OP.i32Store, CHOICES.chosen);
      base.forEach((word, k) => code.get(word).set(u.words[k]!));
      code.block('next', (next) => {
        code.block('cut', (cut) => {
          code.block('successor', (successor) => {
            const inner: Frame = { ...f, u: { ...u, cut, blocked: next } };
            emitFlow(inner, { order: flow.order, cyclic: flow.cyclic, successor });
          });
          judgeStep(f, flow.order);
          append(f, false);
          code.br(next);
        });
        append(f, true);
      });
    };
    if (!chooses) {
      once();
      return;
    }
    code.loop('again', (again) => {
      code.getGlobal(GLOBALS.batchEnd).i32(BATCH.end - entryBytes(u.plan.nWords));
      code.op(OP.i32GtU).brIf(u.slow);
      code.get(f.tried).i32(1).op(OP.i32Add).tee(f.tried).i32(MAX_CHOICES).op(OP.i32GtU);
      code.brIf(u.slow);
      once();
      code.call(f.calls.nextChoice).brIf(again);
    });
  });
}

function noteAsleep(f: Frame, pc: Pc): void {
  const { u, base, asleep } = f;
  const sleep = u.plan.lean?.sleep ?? null;
  if (asleep === null || sleep === null) return;
  emitAsleep(u, sleep, { rest: u.plan.layout.restOf[u.self]![pc]!, base });
  u.code.set(asleep);
}

/** Whether the instruction may have several results. */
export function mayChoose(program: Program, instr: Instr): boolean {
  if (instr.op === 'new') return program.pools[instr.pool]!.typesafe;
  return instr.op === 'any' || instr.op === 'choose';
}

interface Flow {
  readonly order: readonly Pc[];
  readonly cyclic: boolean;
  /** To where the step is over: its successor is judged and appended. */
  readonly successor: Label;
}

/** The instructions one after the other, each inside the blocks of those after it. */
function emitFlow(f: Frame, flow: Flow): void {
  const { code, slow } = f.u;
  if (!flow.cyclic) {
    nestFlow(f, flow, null);
    return;
  }
  code.i32(0).set(f.at).i32(0).set(f.turns);
  code.loop('turn', (turn) => nestFlow(f, flow, (pc) => {
    code.get(f.turns).i32(1).op(OP.i32Add).tee(f.turns).i32(MAX_TURNS).op(OP.i32GtU).brIf(slow);
    code.i32(flow.order.indexOf(pc)).set(f.at).br(turn);
  }));
}

/** `again`: how to go on with another instruction of a cyclic step; else jumps lead forward. */
function nestFlow(f: Frame, flow: Flow, again: ((pc: Pc) => void) | null): void {
  const { code } = f.u;
  const { order } = flow;
  const labels = new Map<Pc, Label>();
  const jump = again ?? ((pc: Pc): void => { code.br(labels.get(pc)!); });
  const nest = (i: number): void => {
    if (i === -1) {
      const targets = order.map((pc) => labels.get(pc)!);
      code.get(f.at).brTable(targets, targets[0]!);
      return;
    }
    if (i > 0 || again !== null) {
      code.block(`pc ${order[i]}`, (label) => {
        labels.set(order[i]!, label);
        nest(i - 1);
      });
    }
    emitAt(f, flow, { pc: order[i]!, jump });
  };
  nest(order.length - 1);
}

function emitAt(f: Frame, flow: Flow, at: { pc: Pc; jump: (pc: Pc) => void }): void {
  const { u } = f;
  const { program, registry } = u.plan;
  const instrs = program.threads[u.self]!.code;
  const instr = instrs[at.pc]!;
  standAt(u, instr);
  if (!instr.rest) note(u, eventAt(registry, { kind: 'reached', site: instr.site }));
  const began = instrs[flow.order[0]!]!.site;
  const arrive = (pc: Pc): void => {
    emitArrival(u, pc);
    u.code.br(flow.successor);
    standAt(u, instr);
  };
  const exits: Exits = {
    goto: (pc) => (instrs[pc]!.rest ? arrive(pc) : at.jump(pc)),
    waits: () => {
      if (u.plan.lean?.reduction?.ample != null) u.code.i32(1).setGlobal(GLOBALS.stopSeen);
      u.code.br(flow.successor);
    },
    end: () => {
      emitEnd(u, began);
      u.code.br(flow.successor);
    },
    decide: () => u.code.call(f.calls.decide),
  };
  emitInstr(u, instr, exits);
}

/** The thread rests before `pc`: what must not be so there, what is seen. */
function emitArrival(u: Unit, pc: Pc): void {
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

function emitEnd(u: Unit, began: number): void {
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

/** An invariant that held before the step and does not after it. */
function judgeStep(f: Frame, order: readonly Pc[]): void {
  const { u, calls } = f;
  const { code, plan } = u;
  const began = plan.program.threads[u.self]!.code[order[0]!]!.site;
  const invariants = plan.program.properties.filter(({ kind }) => kind === 'invariant');
  invariants.forEach(({ name, expr }, i) => {
    if (!mayChange(plan.program, expr, { t: u.self, order })) return;
    const judge = (words: readonly number[]): void => {
      for (const word of words) code.get(word);
      code.call(calls.invariants[i]!);
    };
    judge(u.words);
    code.i32(1).op(OP.i32Ne).if(() => {
      judge(u.words);
      code.i32(2).op(OP.i32Eq).brIf(u.slow);
      judge(f.base);
      code.if(() => unlessTold(u, 'invariant', name, began));
    });
  });
}

/** Locals that are not looked at again are as they were at the start. */
function forget(u: Unit, rest: number): void {
  const dead = u.plan.lean?.reduction?.live?.dead[u.self]![rest] ?? [];
  for (const cell of dead) writeConstant(u, cell, u.plan.program.cells[cell]!.init);
}
