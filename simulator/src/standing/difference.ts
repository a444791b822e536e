// How a program differs from one like it: in what some instructions compute, and in nothing else.
import type { Instr, Pc, Program, ThreadIdx } from '../program.ts';

/** An instruction that is another one in the later program. */
export interface ChangedInstr {
  readonly thread: ThreadIdx;
  readonly pc: Pc;
}

/**
 * The instructions that differ; null where more than they do, or where one differs in more than in
 * what it computes: what it is, where it stands and leads to. Locks, objects and RCU are looked at
 * from elsewhere, too: instructions about them are all of them.
 */
export function changesBetween(before: Program, after: Program): readonly ChangedInstr[] | null {
  const { threads, ...rest } = after;
  const { threads: threadsBefore, ...restBefore } = before;
  if (threads.length !== threadsBefore.length || !same(restBefore, rest)) return null;
  const changed: ChangedInstr[] = [];
  for (const [t, thread] of threads.entries()) {
    const { code, ...frame } = thread;
    const { code: codeBefore, ...frameBefore } = threadsBefore[t]!;
    if (code.length !== codeBefore.length || !same(frameBefore, frame)) return null;
    for (const [pc, instr] of code.entries()) {
      const instrBefore = codeBefore[pc]!;
      if (same(instrBefore, instr)) continue;
      if (!sameBut(instrBefore, instr)) return null;
      changed.push({ thread: t, pc });
    }
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
