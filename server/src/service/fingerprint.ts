// What a program means, without its names, its places in the text and what does not bear on the
// verdict: two programs of one meaning share a verdict. A comment, a renaming, a move in the file
// or an edit of another scenario changes nothing here. `legend.ts` leads back.
import type {
  Instr, Program, Property, SiteId, Thread,
} from '../../../simulator/src/program.ts';
import { operandsIn, operandsOf, placing, type Operand } from '../analysis/operands.ts';
import { unreachable } from '../text/unreachable.ts';
import { bearingOf, type Bearing } from './bearing.ts';
import { narrowCells } from './narrow.ts';

export interface Meaning {
  /** The program in canonical form, as JSON: equal for equal meanings. */
  readonly text: string;
  readonly legend: Legend;
}

/** Canonical programs just made: mostly one is searched at once, and need not be read from JSON. */
const justMade = new Map<string, Program>();
const JUST_MADE_MAX = 16;

/** From canonical names, sites and indices to the program's own. */
export interface Legend {
  readonly program: Program;
  readonly names: readonly string[];
  readonly sites: readonly SiteId[];
  readonly bearing: Bearing;
}

export function meaningOf(program: Program): Meaning {
  const bearing = bearingOf(program);
  const names = new Names();
  const sites = new Sites(program);
  const cells = narrowCells(program);
  const at = <T>(all: readonly T[], indices: readonly number[]): readonly T[] =>
    indices.flatMap((i) => all[i] ?? []);
  const named: Program = {
    cells: at(cells, bearing.cells),
    places: bearing.places.flatMap((index) => {
      const place = program.places[index];
      return place === undefined ? [] : {
        ...place, name: names.of('shared', place.name),
        readGuard: bearing.guarded.read.has(index) ? place.readGuard : null,
        writeGuard: bearing.guarded.write.has(index) ? place.writeGuard : null,
      };
    }),
    pools: at(program.pools, bearing.pools).map((pool) => ({
      ...pool, name: names.of('struct', pool.name),
      fields: pool.fields.filter(({ place }) => bearing.places.includes(place)),
    })),
    classes: at(program.classes, bearing.classes)
      .map((cls) => ({ ...cls, name: names.of('lock', cls.name) })),
    locks: at(program.locks, bearing.locks).map((lock, i) => ({ ...lock, name: `lock ${i}` })),
    threads: namedThreads(program, names),
    properties: program.properties.map((property, i): Property =>
      ({ ...property, name: names.of(`property ${i}`, property.name) })),
    orders: program.orders.filter(({ outer, inner }) =>
      bearing.classes.includes(outer) && bearing.classes.includes(inner)),
    nRegs: program.nRegs,
  };
  renumber(named, bearing, sites);
  const text = JSON.stringify(named);
  justMade.set(text, named);
  for (const oldest of justMade.keys()) {
    if (justMade.size <= JUST_MADE_MAX) break;
    justMade.delete(oldest);
  }
  return { text, legend: { program, names: names.texts, sites: sites.all, bearing } };
}

export interface Identity extends Meaning {
  /** Of the text. */
  readonly print: string;
}

const identities = new WeakMap<Program, Identity>();

/** Programs are immutable, and are kept while nothing that they are made of is edited. */
export function identityOf(program: Program): Identity {
  const known = identities.get(program);
  if (known !== undefined) return known;
  const meaning = meaningOf(program);
  const identity = { ...meaning, print: fingerprint(meaning.text) };
  identities.set(program, identity);
  return identity;
}

/** The program that `text` speaks of: what a verdict by fingerprint is a verdict of. */
export function canonicalProgram({ text }: Pick<Meaning, 'text'>): Program {
  const made = justMade.get(text);
  justMade.delete(text);
  if (made !== undefined) return made;
  const canonical: Program = JSON.parse(text);
  return canonical;
}

/** Names are told apart within their space only: a lock and a local may be called the same. */
class Names {
  readonly texts: string[] = [];
  readonly #known = new Map<string, string>();

  of(space: string, text: string): string {
    const key = `${space} ${text}`;
    const known = this.#known.get(key);
    if (known !== undefined) return known;
    const fresh = `@${this.texts.push(text) - 1}@`;
    this.#known.set(key, fresh);
    return fresh;
  }

  has(space: string, text: string): boolean {
    return this.#known.has(`${space} ${text}`);
  }
}

function namedThreads(program: Program, names: Names): readonly Thread[] {
  const setBy = outcomeSites(program);
  return program.threads.map((thread, t): Thread => {
    const set = thread.code.map((instr) => (instr.op === 'outcome' ? instr.outcome : -1));
    return {
      ...thread, name: `thread ${t}`, decl: names.of('thread', thread.decl),
      // What is never set has no name in any message; behind the last that is set, no number.
      outcomes: thread.outcomes.slice(0, Math.max(0, ...set) + 1).map((outcome, i) => {
        if (!set.includes(i)) return { name: '', never: false };
        const shared = thread.code.some((instr) => instr.op === 'outcome' && instr.outcome === i
          && (setBy.get(instr.site)?.size ?? 0) > 1);
        const space = shared ? 'outcome' : `outcome of ${thread.decl}:`;
        return { ...outcome, name: names.of(space, outcome.name) };
      }),
      code: thread.code.map((instr) => namedInstr(instr, names)),
    };
  });
}

