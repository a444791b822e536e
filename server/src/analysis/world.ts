// The state of one program as it is laid out: cells, places, pools, locks, and what names them.
import type {
  EnumDecl, FieldDecl, FlagsDecl, LockDecl, RunItem, SharedDecl, StructDecl, ThreadDecl,
} from '../syntax/ast.ts';
import type { FileId, Range } from '../text/range.ts';
import type {
  Cell, CellIdx, Expr as Value, Lock, LockClass, LockIdx, Pc, Place, PlaceIdx, Pool, PoolIdx,
} from '../../../simulator/src/program.ts';
import type { Consts } from './constants.ts';
import type { Meaning, Owner } from './entity.ts';
import type { Initials } from './initial.ts';
import { inferLocals } from './intervals.ts';
import type { Inferred } from './intervals.ts';
import type { CellInfo, ValuePrinter } from './lowered.ts';
import type { Type } from './model.ts';
import { SiteTable } from './sites.ts';

export interface Instance {
  readonly name: string;
  readonly decl: ThreadDecl;
  readonly file: FileId;
  readonly alias: string | null;
  readonly item: RunItem | null;
  readonly runRange: Range | null;
  /** By parameter; null where it is not fixed (a thread alone). */
  readonly args: readonly (number | null)[];
}

export interface LockPlace {
  readonly base: LockIdx;
  readonly cls: number;
  readonly count: number;
  readonly struct: StructDecl | null;
}

/** Somebody asks whether a thread is at a label; the pcs are filled in at the end. */
export interface LabelRequest {
  readonly thread: number;
  readonly label: string;
  readonly pcs: Pc[];
}

export interface World {
  readonly meaning: Pick<Meaning, 'entities' | 'owners' | 'texts'>;
  readonly consts: Consts;
  readonly initials: Initials;
  readonly sites: SiteTable;
  readonly structs: ReadonlyMap<string, StructDecl>;
  readonly enums: ReadonlyMap<string, EnumDecl | FlagsDecl>;
  readonly instances: readonly Instance[];
  readonly cells: Cell[];
  readonly cellInfos: CellInfo[];
  readonly places: Place[];
  readonly placeOf: Map<SharedDecl | FieldDecl, PlaceIdx>;
  readonly pools: Pool[];
  readonly poolOf: Map<StructDecl, PoolIdx>;
  readonly classes: LockClass[];
  readonly locks: Lock[];
  readonly lockOf: Map<LockDecl, LockPlace>;
  readonly requests: LabelRequest[];
  readonly ranges: Map<Owner, Inferred>;
  /** Set where something is asked about the threads that are run. */
  asksThreads: boolean;
  /** Registers used so far; register 0 takes the results of `try` and `cmpxchg`. */
  nRegs: number;
}

export interface WorldInput {
  readonly meaning: World['meaning'];
  readonly consts: Consts;
  readonly initials: Initials;
  readonly structs: ReadonlyMap<string, StructDecl>;
  readonly enums: ReadonlyMap<string, EnumDecl | FlagsDecl>;
  readonly instances: readonly Instance[];
}

export function createWorld(
  { meaning, consts, initials, structs, enums, instances }: WorldInput,
): World {
  return {
    meaning, consts, initials, structs, enums, instances,
    sites: new SiteTable(meaning.texts, consts),
    cells: [], cellInfos: [], places: [], placeOf: new Map(), pools: [], poolOf: new Map(),
    classes: [], locks: [], lockOf: new Map(), requests: [], ranges: new Map(), asksThreads: false,
    nRegs: 0,
  };
}

/** Where a parameter, a local or a bound variable has its value. */
export type Binding =
  | { readonly kind: 'value'; readonly value: Value }
  | { readonly kind: 'cell'; readonly cell: CellIdx; readonly name: string }
  /** A quantifier's thread variable. */
  | { readonly kind: 'instance'; readonly thread: number };

/** What a cell of this type holds. */
export function cellRange(w: World, type: Type): { readonly lo: number; readonly hi: number } {
  switch (type.kind) {
    case 'int':
      return { lo: type.lo, hi: type.hi };
    case 'enum':
      return { lo: 0, hi: Math.max(0, (w.enums.get(type.name)?.members.length ?? 1) - 1) };
    case 'flags':
      return { lo: 0, hi: 2 ** (w.enums.get(type.name)?.members.length ?? 0) - 1 };
    case 'ref': {
      const struct = w.structs.get(type.struct);
      const pool = struct === undefined ? undefined : w.poolOf.get(struct);
      return { lo: 0, hi: pool === undefined ? 0 : w.pools[pool]?.count ?? 0 };
    }
    default:
      // `bool`; the others are types of no cell.
      return { lo: 0, hi: 1 };
  }
}

export function printer(w: World, type: Type): ValuePrinter {
  switch (type.kind) {
    case 'int':
      return { kind: 'int' };
    case 'enum':
    case 'flags': {
      const members = w.enums.get(type.name)?.members.map((name) => name.text) ?? [];
      return { kind: type.kind, members };
    }
    case 'ref':
      return { kind: 'ref', struct: type.struct };
    default:
      // `bool`; the others are types of no cell.
      return { kind: 'bool' };
  }
}

interface NewCell {
  readonly type: Type;
  readonly name: string;
  readonly thread: number | null;
  readonly init?: number;
  /** Other bounds than the type's. */
  readonly range?: { readonly lo: number; readonly hi: number };
}

export function addCell(w: World, cell: NewCell): CellIdx {
  const { lo, hi } = cell.range ?? cellRange(w, cell.type);
  w.cellInfos.push({ name: cell.name, thread: cell.thread, print: printer(w, cell.type) });
  return w.cells.push({ lo, hi, init: cell.init ?? lo }) - 1;
}

/** The ranges of a body's locals in this environment. */
export function localRanges(w: World, owner: Owner): Inferred {
  const known = w.ranges.get(owner);
  if (known !== undefined) return known;
  const found = inferLocals(owner, w.consts);
  w.ranges.set(owner, found);
  return found;
}

