// What names stand for at a place that is being typed: declarations by name, locals in scope there,
// and the sort of value a chain such as `v.flags` or `pte[i]` has. Never waits for a whole tree.
import type { Entity } from '../../analysis/entity.ts';
import type { Model, Sym, Type } from '../../analysis/model.ts';
import type { Decl } from '../nodes.ts';
import type { Frame, Token } from '../tokens.ts';

export type DeclOf<K extends Decl['kind']> = Extract<Decl, { readonly kind: K }>;
type TypeExpr = DeclOf<'type'>['type'];
export type FieldOrLock = DeclOf<'struct'>['members'][number];

/** What kind of value an expression has, as far as choosing names for a place goes. */
export type Sort =
  | { readonly kind: 'bool' | 'int' | 'duration' | 'unknown' }
  | { readonly kind: 'members'; readonly of: DeclOf<'enum'> | DeclOf<'flags'> }
  | { readonly kind: 'ref'; readonly struct: DeclOf<'struct'> }
  | { readonly kind: 'array'; readonly element: Sort }
  | { readonly kind: 'lock'; readonly lock: DeclOf<'lock'>; readonly array: boolean }
  | { readonly kind: 'thread' | 'outcome'; readonly thread: DeclOf<'thread'> }
  /** Not a value itself: the name before a dot. */
  | { readonly kind: 'type'; readonly of: DeclOf<'enum'> | DeclOf<'flags'> | DeclOf<'struct'> };

export const UNKNOWN: Sort = { kind: 'unknown' };
export const BOOL: Sort = { kind: 'bool' };
export const INT: Sort = { kind: 'int' };
export const DURATION: Sort = { kind: 'duration' };

export interface Local {
  readonly name: string;
  readonly kind: 'local' | 'parameter';
  readonly sort: Sort;
  readonly sym: Sym | null;
}

export interface Names {
  readonly model: Model;
  /** Own and used declarations, the first of each name. */
  readonly decls: ReadonlyMap<string, Decl>;
  /** Where the declaration at the place begins. */
  readonly start: number;
  /** The innermost first; a name once. */
  readonly locals: readonly Local[];
  /** Threads by alias, of the scenario at the place, or of all of the file. */
  readonly aliases: ReadonlyMap<string, DeclOf<'thread'>>;
}

export interface PlaceTokens {
  readonly declaration: readonly Token[];
  readonly frames: readonly Frame[];
}

export function namesAt(model: Model, place: PlaceTokens): Names {
  const decls = declsOf(model);
  const aliases = aliasesOf(model, place, decls);
  const start = place.declaration[0]?.start ?? 0;
  return { model, decls, aliases, start, locals: localsAt(model, place, decls) };
}

/** Of the scenario at the place, else of all scenarios. */
function aliasesOf(
  { scenarios }: Model, { frames }: PlaceTokens, decls: ReadonlyMap<string, Decl>,
): ReadonlyMap<string, DeclOf<'thread'>> {
  const [keyword, name] = frames[0]?.head ?? [];
  const own = keyword?.text === 'scenario'
    ? scenarios.filter((each) => each.name.text === name?.text) : scenarios;
  const found = new Map<string, DeclOf<'thread'>>();
  for (const item of own.flatMap(({ items }) => items)) {
    if (item.kind !== 'run' || item.alias === null) continue;
    const thread = decls.get(item.thread.text);
    if (thread?.kind === 'thread') found.set(item.alias.text, thread);
  }
  return found;
}

function declsOf(model: Model): ReadonlyMap<string, Decl> {
  const found = new Map<string, Decl>();
  for (const { decl } of model.decls) {
    if (!('name' in decl) || decl.name.text === '' || found.has(decl.name.text)) continue;
    if (decl.kind !== 'scenario' && decl.kind !== 'workload') found.set(decl.name.text, decl);
  }
  return found;
}

interface Block {
  readonly names: Map<string, Token>;
  /** What an atomic step declares is seen behind it. */
  readonly isStep: boolean;
}

