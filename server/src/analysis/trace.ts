// The run of a violation step by step, in names: what each thread did and what that changed.
import { unreachable } from '../text/unreachable.ts';
import type { Trace, TraceStep, Violation } from '../../../simulator/src/verdict.ts';
import type { SiteId, ThreadIdx } from '../../../simulator/src/program.ts';
import type { ToldStep } from './judgement.ts';
import type { Lowered, Site } from './lowered.ts';
import { changedRows, stateRows, threadName } from './state-rows.ts';
import type { Row } from './state-rows.ts';

export function tellTrace(lowered: Lowered, trace: Trace): readonly ToldStep[] {
  const told: ToldStep[] = [];
  let before = stateRows(lowered, trace.initial);
  for (const step of trace.steps) {
    const after = stateRows(lowered, step.after);
    told.push({
      ...placed(lowered, step.thread, step.site),
      move: moveOf(step.move),
      changes: changedRows(before, after),
      state: after,
    });
    before = after;
  }
  return told;
}

/** With the two ends of a data race as last steps, which are about to be taken. */
export function tellViolation(lowered: Lowered, violation: Violation): readonly ToldStep[] {
  const { trace } = violation;
  if (trace === null) return [];
  const told = tellTrace(lowered, trace);
  if (violation.code !== 'data_race' || violation.thread === null) return told;
  const state = told.at(-1)?.state ?? stateRows(lowered, trace.initial);
  return [
    ...told,
    ...violation.others.map((other) => next(lowered, other.thread, other.step, state)),
    next(lowered, violation.thread, violation.step, state),
  ];
}

function next(
  lowered: Lowered, thread: ThreadIdx, step: SiteId, state: readonly Row[],
): ToldStep {
  return { ...placed(lowered, thread, step), move: 'next', changes: {}, state };
}

function placed(
  lowered: Lowered, thread: ThreadIdx, site: SiteId,
): Pick<ToldStep, 'thread' | 'lane' | 'text' | 'file' | 'range'> {
  const { file, range, text } = siteOf(lowered, site);
  return { thread: threadName(lowered.program, thread), lane: thread, text, file, range };
}

function moveOf(move: TraceStep['move']): ToldStep['move'] {
  switch (move) {
    case 'step': return 'step';
    case 'wait': return 'waits';
    case 'granted': return 'granted';
    default: return unreachable(move);
  }
}

export function siteOf(lowered: Lowered, site: SiteId): Site {
  const found = lowered.sites[site];
  if (found === undefined) throw new Error(`no site ${site} among ${lowered.sites.length}`);
  return found;
}
