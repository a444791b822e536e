// What `mmlock compare` prints: a line for each scenario, below it what is gained (+) and lost (-),
// each with its run.
import { unreachable } from '../../text/unreachable.ts';
import { plainCount } from './counts.ts';
import type { Change, Compared, Sided, Standing } from '../compare.ts';
import { drawRun } from './columns.ts';
import { seenNames } from './found.ts';
import { places, wrapped } from './text.ts';

const KINDS = { outcome: 'outcome', violation: 'violation', lock_order: 'lock order' } as const;

/** Lines without line breaks. */
export function compareText(
  all: readonly Compared[], [before, after]: readonly [Sided, Sided],
): readonly string[] {
  return all.flatMap((compared) => [
    ...headOf(compared),
    ...compared.changes.flatMap((change) => {
      const isGained = change.change === 'gained';
      return changeText(change, isGained ? after : before,
        isGained ? compared.after : compared.before);
    }),
  ]);
}

function headOf({ name, before, after, changes }: Compared): readonly string[] {
  const [old, now] = [standingText(before), standingText(after)];
  const verdicts = old === now ? now : `${old} -> ${now}`;
  const head = [namesText(name, before, after), verdicts, ...countsText(before, after)].join('  ');
  if (before.kind !== 'judged' || after.kind !== 'judged' || changes.length > 0) return [head];
  const open = [before, after].some(({ judged }) => judged.result.verdict.bound !== null);
  return [head, open ? '  no difference so far: not searched to the end' : '  no difference'];
}

/** Two that are called differently were chosen by hand. */
function namesText(name: string, before: Standing, after: Standing): string {
  if (before.kind !== 'judged' || after.kind !== 'judged') return name;
  const old = before.judged.judgement.scenario.name.text;
  return old === name ? name : `${old} -> ${name}`;
}

export function standingText(standing: Standing): string {
  switch (standing.kind) {
    case 'judged': {
      const { verdict, violations } = standing.judged.judgement;
      return verdict === 'violated' ? `fails: ${seenNames(violations).join(', ')}` : verdict;
    }
    case 'broken': return 'not checked (errors)';
    case 'absent': return '(not there)';
    default: return unreachable(standing);
  }
}

function countsText(before: Standing, after: Standing): readonly string[] {
  if (before.kind !== 'judged' || after.kind !== 'judged') return [];
  const [old, now] = [before, after].map(({ judged }) => judged.result.verdict.states);
  if (old === undefined || now === undefined) return [];
  return [old === now ? plainCount(now, 'state')
    : `${plainCount(old)} -> ${plainCount(now, 'state')}`];
}

function changeText(change: Change, { report }: Sided, standing: Standing): readonly string[] {
  const sign = change.change === 'gained' ? '+' : '-';
  const place = change.at === null ? '' : `  ${places(report)(change.at.file, change.at.range)}`;
  const perhaps = change.certain ? ''
    : '  (perhaps: the other side was not searched to the end)';
  const head = `  ${sign} ${KINDS[change.kind].padEnd(10)}  ${change.name}${place}${perhaps}`;
  const message = change.told === null ? []
    : wrapped(change.told.message).map((line) => `    ${line.trimStart()}`);
  if (standing.kind !== 'judged' || change.trace.length === 0) return [head, ...message];
  const lanes = standing.judged.result.lowered.program.threads.map((thread) => thread.name);
  const drawn = drawRun({ lanes, steps: change.trace, loop: change.loop });
  return [head, ...message, '', ...drawn.map((line) => `  ${line}`), ''];
}
