// One run of a scenario as `mmlock simulate` prints it: the columns, then what it came to.
import { unreachable } from '../../text/unreachable.ts';
import { messageOf } from '../../analysis/messages.ts';
import { parseSchedule } from '../../analysis/schedule.ts';
import { tellTrace } from '../../analysis/trace.ts';
import type { Lowered } from '../../analysis/lowered.ts';
import { run } from '../../../../simulator/src/index.ts';
import type { Run, RunOptions } from '../../../../simulator/src/index.ts';
import type { Opened } from '../check-file.ts';
import { drawRun } from './columns.ts';

export interface RunQuestion {
  readonly scenario: string;
  readonly seed: number;
  readonly steps: number;
  /** As printed by `check`; then the seed is not used. */
  readonly schedule: string | null;
}

export type RunAnswer =
  | { readonly kind: 'run'; readonly lines: readonly string[]; readonly violated: boolean }
  | { readonly kind: 'none'; readonly why: string };

export function drawn(opened: Opened, question: RunQuestion): RunAnswer {
  const job = opened.jobs.find((it) => it.scenario.name.text === question.scenario);
  if (job === undefined) {
    return { kind: 'none', why: `errors in the file touch ${question.scenario}` };
  }
  const { lowered } = job;
  const options = optionsOf(lowered, question);
  if ('word' in options) {
    return { kind: 'none', why: `the schedule names no thread with '${options.word}'` };
  }
  const taken = run(lowered.program, options);
  if (taken.end === 'schedule_diverged') {
    const at = taken.trace.steps.length + 1;
    return { kind: 'none', why: `the schedule cannot be followed at its step ${at}` };
  }
  const lines = [
    ...drawRun({
      lanes: lowered.program.threads.map((thread) => thread.name),
      steps: tellTrace(lowered, taken.trace), loop: null,
    }),
    '',
    ...taken.violations.map((violation) => violationLine(lowered, taken, violation)),
    endLine(taken),
  ];
  return { kind: 'run', lines, violated: taken.violations.length > 0 };
}

function optionsOf(
  { program }: Lowered, { schedule, seed, steps }: RunQuestion,
): RunOptions | { readonly word: string } {
  if (schedule === null) return { seed, steps };
  const parsed = parseSchedule(program, schedule);
  if (parsed.kind === 'unknown') return { word: parsed.word };
  return { schedule: parsed.turns, steps: parsed.turns.length };
}

/** The run up to where it is met stands for its trace. */
function violationLine(
  lowered: Lowered, { trace }: Run, violation: Run['violations'][number],
): string {
  const steps = trace.steps.slice(0, violation.at);
  const message = messageOf(lowered, { ...violation, trace: { ...trace, steps } });
  const subject = violation.subject === null ? '' : `(${violation.subject})`;
  return `step ${violation.at}: ${violation.code}${subject}: ${message}`;
}

function endLine({ end, trace }: Run): string {
  const after = `after ${trace.steps.length} step${trace.steps.length === 1 ? '' : 's'}`;
  switch (end) {
    case 'done': return `all threads are done ${after}`;
    case 'stuck': return `nothing can go on ${after}`;
    case 'cut': return `the run ends ${after}: what follows would mean nothing`;
    case 'steps': return `stopped ${after}`;
    case 'schedule_diverged': return `the schedule cannot be followed ${after}`;
    default: return unreachable(end);
  }
}
