// A run as the table the panel shows: a row a step, a column a thread, and a column for each part
// of the state that changes in the run. Pure; the words and the looks are html.ts's.
import type { Named, RunView, StepView } from '../../../server/src/lsp/protocol.ts';
import { holdsOf, type Hold } from './holds.ts';

export interface RunTable {
  readonly lanes: readonly string[];
  readonly columns: readonly Column[];
  /** The rest of the state, which this run leaves alone. */
  readonly constant: readonly Named[];
  readonly rows: readonly Row[];
}

export interface Column {
  readonly name: string;
  /** Which colour the lock has, from 0; null for what is no lock. */
  readonly lock: number | null;
}

export interface Row {
  /** -1 is the start. */
  readonly step: number;
  readonly view: StepView | null;
  /** By column. */
  readonly cells: readonly Cell[];
  /** By lane: what its thread holds or waits for after the step. */
  readonly bars: readonly (readonly Bar[])[];
  /** The run ends in a violation here. */
  readonly bad: boolean;
  /** A run without end comes back to this step. */
  readonly loop: boolean;
}

export interface Cell {
  readonly value: string;
  readonly changed: boolean;
}

export interface Bar {
  /** The lock's colour. */
  readonly lock: number;
  readonly name: string;
  readonly mode: Hold['mode'];
  /** Its place among the lane's bars, from 0; the same for as long as it lasts. */
  readonly slot: number;
}

export function tableOf(run: RunView): RunTable {
  const changing = new Set(run.steps.flatMap((step) => Object.keys(step.changes)));
  const names = namesOf(run);
  const columns = columnsOf(run, names.filter((name) => changing.has(name)));
  const initial = new Map(run.initialState.map(({ name, value }) => [name, value]));
  const constant = run.initialState.filter(({ name }) => !changing.has(name));
  const start = rowOf(run, columns, { step: -1, view: null, state: initial });
  const steps = run.steps.map((view, step) =>
    rowOf(run, columns, { step, view, state: new Map(view.state.map((s) => [s.name, s.value])) }));
  const rows = run.lanes.reduce((all, _, lane) => inPlace(all, lane), [start, ...steps]);
  return { lanes: run.lanes, columns, constant, rows };
}

/** Gives each bar of a lane the first place that is free when it begins, and lets it stay there. */
function inPlace(rows: readonly Row[], lane: number): Row[] {
  let before = new Map<string, number>();
  return rows.map((row) => {
    const bars = row.bars[lane] ?? [];
    const keys = bars.map(({ lock }, i) =>
      `${lock} ${bars.slice(0, i).filter((bar) => bar.lock === lock).length}`);
    const stay = keys.flatMap((key) => before.get(key) ?? []);
    const taken = new Set(stay);
    const now = new Map<string, number>();
    for (const key of keys) {
      let slot = before.get(key) ?? 0;
      while (!before.has(key) && taken.has(slot)) slot++;
      taken.add(slot);
      now.set(key, slot);
    }
    before = now;
    const placed = bars.map((bar, i) => ({ ...bar, slot: now.get(keys[i] ?? '') ?? 0 }));
    return { ...row, bars: row.bars.map((other, l) => (l === lane ? placed : other)) };
  });
}

/** Every name the state has at some time, in the order of the state. */
function namesOf(run: RunView): readonly string[] {
  const names = new Set(run.initialState.map((named) => named.name));
  for (const step of run.steps) for (const named of step.state) names.add(named.name);
  return [...names];
}

function columnsOf(run: RunView, names: readonly string[]): readonly Column[] {
  let locks = 0;
  return names.map((name) => ({ name, lock: isLock(run, name) ? locks++ : null }));
}

/** What reads as a lock's state throughout the run, and is held in it at some time. */
function isLock(run: RunView, name: string): boolean {
  const states = [run.initialState, ...run.steps.map(({ state }) => state)];
  const values = states.flatMap((state) => state.filter((row) => row.name === name));
  const holds = values.map(({ value }) => holdsOf(value, run.lanes));
  return holds.every((each) => each !== undefined) && holds.some((each) => each.length > 0);
}

interface Moment {
  readonly step: number;
  readonly view: StepView | null;
  readonly state: ReadonlyMap<string, string>;
}

function rowOf(run: RunView, columns: readonly Column[], moment: Moment): Row {
  const { step, view, state } = moment;
  return {
    step,
    view,
    cells: columns.map(({ name }) => ({
      value: state.get(name) ?? '',
      changed: view !== null && name in view.changes,
    })),
    bars: barsOf(run.lanes, columns, state),
    bad: isBad(run, step),
    loop: run.loop !== null && run.loop === step,
  };
}

/** By lane. */
function barsOf(
  lanes: readonly string[], columns: readonly Column[], state: ReadonlyMap<string, string>,
): readonly (readonly Bar[])[] {
  const bars = lanes.map((): Bar[] => []);
  for (const { name, lock } of columns) {
    if (lock === null) continue;
    for (const { thread, mode } of holdsOf(state.get(name) ?? '', lanes) ?? []) {
      bars[lanes.indexOf(thread)]?.push({ lock, name, mode, slot: 0 });
    }
  }
  return bars;
}

/** The steps about to be taken where there are any (a race's two ends), else the last one. */
function isBad(run: RunView, step: number): boolean {
  if (run.shown === null || run.loop !== null) return false;
  const view = run.steps[step];
  if (view === undefined) return run.steps.length === 0;
  const next = run.steps.some(({ move }) => move === 'next');
  return next ? view.move === 'next' : step === run.steps.length - 1;
}