/** Names declared before the place in the blocks that are open there, the innermost first. */
function declaredTokens({ declaration }: PlaceTokens): ReadonlyMap<string, Token> {
  const blocks: Block[] = [{ names: new Map(), isStep: false }];
  let coming: Token[] = [];
  let step = false;
  declaration.forEach((token, i) => {
    const before = declaration[i - 1]?.text;
    if (token.text === 'step') step = true;
    if (token.text === '{') {
      blocks.push({ names: new Map(coming.map((one) => [one.text, one])), isStep: step });
      coming = [];
      step = false;
    } else if (token.text === '}') {
      const ended = blocks.length > 1 ? blocks.pop() : undefined;
      if (ended?.isStep) for (const one of ended.names) blocks.at(-1)?.names.set(...one);
    } else if (token.kind === 'word' && before === 'let') {
      blocks.at(-1)?.names.set(token.text, token);
    } else if (token.kind === 'word' && ['for', 'forall', 'exists'].includes(before ?? '')) {
      coming.push(token);
    } else if (token.kind === 'word' && before === '(' && declaration[i - 2]?.text === 'count') {
      coming.push(token);
    }
  });
  const names = new Map(coming.map((one) => [one.text, one]));
  for (const block of blocks.reverse()) {
    for (const one of block.names) if (!names.has(one[0])) names.set(...one);
  }
  return names;
}

function localsAt(
  model: Model, place: PlaceTokens, decls: ReadonlyMap<string, Decl>,
): readonly Local[] {
  const entities = localEntities(model);
  const locals = [...declaredTokens(place)].map(([name, token]): Local => {
    const entity = entities.get(token.start);
    const sort = entity === undefined ? UNKNOWN : sortOfLocal(model, entity, decls);
    return { name, kind: 'local', sort, sym: entity?.sym ?? null };
  });
  const owner = ownerAt(place, decls);
  const seen = new Set(locals.map(({ name }) => name));
  const params = (owner?.params ?? []).filter(({ name }) => !seen.has(name.text))
    .map(({ name, type }): Local => ({
      name: name.text, kind: 'parameter', sort: sortOfType(type, decls),
      sym: model.refs.get(name) ?? null,
    }));
  return [...locals, ...params];
}

/** The thread or proc whose body the place is in. */
export function ownerAt(
  { frames }: Pick<PlaceTokens, 'frames'>, decls: ReadonlyMap<string, Decl>,
): DeclOf<'thread'> | DeclOf<'proc'> | null {
  const head = frames[0]?.head ?? [];
  const at = head.findIndex(({ text }) => text === 'thread' || text === 'proc');
  const found = at < 0 ? undefined : decls.get(head[at + 1]?.text ?? '');
  return found?.kind === 'thread' || found?.kind === 'proc' ? found : null;
}

type LocalEntity = Extract<Entity, { readonly kind: 'local' }>;
const localsOf = new WeakMap<Model, ReadonlyMap<number, LocalEntity>>();

/** Of this file, by where their name is declared. */
function localEntities(model: Model): ReadonlyMap<number, LocalEntity> {
  const before = localsOf.get(model);
  if (before !== undefined) return before;
  const found = new Map<number, LocalEntity>();
  for (const entity of model.meaning.entities.values()) {
    if (entity.kind !== 'local' || entity.file !== model.file) continue;
    found.set(entity.sym.at.range.start, entity);
  }
  localsOf.set(model, found);
  return found;
}

function sortOfLocal(model: Model, { node }: LocalEntity, decls: ReadonlyMap<string, Decl>): Sort {
  if (node.kind !== 'let') {
    const over = node.domain.kind === 'named' ? decls.get(node.domain.name.text) : undefined;
    return over?.kind === 'thread' ? { kind: 'thread', thread: over } : INT;
  }
  if (node.type !== null) return sortOfType(node.type, decls);
  const type = model.types.get(node.value);
  return type === undefined ? UNKNOWN : sortOf(type, decls);
}

function sortOf(type: Type, decls: ReadonlyMap<string, Decl>): Sort {
  switch (type.kind) {
    case 'bool': case 'int': case 'duration': return { kind: type.kind };
    case 'enum': case 'flags': return named(type.name, decls);
    case 'ref': return refTo(type.struct, decls);
    case 'array': return { kind: 'array', element: sortOf(type.element, decls) };
    default: // No value that is kept, or one that is not known.
      return UNKNOWN;
  }
}

function refTo(name: string, decls: ReadonlyMap<string, Decl>): Sort {
  const struct = decls.get(name);
  return struct?.kind === 'struct' ? { kind: 'ref', struct } : UNKNOWN;
}

/** Longer chains of type names are no good to anybody. */
const MAX_NAMES = 20;

function named(name: string, decls: ReadonlyMap<string, Decl>, depth = 0): Sort {
  const decl = decls.get(name);
  if (decl?.kind === 'enum' || decl?.kind === 'flags') return { kind: 'members', of: decl };
  if (decl?.kind !== 'type' || depth > MAX_NAMES) return UNKNOWN;
  return decl.type.kind === 'named' ? named(decl.type.name.text, decls, depth + 1)
    : sortOfType(decl.type, decls);
}

