// A state of a run as rows of names and printed values, and the locks a thread holds in it.
import { unreachable } from '../text/unreachable.ts';
import type { LockState, Snapshot } from '../../../simulator/src/verdict.ts';
import type { LockIdx, Program, ThreadIdx } from '../../../simulator/src/program.ts';
import type { CellInfo, Lowered, ValuePrinter } from './lowered.ts';
import { namedIn } from './named.ts';

export interface Row {
  readonly name: string;
  readonly value: string;
}

/**
 * The state by name, in a fixed order: locks, shared state, objects, then for each thread its
 * locals and its outcome; not the locks and fields that nobody names.
 * `{ name: 'mmap_sem', value: 'W:munmap' }`.
 */
export function stateRows(lowered: Lowered, state: Snapshot): readonly Row[] {
  const { program } = lowered;
  const cell = (info: CellInfo, i: number): Row => {
    const owner = info.thread === null ? '' : `${threadName(program, info.thread)}.`;
    const value = printValue(info.print, state.cells[i] ?? 0);
    return { name: `${owner}${info.name}`, value };
  };
  const { classes, idle } = namedIn(program);
  const cells = lowered.cells.flatMap((info, i) =>
    (idle.has(i) ? [] : [{ info, row: cell(info, i) }]));
  return [
    ...program.locks.flatMap((lock, i) => (classes.has(lock.cls) ? [{
      name: lock.name, value: printLock(program, i, state.locks[i]),
    }] : [])),
    ...(usesRcu(program) ? [{ name: 'rcu', value: printRcu(program, state) }] : []),
    ...cells.filter(({ info }) => info.thread === null && info.name !== '').map(({ row }) => row),
    ...program.pools.flatMap((pool, p) =>
      (state.objects[p] ?? []).map((object, i) => ({
        name: `${pool.name}#${i + 1}`, value: object.replace('_', ' '),
      }))),
    ...program.threads.flatMap((thread, t) => [
      ...cells.filter(({ info }) => info.thread === t && info.name !== '').map(({ row }) => row),
      ...(thread.outcomes.length === 0 ? [] : [{
        name: `${thread.name}.outcome`, value: outcomeName(program, t, state) ?? '-',
      }]),
    ]),
  ];
}

/** The rows of `after` that say something else than the same row of `before`. */
export function changedRows(
  before: readonly Row[], after: readonly Row[],
): Readonly<Record<string, string>> {
  // Row by row: two loops of one thread may both have a local `i`.
  const changed = after.filter((row, i) => before[i]?.value !== row.value);
  return Object.fromEntries(changed.map((row) => [row.name, row.value]));
}

export function printValue(print: ValuePrinter, value: number): string {
  switch (print.kind) {
    case 'int': return String(value);
    case 'bool': return value === 0 ? 'false' : 'true';
    case 'enum': return print.members[value] ?? String(value);
    case 'flags': {
      const set = print.members.filter((_, bit) => Math.floor(value / 2 ** bit) % 2 === 1);
      return `{${set.join(', ')}}`;
    }
    case 'ref': return value === 0 ? 'null' : `${print.struct}#${value}`;
    default: return unreachable(print);
  }
}

/** `W:munmap`, `R:fault#1 R:fault#2, waiting W:munmap`, `free`; of a mutex just `munmap`. */
function printLock(program: Program, lock: LockIdx, state: LockState | undefined): string {
  if (state === undefined) return 'free';
  const modes = hasModes(program, lock);
  const who = (mode: string, thread: ThreadIdx): string =>
    `${modes ? `${mode}:` : ''}${threadName(program, thread)}`;
  const holders = [
    ...(state.writer === null ? [] : [who('W', state.writer)]),
    ...state.readers.map((thread) => who('R', thread)),
  ];
  const waiters = state.waiters.map((it) => who(it.mode === 'write' ? 'W' : 'R', it.thread));
  const held = holders.length === 0 ? 'free' : holders.join(' ');
  return waiters.length === 0 ? held : `${held}, waiting ${waiters.join(' ')}`;
}

function printRcu(program: Program, state: Snapshot): string {
  const readers = program.threads.filter((_, t) => (state.threads[t]?.rcuDepth ?? 0) > 0);
  return readers.length === 0 ? 'free' : readers.map((thread) => `R:${thread.name}`).join(' ');
}

function usesRcu(program: Program): boolean {
  return program.threads.some((thread) => thread.code.some((instr) => instr.op === 'rcu_lock'));
}

/** null while unset. */
export function outcomeName(
  program: Program, thread: ThreadIdx, state: Snapshot,
): string | null {
  const outcome = state.threads[thread]?.outcome ?? 0;
  return program.threads[thread]?.outcomes[outcome - 1]?.name ?? null;
}

export function threadName(program: Program, thread: ThreadIdx): string {
  return program.threads[thread]?.name ?? `thread ${thread}`;
}

export function hasModes(program: Program, lock: LockIdx): boolean {
  const kind = program.classes[program.locks[lock]?.cls ?? -1]?.kind;
  return kind === 'rwsem' || kind === 'rwlock';
}

/** `mmap_sem for reading`; a lock without modes is just named. */
export function lockInMode(program: Program, lock: LockIdx, mode: 'read' | 'write'): string {
  const name = program.locks[lock]?.name ?? `lock ${lock}`;
  if (!hasModes(program, lock)) return name;
  return `${name} for ${mode === 'read' ? 'reading' : 'writing'}`;
}

/** Every lock the thread holds, each once, in the program's order. */
export function heldLocks(
  state: Snapshot, thread: ThreadIdx,
): readonly { readonly lock: LockIdx; readonly mode: 'read' | 'write' }[] {
  return state.locks.flatMap((it, lock) => [
    ...(it.writer === thread ? [{ lock, mode: 'write' as const }] : []),
    ...(it.readers.includes(thread) ? [{ lock, mode: 'read' as const }] : []),
  ]);
}

/** `holds mmap_sem for reading, ptl`, `holds no lock`. */
export function holding(program: Program, state: Snapshot, thread: ThreadIdx): string {
  const names = heldLocks(state, thread).map((it) => lockInMode(program, it.lock, it.mode));
  if ((state.threads[thread]?.rcuDepth ?? 0) > 0) names.push('rcu_read_lock');
  return names.length === 0 ? 'holds no lock' : `holds ${names.join(', ')}`;
}
