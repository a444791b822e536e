// Random expressions as text, each of the sort that is wanted where it stands. What may be read,
// and how, follows from the care each piece of state wants and from the locks that are held.
import type { Random } from '../oracle/random.ts';
import type { Care, Lock, Sort, Struct, Variable, World } from './world.ts';
import { hasRead } from './world.ts';

export interface Local {
  readonly name: string;
  readonly sort: Sort;
  /** Runs over a range and cannot be assigned; a parameter; declared with or without a type. */
  readonly kind: 'turn' | 'parameter' | 'typed' | 'untyped';
  /** Of a ref: known to be an object that is there. */
  readonly safe: boolean;
}

export interface Held {
  /** As it was named when it was taken; `rcu` for a read section. */
  readonly text: string;
  readonly lock: Lock | null;
  readonly mode: 'read' | 'write';
}

/** A thread as conditions and properties may ask about it. */
export interface Asked {
  readonly name: string;
  readonly outcomes: readonly string[];
  readonly labels: readonly string[];
}

export interface Scope {
  readonly world: World;
  readonly where: 'thread' | 'condition' | 'property' | 'init';
  readonly locals: readonly Local[];
  readonly held: readonly Held[];
  readonly threads: readonly Asked[];
  /** Whether numbers may come from locals without a type: not in what is assigned to one. */
  readonly untyped: boolean;
  /** Whether shared state may be read. */
  readonly shares: boolean;
}

/** An expression with the level its operator binds at, C's; a name or literal binds most. */
interface Piece {
  readonly text: string;
  readonly level: number;
}

const ATOM = 11;
const LEVELS: Readonly<Record<string, number>> = {
  '=>': 2, '||': 3, '&&': 4, '==': 5, '!=': 5, '<': 6, '<=': 6, '>': 6, '>=': 6, has: 6, in: 6,
  '+': 7, '-': 7, '*': 8, '/': 8, '%': 8,
};

const atom = (text: string): Piece => ({ text, level: ATOM });
const inside = (piece: Piece, least: number): string =>
  (piece.level >= least ? piece.text : `(${piece.text})`);

function binary(left: Piece, op: string, right: Piece): Piece {
  const level = LEVELS[op] ?? ATOM;
  const [less, more] = op === '=>' ? [level + 1, level] : [level, level + 1];
  return { text: `${inside(left, less)} ${op} ${inside(right, more)}`, level };
}

const randomOf = (scope: Scope): Random => scope.world.random;
const isCareless = ({ world }: Scope): boolean => world.random.chance(world.careless);

export function sameSort(a: Sort, b: Sort): boolean {
  if (a.kind !== b.kind) return false;
  if ((a.kind === 'enum' || a.kind === 'flags') && (b.kind === 'enum' || b.kind === 'flags')) {
    return a.name === b.name;
  }
  return a.kind !== 'ref' || b.kind !== 'ref' || a.struct === b.struct;
}

/** An index into an array of `N`: a constant, or a local whose range is the array's. */
export function indexText(scope: Scope): string {
  const random = randomOf(scope);
  if (scope.world.length === null) return String(random.below(2));
  const turns = scope.locals.filter(({ sort }) => sort.kind === 'int' && sort.text === 'slot');
  if (turns.length > 0 && random.chance(60)) return random.pick(turns).name;
  if (random.chance(scope.world.careless)) return String(1 + random.below(2));
  return random.pick(['0', '0', 'N - 1']);
}

export function heldFor(scope: Scope, care: Care, place: { index: string; ref: string }): boolean {
  if (care.kind !== 'lock') return false;
  const { lock } = care;
  const wanted = lock.struct !== null ? `${place.ref}.${lock.name}`
    : lock.many ? `${lock.name}[${place.index}]` : lock.name;
  return scope.held.some((it) => it.text === wanted);
}

