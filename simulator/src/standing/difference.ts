// How a program differs from one like it: in what some instructions compute, in what some
// properties say, and in nothing else.
import type { Instr, Pc, Program, Property, ThreadIdx } from '../program.ts';
import { isSame } from '../same.ts';

export interface Difference {
  /** By thread: the instructions that are other ones in the later program. */
  readonly instrs: ReadonlyMap<ThreadIdx, ReadonlySet<Pc>>;
  /** The properties, by index. */
  readonly properties: readonly number[];
}

/**
 * null: they differ in more. Of an instruction only what it computes may be another thing, not what
 * it is, where it stands and leads to; of a property only what it asks. Locks, objects and RCU are
 * looked at from elsewhere, too: instructions about them are the same.
 */
export function differenceOf(before: Program, after: Program): Difference | null {
  const { threads, properties, ...rest } = after;
  const { threads: threadsBefore, properties: propertiesBefore, ...restBefore } = before;
  if (threads.length !== threadsBefore.length || !isSame(restBefore, rest)) return null;
  const asked = changedProperties(propertiesBefore, properties);
  if (asked === null) return null;
  const instrs = new Map<ThreadIdx, ReadonlySet<Pc>>();
  for (const [t, thread] of threads.entries()) {
    const { code, ...frame } = thread;
    const { code: codeBefore, ...frameBefore } = threadsBefore[t]!;
    if (code.length !== codeBefore.length || !isSame(frameBefore, frame)) return null;
    const changed = changedInstrs(codeBefore, code);
    if (changed === null) return null;
    if (changed.size > 0) instrs.set(t, changed);
  }
  return { instrs, properties: asked };
}

function changedProperties(
  before: readonly Property[], after: readonly Property[],
): readonly number[] | null {
  if (before.length !== after.length) return null;
  const changed: number[] = [];
  for (const [i, { expr, ...frame }] of after.entries()) {
    const { expr: exprBefore, ...frameBefore } = before[i]!;
    if (!isSame(frameBefore, frame)) return null;
    if (!isSame(exprBefore, expr)) changed.push(i);
  }
  return changed;
}

function changedInstrs(
  before: readonly Instr[], after: readonly Instr[],
): ReadonlySet<Pc> | null {
  const changed = new Set<Pc>();
  for (const [pc, instr] of after.entries()) {
    const instrBefore = before[pc]!;
    if (isSame(instrBefore, instr)) continue;
    if (!sameBut(instrBefore, instr)) return null;
    changed.add(pc);
  }
  return changed;
}

/** By operation: what nobody asks about but the instruction itself, when it is taken. */
const COMPUTED: Partial<Record<Instr['op'], readonly string[]>> = {
  set: ['target', 'value'], branch: ['cond'], assert: ['cond', 'text'], await: ['cond'],
  cmpxchg: ['access', 'old', 'value'],
};

function sameBut(before: Instr, after: Instr): boolean {
  const computed = COMPUTED[after.op];
  if (computed === undefined || before.op !== after.op) return false;
  const frame = (instr: Instr): unknown =>
    Object.fromEntries(Object.entries(instr).filter(([key]) => !computed.includes(key)));
  return isSame(frame(before), frame(after));
}
