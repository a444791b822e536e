// One lock around every access of a place, in each thread and proc that does not hold it there
// already: what a single section cannot mend where two are missing.
import type { Change } from './change.ts';
import type { CoveredStep } from './cover.ts';
import { placeName } from './locking.ts';
import { leastOf } from './losses.ts';
import { locksFor, stretchesOf, takenAround, type Stretch, type Taken } from './protect.ts';
import { sharedIn, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** From the first access of each body to its last, or else in each block for itself. */
export function takenEverywhere(
  source: Source, spots: readonly Spot[], subject: string,
): readonly Change[] {
  const all = stretchesOf(source, spots, subject);
  const direct = all.filter(({ first: { block } }) =>
    spots.some((spot) => spot.block === block && sharedIn(source.model, spot).has(subject)));
  const blocks = direct.filter((one) => !direct.some((other) => other !== one
    && startOf(other) <= startOf(one) && endOf(one) <= endOf(other)));
  const bodies = all.filter(({ first }) => first.up === null);
  return [bodies, blocks].flatMap((stretches) => takenIn(source, subject, stretches));
}

function startOf({ first }: Stretch): number {
  return first.whole.range.start;
}

function endOf({ last }: Stretch): number {
  return last.whole.range.end;
}

function takenIn(
  source: Source, subject: string, stretches: readonly Stretch[],
): readonly Change[] {
  const ways = stretches.map((stretch) => ({ stretch, locks: locksFor(source, subject, stretch) }));
  const names = new Set(ways.flatMap(({ locks }) => locks.map(nameOf)));
  return [...names].flatMap((name): Change[] => {
    const changes: Change[] = [];
    for (const { stretch, locks } of ways) {
      const steps = accessesIn(source, subject, stretch);
      const writes = steps.some((step) => step.writes.has(subject));
      const taken = locks.find((lock) => nameOf(lock) === name
        && (lock.mode === null || lock.mode === (writes ? 'write' : 'read')));
      if (taken === undefined) return [];
      const least = writes ? ['write'] : ['read', 'write'];
      if (steps.every((step) => least.includes(leastOf(step, classOf(subject, name))))) continue;
      changes.push({ ...takenAround(source, taken, stretch), title: placeName(stretch.first) });
    }
    const places = [...new Set(changes.map(({ title }) => title))];
    return changes.length < 2 ? [] : [{
      title: `Take ${name.replace(/^\./, 'its ')} around the accesses to ${subject} in `
        + places.join(', '),
      family: `take ${name} for ${subject}`, splices: changes.flatMap(({ splices }) => splices),
    }];
  });
}

/** `.vm_lock` for that of whichever object it is. */
function nameOf({ lock }: Taken): string {
  return lock.includes('.') ? lock.slice(lock.lastIndexOf('.')) : lock;
}

function classOf(subject: string, name: string): string {
  return name.startsWith('.') ? `${subject.split('.')[0] ?? ''}${name}` : name;
}

function accessesIn(
  { cover }: Source, subject: string, stretch: Stretch,
): readonly CoveredStep[] {
  return [...cover.steps.values()].filter(({ site: { owner, range }, plain, marked }) =>
    owner === placeName(stretch.first) && startOf(stretch) <= range.start
    && range.end <= endOf(stretch) && (plain.has(subject) || marked.has(subject)));
}