/** How a place may be read here: its text, marked where it has to be; null: not at all. */
function reading(scope: Scope, it: Variable, place: Place): string | null {
  const { text } = place;
  const random = randomOf(scope);
  if (scope.where === 'init') return text;
  if (scope.where === 'property') return random.chance(5) ? `READ_ONCE(${text})` : text;
  if (heldFor(scope, it.care, place)) return random.chance(10) ? `READ_ONCE(${text})` : text;
  if (it.care.kind === 'free') return random.chance(25) ? `READ_ONCE(${text})` : text;
  if (it.care.kind === 'marked') return isCareless(scope) ? text : `READ_ONCE(${text})`;
  return isCareless(scope) ? text : null;
}

export interface Place {
  readonly it: Variable;
  readonly text: string;
  readonly index: string;
  readonly ref: string;
}

function variablePlace(scope: Scope, it: Variable): Place {
  const index = it.many ? indexText(scope) : '';
  return { it, text: it.many ? `${it.name}[${index}]` : it.name, index, ref: '' };
}

/** Refs to objects by which fields can be named: locals, and in passing the shared ones. */
function refTexts(scope: Scope, struct: Struct): readonly string[] {
  const isRef = (sort: Sort): boolean => sort.kind === 'ref' && sort.struct === struct.name;
  const locals = scope.locals.filter((it) => isRef(it.sort) && (it.safe || isCareless(scope)));
  const shared = scope.world.variables.filter((it) => isRef(it.sort) && isCareless(scope));
  return [...locals, ...shared].map(({ name }) => name);
}

export function places(scope: Scope): readonly Place[] {
  const { world } = scope;
  const fields = scope.where === 'init' ? [] : world.structs.flatMap((struct) =>
    refTexts(scope, struct).flatMap((ref) =>
      struct.fields.map((it): Place => ({ it, text: `${ref}.${it.name}`, index: '', ref }))));
  return [...world.variables.map((it) => variablePlace(scope, it)), ...fields];
}

/** Everything of a sort that can be read here, as text. */
function readable(scope: Scope, wants: (sort: Sort) => boolean): readonly string[] {
  const locals = scope.locals.filter(({ sort, kind }) =>
    wants(sort) && (scope.untyped || kind !== 'untyped' || sort.kind !== 'int'));
  const shared = scope.shares ? places(scope).filter(({ it }) => wants(it.sort)) : [];
  const texts = shared.map((place) => reading(scope, place.it, place));
  return [...locals.map(({ name }) => name), ...texts.flatMap((text) => text ?? [])];
}

function readAny(scope: Scope, wants: (sort: Sort) => boolean): string | null {
  const all = readable(scope, wants);
  return all.length === 0 ? null : randomOf(scope).pick(all);
}

type Int = Extract<Sort, { kind: 'int' }>;
const isInt = (sort: Sort): boolean => sort.kind === 'int';

function constant(scope: Scope, { lo, hi, text }: Int): Piece {
  const random = randomOf(scope);
  if (text === 'slot') return atom(isCareless(scope) && scope.where !== 'init' ? '1' : '0');
  if (lo <= 2 && hi >= 2 && random.chance(20) && declares(scope.world, 'const TWO')) {
    return atom('TWO');
  }
  const value = lo + random.below(hi - lo + 1);
  return value < 0 ? { text: String(value), level: 9 } : atom(String(value));
}

export const declares = (world: World, head: string): boolean =>
  world.decls.some((decl) => decl.includes(head));

function count(scope: Scope): Piece {
  const { domain, sort } = domainOf(scope);
  const name = randomOf(scope).pick(['k', 'q']);
  const local: Local = { name, sort, kind: 'turn', safe: false };
  const body = condition({ ...scope, locals: [...scope.locals, local] }, 0);
  return atom(`count(${name} in ${domain}: ${body.text})`);
}

