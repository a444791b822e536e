// What a thread alone is made of, as a text: two that are equal in it are equal as programs but for
// where they stand.
import type { FileId } from '../text/range.ts';
import type { ThreadDecl } from '../syntax/ast.ts';
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

export interface ThreadKey {
  readonly key: string;
  /** The declarations that the thread is made of, in their order. */
  readonly spots: readonly Spot[];
}

/**
 * The text of the thread and of all that it names, directly or not: a name means the same wherever
 * what it means has the same text, since names are one flat space. Besides: what the params are
 * set to, and what reaches a thread though it does not name it.
 */
export function threadKey(model: Model, decl: ThreadDecl, consts: Consts): ThreadKey {
  const { texts } = model.meaning;
  const spots: Spot[] = [];
  const parts = [environmentKey(consts), around(model)];
  for (const { file, decl: { range: { start, end } } } of needed([decl], model.meaning)) {
    spots.push({ file, start, end });
    parts.push(file, texts.get(file)?.slice(start, end) ?? '');
  }
  return { key: parts.join('\0'), spots };
}

const arounds = new WeakMap<Model, string>();

/** The lock orders, which no thread names, and the aliases, which name threads. */
function around(model: Model): string {
  const known = arounds.get(model);
  if (known !== undefined) return known;
  const { entities, parts } = model.meaning;
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
