// What analysis is given. It reads no files: the caller finds what a `use` names.
import type { FileId, Range } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { SourceFile, UseDecl } from '../syntax/ast.ts';
import type { KeptPrograms } from './kept-programs.ts';

export interface AnalyzeInput {
  readonly file: FileId;
  readonly source: SourceFile;
  readonly text: string;
  /** Ranges of the syntax problems: a declaration that contains one is broken. */
  readonly damaged: readonly Range[];
  /**
   * Finds what `decl`, which stands in the file `from`, names. Called for each `use` of each file,
   * so that a used file's own `use`s are resolved relative to it.
   */
  readonly use: (from: FileId, decl: UseDecl) => UsedFile | UseFailure;
  /** Of the versions of this file before; without it all is worked out anew. */
  readonly kept?: KeptPrograms | undefined;
}

export interface UsedFile {
  readonly file: FileId;
  readonly source: SourceFile;
  readonly text: string;
  readonly syntaxProblems: readonly Problem[];
}

export interface UseFailure {
  readonly failure: 'no_module' | 'no_file' | 'unreadable';
  /** Names that could have been meant (`mm.tlb`), for a suggestion. */
  readonly candidates?: readonly string[];
}
