// A step as WebAssembly, inside its thread's function (thread.ts): from a resting place on, every
// successor appended to the batch. It says where the interpreter shall take the state instead.
import { MAX_CHOICES } from '../bounds.ts';
import { standAt, type Instr, type Pc, type Program, type ThreadIdx } from '../program.ts';
import { OP, type Label } from './assembler.ts';
import { append } from './append.ts';
import { emitArrival, emitEnd } from './arrival.ts';
import { mayChange } from './changes.ts';
import { countsIn } from './counts.ts';
import { stepFlow, type StepFlow } from './flow.ts';
import { BATCH, CHOICES, entryBytes, GLOBALS } from './memory.ts';
import { emitInstr, type Exits } from './ops.ts';
import { eventAt } from './registry.ts';
import { note, unlessTold, type Unit } from './unit.ts';

/** Silent turns in one step beyond which the interpreter decides whether it ever ends. */
const MAX_TURNS = 4_096;

/** What a thread's function answers: it has successors, it is for the interpreter, it has none. */
export const MOVED = 0;
export const SLOW = 1;
export const STOOD = 2;
/** Of code that is kept: in the bits above `SLOW`, how many successors were left out. */
export const SKIPPED_SHIFT = 1;

/** Indices of the functions that steps call. */
export interface Calls {
  readonly decide: number;
  readonly nextChoice: number;
  /** By invariant: the state's words in; 0 false, 1 true, 2 cannot be judged. */
  readonly invariants: readonly number[];
}

/** What is fixed while one thread's function is emitted. */
export interface Frame {
  readonly u: Unit;
  readonly calls: Calls;
  /** The parameters: the state from which the step starts. */
  readonly base: readonly number[];
  /** Which of the step's successors is next, an i32. */
  readonly choice: number;
  /** See append.ts. */
  readonly rest: number | null;
  readonly restAt: number;
  readonly skipped: number;
  /** Where a step is over that has one successor, or ends the run; null: it says so itself. */
  readonly ends: { readonly moved: Label; readonly cut: Label } | null;
  /** The parameter that says whether the thread sleeps; null: it never does. */
  readonly asleep: number | null;
  /** Combinations of choices gone through, an i32. */
  readonly tried: number;
  /** Where a step makes a single choice: of how many, an i32; then `tried` is the one taken. */
  readonly options: number;
  /** Silent turns, an i32. */
  readonly turns: number;
  /** The instruction to go on with, in a cyclic step. */
  readonly at: number;
}

/** The state as it is before the step. */
export function startStep({ u: { code, words }, base }: Frame): void {
  base.forEach((word, k) => code.get(word).set(words[k]!));
}

/** The step that begins at `pc`, with each combination of its choices. */
export function emitRest(f: Frame, pc: Pc): void {
  const { code, plan: { program, nWords }, self, slow } = f.u;
  const flow = stepFlow(program.threads[self]!.code, pc);
  const choices = choicesIn(program, self, flow);
  if (f.ends !== null && choices === 'none') {
    const { moved, cut } = f.ends;
    emitWay({ ...f, u: { ...f.u, cut } }, { flow, choices, moved });
    return;
  }
  code.i32(0).set(f.choice);
  if (f.asleep !== null) emitCounted(f, flow);
  if (choices === 'none') {
    emitOnce(f, flow, choices);
    return;
  }
  code.i32(0).set(f.tried);
  if (choices === 'many') code.i32(0).i32(0).memory(OP.i32Store, CHOICES.length);
  code.loop('again', (again) => {
    code.getGlobal(GLOBALS.batchEnd).i32(BATCH.end - entryBytes(nWords)).op(OP.i32GtU).brIf(slow);
    code.get(f.tried).i32(MAX_CHOICES).op(OP.i32GeU).brIf(slow);
    emitOnce(f, flow, choices);
    code.get(f.tried).i32(1).op(OP.i32Add).set(f.tried);
    if (choices === 'one') code.get(f.tried).get(f.options).op(OP.i32LtU);
    else code.call(f.calls.nextChoice);
    code.brIf(again);
  });
}

/** `one`: no way through the step chooses twice. */
type Choices = 'none' | 'one' | 'many';

