// What a change costs, in steps under locks: counted over the threads of a file, each alone.
import { lockStateOf } from '../lockstate.ts';
import { lowerThread } from '../lower.ts';
import type { Lowered } from '../lowered.ts';
import type { Model } from '../model.ts';

type Mode = 'read' | 'write' | 'only';
export interface Steps {
  /** By lock class and mode, how many steps there are that some thread takes while it holds it. */
  readonly held: ReadonlyMap<string, ReadonlyMap<Mode, number>>;
  readonly all: number;
}

export function stepsOf(model: Model): Steps {
  const held = new Map<string, Map<Mode, number>>();
  let all = 0;
  for (const thread of model.threads) {
    const lowered = lowerThread(model, thread);
    if (lowered === null) continue;
    const found = stepsUnder(lowered);
    all += found.get('')?.size ?? 0;
    for (const [key, sites] of found) {
      const [lock = '', mode = ''] = key.split(' ');
      const modes = held.get(lock) ?? new Map<Mode, number>();
      if (mode === 'read' || mode === 'write' || mode === 'only') {
        held.set(lock, modes.set(mode, (modes.get(mode) ?? 0) + sites.size));
      }
    }
  }
  return { held, all };
}

/** The sites of the thread's steps, by `lock mode` and, all of them, by nothing. */
function stepsUnder(lowered: Lowered): ReadonlyMap<string, ReadonlySet<number>> {
  const { program } = lowered;
  const found = new Map<string, Set<number>>();
  const add = (key: string, site: number): void => {
    found.set(key, (found.get(key) ?? new Set()).add(site));
  };
  const states = lockStateOf(lowered, 0);
  program.threads[0]?.code.forEach(({ rest, op, site }, pc) => {
    if (!rest || op === 'end') return;
    add('', site);
    const state = states.get(pc);
    for (const { lock, mode } of [...state?.always ?? [], ...state?.sometimes ?? []]) {
      const cls = program.classes[program.locks[lock]?.cls ?? -1];
      if (cls === undefined) continue;
      const moded = cls.kind === 'rwsem' || cls.kind === 'rwlock';
      add(`${cls.name} ${moded ? mode : 'only'}`, site);
    }
  });
  return found;
}

export interface Cost {
  /** To compare by: a step more is 1, one under a lock taken exclusively 2 besides. */
  readonly weight: number;
  /** `mmap_sem held for writing over 2 steps more`, or that nothing is held longer. */
  readonly text: string;
}

export function costOf(before: Steps, after: Steps): Cost {
  const added = after.all - before.all;
  let weight = Math.max(0, added);
  const parts: string[] = [];
  for (const lock of [...new Set([...before.held.keys(), ...after.held.keys()])].sort()) {
    const more = (mode: Mode): number =>
      (after.held.get(lock)?.get(mode) ?? 0) - (before.held.get(lock)?.get(mode) ?? 0);
    const [read, write, only] = [more('read'), more('write'), more('only')];
    weight += read + 2 * (write + only);
    if (only !== 0) parts.push(`${lock} held over ${change(only)}`);
    if (write !== 0) parts.push(`${lock} held for writing over ${change(write)}`);
    // What is no longer held for reading because it is for writing has been said.
    if (read !== 0 && read !== -write) parts.push(`${lock} held for reading over ${change(read)}`);
  }
  if (parts.length === 0 && added > 0) parts.push(change(added));
  return { weight, text: parts.length === 0 ? 'nothing is held longer' : parts.join(', ') };
}

function change(steps: number): string {
  const count = Math.abs(steps);
  return `${count} ${count === 1 ? 'step' : 'steps'} ${steps > 0 ? 'more' : 'fewer'}`;
}
