// How a program differs from one like it: in what some instructions compute, in what some
// properties say, and in nothing else.
import type { Instr, Pc, Program, Property, ThreadIdx } from '../program.ts';

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
  if (threads.length !== threadsBefore.length || !same(restBefore, rest)) return null;
  const asked = changedProperties(propertiesBefore, properties);
  if (asked === null) return null;
  const instrs = new Map<ThreadIdx, ReadonlySet<Pc>>();
  for (const [t, thread] of threads.entries()) {
    const { code, ...frame } = thread;
    const { code: codeBefore, ...frameBefore } = threadsBefore[t]!;
    if (code.length !== codeBefore.length || !same(frameBefore, frame)) return null;
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
    if (!same(frameBefore, frame)) return null;
    if (!same(exprBefore, expr)) changed.push(i);
  }
  return changed;
}

function changedInstrs(
  before: readonly Instr[], after: readonly Instr[],
): ReadonlySet<Pc> | null {
  const changed = new Set<Pc>();
  for (const [pc, instr] of after.entries()) {
    const instrBefore = before[pc]!;
    if (same(instrBefore, instr)) continue;
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
  return same(frame(before), frame(after));
}

/** Whether both are the same plain data. */
export function same(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (!isComposed(a) || !isComposed(b) || Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length
    && keys.every((key) => key in b && same(a[key], b[key]));
}

/** A list by index, a record by key. */
const isComposed = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
