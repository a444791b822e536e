// The abstract syntax tree of a .mmlock file. Plain data; every node has its range; what could not
// be read is a `hole` (or an empty name at the place where it belongs), so every tree has an AST.
import type { Range } from '../text/range.ts';
import type { Domain, Expr, Mode, Name } from './ast-expr.ts';

export type * from './ast-expr.ts';

export interface SourceFile {
  readonly decls: readonly Decl[];
  readonly range: Range;
}

interface DeclBase {
  /** The whole declaration, without its `///` comment. */
  readonly range: Range;
  /** The text of the `///` lines directly above, joined by newlines; null where there are none. */
  readonly doc: string | null;
}

export type Decl =
  | UseDecl | ConstDecl | ParamDecl | TypeDecl | EnumDecl | FlagsDecl | StructDecl | LockDecl
  | SharedDecl | OrderDecl | ProcDecl | ThreadDecl | PropertyDecl | ScenarioDecl | WorkloadDecl
  | HoleDecl;

/** `use mm.tlb` has `module`, `use "./x.mmlock"` has `path` (unquoted); never both. */
export interface UseDecl extends DeclBase {
  readonly kind: 'use';
  readonly module: string | null;
  readonly path: string | null;
  /** Of the module name or of the string with its quotes. */
  readonly targetRange: Range;
}
export interface ConstDecl extends DeclBase {
  readonly kind: 'const';
  readonly name: Name;
  readonly value: Expr;
}
export interface ParamDecl extends DeclBase {
  readonly kind: 'param';
  readonly name: Name;
  readonly lo: Expr;
  readonly hi: Expr;
  readonly value: Expr;
}
export interface TypeDecl extends DeclBase {
  readonly kind: 'type';
  readonly name: Name;
  readonly type: TypeExpr;
}
export interface EnumDecl extends DeclBase {
  readonly kind: 'enum';
  readonly name: Name;
  readonly members: readonly Name[];
}
export interface FlagsDecl extends DeclBase {
  readonly kind: 'flags';
  readonly name: Name;
  readonly members: readonly Name[];
}
export interface StructDecl extends DeclBase {
  readonly kind: 'struct';
  readonly name: Name;
  /** How many objects (`[N]`); a missing one is a syntax problem and a hole here. */
  readonly count: Expr;
  readonly typesafe: boolean;
  readonly members: readonly (FieldDecl | LockDecl)[];
}
export interface FieldDecl extends DeclBase {
  readonly kind: 'field';
  readonly name: Name;
  readonly type: TypeExpr;
  readonly init: Expr | null;
  readonly guard: Guard | null;
}
export type LockKind = 'mutex' | 'spinlock' | 'rwsem' | 'rwlock';
export interface LockDecl extends DeclBase {
  readonly kind: 'lock';
  readonly name: Name;
  /** `[N]`, or null for a single lock. */
  readonly count: Expr | null;
  /** null where the kind is missing or no lock kind (a problem is reported). */
  readonly lockKind: LockKind | null;
  /** Where the kind stands (or should). */
  readonly lockKindRange: Range;
}
export interface SharedDecl extends DeclBase {
  readonly kind: 'shared';
  readonly name: Name;
  readonly atomic: boolean;
  readonly type: TypeExpr;
  readonly init: Expr | null;
  readonly guard: Guard | null;
}

/** `guarded by L` fills both sides from L: read = `read L`, write = `write L`. */
export type Guard =
  | { readonly kind: 'by'; readonly lock: Expr; readonly range: Range }
  | {
      readonly kind: 'sides';
      readonly read: GuardExpr | null;
      readonly write: GuardExpr | null;
      readonly range: Range;
    };
export type GuardExpr =
  | { readonly kind: 'and' | 'or'; readonly left: GuardExpr; readonly right: GuardExpr;
      readonly range: Range }
  /** mode null: a bare lock; like `read`, held in any mode. */
  | { readonly kind: 'lock'; readonly mode: 'read' | 'write' | null; readonly lock: Expr;
      readonly range: Range }
  | { readonly kind: 'rcu'; readonly range: Range }
  | { readonly kind: 'hole'; readonly range: Range };

