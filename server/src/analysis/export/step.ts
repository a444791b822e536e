// One step of one thread as the body of a d_step or an atomic sequence: branches as `if`, meeting
// again where they do in the spec; circles inside a step as labels and jumps.
import type { Instr, Pc, ThreadIdx } from '../../../../simulator/src/program.ts';
import { valueOf, type Scope } from './expr.ts';
import { choice, type Lines } from './lines.ts';
import { granted, statements, type Body } from './ops.ts';
import { isCyclic, isLeaf, meeting, silentNodes, successors, type Code } from './step-graph.ts';
import type { Sink } from './walk.ts';

/** `again`: the thread waits in its lock's queue, or for readers, and now goes on. */
export type Entry = 'first' | 'again';

export interface StepPlan {
  readonly scope: Scope;
  readonly thread: ThreadIdx;
  readonly start: Pc;
  readonly entry: Entry;
  readonly sink: Sink;
  /** Statements that say where the thread rests now. */
  readonly rest: (pc: Pc) => Lines;
  readonly stop: Body['stop'];
  /** Whether anything from this instruction on matters. */
  readonly needed: (pc: Pc) => boolean;
  readonly label: string;
}

const codeOf = ({ scope, thread }: StepPlan): Code => scope.model.program.threads[thread]!.code;

export function stepBody(plan: StepPlan): Lines {
  const code = codeOf(plan);
  const lines = emitOne(plan, plan.start, true);
  if (isCyclic(code, plan.start)) return [...lines, ...inCircles(plan)];
  return [...lines, ...after(plan, plan.start, null)];
}

/** An instruction itself, without where it goes on. */
function emitOne(plan: StepPlan, pc: Pc, isStart: boolean): Lines {
  const code = codeOf(plan);
  const instr = code[pc]!;
  const effects = successors(code, pc).some((next) => plan.needed(next));
  const body: Body = { scope: plan.scope, sink: plan.sink, effects, stop: plan.stop };
  if (isStart && plan.entry === 'again') {
    if (instr.op === 'acquire') return effects ? granted(instr, body) : [];
    const { grace } = plan.scope.model.names.threads[plan.thread]!;
    return [`${grace} = 0;`];
  }
  return statements(instr, body);
}

/** What follows the instruction, up to where all ways meet `until`. */
function after(plan: StepPlan, pc: Pc, until: Pc | null): Lines {
  const code = codeOf(plan);
  const instr = code[pc]!;
  const nexts = successors(code, pc);
  if (nexts.length === 1 && nexts[0] !== undefined) return from(plan, nexts[0], until);
  const meets = meeting(code, nexts);
  const arms = ways(plan, instr, (next) => from(plan, next, meets));
  return [...arms, ...(meets === null || meets === until ? [] : from(plan, meets, until))];
}

function from(plan: StepPlan, pc: Pc, until: Pc | null): Lines {
  if (pc === until || !plan.needed(pc)) return [];
  if (isLeaf(codeOf(plan), pc)) return plan.rest(pc);
  return [...emitOne(plan, pc, false), ...after(plan, pc, until)];
}

/** Branches and choices; `go` says what happens on a way. */
function ways(plan: StepPlan, instr: Instr, go: (next: Pc) => Lines): Lines {
  if (instr.op === 'branch') {
    const [yes, no] = [go(instr.next), go(instr.otherwise)];
    if (yes.length === 0 && no.length === 0) return [];
    const guard = valueOf(instr.cond, plan.scope);
    return choice([{ guard, body: yes }, { guard: 'else', body: no }]);
  }
  if (instr.op !== 'choose') return [];
  return choice(instr.targets.map((target) => ({ guard: 'true', body: go(target) })));
}

/** Every silent instruction under a label of its own. */
function inCircles(plan: StepPlan): Lines {
  const code = codeOf(plan);
  const label = (pc: Pc): string => `${plan.label}_${pc}`;
  const end = `${plan.label}_end`;
  const go = (pc: Pc): Lines => {
    if (!plan.needed(pc)) return [`goto ${end};`];
    if (isLeaf(code, pc)) return [...plan.rest(pc), `goto ${end};`];
    return [`goto ${label(pc)};`];
  };
  const onwards = (pc: Pc): Lines => {
    const instr = code[pc]!;
    const [only, ...more] = successors(code, pc);
    return more.length === 0 && only !== undefined ? go(only) : ways(plan, instr, go);
  };
  return [
    ...onwards(plan.start),
    ...silentNodes(code, plan.start).filter(plan.needed).flatMap((pc) =>
      [`${label(pc)}: skip;`, ...emitOne(plan, pc, false), ...onwards(pc)]),
    `${end}: skip;`,
  ];
}