/** The threads that set an outcome at a site: several, where it is in a proc. */
function outcomeSites({ threads }: Program): ReadonlyMap<SiteId, ReadonlySet<string>> {
  const found = new Map<SiteId, Set<string>>();
  for (const { decl, code } of threads) {
    for (const { op, site } of code) {
      if (op === 'outcome') found.set(site, (found.get(site) ?? new Set()).add(decl));
    }
  }
  return found;
}

/** A local's name matters among what one step may be out of range in, an assertion's nowhere. */
function namedInstr(instr: Instr, names: Names): Instr {
  if (instr.op === 'assert' && instr.text !== null) {
    return { ...instr, text: names.of(`step ${instr.site}:`, instr.text) };
  }
  if (!('target' in instr) || instr.target.kind !== 'local') return instr;
  const { name } = instr.target;
  const known = ['shared', 'lock'].find((each) => names.has(each, name));
  const own = names.of(known ?? `step ${instr.site}:`, name);
  return { ...instr, target: { ...instr.target, name: own } };
}

/**
 * Accesses first, in their own order, which says at which of two a race is told; then the threads'
 * steps; then what is met besides, as it comes.
 */
class Sites {
  readonly all: SiteId[];
  readonly #known: Map<SiteId, number>;

  constructor({ threads }: Program) {
    const accesses = new Set<SiteId>();
    const steps = new Set<SiteId>();
    const add = (operand: Operand): void => {
      switch (operand.kind) {
        case 'value': return operandsIn(operand.expr).forEach(add);
        case 'lock': return placing(operand.lock).flatMap(operandsIn).forEach(add);
        case 'access':
          accesses.add(operand.access.site);
          return placing(operand.access).flatMap(operandsIn).forEach(add);
        case 'local': return;
        default: return unreachable(operand);
      }
    };
    for (const { code } of threads) {
      for (const instr of code) {
        steps.add(instr.site);
        operandsOf(instr).forEach(add);
      }
    }
    const inOrder = (sites: ReadonlySet<SiteId>): readonly SiteId[] =>
      [...sites].sort((a, b) => a - b);
    this.all = [...new Set([...inOrder(accesses), ...inOrder(steps)])];
    this.#known = new Map(this.all.map((site, i) => [site, i]));
  }

  of(site: SiteId): number {
    const known = this.#known.get(site);
    if (known !== undefined) return known;
    const fresh = this.all.push(site) - 1;
    this.#known.set(site, fresh);
    return fresh;
  }
}

/** In place, where all that is read from the program itself is copied: every canonical index. */
function renumber(program: Program, bearing: Bearing, sites: Sites): void {
  const inverse = (kept: readonly number[]): ReadonlyMap<number, number> =>
    new Map(kept.map((index, canonical) => [index, canonical]));
  const cells = inverse(bearing.cells);
  const places = inverse(bearing.places);
  const pools = inverse(bearing.pools);
  const classes = inverse(bearing.classes);
  const locks = inverse(bearing.locks);
  const number = (holder: Fields, key: string, value: number): number | undefined => {
    switch (key) {
      case 'site':
      case 'within': return sites.of(value);
      case 'cell': return cells.get(value);
      case 'place': return places.get(value);
      case 'pool': return pools.get(value);
      case 'cls':
      case 'outer':
      case 'inner': return classes.get(value);
      case 'base': return ('atomic' in holder ? cells : locks).get(value); // Of a place, a lock.
      default: // Values, pcs, threads, counts. As in JSON there is no -0.
        return value === 0 ? 0 : value;
    }
  };
  const inFields = (fields: Fields): void => {
    for (const key in fields) {
      const value = fields[key];
      if (typeof value === 'number') fields[key] = number(fields, key, value);
      else if (typeof value === 'object' && value !== null) fields[key] = copied(value);
    }
  };
  const copied = (value: object): unknown => {
    if (Array.isArray(value)) {
      return value.map((item: unknown) =>
        (typeof item === 'object' && item !== null ? copied(item) : item));
    }
    const copy: Fields = { ...value };
    inFields(copy);
    return copy;
  };
  if (isFields(program)) inFields(program);
}

type Fields = Record<string, unknown>;

function isFields(value: object): value is Fields {
  return !Array.isArray(value);
}

/** 128 bits and the length: that two texts of a session meet is out of the question. */
export function fingerprint(text: string): string {
  let [a, b, c, d] = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9, 0x6a09e667];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
    c = Math.imul((c << 5) ^ (c >>> 3) ^ code, 0x85ebca6b);
    d = Math.imul((d << 7) ^ (d >>> 9) ^ code, 0xc2b2ae35);
  }
  const word = (x: number, y: number): string =>
    (Math.imul(x ^ (x >>> 16), 0x21f0aaad) ^ Math.imul(y ^ (y >>> 15), 0x735a2d97)).toString(36);
  return [word(a, b), word(b, c), word(c, d), word(d, a), text.length].join('.');
}