export interface OrderDecl extends DeclBase {
  readonly kind: 'order';
  /** Outermost first; each a lock, or `struct.lock` (a field expression). */
  readonly classes: readonly Expr[];
}
export interface Param {
  readonly name: Name;
  readonly type: TypeExpr;
  readonly range: Range;
}
export interface ProcDecl extends DeclBase {
  readonly kind: 'proc';
  readonly name: Name;
  readonly params: readonly Param[];
  readonly result: TypeExpr | null;
  readonly body: Block;
}
export interface OutcomeDecl {
  readonly name: Name;
  readonly never: boolean;
  readonly range: Range;
}
export interface ThreadDecl extends DeclBase {
  readonly kind: 'thread';
  readonly name: Name;
  readonly background: boolean;
  readonly params: readonly Param[];
  readonly outcomes: readonly OutcomeDecl[];
  readonly body: Block;
}
export type PropertyKind = 'invariant' | 'final' | 'eventually' | 'reachable';
export interface PropertyDecl extends DeclBase {
  readonly kind: 'property';
  readonly property: PropertyKind;
  readonly name: Name;
  readonly expr: Expr;
}
export interface ScenarioDecl extends DeclBase {
  readonly kind: 'scenario';
  readonly name: Name;
  readonly title: string | null;
  readonly items: readonly ScenarioItem[];
}
export type ScenarioItem = WithItem | RunItem | PropertyDecl | ExpectItem | HoleDecl;
export interface WithItem {
  readonly kind: 'with';
  readonly name: Name;
  readonly value: Expr;
  readonly range: Range;
}
export interface RunItem {
  readonly kind: 'run';
  readonly alias: Name | null;
  readonly thread: Name;
  readonly args: readonly Expr[];
  /** `x N`, or null for one. */
  readonly count: Expr | null;
  readonly range: Range;
}
export type ExpectItem =
  | { readonly kind: 'expect'; readonly expect: 'safe'; readonly range: Range }
  /** `expect fails` alone has no items. */
  | { readonly kind: 'expect'; readonly expect: 'fails'; readonly items: readonly FailItem[];
      readonly range: Range }
  | { readonly kind: 'expect'; readonly expect: 'refines'; readonly negated: boolean;
      readonly other: Name; readonly range: Range }
  | { readonly kind: 'expect'; readonly expect: 'hole'; readonly range: Range };
export interface FailItem {
  /** A property's name or a code. */
  readonly name: Name;
  /** `data_race(vma.flags)` has `vma.flags`, `deadlock(a, b)` two; none without parentheses. */
  readonly subjects: readonly Name[];
  readonly range: Range;
}
export interface WorkloadDecl extends DeclBase {
  readonly kind: 'workload';
  readonly name: Name;
  readonly title: string | null;
  readonly items: readonly WorkloadItem[];
}
export type WorkloadItem =
  | WithItem
  | { readonly kind: 'arrive'; readonly run: RunItem; readonly at: Expr | null;
      readonly every: Expr | null; readonly range: Range }
  | { readonly kind: 'setting'; readonly setting: 'cpus' | 'for' | 'seed'; readonly value: Expr;
      readonly range: Range }
  | HoleDecl;
export interface HoleDecl extends DeclBase {
  readonly kind: 'hole';
}

export type TypeExpr =
  | { readonly kind: 'bool'; readonly range: Range }
  | { readonly kind: 'range'; readonly lo: Expr; readonly hi: Expr; readonly range: Range }
  | { readonly kind: 'ref'; readonly struct: Name; readonly range: Range }
  | { readonly kind: 'array'; readonly element: TypeExpr; readonly length: Expr;
      readonly range: Range }
  | { readonly kind: 'named'; readonly name: Name; readonly range: Range }
  | { readonly kind: 'hole'; readonly range: Range };

export interface Block {
  readonly stmts: readonly Stmt[];
  /** With its braces. */
  readonly range: Range;
}

export type Takes =
  | { readonly kind: 'fixed'; readonly value: Expr; readonly range: Range }
  | { readonly kind: 'uniform'; readonly lo: Expr; readonly hi: Expr; readonly range: Range }
  | { readonly kind: 'exp'; readonly mean: Expr; readonly range: Range };

interface StmtBase {
  /** The whole statement, `takes` included. */
  readonly range: Range;
  readonly takes: Takes | null;
}
export type Stmt =
  | AcquireStmt | ReleaseStmt | DowngradeStmt | TryStmt | AssignStmt | WriteOnceStmt | LetStmt
  | ChooseStmt | StepStmt | IfStmt | WhileStmt | LoopStmt | ForStmt | JumpStmt | LabelledStmt
  | GotoStmt | CallStmt | AwaitStmt | AssertStmt | OutcomeStmt | ReturnStmt | FreeStmt | RcuStmt
  | HoleStmt;