function choicesIn(program: Program, t: ThreadIdx, { order, cyclic }: StepFlow): Choices {
  const { code } = program.threads[t]!;
  const count = order.filter((pc) => mayChoose(program, code[pc]!)).length;
  if (count === 0) return 'none';
  return count === 1 && !cyclic ? 'one' : 'many';
}

function emitOnce(f: Frame, flow: StepFlow, choices: Choices): void {
  const { u } = f;
  const { code } = u;
  if (choices === 'one') code.i32(0).set(f.options);
  if (choices === 'many') code.i32(0).i32(0).memory(OP.i32Store, CHOICES.chosen);
  startStep(f);
  code.block('next', (next) => {
    code.block('cut', (cut) => {
      code.block('moved', (moved) =>
        emitWay({ ...f, u: { ...u, cut, blocked: next } }, { flow, choices, moved }));
      append(f, false);
      code.br(next);
    });
    append(f, true);
  });
}

/** The step with its choices as they are. */
function emitWay(
  f: Frame, of: { flow: StepFlow; choices: Choices; moved: Label },
): void {
  const { flow: { order, cyclic }, choices, moved } = of;
  f.u.code.block('successor', (successor) =>
    emitFlow(f, { order, cyclic, choices, successor, counts: null }));
  judgeStep(f, order);
  f.u.code.br(moved);
}

/**
 * Where the thread sleeps its successors are only counted, if that can be done without them: what
 * the step does and meets it has done and met before. Not so where an invariant is to be judged.
 */
function emitCounted(f: Frame, flow: StepFlow): void {
  const { u } = f;
  const { code, plan: { program }, self, cut: over, slow } = u;
  const judges = program.properties.some(({ kind, expr }) => kind === 'invariant'
    && mayChange(program, expr, { t: self, order: flow.order }));
  const counts = judges || flow.cyclic ? null : countsIn(program, self, flow.order[0]!);
  if (counts === null) return;
  code.get(f.asleep!).if(() => {
    if (!leaveCounted(f, over, counts.get(flow.order[0]!))) {
      startStep(f);
      code.block('cut', (cut) => {
        const order = flow.order.filter((pc) => !counts.has(pc));
        const inner: Frame = { ...f, u: { ...u, cut, blocked: slow } };
        emitFlow(inner, {
          order, cyclic: false, choices: 'none', successor: over, counts,
        });
      });
      leaveCounted(f, over, 1);
    }
  });
}

/** Counts so many successors, if it is known how many; then the thread's turn is over. */
function leaveCounted(f: Frame, over: Label, count: number | undefined): boolean {
  if (count === undefined) return false;
  const { code } = f.u;
  code.getGlobal(GLOBALS.edges).i32(count).op(OP.i32Add).setGlobal(GLOBALS.edges);
  code.i32(1).set(f.choice).br(over);
  return true;
}

/** Whether the instruction may have several results. */
export function mayChoose(program: Program, instr: Instr): boolean {
  if (instr.op === 'new') return program.pools[instr.pool]!.typesafe;
  return instr.op === 'any' || instr.op === 'choose';
}

interface Flow {
  readonly order: readonly Pc[];
  readonly cyclic: boolean;
  readonly choices: Choices;
  /** To where the step is over: its successor is judged and appended. */
  readonly successor: Label;
  /**
   * Of a thread that sleeps: how many successors there are from an instruction on that is not in
   * the order; they are counted instead.
   */
  readonly counts: ReadonlyMap<Pc, number> | null;
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
  const counted = (pc: Pc): boolean => flow.counts !== null
    && leaveCounted(f, flow.successor, instrs[pc]!.rest ? 1 : flow.counts.get(pc));
  const exits: Exits = {
    goto: (pc) => {
      if (counted(pc)) return;
      if (instrs[pc]!.rest) arrive(pc);
      else at.jump(pc);
    },
    waits: () => {
      if (u.plan.lean?.reduction?.ample != null) u.code.i32(1).setGlobal(GLOBALS.stopSeen);
      u.code.br(flow.successor);
    },
    end: () => {
      emitEnd(u, began);
      u.code.br(flow.successor);
    },
    decide: () => {
      if (flow.choices === 'one') u.code.set(f.options).get(f.tried);
      else u.code.call(f.calls.decide);
    },
  };
  emitInstr(u, instr, exits);
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
