// The simulator's whole input: one scenario, lowered. Plain data, so it survives JSON and
// structuredClone. Steps are named by opaque site numbers; only the caller maps them to a text.

/** Where a step or an access came from. */
export type SiteId = number;
/** Indices into the arrays of `Program`. */
export type ThreadIdx = number;
export type LockIdx = number;
export type ClassIdx = number;
export type PoolIdx = number;
export type PlaceIdx = number;
/** Index into `Program.cells`. */
export type CellIdx = number;
/** A scratch register: lives within one step (or one property), is no part of the state. */
export type RegIdx = number;
/** Index into a thread's code. */
export type Pc = number;

export interface Program {
  readonly cells: readonly Cell[];
  readonly places: readonly Place[];
  readonly pools: readonly Pool[];
  readonly classes: readonly LockClass[];
  readonly locks: readonly Lock[];
  readonly threads: readonly Thread[];
  readonly properties: readonly Property[];
  /** Transitively closed: taking a lock of class `outer` while holding an `inner` is an error. */
  readonly orders: readonly { readonly outer: ClassIdx; readonly inner: ClassIdx }[];
  readonly nRegs: number;
}

/** One value of the state: a shared variable, array element, object field or local. */
export interface Cell {
  readonly lo: number;
  readonly hi: number;
  readonly init: number;
}

/** Shared state as the user named it: `count` cells from `base` (one, an array's, a field's). */
export interface Place {
  /** `pte`, `vma.flags`: the subject of a violation. */
  readonly name: string;
  readonly base: CellIdx;
  readonly count: number;
  /** Set for a field: the cell of object r (a ref, 1-based) is `base + r - 1`. */
  readonly pool: PoolIdx | null;
  /** `shared atomic`: no data race is reported on it. */
  readonly atomic: boolean;
  readonly readGuard: Guard | null;
  readonly writeGuard: Guard | null;
}

export type Guard =
  | { readonly kind: 'and' | 'or'; readonly left: Guard; readonly right: Guard }
  /** `write` false: held in any mode. `self_ref` and `self_index` are the access's own. */
  | { readonly kind: 'lock'; readonly lock: LockRef; readonly write: boolean }
  | { readonly kind: 'rcu' };

/** The objects of one struct. A ref is 0 for null, else 1..count. */
export interface Pool {
  readonly name: string;
  readonly count: number;
  readonly typesafe: boolean;
  /** Objects 1..nLive exist from the start (`shared x: ref vma = new vma {}`). */
  readonly nLive: number;
  /** Cells to fill when an object is allocated, before the inits of `new`: place and value. */
  readonly fields: readonly { readonly place: PlaceIdx; readonly init: number }[];
}

export type LockKind = 'mutex' | 'spinlock' | 'rwsem' | 'rwlock';

export interface LockClass {
  /** `ptl`, `vma.vm_lock`. */
  readonly name: string;
  readonly kind: LockKind;
}

export interface Lock {
  /** `ptl[1]`, `vma#2.vm_lock`. */
  readonly name: string;
  readonly cls: ClassIdx;
  /** The object it lies in, or null. */
  readonly object: { readonly pool: PoolIdx; readonly ref: number } | null;
}

/**
 * Names a lock at run time: lock `base + (ref - 1) * count + index`.
 * `ref` null: not in an object. `index` null: no array (`count` 1). An index outside 0..count-1 is
 * `range` (subject: the class name).
 */
export interface LockRef {
  readonly base: LockIdx;
  readonly pool: PoolIdx | null;
  readonly ref: Expr | null;
  readonly index: Expr | null;
  readonly count: number;
}

export interface Thread {
  /** The instance: `munmap`, `fault#1`, an alias. */
  readonly name: string;
  /** The declaration's name, the subject of `missing_outcome`. */
  readonly decl: string;
  readonly background: boolean;
  readonly outcomes: readonly { readonly name: string; readonly never: boolean }[];
  readonly code: readonly Instr[];
  readonly entry: Pc;
}

export interface Property {
  readonly kind: 'invariant' | 'final' | 'eventually' | 'reachable';
  readonly name: string;
  readonly site: SiteId;
  readonly expr: Expr;
}

/** Shared data as an expression reaches it: cell `base + ref - 1`, `base + index` or `base`. */
export interface Access {
  readonly place: PlaceIdx;
  readonly ref: Expr | null;
  readonly index: Expr | null;
  readonly marked: boolean;
  /** The access itself; the step it belongs to is the instruction's site. */
  readonly site: SiteId;
}

export type BinaryOp =
  | '*' | '/' | '%' | '+' | '-' | '<' | '<=' | '>' | '>=' | '==' | '!='
  | '&&' | '||' | '=>' | '&' | '|' | '&~';

