// What a change costs: what it takes away first, then the steps under locks, counted over the
// threads of a file, each alone.
import type { Cover, Mode } from './cover.ts';
import {
  gainedText, lossesOf, lossText, rankOf, type Changed, type Losses,
} from './losses.ts';
import type { Source } from './source.ts';
import { updatesText } from './updates.ts';

export interface Cost {
  /** What is protected and checked as before is cheaper than anything that is not: 0, 1 or 2. */
  readonly rank: number;
  /** Within a rank: a step more is 1, one under a lock taken exclusively 2 besides. */
  readonly weight: number;
  /** `mmap_sem held for writing over 2 steps more`, or that nothing is held longer. */
  readonly text: string;
  readonly losses: Losses;
}

/** A wait for a grace period is as dear as so many steps. */
const GRACE_PERIOD = 8;

/** `source`: of the text before the change; `after`: of the one after it. */
export function costOf(source: Source, after: Cover, changed: Changed): Cost {
  const before = source.cover;
  const losses = lossesOf(before, after, changed);
  const held = heldLonger(before, after, losses);
  const added = restingIn(after) - restingIn(before);
  const waits = after.waits - before.waits;
  const parts = [...held.parts];
  if (waits > 0) parts.push('waits for a grace period');
  if (after.deferred > before.deferred) parts.push('freed only after a grace period');
  if (after.tries > before.tries) parts.push('begun again where the lock is taken');
  if (parts.length === 0 && added > 0) parts.push(change(added));
  const unknown = [...new Set([...before.unknown, ...after.unknown])];
  if (unknown.length > 0) parts.push(`not known for ${unknown.join(', ')}: too many paths`);
  const all = [...lossText(losses), ...updatesText(source, losses), ...parts];
  return {
    rank: rankOf(losses), losses,
    weight: Math.max(0, added) + held.weight + Math.max(0, waits) * GRACE_PERIOD,
    text: all.length === 0 ? 'nothing is held longer' : all.join(', '),
  };
}

function restingIn({ steps }: Cover): number {
  return [...steps.values()].filter(({ rests }) => rests).length;
}

function heldLonger(
  before: Cover, after: Cover, losses: Losses,
): { weight: number; parts: readonly string[] } {
  const [old, now] = [stepsUnder(before), stepsUnder(after)];
  const moded = new Set([...before.moded, ...after.moded]);
  const parts: string[] = [];
  let weight = 0;
  for (const lock of [...new Set([...old.keys(), ...now.keys()])].sort()) {
    const more = (mode: Mode): number =>
      (now.get(lock)?.get(mode) ?? 0) - (old.get(lock)?.get(mode) ?? 0);
    const [read, write] = [more('read'), more('write')];
    weight += read + 2 * write;
    const name = lock === 'rcu' ? 'rcu_read_lock' : lock;
    const has = moded.has(lock);
    // A lock step less makes up for them in the count.
    if (write === 0 && read === 0) parts.push(...gainedText(losses, lock));
    if (write !== 0) parts.push(`${name} held ${has ? 'for writing ' : ''}over ${change(write)}`);
    // What is no longer held for reading because it is for writing has been said.
    if (read !== 0 && read !== -write) {
      parts.push(`${name} held ${has ? 'for reading ' : ''}over ${change(read)}`);
    }
  }
  return { weight, parts };
}

/** By lock class and mode, how many steps there are that some thread takes while it holds it. */
function stepsUnder({ steps }: Cover): ReadonlyMap<string, ReadonlyMap<Mode, number>> {
  const found = new Map<string, Map<Mode, number>>();
  for (const { rests, held } of steps.values()) {
    if (!rests) continue;
    for (const [lock, modes] of held) {
      const counts = found.get(lock) ?? new Map<Mode, number>();
      for (const mode of modes) counts.set(mode, (counts.get(mode) ?? 0) + 1);
      found.set(lock, counts);
    }
  }
  return found;
}

function change(steps: number): string {
  const count = Math.abs(steps);
  return `${count} ${count === 1 ? 'step' : 'steps'} ${steps > 0 ? 'more' : 'fewer'}`;
}
