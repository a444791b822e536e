// The expressions of the abstract syntax tree; `ast.ts` hands them out with the rest.
import type { Range } from '../text/range.ts';

/** An identifier where it stands; `text` is '' where it is still to be typed. */
export interface Name {
  readonly kind: 'name';
  readonly text: string;
  readonly range: Range;
}

export type Mode = 'read' | 'write';

export type Domain =
  | { readonly kind: 'range'; readonly lo: Expr; readonly hi: Expr; readonly range: Range }
  /** A range type; in a property also a thread (`exists t in fault: ...`). */
  | { readonly kind: 'named'; readonly name: Name; readonly range: Range };

export type BinaryOp =
  | '*' | '/' | '%' | '+' | '-' | '<' | '<=' | '>' | '>=' | '==' | '!=' | '&&' | '||' | '=>';

interface ExprBase {
  readonly range: Range;
}
export type Expr =
  | IntExpr | DurationExpr | BoolExpr | NullExpr | NameExpr | IndexExpr | FieldExpr | UnaryExpr
  | BinaryExpr | HasExpr | InSetExpr | InRangeExpr | QuantifierExpr | SetExpr | ListExpr
  | NewExpr | AnyExpr | ReadOnceExpr | CmpxchgExpr | CallExpr | HeldExpr | AtExpr | HoleExpr;

/** Decimal, `0x` hex, or a size such as `4K`; `size` says that it had a suffix. */
export interface IntExpr extends ExprBase {
  readonly kind: 'int';
  readonly value: number;
  readonly size: boolean;
}
export interface DurationExpr extends ExprBase {
  readonly kind: 'duration';
  readonly ns: number;
}
export interface BoolExpr extends ExprBase {
  readonly kind: 'bool';
  readonly value: boolean;
}
export interface NullExpr extends ExprBase {
  readonly kind: 'null';
}
export interface NameExpr extends ExprBase {
  readonly kind: 'ident';
  readonly name: Name;
}
export interface IndexExpr extends ExprBase {
  readonly kind: 'index';
  readonly base: Expr;
  readonly index: Expr;
}
/** `v.flags`, `pte_state.none`, `vma.vm_lock` (in `order`), `T.done`, `T.outcome`. */
export interface FieldExpr extends ExprBase {
  readonly kind: 'field';
  readonly base: Expr;
  readonly field: Name;
}
export interface UnaryExpr extends ExprBase {
  readonly kind: 'unary';
  readonly op: '!' | '-';
  readonly operand: Expr;
}
export interface BinaryExpr extends ExprBase {
  readonly kind: 'binary';
  readonly op: BinaryOp;
  readonly left: Expr;
  readonly right: Expr;
}
export interface HasExpr extends ExprBase {
  readonly kind: 'has';
  readonly base: Expr;
  readonly flag: Expr;
}
export interface InSetExpr extends ExprBase {
  readonly kind: 'in_set';
  readonly value: Expr;
  readonly items: readonly Expr[];
}
export interface InRangeExpr extends ExprBase {
  readonly kind: 'in_range';
  readonly value: Expr;
  readonly lo: Expr;
  readonly hi: Expr;
}
export interface QuantifierExpr extends ExprBase {
  readonly kind: 'quantifier';
  readonly quantifier: 'forall' | 'exists' | 'count';
  readonly name: Name;
  readonly domain: Domain;
  readonly body: Expr;
}
/** `{VM_DEAD, VM_LOCKED}` or `{}`: a flags value. */
export interface SetExpr extends ExprBase {
  readonly kind: 'set';
  readonly items: readonly Expr[];
}
/** `[a, b]`: an array's initial value. */
export interface ListExpr extends ExprBase {
  readonly kind: 'list';
  readonly items: readonly Expr[];
}
export interface NewExpr extends ExprBase {
  readonly kind: 'new';
  readonly struct: Name;
  readonly inits: readonly { readonly field: Name; readonly value: Expr; readonly range: Range }[];
}
/** `any a..b`: only as the whole right side of `let` or `=`. Also `any TYPE` is accepted. */
export interface AnyExpr extends ExprBase {
  readonly kind: 'any';
  readonly domain: Domain;
}
export interface ReadOnceExpr extends ExprBase {
  readonly kind: 'read_once';
  readonly target: Expr;
}
export interface CmpxchgExpr extends ExprBase {
  readonly kind: 'cmpxchg';
  readonly target: Expr;
  readonly old: Expr;
  readonly value: Expr;
}
export interface CallExpr extends ExprBase {
  readonly kind: 'call';
  readonly proc: Name;
  readonly args: readonly Expr[];
}
/** `held read L` (by anyone, `who: 'anyone'`) and `holds read L` (`who: 'self'`). */
export interface HeldExpr extends ExprBase {
  readonly kind: 'held';
  readonly who: 'anyone' | 'self';
  readonly mode: Mode | null;
  readonly lock: Expr;
}
/** `T at label`. */
export interface AtExpr extends ExprBase {
  readonly kind: 'at';
  readonly thread: Name;
  readonly label: Name;
}
export interface HoleExpr extends ExprBase {
  readonly kind: 'hole';
}
