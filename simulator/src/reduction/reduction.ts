// The reductions that a search uses, each with its switch.
import type { Layout } from '../layout.ts';
import type { Program } from '../program.ts';
import { ampleTable, type AmpleTable } from './ample.ts';
import { classSlots, putInOrder, type ClassSlots } from './canonical.ts';
import { heapOf, type Heap } from './heap.ts';
import { liveTable, type LiveTable } from './live.ts';

/** Which reductions a search may use; what is not said is used. */
export interface ReductionSwitches {
  /** One thread's step alone where it can be swapped with all that the others may do. */
  readonly ample?: boolean | undefined;
  /** States with such a step are passed through, not stored. */
  readonly chains?: boolean | undefined;
  /** Locals that are not looked at again are forgotten. */
  readonly dead?: boolean | undefined;
  /** Of states that differ in which of several like threads is where, one is kept. */
  readonly symmetry?: boolean | undefined;
  /** Of states that differ in which object is which, or in nobody's objects, one is kept. */
  readonly objects?: boolean | undefined;
}

export interface Reduction {
  readonly ample: AmpleTable | null;
  readonly chains: boolean;
  readonly live: LiveTable | null;
  readonly classes: readonly ClassSlots[];
  readonly heap: Heap | null;
}

/** null: none of the reductions that are switched on does anything to the program. */
export function reductionOf(
  program: Program, layout: Layout, switches: ReductionSwitches,
): Reduction | null {
  const on = (which: keyof ReductionSwitches): boolean => switches[which] !== false;
  const table = on('ample') ? ampleTable(program, layout.held) : null;
  const isUsed = table?.rows.some((rows) => rows.some((row) => row !== null));
  const ample = isUsed === true ? table : null;
  const dead = on('dead') ? liveTable(program) : null;
  const live = dead?.dead.some((rests) => rests.some((cells) => cells.length > 0)) === true
    ? dead : null;
  const heap = on('objects') ? heapOf(program, layout) : null;
  const classes = on('symmetry') ? classSlots(program, layout, heap) : [];
  if (ample === null && live === null && classes.length === 0 && heap === null) return null;
  return { ample, chains: ample !== null && on('chains'), live, classes, heap };
}

/** As the command line calls it: `por+symmetry`. */
export function reductionName({ ample, live, classes, heap }: Reduction): string {
  return [
    ...(ample === null ? [] : ['por']),
    ...(classes.length === 0 ? [] : ['symmetry']),
    ...(heap === null ? [] : ['objects']),
    ...(live === null ? [] : ['dead-variables']),
  ].join('+');
}

/** Puts the frame's state in the place of all those that the reduction takes for the same. */
export function reduceFrame(
  reduction: Reduction, of: { program: Program; layout: Layout; frame: Int32Array },
): void {
  const { program, layout, frame } = of;
  reduction.live?.dead.forEach((byRest, t) => {
    for (const cell of byRest[frame[layout.threads[t]!.pc]!]!) {
      frame[cell] = program.cells[cell]!.init;
    }
  });
  putInOrder(reduction, frame, new Int32Array(program.threads.length));
}