/** A number, mostly within the sort's range. */
function number(scope: Scope, sort: Int, depth: number): Piece {
  const random = randomOf(scope);
  const dice = random.below(10);
  if (depth > 0 && dice === 0 && scope.where !== 'init') return count(scope);
  if (depth > 0 && dice < 4) {
    const left = number(scope, sort, depth - 1);
    const right = number(scope, sort, depth - 1);
    const some = constant(scope, { kind: 'int', lo: 1, hi: 2, text: '1..2' });
    return random.pick([
      binary(left, '/', isCareless(scope) ? right : some),
      binary(binary(left, random.pick(['+', '*']), right), '%', atom(String(sort.hi + 1))),
      binary(left, '-', isCareless(scope) ? some : left),
      { text: `-${inside(left, 10)}`, level: 9 },
    ].slice(0, sort.lo < 0 || isCareless(scope) ? 4 : 3));
  }
  const fits = (other: Sort): boolean => other.kind === 'int'
    && ((other.lo >= sort.lo && other.hi <= sort.hi) || isCareless(scope));
  const text = dice < 8 ? readAny(scope, fits) : null;
  return text === null ? constant(scope, sort) : atom(text);
}

function members(scope: Scope, sort: Extract<Sort, { kind: 'enum' }>): Piece {
  const random = randomOf(scope);
  const text = readAny(scope, (other) => sameSort(other, sort));
  if (text !== null && random.chance(40)) return atom(text);
  const member = random.pick(sort.members);
  return atom(random.chance(15) ? `${sort.name}.${member}` : member);
}

function flagSet(scope: Scope, sort: Extract<Sort, { kind: 'flags' }>): Piece {
  const random = randomOf(scope);
  const text = readAny(scope, (other) => sameSort(other, sort));
  if (text !== null && random.chance(40)) return atom(text);
  return atom(random.pick(['{}', '{DIRTY}', '{DIRTY, YOUNG}', '{bits.YOUNG}']));
}

/** An expression of the sort. `depth` bounds how far it is nested. */
export function value(scope: Scope, sort: Sort, depth: number): string {
  return valuePiece(scope, sort, depth).text;
}

function valuePiece(scope: Scope, sort: Sort, depth: number): Piece {
  const random = randomOf(scope);
  switch (sort.kind) {
    case 'bool': return condition(scope, depth);
    case 'int': return number(scope, sort, depth);
    case 'enum': return members(scope, sort);
    case 'flags': return flagSet(scope, sort);
    default: {
      // A ref.
      const text = readAny(scope, (other) => sameSort(other, sort));
      return atom(text === null || random.chance(25) ? 'null' : text);
    }
  }
}

/** What quantifiers and loops run over. */
export function domainOf(scope: Scope): { domain: string; sort: Int } {
  const random = randomOf(scope);
  const { length } = scope.world;
  if (length !== null && random.chance(60)) return { domain: 'slot', sort: length };
  const hi = random.below(2) + (random.chance(20) ? 1 : 0);
  const lo = random.chance(10) ? -1 : 0;
  return { domain: `${lo}..${hi}`, sort: { kind: 'int', lo, hi, text: '' } };
}

function quantified(scope: Scope, depth: number): Piece {
  const random = randomOf(scope);
  const word = random.pick(['forall', 'exists']);
  const { domain, sort } = domainOf(scope);
  const name = random.pick(['k', 'q']);
  if (scope.locals.some((local) => local.name === name)) return condition(scope, 0);
  const local: Local = { name, sort, kind: 'turn', safe: false };
  const body = condition({ ...scope, locals: [...scope.locals, local] }, depth - 1);
  return { text: `${word} ${name} in ${domain}: ${body.text}`, level: 1 };
}

