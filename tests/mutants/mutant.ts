// What a mutant is: the engine with one fault, and who notices.
import type { Mode } from './modes.ts';

export interface Mutant {
  /** What is wrong with it, in a few words. */
  readonly name: string;
  /** A text that occurs once in all of the engine, and what stands there instead. */
  readonly find: string;
  readonly replace: string;
  /**
   * Cases in which it gives itself away: `MODE PROGRAM`, see `modes.ts` and `programs.ts`. Asked so
   * it says something else than the interpreter, unmutated, does. Of a control: where it is asked.
   * `test FILE: TITLE`: a unit test of the engine (how its title begins) that fails.
   */
  readonly kills: readonly string[];
  /** In an engine whose tables are small, so that they grow early. */
  readonly small?: true;
}

/** Mutants of one part of the engine, and how that part is asked when cases are looked for. */
export interface MutantList {
  readonly title: string;
  readonly modes: readonly Mode[];
  readonly mutants: readonly Mutant[];
}
