// Data races of one state: two threads that can both take their next step, plain accesses of the
// same location, at least one a write. Judged on the accesses those steps really make.
import type { Found, Machine } from './machine.ts';
import type { SiteId, ThreadIdx } from './program.ts';

interface Seen {
  readonly thread: ThreadIdx;
  readonly cell: number;
  readonly place: number;
  readonly write: boolean;
  readonly marked: boolean;
  readonly site: SiteId;
  readonly step: SiteId;
}

/** The accesses of every thread's next step in one state. */
export interface NextAccesses {
  readonly seen: Seen[];
}

export function createNextAccesses(): NextAccesses {
  return { seen: [] };
}

export function clearAccesses(next: NextAccesses): void {
  if (next.seen.length > 0) next.seen.length = 0;
}

/** Takes over the machine's log of the step just run. */
export function collectAccesses(next: NextAccesses, m: Machine, thread: ThreadIdx): void {
  const { log } = m;
  if (log.count === 0) return;
  for (let i = 0; i < log.count; i++) {
    next.seen.push({
      thread, cell: log.cell[i]!, place: log.place[i]!, write: log.write[i]!,
      marked: log.marked[i]!, site: log.site[i]!, step: log.step[i]!,
    });
  }
}

/** Calls `found` for every racing pair of the state. */
export function findRaces(
  next: NextAccesses, placeName: (place: number) => string, found: (race: Found) => void,
): void {
  const { seen } = next;
  for (let j = 1; j < seen.length; j++) {
    const b = seen[j]!;
    for (let i = 0; i < j; i++) {
      const a = seen[i]!;
      if (a.cell !== b.cell || a.thread === b.thread) continue;
      if (!(a.write || b.write) || (a.marked && b.marked)) continue;
      found(asFound(a, b, placeName(a.place)));
    }
  }
}

/** Told at the write; of two writes at the plain one, else at the later site. */
function asFound(a: Seen, b: Seen, subject: string): Found {
  const [at, other] = rank(a) > rank(b) || (rank(a) === rank(b) && a.site > b.site)
    ? [a, b] : [b, a];
  return {
    code: 'data_race', subject, thread: at.thread, step: at.step, site: at.site, pending: true,
    others: [{
      thread: other.thread, step: other.step, site: other.site, lock: null,
      access: other.write ? 'write' : 'read',
    }],
  };
}

const rank = (access: Seen): number => (access.write ? 2 : 0) + (access.marked ? 0 : 1);
