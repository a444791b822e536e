// What a random spec declares: its types, locks and shared state, with the texts of the
// declarations and the care that each piece of state wants so that most accesses to it are in
// order.
import type { Random } from '../oracle/random.ts';

export type Kind = 'mutex' | 'spinlock' | 'rwsem' | 'rwlock';

export type Sort =
  | { readonly kind: 'bool' }
  | { readonly kind: 'int'; readonly lo: number; readonly hi: number; readonly text: string }
  | { readonly kind: 'enum'; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'flags'; readonly name: string; readonly members: readonly string[] }
  | { readonly kind: 'ref'; readonly struct: string };

export interface Lock {
  readonly name: string;
  readonly kind: Kind;
  /** An array of `N`. */
  readonly many: boolean;
  /** Lies in the objects of this struct; null: at file level. */
  readonly struct: string | null;
}

/** How a piece of state is to be accessed: under a lock, marked, or as one likes. */
export type Care =
  | { readonly kind: 'lock'; readonly lock: Lock }
  | { readonly kind: 'marked' | 'free' };

export interface Variable {
  readonly name: string;
  readonly sort: Sort;
  /** An array of `N`. */
  readonly many: boolean;
  readonly care: Care;
  /** Marked accesses are none to escape by: a guard is declared. */
  readonly guarded: boolean;
}

export interface Struct {
  readonly name: string;
  readonly fields: readonly Variable[];
  readonly locks: readonly Lock[];
}

export interface World {
  readonly random: Random;
  /** In percent: how often care is not taken. */
  readonly careless: number;
  readonly sorts: Sort[];
  readonly locks: Lock[];
  readonly variables: Variable[];
  readonly structs: Struct[];
  /** `N`, the length of all arrays; null where there is none. */
  readonly length: Extract<Sort, { kind: 'int' }> | null;
  /** Names of constants that are durations. */
  readonly durations: string[];
  /** Texts of whole declarations. */
  readonly decls: string[];
}

export const BOOL: Sort = { kind: 'bool' };
export const KINDS: readonly Kind[] = ['mutex', 'mutex', 'spinlock', 'rwsem', 'rwsem', 'rwlock'];
export const spins = ({ kind }: Lock): boolean => kind === 'spinlock' || kind === 'rwlock';
export const hasRead = ({ kind }: Lock): boolean => kind === 'rwsem' || kind === 'rwlock';

export function sortText(sort: Sort): string {
  if (sort.kind === 'bool') return 'bool';
  if (sort.kind === 'int') return sort.text;
  return sort.kind === 'ref' ? `ref ${sort.struct}` : sort.name;
}

const STATE: Sort = { kind: 'enum', name: 'state', members: ['idle', 'busy', 'gone'] };
const ROLE: Sort = { kind: 'enum', name: 'role', members: ['idle', 'owner'] };
const BITS: Sort = { kind: 'flags', name: 'bits', members: ['DIRTY', 'YOUNG'] };
const SMALL: Sort = { kind: 'int', lo: 0, hi: 2, text: 'small' };
const PLAIN: Sort = { kind: 'int', lo: 0, hi: 2, text: '0..2' };
const SIGNED: Sort = { kind: 'int', lo: -1, hi: 1, text: '-1..1' };

function addConstants(world: World): void {
  const { random, decls } = world;
  if (random.chance(25)) decls.push(random.pick(['use mm', 'use mm.tlb']));
  if (random.chance(40)) {
    decls.push(`const DELAY = ${random.pick(['1.5us', '200ns', '2 * 3ms'])}`);
    world.durations.push('DELAY');
  }
  if (random.chance(40)) {
    decls.push(`/// So many turns.\nconst TWO = ${random.pick(['2', '8K / 4K', '0x2', '7 % 5'])}`);
  }
  if (random.chance(30)) decls.push(`const STRICT = ${random.pick(['true', '2 > 1', 'false'])}`);
}

function addSorts(world: World): void {
  const { random, decls, sorts } = world;
  sorts.push(BOOL, PLAIN);
  if (random.chance(15)) sorts.push(SIGNED);
  if (random.chance(40)) {
    decls.push('type small = 0..2');
    sorts.push(SMALL);
  }
  if (random.chance(50)) {
    decls.push('enum state { idle, busy, gone }');
    sorts.push(STATE);
    if (random.chance(30)) {
      decls.push('enum role { idle, owner }');
      sorts.push(ROLE);
    }
    if (random.chance(20)) decls.push('type mode = state');
  }
  if (random.chance(35)) {
    decls.push('flags bits { DIRTY, YOUNG }');
    sorts.push(BITS);
  }
  if (world.length !== null) {
    decls.push(`param N: 1..3 = 2`, 'type slot = 0..N-1');
    sorts.push(world.length);
  }
}

function addLocks(world: World): void {
  const { random } = world;
  const count = 1 + random.below(3);
  for (let i = 0; i < count; i++) {
    const many = world.length !== null && random.chance(35);
    const lock = { name: `L${i}`, kind: random.pick(KINDS), many, struct: null };
    world.locks.push(lock);
    world.decls.push(`lock ${lock.name}${many ? '[N]' : ''}: ${lock.kind}`);
  }
}

/** `read under ...` and the other side, in words that the lock satisfies, or nearly. */
function guardText(world: World, lock: Lock, own: boolean): string {
  const { random } = world;
  const name = lock.many ? `${lock.name}[0]` : lock.name;
  if (random.chance(50) && (own || !lock.many)) return ` guarded by ${lock.name}`;
  const others = world.locks.filter((it) => !it.many && it !== lock);
  const more = others.length > 0 && random.chance(50) ? random.pick(others).name : 'rcu';
  const read = random.pick([
    name, `read ${name}`, `${name} || ${more}`, `(read ${name} || ${more})`,
    `${name} && (${name} || ${more})`,
  ]);
  const write = random.pick([
    `write ${name}`, `write ${name}`, `(write ${name} || rcu && ${name})`,
  ]);
  const sides = [`\n    read under ${read}`, `\n    write under ${write}`];
  return random.chance(70) ? sides.join('') : random.pick(sides);
}

