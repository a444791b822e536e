// What a mutant is: the engine with one fault, and who notices.
export interface Mutant {
  /** What is wrong with it, in a few words. */
  readonly name: string;
  /** A text that occurs once in all of the engine, and what stands there instead. */
  readonly find: string;
  readonly replace: string;
  /**
   * Cases in which it gives itself away: `MODE PROGRAM`, see `modes.ts` and `programs.ts`. In that
   * mode it says something else of the program than the interpreter, unmutated, does.
   */
  readonly kills: readonly string[];
  /** In an engine whose tables are small, so that they grow early. */
  readonly small?: true;
}

/** The modes that a search for cases goes through, for a list of mutants. */
export interface MutantList {
  readonly modes: readonly string[];
  readonly mutants: readonly Mutant[];
}