/** Values are integers: booleans 0 and 1, enum members and flags by number, refs as in `Pool`. */
export type Expr =
  | { readonly kind: 'const'; readonly value: number }
  | { readonly kind: 'local'; readonly cell: CellIdx }
  | { readonly kind: 'reg'; readonly reg: RegIdx }
  | { readonly kind: 'load'; readonly access: Access }
  | { readonly kind: 'not'; readonly operand: Expr }
  | { readonly kind: 'neg'; readonly operand: Expr }
  | { readonly kind: 'binary'; readonly op: BinaryOp; readonly left: Expr; readonly right: Expr }
  | { readonly kind: 'one_of'; readonly value: Expr; readonly items: readonly Expr[] }
  | { readonly kind: 'between'; readonly value: Expr; readonly lo: Expr; readonly hi: Expr }
  | {
      readonly kind: 'quantifier';
      readonly quantifier: 'forall' | 'exists' | 'count';
      readonly reg: RegIdx;
      readonly lo: Expr;
      readonly hi: Expr;
      readonly body: Expr;
    }
  /** Held by anyone; mode null: in any mode, else exactly so. */
  | { readonly kind: 'held'; readonly lock: LockRef; readonly mode: 'read' | 'write' | null }
  /** Held by the thread that evaluates it. */
  | { readonly kind: 'holds'; readonly lock: LockRef; readonly mode: 'read' | 'write' | null }
  | { readonly kind: 'done'; readonly thread: ThreadIdx }
  /** The thread's next step is one of these (also while it waits in it). */
  | { readonly kind: 'at'; readonly thread: ThreadIdx; readonly pcs: readonly Pc[] }
  /** 0 while unset, else 1 + the index in `Thread.outcomes`. */
  | { readonly kind: 'outcome'; readonly thread: ThreadIdx }
  /** Only in guards: the accessed object, the accessed index. */
  | { readonly kind: 'self_ref' }
  | { readonly kind: 'self_index' };

/** Where a value goes. A value outside the cell's lo..hi is `range` with the target's name. */
export type Target =
  | { readonly kind: 'local'; readonly cell: CellIdx; readonly name: string }
  | { readonly kind: 'reg'; readonly reg: RegIdx }
  | { readonly kind: 'store'; readonly access: Access };

/**
 * `rest`: the thread can be found resting before this instruction, so it begins a step. A step
 * is one resting instruction and all that follows up to the next resting one: silent control
 * flow, the body of an atomic step. Instructions that block or that others can see begin a step
 * unless they are inside an atomic one.
 */
interface InstrBase {
  readonly rest: boolean;
  /** The statement. */
  readonly site: SiteId;
  /** The `step { }` that the statement is part of, if it is. */
  readonly within?: SiteId;
  readonly next: Pc;
}
export type Instr = InstrBase &
  (
    | { readonly op: 'nop' }
    | { readonly op: 'set'; readonly target: Target; readonly value: Expr }
    /** Any value of lo..hi. */
    | { readonly op: 'any'; readonly target: Target; readonly lo: Expr; readonly hi: Expr }
    /** To `next` where true, else to `otherwise`. */
    | { readonly op: 'branch'; readonly cond: Expr; readonly otherwise: Pc }
    | { readonly op: 'choose'; readonly targets: readonly Pc[] }
    | { readonly op: 'acquire'; readonly lock: LockRef; readonly mode: 'read' | 'write';
        readonly nested: boolean }
    /** Never blocks; the register gets 1 where the lock was taken, else 0. */
    | { readonly op: 'try'; readonly lock: LockRef; readonly mode: 'read' | 'write';
        readonly nested: boolean; readonly result: RegIdx }
    /** mode null: whatever is held. For mutex and spinlock the mode is `write` or null. */
    | { readonly op: 'release'; readonly lock: LockRef; readonly mode: 'read' | 'write' | null }
    | { readonly op: 'downgrade'; readonly lock: LockRef }
    /** The register gets 1 where the value was `old` and has been replaced, else 0. */
    | { readonly op: 'cmpxchg'; readonly access: Access; readonly old: Expr; readonly value: Expr;
        readonly result: RegIdx }
    | { readonly op: 'await'; readonly cond: Expr }
    | { readonly op: 'assert'; readonly cond: Expr; readonly text: string | null }
    | { readonly op: 'outcome'; readonly outcome: number }
    | { readonly op: 'new'; readonly pool: PoolIdx; readonly target: Target;
        readonly inits: readonly { readonly place: PlaceIdx; readonly value: Expr }[] }
    | { readonly op: 'free'; readonly pool: PoolIdx; readonly value: Expr;
        readonly deferred: boolean }
    | { readonly op: 'rcu_lock' }
    | { readonly op: 'rcu_unlock' }
    | { readonly op: 'synchronize_rcu' }
    /** The thread is done; reached silently at the end of its last step. `next` is unused. */
    | { readonly op: 'end' }
  );

/** The step that an instruction belongs to: a violation is told apart by it. */
export const stepOf = ({ within, site }: Pick<InstrBase, 'within' | 'site'>): SiteId =>
  within ?? site;

/** Whoever works on a program does so there now: the statement, and the step it belongs to. */
export function standAt(
  who: { step: SiteId; within: SiteId }, at: Pick<InstrBase, 'within' | 'site'>,
): void {
  who.step = at.site;
  who.within = stepOf(at);
}

/** Bounds on what a program may be; the front end reports what exceeds them. */
export const MAX_THREADS = 30;
/** A cell's values and their distance fit 32-bit integers. */
export const MAX_CELL_VALUE = 2 ** 31 - 1;