function randomCare(world: World, locks: readonly Lock[]): Care {
  const { random } = world;
  const dice = random.below(10);
  if (dice < 6 && locks.length > 0) return { kind: 'lock', lock: random.pick(locks) };
  if (dice < 9) return { kind: 'marked' };
  return { kind: 'free' };
}

export function initText(world: World, sort: Sort): string {
  const { random } = world;
  switch (sort.kind) {
    case 'bool': return random.pick(['false', 'true', 'false', '!true']);
    case 'int': return sort.text === 'slot' ? '0' : String(sort.lo + random.below(2));
    case 'enum':
      return random.chance(20) ? `${sort.name}.${random.pick(sort.members)}`
        : random.pick(sort.members);
    case 'flags': return random.pick(['{}', ...sort.members.map((it) => `{${it}}`)]);
    default: // A ref.
      return random.chance(40) ? 'null' : `new ${sort.struct}`;
  }
}

function addStruct(world: World, name: string): void {
  const { random, locks } = world;
  const own: Lock[] = random.chance(60)
    ? [{ name: `${name}_lock`, kind: random.pick(KINDS), many: false, struct: name }] : [];
  const fields: Variable[] = [];
  const lines = own.map((lock) => `  lock ${lock.name}: ${lock.kind}`);
  const sorts = [...world.sorts, { kind: 'ref', struct: name } as const];
  for (let i = 0; i < 1 + random.below(2); i++) {
    const sort = random.pick(sorts);
    const care = randomCare(world, [...own, ...own, ...locks.filter((lock) => !lock.many)]);
    const guarded = care.kind === 'lock' && random.chance(30);
    const field = { name: `${name[0] ?? ''}${i}`, sort, many: false, care, guarded };
    const guard = guarded ? guardText(world, care.lock, false) : '';
    const init = sort.kind === 'ref' ? random.pick(['', ' = null'])
      : random.chance(70) ? ` = ${initText(world, sort)}` : '';
    lines.push(`  ${field.name}: ${sortText(sort)}${init}${guard.replaceAll('\n', '\n  ')}`);
    fields.push(field);
  }
  const typesafe = random.chance(30) ? ' typesafe' : '';
  const count = random.pick([1, 2, 2, 3]);
  world.decls.push(`struct ${name}[${count}]${typesafe} {\n${lines.join('\n')}\n}`);
  world.structs.push({ name, fields, locks: own });
}

function addVariable(world: World, name: string, sort: Sort): void {
  const { random, length } = world;
  const named = sort.kind !== 'ref' && !sortText(sort).includes('..');
  const many = length !== null && named && random.chance(35);
  const atomic = random.chance(25);
  const locks = world.locks.filter((lock) => many || !lock.many);
  const care: Care = atomic ? { kind: 'free' } : randomCare(world, locks);
  const guarded = care.kind === 'lock' && random.chance(50);
  const head = `shared ${atomic ? 'atomic ' : ''}${name}: ${sortText(sort)}${many ? '[N]' : ''}`;
  const init = random.chance(80)
    ? ` = ${initText(world, sort)}` : '';
  const guard = guarded ? guardText(world, care.lock, many && care.lock.many) : '';
  world.variables.push({ name, sort, many, care, guarded });
  world.decls.push(`${head}${init}${guard.replace(' guarded', '   guarded')}`);
}

function addVariables(world: World): void {
  const { random } = world;
  const count = 2 + random.below(3);
  for (let i = 0; i < count; i++) addVariable(world, `x${i}`, random.pick(world.sorts));
  for (const { name } of world.structs) {
    addVariable(world, `p_${name}`, { kind: 'ref', struct: name });
  }
  if (random.chance(15)) {
    world.decls.push('shared atomic pair: small2[2] = [1, 0]', 'type small2 = 0..1');
    const sort: Sort = { kind: 'int', lo: 0, hi: 1, text: 'small2' };
    world.variables.push({
      name: 'pair', sort, many: true, care: { kind: 'free' }, guarded: false,
    });
  }
}

/** Lock classes in the order in which careful threads take them. */
export function lockRank(world: World, lock: Lock): number {
  const classes = [...world.structs.flatMap(({ locks }) => locks), ...world.locks];
  return classes.findIndex((it) => it.name === lock.name);
}

function addOrder(world: World): void {
  const { random } = world;
  const all = [...world.structs.flatMap(({ locks }) => locks), ...world.locks];
  const names = all.filter(() => random.chance(70))
    .map((lock) => (lock.struct === null ? lock.name : `${lock.struct}.${lock.name}`));
  if (names.length < 2 || !random.chance(50)) return;
  if (random.chance(20)) names.reverse();
  world.decls.push(`order ${names.join(' -> ')}`);
}

export function randomWorld(random: Random): World {
  const length: World['length'] = random.chance(50)
    ? { kind: 'int', lo: 0, hi: 1, text: 'slot' } : null;
  const world: World = {
    random, careless: random.pick([0, 0, 2, 12]), sorts: [], locks: [], variables: [],
    structs: [], length, durations: [], decls: [],
  };
  addConstants(world);
  addSorts(world);
  addLocks(world);
  if (random.chance(55)) addStruct(world, 'vma');
  if (world.structs.length > 0 && random.chance(10)) addStruct(world, 'page');
  addVariables(world);
  addOrder(world);
  return world;
}