/** What only `await`, `assert` and properties may ask: `held L`, `T.done`, `T at label`. */
function asking(scope: Scope): Piece | null {
  const random = randomOf(scope);
  const { world } = scope;
  if (random.chance(25)) {
    const lock = random.pick(world.locks);
    const mode = random.pick(['', 'write ', ...(hasRead(lock) ? ['read '] : [])]);
    return atom(`held ${mode}${lock.name}${lock.many ? `[${indexText(scope)}]` : ''}`);
  }
  if (scope.threads.length === 0) return null;
  const thread = random.pick(scope.threads);
  const some = random.chance(25) && !scope.locals.some((it) => it.name === 't');
  const name = some ? 't' : thread.name;
  const questions = [
    `${name}.done`, ...thread.labels.map((label) => `${name} at ${label}`),
    ...thread.outcomes.map((it) => `${name}.outcome ${random.pick(['==', '!='])} ${it}`),
  ];
  const question = random.pick(questions);
  const level = question.includes('=') ? 5 : ATOM;
  if (!some) return { text: question, level };
  const word = random.pick(['exists', 'forall']);
  return { text: `${word} t in ${thread.name}: ${question}`, level: 1 };
}

function holding(scope: Scope): Piece | null {
  const { held } = scope;
  const named = held.filter((it) => it.lock !== null);
  if (scope.where === 'property' || scope.where === 'init' || named.length === 0) return null;
  const { text, lock, mode } = randomOf(scope).pick(named);
  const said = lock !== null && hasRead(lock) ? ['', `${mode} `, 'write '] : ['', 'write '];
  return atom(`holds ${randomOf(scope).pick(said)}${text}`);
}

function comparison(scope: Scope): Piece {
  const random = randomOf(scope);
  const sort = random.pick(scope.world.sorts);
  const left = readAny(scope, (other) => sameSort(other, sort));
  const op = random.pick(['==', '!=']);
  if (left === null || sort.kind === 'bool') {
    return atom(left ?? random.pick(['true', 'false',
      ...(declares(scope.world, 'const STRICT') ? ['STRICT'] : [])]));
  }
  const piece = atom(left);
  const other = (): Piece => valuePiece(scope, sort, 0);
  if (sort.kind === 'int') {
    if (random.chance(15)) return { text: `${left} in ${sort.lo}..${sort.hi - 1}`, level: 6 };
    if (random.chance(15)) return { text: `${left} in {0, ${other().text}}`, level: 6 };
    return binary(piece, random.pick([op, '<', '<=', '>', '>=']), other());
  }
  if (sort.kind === 'flags' && random.chance(60)) return binary(piece, 'has', atom('DIRTY'));
  if (sort.kind === 'enum' && random.chance(20)) {
    return { text: `${left} in {${sort.members.slice(1).join(', ')}}`, level: 6 };
  }
  return binary(piece, op, other());
}

function nullness(scope: Scope): Piece | null {
  const text = readAny(scope, (sort) => sort.kind === 'ref');
  if (text === null) return null;
  return binary(atom(text), randomOf(scope).pick(['==', '!=']), atom('null'));
}

function condition(scope: Scope, depth: number): Piece {
  const random = randomOf(scope);
  if (depth > 0) {
    const dice = random.below(9);
    const part = (): Piece => condition(scope, depth - 1);
    if (dice < 4) {
      return binary(part(), random.pick(['&&', '||', '&&', '||', '=>']), part());
    }
    if (dice === 4) return { text: `!${inside(part(), 10)}`, level: 9 };
    if (dice === 5) return quantified(scope, depth);
  }
  const asks = scope.where === 'condition' || scope.where === 'property';
  if (asks && scope.shares && random.chance(35)) return asking(scope) ?? comparison(scope);
  if (random.chance(10)) return holding(scope) ?? comparison(scope);
  if (random.chance(20)) return nullness(scope) ?? comparison(scope);
  return comparison(scope);
}

/** A condition over whatever numbers, members and flags can be read here. */
export const conditionText = (scope: Scope, depth: number): string => condition(scope, depth).text;
export const someNumber = (scope: Scope): string | null => readAny(scope, isInt);
