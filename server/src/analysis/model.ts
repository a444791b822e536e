// What a file means: every name resolved, every expression typed, every mistake listed. Plain data,
// immutable, built anew for each version of the text; AST nodes are the keys of its side tables.
import type { FileId, Location, Range } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Decl, Expr, ScenarioDecl, SourceFile, ThreadDecl } from '../syntax/ast.ts';
import type { Meaning } from './entity.ts';

export interface Model {
  readonly file: FileId;
  readonly source: SourceFile;
  /** Of this file only; what a used file gets wrong is reported there. */
  readonly problems: readonly Problem[];
  /** This file's declarations and those taken in by `use`, by name (scenarios, workloads: own). */
  readonly symbols: ReadonlyMap<string, Sym>;
  /** Every identifier of this file that means something, ordered by `range.start`. */
  readonly occurrences: readonly Occurrence[];
  /** Of every expression that could be typed (also of used files' declarations). */
  readonly types: ReadonlyMap<Expr, Type>;
  /** What an identifier-like AST node (NameExpr, FieldExpr, Name of a thread, ...) refers to. */
  readonly refs: Pick<ReadonlyMap<object, Sym>, 'get' | 'has'>;
  readonly scenarios: readonly ScenarioDecl[];
  readonly threads: readonly ThreadDecl[];
  /** The files taken in, directly or not, in order. */
  readonly uses: readonly FileId[];
  /** Declarations taken in and own, each with its file. */
  readonly decls: readonly { readonly file: FileId; readonly decl: Decl }[];
  /**
   * Declarations that an error touches, own or used, directly or through what they name: a scenario
   * or thread in this set is not lowered.
   */
  readonly broken: ReadonlySet<Decl>;
  /** What lowering builds on; features use `refs` and `types`. */
  readonly meaning: Meaning;
}

export type SymKind =
  | 'const' | 'param' | 'type' | 'enum' | 'flags' | 'member' | 'struct' | 'field' | 'lock'
  | 'shared' | 'proc' | 'thread' | 'parameter' | 'local' | 'label' | 'outcome' | 'property'
  | 'scenario' | 'workload' | 'alias';

export interface Sym {
  readonly kind: SymKind;
  readonly name: string;
  /** Where its name is declared. */
  readonly at: Location;
  /** The whole declaration. */
  readonly full: Range;
  readonly doc: string | null;
  /** The enum, flags type, struct, thread, proc or scenario it belongs to, or null. */
  readonly container: string | null;
  /** One line as in the language: `shared pte: pte_state[PAGES] = file_page`. */
  readonly detail: string;
  /** `guarded by ptl`, or the long form on one line; null where unguarded. */
  readonly guard: string | null;
}

export interface Occurrence {
  readonly range: Range;
  readonly sym: Sym;
  /** `write` also for `acquire`-like uses of a lock; `call` for procs and threads that are run. */
  readonly role: 'declaration' | 'read' | 'write' | 'call' | 'type';
}

/** Bounds are with the params' default values; lowering evaluates them anew for each scenario. */
export type Type =
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly lo: number; readonly hi: number }
  | { readonly kind: 'duration' }
  | { readonly kind: 'enum'; readonly name: string }
  | { readonly kind: 'flags'; readonly name: string }
  | { readonly kind: 'ref'; readonly struct: string }
  | { readonly kind: 'null' }
  | { readonly kind: 'array'; readonly element: Type; readonly length: number }
  | { readonly kind: 'lock'; readonly lockKind: string; readonly length: number | null }
  | { readonly kind: 'outcome'; readonly thread: string }
  /** Of what could not be typed: fits everywhere, so one mistake is reported once. */
  | { readonly kind: 'unknown' };
