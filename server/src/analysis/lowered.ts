// A scenario (or one thread alone) as the simulator's program, with the way back to the text.
import type { FileId, Range } from '../text/range.ts';
import type { Pc, Program } from '../../../simulator/src/program.ts';

export interface Lowered {
  readonly program: Program;
  /** By SiteId. The same statement has the same site in every instance of a thread. */
  readonly sites: readonly Site[];
  /** By cell: how to name and print its value. */
  readonly cells: readonly CellInfo[];
  /** Of all threads: the statements that are no step by themselves. */
  readonly passages: readonly Passage[];
  /** By thread: the outcomes' names are in the program; here where it is declared and run. */
  readonly threads: readonly ThreadInfo[];
}

export interface Site {
  readonly file: FileId;
  /** The statement, or the access in it. A compound one's is its head (`if pte[p] == none`). */
  readonly range: Range;
  /** As people read it in a trace: the step's text, else the source on one line. */
  readonly text: string;
  /** `path`: the labels, thread or proc it is in; `munmap`, `zap_range`. */
  readonly owner: string;
  /** What the step costs in a workload (`takes`), or null. */
  readonly takes: SiteCost | null;
}

/** A call, a condition on constants or the head of a `loop`: where it leads to in a thread. */
export interface Passage {
  readonly thread: number;
  readonly file: FileId;
  /** The statement, blocks and all. */
  readonly range: Range;
  /** What it begins with: one, and copies of it. */
  readonly from: readonly Pc[];
  /** Of a call all that is done in it; else empty. */
  readonly inside: ReadonlySet<Pc>;
}

/** In ns. */
export type SiteCost =
  | { readonly kind: 'fixed'; readonly ns: number }
  | { readonly kind: 'uniform'; readonly lo: number; readonly hi: number }
  | { readonly kind: 'exp'; readonly mean: number };

export interface CellInfo {
  /** `pte[1]`, `vma#1.flags`, a local `i`. */
  readonly name: string;
  /** The thread it is a local or parameter of, else null. */
  readonly thread: number | null;
  readonly print: ValuePrinter;
}

/** How a cell's number is shown. `refs`: `null`, `vma#1`. */
export type ValuePrinter =
  | { readonly kind: 'int' | 'bool' }
  | { readonly kind: 'enum'; readonly members: readonly string[] }
  | { readonly kind: 'flags'; readonly members: readonly string[] }
  | { readonly kind: 'ref'; readonly struct: string };

export interface ThreadInfo {
  /** `fault#1`. */
  readonly name: string;
  readonly decl: string;
  /** Where the scenario runs it. */
  readonly runRange: Range | null;
}