export function sortOfType(type: TypeExpr, decls: ReadonlyMap<string, Decl>): Sort {
  switch (type.kind) {
    case 'bool': return BOOL;
    case 'range': return INT;
    case 'ref': return refTo(type.struct.text, decls);
    case 'array': return { kind: 'array', element: sortOfType(type.element, decls) };
    case 'named': return named(type.name.text, decls);
    default: // `hole`.
      return UNKNOWN;
  }
}

export function sortOfDecl(decl: Decl, names: Names): Sort {
  switch (decl.kind) {
    case 'shared': return sortOfType(decl.type, names.decls);
    case 'lock': return { kind: 'lock', lock: decl, array: decl.count !== null };
    case 'thread': return { kind: 'thread', thread: decl };
    case 'enum': case 'flags': case 'struct': return { kind: 'type', of: decl };
    case 'const': case 'param': {
      const type = names.model.types.get(decl.value);
      return type === undefined ? INT : sortOf(type, names.decls);
    }
    default: // No value.
      return UNKNOWN;
  }
}

export function sortOfField(member: FieldOrLock, names: Names): Sort {
  return member.kind === 'lock' ? { kind: 'lock', lock: member, array: member.count !== null }
    : sortOfType(member.type, names.decls);
}

/** Of the chain that the tokens end with: `pte[i]`, `v.flags`, `READ_ONCE(x)`, `f(a)`. */
export function sortOfChain(tokens: readonly Token[], names: Names): Sort {
  const chain = chainOf(tokens);
  const [base, next] = chain;
  if (base === undefined) return UNKNOWN;
  if (next?.text === '(') {
    const inner = chain.slice(2, -1);
    if (base.text === 'READ_ONCE') return sortOfChain(inner, names);
    const proc = names.decls.get(base.text);
    return proc?.kind === 'proc' && proc.result !== null ? sortOfType(proc.result, names.decls)
      : UNKNOWN;
  }
  let sort = sortOfName(base.text, names);
  for (let i = 1; i < chain.length; i++) {
    const { text } = chain[i] ?? base;
    if (text === '[') {
      sort = elementOf(sort);
      i = closing(chain, i);
    } else if (text === '.') {
      sort = memberOf(sort, chain[i + 1]?.text ?? '', names);
      i++;
    }
  }
  return sort;
}

export function sortOfName(name: string, names: Names): Sort {
  const local = names.locals.find((each) => each.name === name);
  if (local !== undefined) return local.sort;
  const alias = names.aliases.get(name);
  if (alias !== undefined) return { kind: 'thread', thread: alias };
  const decl = names.decls.get(name);
  return decl === undefined ? UNKNOWN : sortOfDecl(decl, names);
}

function elementOf(sort: Sort): Sort {
  if (sort.kind === 'array') return sort.element;
  return sort.kind === 'lock' ? { ...sort, array: false } : UNKNOWN;
}

function memberOf(sort: Sort, name: string, names: Names): Sort {
  switch (sort.kind) {
    case 'ref': {
      const member = sort.struct.members.find((each) => each.name.text === name);
      return member === undefined ? UNKNOWN : sortOfField(member, names);
    }
    case 'type':
      return sort.of.kind === 'struct' ? UNKNOWN : { kind: 'members', of: sort.of };
    case 'thread':
      return name === 'outcome' ? { kind: 'outcome', thread: sort.thread }
        : name === 'done' ? BOOL : UNKNOWN;
    default: // Has no members.
      return UNKNOWN;
  }
}

/** The tokens of the operand that the list ends with. */
function chainOf(tokens: readonly Token[]): readonly Token[] {
  let at = tokens.length - 1;
  for (;;) {
    while (tokens[at]?.text === ']' || tokens[at]?.text === ')') at = opening(tokens, at) - 1;
    if (tokens[at]?.kind !== 'word') return tokens.slice(at + 1);
    if (tokens[at - 1]?.text !== '.') return tokens.slice(at);
    at -= 2;
  }
}

function opening(tokens: readonly Token[], close: number): number {
  let depth = 0;
  for (let i = close; i >= 0; i--) {
    const text = tokens[i]?.text ?? '';
    if (text === ']' || text === ')') depth++;
    if ((text === '[' || text === '(') && --depth === 0) return i;
  }
  return 0;
}

function closing(tokens: readonly Token[], open: number): number {
  let depth = 0;
  for (let i = open; i < tokens.length; i++) {
    const text = tokens[i]?.text ?? '';
    if (text === '[' || text === '(') depth++;
    if ((text === ']' || text === ')') && --depth === 0) return i;
  }
  return tokens.length - 1;
}
