// A thread in canonical form. It is kept as long as it takes the same from the rest of its program.
import { taken } from '../../../simulator/src/kept.ts';
import type { Instr, Thread, ThreadIdx } from '../../../simulator/src/program.ts';
import type { Frame } from './frame.ts';
import { fingerprint } from './hash.ts';
import type { Asked, Names } from './names.ts';

export interface CanonicalThread {
  readonly thread: Thread;
  /** Of its text. */
  readonly print: string;
}

/** What was made of a thread, and what it took for that. */
interface Known {
  readonly frame: Frame;
  readonly t: ThreadIdx;
  readonly asked: readonly Asked[];
  readonly made: CanonicalThread;
}

export interface KeptThreads {
  /** By the thread that they were made from, the latest. */
  readonly known: WeakMap<Thread, Known>;
  /** By text: what is equal is one. */
  readonly equal: Map<string, CanonicalThread>;
}

/** More threads than the scenarios have that somebody works on. */
const EQUAL_MAX = 256;

export interface Surroundings {
  readonly frame: Frame;
  /** Of the frame and the threads before. */
  readonly names: Names;
}

export function canonicalThread(
  thread: Thread, t: ThreadIdx, { frame, names }: Surroundings, kept: KeptThreads,
): CanonicalThread {
  const before = kept.known.get(thread);
  if (before?.frame === frame && before.t === t && names.answersAgain(before.asked)) {
    return before.made;
  }
  names.asked = [];
  const own = named(thread, t, { frame, names });
  frame.renumber(own);
  const text = JSON.stringify(own);
  const made = taken(kept.equal, text, EQUAL_MAX, () =>
    ({ thread: own, print: fingerprint(text) }));
  kept.known.set(thread, { frame, t, asked: names.asked, made });
  return made;
}

function named(thread: Thread, t: ThreadIdx, { frame, names }: Surroundings): Thread {
  const set = thread.code.map((instr) => (instr.op === 'outcome' ? instr.outcome : -1));
  return {
    ...thread, name: `thread ${t}`, decl: names.of('thread', thread.decl),
    // What is never set has no name in any message; behind the last that is set, no number.
    outcomes: thread.outcomes.slice(0, Math.max(0, ...set) + 1).map((outcome, i) => {
      if (!set.includes(i)) return { name: '', never: false };
      const shared = thread.code.some((instr) =>
        instr.op === 'outcome' && instr.outcome === i && frame.shared.has(instr.site));
      const space = shared ? 'outcome' : `outcome of ${thread.decl}:`;
      return { ...outcome, name: names.of(space, outcome.name) };
    }),
    code: thread.code.map((instr) => namedInstr(instr, names)),
  };
}

/** A local's name matters among what one step may be out of range in, an assertion's nowhere. */
function namedInstr(instr: Instr, names: Names): Instr {
  if (instr.op === 'assert' && instr.text !== null) {
    return { ...instr, text: names.of(`step ${instr.site}:`, instr.text) };
  }
  if (!('target' in instr) || instr.target.kind !== 'local') return instr;
  const { name } = instr.target;
  const known = ['shared', 'lock'].find((each) => names.has(each, name));
  const own = names.of(known ?? `step ${instr.site}:`, name);
  return { ...instr, target: { ...instr.target, name: own } };
}
