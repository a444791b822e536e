// What a program is made of, as a text: two that are equal in it are equal but for where they
// stand.
import type { Decl } from '../syntax/ast.ts';
import { environmentKey } from './environment.ts';
import type { Consts } from './constants.ts';
import type { Model } from './model.ts';
import { indexOf, needed, type Placed } from './needs.ts';

export interface ProgramKey {
  readonly key: string;
  /** The declarations that it is made of: a scenario last, the others in their order. */
  readonly parts: readonly Placed[];
}

/** What was found of programs by what they start from, in one version. */
export class KnownKeys {
  /** In the version before, of which the roots in `clean` and all that they name are the same. */
  readonly #before: ReadonlyMap<string, KnownKey>;
  readonly #clean: ReadonlySet<Decl>;
  readonly #own = new Map<string, KnownKey>();

  constructor(before: KnownKeys | null = null, clean: ReadonlySet<Decl> = new Set()) {
    this.#before = before === null ? new Map() : before.#own;
    this.#clean = clean;
  }

  /** Where something is wrong, two may have one id: two scenarios of one name. */
  of(id: string, roots: readonly Decl[], make: () => Found | null): Found | null {
    const own = this.#own.get(id);
    if (own !== undefined && own.roots.every((decl, i) => decl === roots[i])) return own;
    const before = roots.every((decl) => this.#clean.has(decl)) ? this.#before.get(id) : undefined;
    const found = before ?? make();
    if (found === null) return null;
    this.#own.set(id, { key: found.key, parts: found.parts, roots });
    return found;
  }
}

interface KnownKey extends Found {
  readonly roots: readonly Decl[];
}

interface Found {
  readonly key: string;
  /** Indices into `Meaning.parts`. */
  readonly parts: readonly number[];
}

/**
 * The text of the roots and of all that they name, directly or not: a name means the same wherever
 * what it means has the same text, since names are one flat space. Besides: what the params are
 * set to, and what reaches a program though it is not named in it. null where an error touches it.
 */
export function programKey(
  model: Model, roots: readonly Decl[], consts: Consts,
): ProgramKey | null {
  const { meaning } = model;
  const context = `${environmentKey(consts)}\0${around(model)}`;
  const names = roots.map((decl) => ('name' in decl ? `${decl.kind} ${decl.name.text}` : ''));
  const scenarios = roots.flatMap((decl) =>
    (decl.kind === 'scenario' ? [{ file: model.file, decl }] : []));
  const known = meaning.keys.of(`${context}\0${names.join()}`, roots, () => {
    const all = needed(roots, meaning);
    const placed = [...all, ...scenarios];
    if (placed.some(({ decl }) => model.broken.has(decl))) return null;
    const texts = placed.flatMap(({ file, decl: { range } }) =>
      [file, meaning.texts.get(file)?.slice(range.start, range.end) ?? '']);
    const { places } = indexOf(meaning.parts);
    return {
      key: [context, ...texts].join('\0'), parts: all.flatMap(({ decl }) => places.get(decl) ?? []),
    };
  });
  if (known === null) return null;
  const parts: Placed[] = [];
  for (const i of known.parts) {
    const part = meaning.parts[i];
    if (part !== undefined) parts.push(part);
  }
  parts.push(...scenarios);
  return { key: known.key, parts };
}

const arounds = new WeakMap<Model, string>();

/** The lock orders, which no program names, and the aliases, which name threads. */
function around(model: Model): string {
  const known = arounds.get(model);
  if (known !== undefined) return known;
  const { parts } = model.meaning;
  const { entities } = model.meaning.tables([]);
  const orders = parts.flatMap(({ decl }) => (decl.kind !== 'order' ? [] : [
    decl.classes.flatMap((lock) => {
      const entity = entities.get(lock);
      if (entity?.kind !== 'lock') return [];
      return [`${entity.struct?.name.text ?? ''}.${entity.sym.name}`];
    }).join('->'),
  ]));
  const aliases = model.scenarios.flatMap(({ items }) => items.flatMap((item) =>
    (item.kind === 'run' && item.alias !== null ? [item.alias.text] : [])));
  const found = `${orders.join()} ${[...new Set(aliases)].sort().join()}`;
  arounds.set(model, found);
  return found;
}