export interface AcquireStmt extends StmtBase {
  readonly kind: 'acquire';
  readonly mode: Mode | null;
  readonly lock: Expr;
  readonly nested: boolean;
}
export interface ReleaseStmt extends StmtBase {
  readonly kind: 'release';
  readonly mode: Mode | null;
  readonly lock: Expr;
}
export interface DowngradeStmt extends StmtBase {
  readonly kind: 'downgrade';
  readonly lock: Expr;
}
/** `if try acquire read L { } else { }`; `head` is from `if` to before the first brace. */
export interface TryStmt extends StmtBase {
  readonly kind: 'try';
  readonly mode: Mode | null;
  readonly lock: Expr;
  readonly nested: boolean;
  readonly head: Range;
  readonly then: Block;
  readonly otherwise: Else | null;
}
/** `else { }` or `else if ...`. */
export type Else = { readonly kind: 'block'; readonly block: Block } | IfStmt | TryStmt;
export interface AssignStmt extends StmtBase {
  readonly kind: 'assign';
  readonly target: Expr;
  readonly op: '=' | '+=' | '-=';
  readonly value: Expr;
}
export interface WriteOnceStmt extends StmtBase {
  readonly kind: 'write_once';
  readonly target: Expr;
  readonly value: Expr;
}
export interface LetStmt extends StmtBase {
  readonly kind: 'let';
  readonly name: Name;
  readonly type: TypeExpr | null;
  readonly value: Expr;
}
export interface ChooseStmt extends StmtBase {
  readonly kind: 'choose';
  readonly branches: readonly Block[];
}
/** `step label "text" { ... }`; `body` null for `step "text"`; `text` null where missing. */
export interface StepStmt extends StmtBase {
  readonly kind: 'step';
  readonly label: Name | null;
  readonly text: string | null;
  readonly body: Block | null;
  /** From `step` to the end of its text. */
  readonly head: Range;
}
export interface IfStmt extends StmtBase {
  readonly kind: 'if';
  readonly cond: Expr;
  /** From `if` to the end of the condition. */
  readonly head: Range;
  readonly then: Block;
  readonly otherwise: Else | null;
}
export interface WhileStmt extends StmtBase {
  readonly kind: 'while';
  readonly cond: Expr;
  readonly head: Range;
  readonly body: Block;
}
export interface LoopStmt extends StmtBase {
  readonly kind: 'loop';
  readonly head: Range;
  readonly body: Block;
}
/** `for i in a..b` or `for i in TYPE`. */
export interface ForStmt extends StmtBase {
  readonly kind: 'for';
  readonly name: Name;
  readonly domain: Domain;
  readonly head: Range;
  readonly body: Block;
}
export interface JumpStmt extends StmtBase {
  readonly kind: 'jump';
  readonly jump: 'break' | 'continue';
}
export interface LabelledStmt extends StmtBase {
  readonly kind: 'labelled';
  readonly label: Name;
  readonly stmt: Stmt;
}
export interface GotoStmt extends StmtBase {
  readonly kind: 'goto';
  readonly label: Name;
}
/** `name(args)` as a statement. In `let` and `=` the value is a `call` expression. */
export interface CallStmt extends StmtBase {
  readonly kind: 'call';
  readonly proc: Name;
  readonly args: readonly Expr[];
}
export interface AwaitStmt extends StmtBase {
  readonly kind: 'await';
  readonly cond: Expr;
}
export interface AssertStmt extends StmtBase {
  readonly kind: 'assert';
  readonly cond: Expr;
  readonly text: string | null;
}
export interface OutcomeStmt extends StmtBase {
  readonly kind: 'outcome';
  readonly name: Name;
}
export interface ReturnStmt extends StmtBase {
  readonly kind: 'return';
  readonly value: Expr | null;
}
export interface FreeStmt extends StmtBase {
  readonly kind: 'free';
  /** true for `free_rcu`. */
  readonly deferred: boolean;
  readonly value: Expr;
}
export interface RcuStmt extends StmtBase {
  readonly kind: 'rcu';
  readonly op: 'lock' | 'unlock' | 'synchronize';
}
export interface HoleStmt extends StmtBase {
  readonly kind: 'hole';
}

