// The run of a violation step by step, in names: what each thread did and what that changed.
import { unreachable } from '../text/unreachable.ts';
import type { Trace, TraceStep, Violation } from '../../../simulator/src/verdict.ts';
import type { SiteId, ThreadIdx } from '../../../simulator/src/program.ts';
import type { ToldStep } from './judgement.ts';
import type { Lowered, Site } from './lowered.ts';
import { changedRows, stateRows, threadName } from './state-rows.ts';
import type { Row } from './state-rows.ts';

export function tellTrace(lowered: Lowered, trace: Trace): readonly ToldStep[] {
  const states = [trace.initial, ...trace.steps.map((step) => step.after)];
  // Printed where somebody looks: a file is judged at every key press, a run is read now and then.
  const printed: (readonly Row[] | undefined)[] = [];
  const rowsAt = (i: number): readonly Row[] =>
    printed[i] ??= stateRows(lowered, states[i] ?? trace.initial);
  return trace.steps.map((step, i): ToldStep => ({
    ...placed(lowered, step.thread, step.site),
    move: moveOf(step.move),
    get changes() {
      return changedRows(rowsAt(i), rowsAt(i + 1));
    },
    get state() {
      return rowsAt(i + 1);
    },
  }));
}

/** With the two ends of a data race as last steps, which are about to be taken. */
export function tellViolation(lowered: Lowered, violation: Violation): readonly ToldStep[] {
  const { trace } = violation;
  if (trace === null) return [];
  const told = tellTrace(lowered, trace);
  if (violation.code !== 'data_race' || violation.thread === null) return told;
  const ends = [...violation.others, { thread: violation.thread, step: violation.step }];
  return [...told, ...ends.map(({ thread, step }): ToldStep => ({
    ...placed(lowered, thread, step),
    move: 'next',
    changes: {},
    get state() {
      return told.at(-1)?.state ?? stateRows(lowered, trace.initial);
    },
  }))];
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
