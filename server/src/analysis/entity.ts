// What a name can stand for, with the declaration behind it: the checker fills this in once, and
// lowering reads it for every scenario.
import type { FileId } from '../text/range.ts';
import type {
  ConstDecl, Decl, EnumDecl, Expr, FieldDecl, FlagsDecl, ForStmt, LabelledStmt, LetStmt, LockDecl,
  Param, ParamDecl, ProcDecl, PropertyDecl, QuantifierExpr, RunItem, ScenarioDecl, SharedDecl,
  StepStmt, StructDecl, ThreadDecl, TypeDecl, WorkloadDecl,
} from '../syntax/ast.ts';
import type { KeptPrograms } from './kept-programs.ts';
import type { Sym, Type } from './model.ts';
import type { Placed } from './needs.ts';
import type { KnownKeys } from './program-key.ts';

/** A declaration with a body of statements. */
export type Owner = ThreadDecl | ProcDecl;
export function isOwner(decl: Decl): decl is Owner {
  return decl.kind === 'thread' || decl.kind === 'proc';
}
export type LocalNode = LetStmt | ForStmt | QuantifierExpr;
export type LabelNode = LabelledStmt | StepStmt;
export type MutableSym = { -readonly [K in keyof Sym]: Sym[K] };

interface Base {
  readonly file: FileId;
  /** Completed while checking: an inferred local's `detail` is known only at the end. */
  readonly sym: MutableSym;
}

export type ConstEntity = Base & { readonly kind: 'const'; readonly decl: ConstDecl };
export type ParamEntity = Base & { readonly kind: 'param'; readonly decl: ParamDecl };
export type TypeEntity = Base & { readonly kind: 'type'; readonly decl: TypeDecl };
export type EnumEntity = Base & { readonly kind: 'enum'; readonly decl: EnumDecl };
export type FlagsEntity = Base & { readonly kind: 'flags'; readonly decl: FlagsDecl };
export type StructEntity = Base & { readonly kind: 'struct'; readonly decl: StructDecl };
export type LockEntity = Base & {
  readonly kind: 'lock'; readonly decl: LockDecl; readonly struct: StructDecl | null;
};
export type SharedEntity = Base & {
  readonly kind: 'shared'; readonly decl: SharedDecl;
  /** Position among all shared state: an initial value may name what has a smaller one. */
  readonly rank: number;
};
export type ProcEntity = Base & { readonly kind: 'proc'; readonly decl: ProcDecl };
export type ThreadEntity = Base & { readonly kind: 'thread'; readonly decl: ThreadDecl };
export type PropertyEntity = Base & { readonly kind: 'property'; readonly decl: PropertyDecl };
export type ScenarioEntity = Base & { readonly kind: 'scenario'; readonly decl: ScenarioDecl };
export type WorkloadEntity = Base & { readonly kind: 'workload'; readonly decl: WorkloadDecl };
export type MemberEntity = Base & {
  readonly kind: 'member'; readonly decl: EnumDecl | FlagsDecl; readonly index: number;
};
export type FieldEntity = Base & {
  readonly kind: 'field'; readonly decl: FieldDecl; readonly struct: StructDecl;
};
export type ParameterEntity = Base & {
  readonly kind: 'parameter'; readonly owner: Owner; readonly param: Param;
};
export type LocalEntity = Base & { readonly kind: 'local'; readonly node: LocalNode };
export type LabelEntity = Base & {
  readonly kind: 'label'; readonly owner: Owner; readonly node: LabelNode;
  /** The atomic step and the `for` it lies in, if any: no jump goes into them. */
  readonly step: StepStmt | null; readonly loop: ForStmt | null;
};
export type OutcomeEntity = Base & {
  readonly kind: 'outcome'; readonly decl: ThreadDecl; readonly index: number;
};
export type AliasEntity = Base & {
  readonly kind: 'alias'; readonly scenario: ScenarioDecl | WorkloadDecl; readonly item: RunItem;
};

/** What stands at file level in the one flat space of names. */
export type FlatEntity =
  | ConstEntity | ParamEntity | TypeEntity | EnumEntity | FlagsEntity | StructEntity | LockEntity
  | SharedEntity | ProcEntity | ThreadEntity | PropertyEntity;
export type Entity =
  | FlatEntity | ScenarioEntity | WorkloadEntity | MemberEntity | FieldEntity | ParameterEntity
  | LocalEntity | LabelEntity | OutcomeEntity | AliasEntity;

/** What checking found out about one body. */
export interface OwnerFacts {
  readonly labels: ReadonlyMap<string, LabelEntity>;
  /** Procs called, each once, in order. */
  readonly calls: readonly ProcDecl[];
  /** Parameters that are assigned to (the others are constants of an instance). */
  readonly assigned: ReadonlySet<Param>;
  /** Its own statements; the procs' are not counted in. */
  readonly size: number;
}

/** By node of the AST. */
export interface Tables {
  readonly entities: ReadonlyMap<object, Entity>;
  readonly types: ReadonlyMap<Expr, Type>;
}

/** What lowering needs to know beyond the AST. */
export interface Meaning extends Pick<Tables, 'entities'> {
  /** The same tables; of bodies only what these declarations have in them need be there. */
  tables(decls: readonly Decl[]): Tables;
  readonly owners: ReadonlyMap<Owner, OwnerFacts>;
  readonly texts: ReadonlyMap<FileId, string>;
  /** The declarations that each declaration names. */
  readonly deps: ReadonlyMap<Decl, ReadonlySet<Decl>>;
  /** Own and used declarations but scenarios and workloads, in order. */
  readonly parts: readonly Placed[];
  /** From one version of the file to the next. */
  readonly kept: KeptPrograms;
  readonly keys: KnownKeys;
}

/** The file-level declaration that a use of this entity depends on, or null for local things. */
export function rootDecl(entity: Entity): Decl | null {
  switch (entity.kind) {
    case 'field':
      return entity.struct;
    case 'lock':
      return entity.struct ?? entity.decl;
    case 'label':
      return entity.owner;
    case 'parameter':
    case 'local':
    case 'alias':
      return null;
    default:
      // File-level declarations, and members and outcomes of them.
      return entity.decl;
  }
}
