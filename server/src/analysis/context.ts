// What all the checks share: the scope, the tables they fill, and how a mistake is reported.
import type { FileId, Range } from '../text/range.ts';
import type { Code, Problem, Related } from '../text/problem.ts';
import type {
  Decl, EnumDecl, Expr, FlagsDecl, LetStmt, LockDecl, Name, ScenarioDecl, StructDecl, ThreadDecl,
  UseDecl,
} from '../syntax/ast.ts';
import type { Consts } from './constants.ts';
import type {
  AliasEntity, Entity, FieldEntity, FlatEntity, LockEntity, MemberEntity, OutcomeEntity, Owner,
  OwnerFacts, ScenarioEntity, WorkloadEntity,
} from './entity.ts';
import { rootDecl } from './entity.ts';
import type { Occurrence, Type } from './model.ts';
import type { Placed } from './needs.ts';
import type { Edge } from './orders.ts';
import { KnownKeys } from './program-key.ts';
import { mayDeclare, noneUnread, type Unread } from './unread.ts';

export type Role = Occurrence['role'];
export type Report = Problem & { readonly file: FileId };

export interface Ctx {
  readonly own: FileId;
  readonly texts: Map<FileId, string>;
  /** The one flat space. */
  readonly scope: Map<string, FlatEntity>;
  readonly scenarios: Map<string, ScenarioEntity>;
  readonly workloads: Map<string, WorkloadEntity>;
  readonly membersByName: Map<string, MemberEntity[]>;
  readonly members: Map<EnumDecl | FlagsDecl, Map<string, MemberEntity>>;
  readonly fields: Map<StructDecl, Map<string, FieldEntity | LockEntity>>;
  readonly outcomes: Map<ThreadDecl, Map<string, OutcomeEntity>>;
  readonly aliases: Map<ScenarioDecl, Map<string, AliasEntity>>;
  /** Of all scenarios, the first of each name: what a file-level property may name. */
  readonly anyAlias: Map<string, AliasEntity>;
  readonly entities: Map<object, Entity>;
  readonly types: Map<Expr, Type>;
  readonly localTypes: Map<LetStmt, Type>;
  /** Consts and params whose type is known, or is just being found. */
  readonly constTypes: Map<Decl, Type | 'busy'>;
  readonly owners: Map<Owner, OwnerFacts>;
  readonly occurrences: Occurrence[];
  /** Of own and used files. */
  readonly reports: Report[];
  readonly deps: Map<Decl, Set<Decl>>;
  /** Declarations with an error of their own. */
  readonly broken: Set<Decl>;
  /** The environment in which all params have their default. */
  readonly consts: Consts;
  /** Declared lock orders, by outer class. */
  readonly orders: Map<LockDecl, readonly Edge[]>;
  /** Own and used declarations but scenarios and workloads, in order. */
  readonly parts: Placed[];
  /** What `with` breaks, by params and threads. */
  readonly sound: Map<string, readonly Related[]>;
  /** The params with which a declaration was found to be sound by itself, now or before. */
  soundWith: Map<Decl, Set<string>>;
  /** Numeric expressions of the declaration at hand, whose bounds are still to be worked out. */
  pendingInts: Expr[];
  /** The own `use` through which a file came in. */
  readonly via: Map<FileId, UseDecl>;
  /** What the parts of the texts that could not be read may declare. */
  readonly unread: Unread;
  /** A `use` failed: an unknown name may be one of its. */
  incomplete: boolean;
  /** Constants that are just being typed, one through the other. */
  constDepth: number;
  /** Bodies that are as right as they were, by their file: not in the tables until needed. */
  readonly deferred: Map<Decl, FileId>;
  /** What neither has changed nor names anything that has, where nothing was wrong before. */
  clean: ReadonlySet<Decl>;
  keys: KnownKeys;
  /** What is being checked. */
  file: FileId;
  decl: Decl | null;
}

export function emptyContext(own: FileId): Ctx {
  const entities = new Map<object, Entity>();
  const types = new Map<Expr, Type>();
  return {
    own, entities, types,
    texts: new Map(), scope: new Map(), scenarios: new Map(), workloads: new Map(),
    membersByName: new Map(), members: new Map(), fields: new Map(), outcomes: new Map(),
    aliases: new Map(), anyAlias: new Map(), localTypes: new Map(), constTypes: new Map(),
    owners: new Map(),
    occurrences: [], reports: [], deps: new Map(), broken: new Set(),
    consts: { entities, types, params: new Map(), memo: new Map() },
    orders: new Map(), parts: [], sound: new Map(), soundWith: new Map(), pendingInts: [],
    via: new Map(),
    unread: noneUnread(), deferred: new Map(), clean: new Set(), keys: new KnownKeys(),
    incomplete: false, constDepth: 0, file: own, decl: null,
  };
}

/** The codes of mistakes in reading a file. */
type ReadingCode = Extract<Code, 'name' | 'type' | 'use'>;

/** Reports an error at a place in the declaration at hand, which it breaks. */
export function report(
  c: Ctx, code: ReadingCode, range: Range, what: string | Explained
): void {
  breakDecl(c);
  const { message, related } = typeof what === 'string' ? { message: what, related: [] } : what;
  c.reports.push({ code, severity: 'error', message, range, related, file: c.file });
}

interface Explained {
  readonly message: string;
  readonly related: readonly Related[];
}

/** A message with another place that explains it. */
export function explained(message: string, ...related: readonly Related[]): Explained {
  return { message, related };
}

/** A mistake that is reported elsewhere, or follows from one that is: broken, nothing to say. */
export function breakDecl(c: Ctx): void {
  if (c.decl !== null) c.broken.add(c.decl);
}

/** Runs `work` with the given declaration as the one at hand. */
export function within(c: Ctx, file: FileId, decl: Decl, work: () => void): void {
  const { file: oldFile, decl: oldDecl } = c;
  c.file = file;
  c.decl = decl;
  work();
  c.file = oldFile;
  c.decl = oldDecl;
}

interface Use {
  readonly role: Role;
  /** The node that the name stands in, where it stands for what the name does. */
  readonly node?: object;
  /** What is wrong with the entity is no concern of the declaration at hand. */
  readonly loose?: true;
}

/** Records that `name` (and the node it stands in) refers to `entity`. */
export function refer(
  c: Ctx, name: Name, entity: Entity, use: Use,
): void {
  c.entities.set(name, entity);
  if (use.node !== undefined) c.entities.set(use.node, entity);
  if (c.file === c.own && name.text !== '') {
    c.occurrences.push({ range: name.range, sym: entity.sym, role: use.role });
  }
  const root = use.loose === true ? null : rootDecl(entity);
  if (root !== null && c.decl !== null && root !== c.decl) depend(c, c.decl, root);
}

export function depend(c: Ctx, from: Decl, to: Decl): void {
  const known = c.deps.get(from);
  if (known === undefined) c.deps.set(from, new Set([to]));
  else known.add(to);
}

/**
 * Whether an unknown name may come from what could not be read: then it is not reported. `owner`:
 * whose member, field or lock it would be.
 */
export function mayBeUnread(c: Ctx, name: Name, owner?: Decl): boolean {
  if (name.text === '' || c.incomplete) return true;
  return c.unread.words.has(name.text) || (owner !== undefined && c.unread.damaged.has(owner))
    || (c.file === c.own && mayDeclare(c.unread, name));
}
