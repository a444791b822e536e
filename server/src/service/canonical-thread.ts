// A thread in canonical form. It is kept as long as it takes the same from the rest of its program;
// of one that has changed, those instructions that have not.
import { taken } from '../../../simulator/src/kept.ts';
import type { Instr, Thread, ThreadIdx } from '../../../simulator/src/program.ts';
import { isSame } from '../../../simulator/src/same.ts';
import type { Frame } from './frame.ts';
import { fingerprint } from './hash.ts';
import type { Asked, Names } from './names.ts';

export interface CanonicalThread {
  readonly thread: Thread;
  /** Equal for equal threads. */
  readonly print: string;
}

/** An instruction in canonical form. */
interface CanonicalInstr {
  readonly instr: Instr;
  /** Of its text. */
  readonly print: string;
  /** The names that it took. */
  readonly asked: readonly Asked[];
}

/** What was made of a thread last, by its place in the frame. */
export interface MadeThread {
  readonly from: Thread;
  /** The names that it took, but for those of its instructions. */
  readonly asked: readonly Asked[];
  readonly code: readonly CanonicalInstr[];
  readonly made: CanonicalThread;
}

/** By print: what is equal is one. */
export type EqualThreads = Map<string, CanonicalThread>;
/** More threads than the scenarios have that somebody works on. */
const EQUAL_MAX = 256;

export interface Surroundings {
  readonly frame: Frame;
  /** Of the frame and the threads before. */
  readonly names: Names;
}

export function canonicalThread(
  thread: Thread, t: ThreadIdx, { frame, names }: Surroundings, equal: EqualThreads,
): CanonicalThread {
  const last = frame.threads[t];
  if (last?.from === thread && names.answersAgain(last.asked)
    && last.code.every(({ asked }) => names.answersAgain(asked))) {
    return last.made;
  }
  names.asked = [];
  const head = { ...named(thread, t, { frame, names }), code: [] };
  const { asked } = names;
  const code = thread.code.map((instr, pc): CanonicalInstr => {
    const before = last?.code[pc];
    const isLast = before !== undefined && isSame(last?.from.code[pc], instr)
      && names.answersAgain(before.asked);
    return isLast ? before : canonicalInstr(instr, { frame, names });
  });
  const print = fingerprint([JSON.stringify(head), ...code.map((each) => each.print)].join());
  const made = taken(equal, print, EQUAL_MAX, () =>
    ({ thread: { ...head, code: code.map(({ instr }) => instr) }, print }));
  frame.threads[t] = { from: thread, asked, code, made };
  return made;
}

/** Without its code. */
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
  };
}

function canonicalInstr(instr: Instr, { frame, names }: Surroundings): CanonicalInstr {
  names.asked = [];
  const own = { ...namedInstr(instr, names) };
  frame.renumber(own);
  return { instr: own, print: fingerprint(JSON.stringify(own)), asked: names.asked };
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
