// What changes are made from: a model with its text, its statements and its lock sections, found
// once for all of them.
import type { ProcDecl, ScenarioDecl } from '../../syntax/ast.ts';
import type { Owner } from '../entity.ts';
import type { Model } from '../model.ts';
import { coverOf, type Cover } from './cover.ts';
import { pageOf, type Page } from './page.ts';
import { sectionsOf, type Section } from './sections.ts';
import { spotsOf, type Spot } from './spots.ts';

export interface Source {
  readonly model: Model;
  readonly page: Page;
  /** Of own threads and procs, in the order of the text. */
  readonly spots: readonly Spot[];
  readonly sections: readonly Section[];
  /** Worked out when first asked for. */
  readonly cover: Cover;
}

export function sourceOf(model: Model): Source {
  const page = pageOf(model.meaning.texts.get(model.file) ?? '');
  const spots = spotsOf(model);
  let cover: Cover | null = null;
  return {
    model, page, spots, sections: sectionsOf(model, spots),
    get cover() {
      return (cover ??= coverOf(model));
    },
  };
}

/** The own threads that a scenario runs and the procs these call, directly or not. */
export function ownersIn({ model }: Source, scenario: ScenarioDecl): ReadonlySet<Owner> {
  const names = new Set(scenario.items.flatMap((item) =>
    (item.kind === 'run' ? [item.thread.text] : [])));
  return withCalls(model, model.threads.filter(({ name }) => names.has(name.text)));
}

export function withCalls(model: Model, roots: readonly Owner[]): ReadonlySet<Owner> {
  const found = new Set<Owner>(roots);
  for (const owner of found) {
    const calls: readonly ProcDecl[] = model.meaning.owners.get(owner)?.calls ?? [];
    for (const proc of calls) found.add(proc);
  }
  return found;
}

/** The spots of some owners. */
export function spotsIn({ spots }: Source, owners: ReadonlySet<Owner>): readonly Spot[] {
  return spots.filter(({ owner }) => owners.has(owner));
}

export function lineOf({ page }: Source, offset: number): number {
  return page.text.slice(0, offset).split('\n').length;
}
