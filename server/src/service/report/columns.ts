// A run as people draw it in a mail: one column a thread, one line a step, what it changed at the
// side where that fits.
import type { ToldStep } from '../../analysis/judgement.ts';

/** What a mail shows without breaking lines. */
export const WIDTH = 78;
/** Of the number of a step and the space behind it. */
const MARGIN = 5;
const MIN_LANE = 6;
const MAX_LANE = 26;
/** Kept free on the right for what changes. */
const SIDE = 22;

export interface Drawn {
  readonly lanes: readonly string[];
  readonly steps: readonly ToldStep[];
  /** The run goes on with this step after the last. */
  readonly loop: number | null;
}

export function drawRun({ lanes, steps, loop }: Drawn): readonly string[] {
  const width = laneWidth(lanes, steps);
  const side = sideColumn(steps, width);
  const lines = steps.flatMap((step, i) =>
    withChanges(head(step, i, width), changesOf(step), side));
  return [
    header(lanes, width, (name) => name),
    header(lanes, width, (name) => '-'.repeat(name.length)),
    ...lines,
    ...(loop === null ? [] : [loopLine(loop, steps.length)]),
  ];
}

/** The widest at which most changes fit beside their steps. */
function laneWidth(lanes: readonly string[], steps: readonly ToldStep[]): number {
  const least = Math.max(...lanes.map((name) => name.length), MIN_LANE) + 2;
  let best = least;
  let misfits = Infinity;
  for (let width = least; width <= Math.max(least, MAX_LANE); width++) {
    const side = sideColumn(steps, width);
    const n = steps.filter((step, i) =>
      withChanges(head(step, i, width), changesOf(step), side).length > 1).length;
    if (n > misfits) continue;
    best = width;
    misfits = n;
  }
  return best;
}

function header(
  lanes: readonly string[], width: number, show: (name: string) => string,
): string {
  const cells = lanes.map((name) => show(name).padEnd(width)).join('');
  return `${' '.repeat(MARGIN)}${cells}`.trimEnd();
}

/** Only one thread takes each step, so its text may run on over the columns to its right. */
function head(step: ToldStep, i: number, width: number): string {
  const number = step.move === 'next' ? '  * ' : `${String(i + 1).padStart(3)} `;
  return `${number.padEnd(MARGIN)}${' '.repeat(step.lane * width)}${step.text}${note(step)}`;
}

function note({ move }: ToldStep): string {
  if (move === 'waits') return '  (waits)';
  return move === 'granted' ? '  (granted)' : '';
}

function changesOf({ changes }: ToldStep): readonly string[] {
  return Object.entries(changes).map(([name, value]) => `${name} = ${value}`);
}

function sideColumn(steps: readonly ToldStep[], width: number): number {
  const longest = Math.max(...steps.map((step, i) => head(step, i, width).length), 0);
  return Math.min(longest + 2, WIDTH - SIDE);
}

/** As much as fits behind the step, the rest below. */
function withChanges(
  text: string, changes: readonly string[], side: number,
): readonly string[] {
  const lines = [text];
  for (const [i, change] of changes.entries()) {
    const last = lines.at(-1) ?? text;
    const joined = i === 0 || last === text
      ? `${last.padEnd(Math.max(side, last.length + 2))}${change}` : `${last}, ${change}`;
    if (joined.length <= WIDTH) lines[lines.length - 1] = joined;
    else lines.push(' '.repeat(Math.max(MARGIN, Math.min(side, WIDTH - change.length))) + change);
  }
  return lines;
}

function loopLine(loop: number, nSteps: number): string {
  if (loop >= nSteps) return `${' '.repeat(MARGIN)}... and it stays so`;
  return `${' '.repeat(MARGIN)}... and on with step ${loop + 1} again, for ever`;
}
