// What a program is made of, as a text: two that are equal in it are equal but for where they
// stand.
import type { FileId } from '../text/range.ts';
import type { Decl } from '../syntax/ast.ts';
import { environmentKey } from './environment.ts';
import type { Consts } from './constants.ts';
import type { Model } from './model.ts';
import { needed } from './needs.ts';

/** Where a declaration stands. */
export interface Spot {
  readonly file: FileId;
  readonly start: number;
  readonly end: number;
}

export interface ProgramKey {
  readonly key: string;
  /** The declarations that it is made of: a scenario last, the others in their order. */
  readonly spots: readonly Spot[];
}

/**
 * The text of the roots and of all that they name, directly or not: a name means the same wherever
 * what it means has the same text, since names are one flat space. Besides: what the params are
 * set to, and what reaches a program though it is not named in it. null where an error touches it.
 */
export function programKey(
  model: Model, roots: readonly Decl[], consts: Consts,
): ProgramKey | null {
  const { texts } = model.meaning;
  const spots: Spot[] = [];
  const parts = [environmentKey(consts), around(model)];
  const scenarios = roots.flatMap((decl) =>
    (decl.kind === 'scenario' ? [{ file: model.file, decl }] : []));
  for (const { file, decl } of [...needed(roots, model.meaning), ...scenarios]) {
    if (model.broken.has(decl)) return null;
    const { start, end } = decl.range;
    spots.push({ file, start, end });
    parts.push(file, texts.get(file)?.slice(start, end) ?? '');
  }
  return { key: parts.join('\0'), spots };
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
