// Whether a run that the engine shows is one by the naive rules, and ends in what it is shown for.
import {
  run, type Program, type Property, type Trace, type Violation,
} from '../../simulator/src/index.ts';
import { evaluateAll } from './seen.ts';
import { keyFor, raceKey, type Opinion } from './oracle.ts';
import { judge } from './properties.ts';
import { grantable } from './lock-rules.ts';
import { nth, threadOf, viewOf, viewOfSnapshot, type State } from './state.ts';
import { movesOf, type Move } from './step.ts';

/** What a run can have come to: several where the engine does not show all that is in a state. */
interface Followed {
  /** States before the last step, with the moves that fit it. */
  readonly last: readonly { readonly before: State; readonly move: Move }[];
  readonly end: readonly State[];
}

/** Follows the trace by the naive rules, or says what is wrong with it. */
function follow(program: Program, start: State, trace: Trace): string | Followed {
  if (viewOfSnapshot(trace.initial) !== viewOf(start)) return 'another start';
  let end = [start];
  let last: Followed['last'] = [];
  for (const [i, step] of trace.steps.entries()) {
    const view = viewOfSnapshot(step.after);
    const isLast = i === trace.steps.length - 1;
    last = end.flatMap((before) => movesOf(program, before, step.thread)
      .filter((move) => move.kind === step.move && move.site === step.site)
      .filter((move) => (move.cut ? isLast : viewOf(move.to) === view))
      .map((move) => ({ before, move })));
    if (last.length === 0) return `no such step at ${i + 1}`;
    end = last.flatMap(({ move }) => (move.cut ? [] : [move.to]));
  }
  return { last, end };
}

export function nameOfRace({ subject, step, others }: Violation): string {
  const { step: other, access } = nth(others, 0);
  return raceKey({ subject: subject ?? '-', writer: step, other, access: access ?? 'read' });
}

/** Whether what is reported is what the run ends in. */
function confirms(program: Program, violation: Violation, followed: Followed): boolean {
  const seen = [
    ...followed.last.flatMap(({ before, move }) => evaluateAll.ofMove(program, before, move)),
    ...followed.end.flatMap((state) =>
      evaluateAll.ofState(program, state, violation.trace?.steps.length === 0)),
  ];
  const name = violation.code === 'data_race' ? nameOfRace(violation) : keyFor(violation);
  return seen.includes(name);
}

const stepsThere = (program: Program, state: State, thread: number): boolean =>
  movesOf(program, state, thread).length > 0;

/** Whether a thread that takes no step in the loop is dealt with fairly. */
function fairTo(program: Program, loop: readonly State[], thread: number): boolean {
  if (loop.every((state) => stepsThere(program, state, thread))) return false;
  return !loop.some((state) => {
    const { pc, lock } = nth(state.threads, thread);
    if (lock === null) return false;
    const instr = nth(threadOf(program, thread).code, pc);
    return instr.op === 'acquire' && grantable(program, state, lock, { thread, mode: instr.mode });
  });
}

/** What is wrong with a run said never to make the property true. */
function lasso(program: Program, opinion: Opinion, violation: Violation): string | null {
  const { trace, subject } = violation;
  if (trace === null || trace.loop === null) return 'no loop';
  const property = program.properties.find((it: Property) => it.name === subject);
  const states: State[] = [];
  const start = nth(opinion.graph.nodes, 0).state;
  for (let i = 0; i <= trace.steps.length; i++) {
    const part = follow(program, start, { ...trace, steps: trace.steps.slice(0, i) });
    if (typeof part === 'string') return part;
    states.push(nth(part.end, 0));
  }
  if (property === undefined || states.some((state) => judge(program, state, property) !== false)) {
    return 'true somewhere';
  }
  const end = nth(states, states.length - 1);
  if (trace.loop === trace.steps.length) {
    const goes = program.threads.some((_, thread) => stepsThere(program, end, thread));
    return goes ? 'does not end there' : null;
  }
  if (viewOf(end) !== viewOf(nth(states, trace.loop))) return 'does not come round';
  const stepping = new Set(trace.steps.slice(trace.loop).map((step) => step.thread));
  const round = states.slice(trace.loop);
  const wronged = program.threads.findIndex((_, thread) =>
    !stepping.has(thread) && !fairTo(program, round, thread));
  return wronged < 0 ? null : `unfair to ${wronged}`;
}

/** A violation that one run cannot show by itself. */
const needsAll = (violation: Violation): boolean =>
  violation.code === 'eventually' || violation.code === 'reachable'
  || (violation.code === 'deadlock' && violation.cycle !== true);

/** Whether the engine's own run along the schedule goes the same way to the same end. */
function replay(program: Program, violation: Violation, ends: Ending): string[] {
  const steps = violation.trace?.steps ?? [];
  const schedule = steps.map(({ thread, choice }) => ({ thread, choice }));
  const again = run(program, { steps: steps.length, schedule });
  const wrong: string[] = [];
  if (JSON.stringify(again.trace.steps) !== JSON.stringify(steps)) wrong.push('replays otherwise');
  const mayBeCut = ends.mayBeCut || ends.isBroken;
  const fits = again.end === 'cut' ? mayBeCut : ends.mayGoOn;
  if (!fits || again.end === 'schedule_diverged') wrong.push(`replay ends ${again.end}`);
  const told = again.violations.some((it) => keyFor(it) === keyFor(violation)
    && it.at === steps.length);
  if (!told && !needsAll(violation)) {
    wrong.push('replay does not tell it');
  }
  return wrong;
}

/** What the naive rules allow of a run's last step: of several ways, some may be cut off. */
interface Ending {
  readonly mayBeCut: boolean;
  readonly mayGoOn: boolean;
  readonly isBroken: boolean;
}

export function compareTrace(
  program: Program, opinion: Opinion, violation: Violation,
): string[] {
  const { trace, code } = violation;
  const name = keyFor(violation);
  if (trace === null) return code === 'reachable' ? [] : [`${name}: no trace`];
  const start = opinion.graph.nodes[0]?.state;
  if (start === undefined || opinion.graph.atStart.some((told) => keyFor(told) === name)) {
    return trace.steps.length > 0 ? [`${name}: a run to what is so from the start`] : [];
  }
  const followed = follow(program, start, trace);
  if (typeof followed === 'string') return [`${name}: ${followed}`];
  const wrong = replay(program, violation, {
    mayBeCut: followed.last.some(({ move }) => move.cut),
    mayGoOn: followed.last.length === 0 || followed.last.some(({ move }) => !move.cut),
    isBroken: followed.end.some((state) => evaluateAll.isBroken(program, state)),
  });
  if (code === 'eventually') {
    const fault = lasso(program, opinion, violation);
    if (fault !== null) wrong.push(fault);
  } else if (!needsAll(violation) && !confirms(program, violation, followed)) {
    wrong.push('its run does not show it');
  }
  return wrong.map((what) => `${name}: ${what}`);
}
