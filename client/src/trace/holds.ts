// Which thread holds which lock, read from a lock's printed state: `free`, `W:munmap`,
// `R:fault#1 R:fault#2, waiting W:munmap`, and `munmap` alone for a lock without modes.

export interface Hold {
  readonly thread: string;
  readonly mode: 'read' | 'write' | 'waits';
}

const WHO = /^(?:([RW]):)?(\S+)$/;
const FREE = 'free';
const WAITING = ', waiting ';

/** undefined for what is no lock's state: a name in it is not one of `threads`. */
export function holdsOf(value: string, threads: readonly string[]): readonly Hold[] | undefined {
  const [held = '', waiting = '', ...more] = value.split(WAITING);
  if (more.length > 0) return undefined;
  const holders = held === FREE ? [] : parties(held, threads);
  const waiters = waiting === '' ? [] : parties(waiting, threads);
  if (holders === undefined || waiters === undefined) return undefined;
  return [...holders, ...waiters.map(({ thread }) => ({ thread, mode: 'waits' as const }))];
}

function parties(list: string, threads: readonly string[]): readonly Hold[] | undefined {
  const holds: Hold[] = [];
  for (const who of list.split(' ')) {
    const [, mode, thread] = WHO.exec(who) ?? [];
    if (thread === undefined || !threads.includes(thread)) return undefined;
    holds.push({ thread, mode: mode === 'R' ? 'read' : 'write' });
  }
  return holds;
}
