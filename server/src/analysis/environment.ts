// The environment of one scenario or workload: what its `with` lines make of the params.
import type { Expr, ParamDecl, ScenarioItem, WithItem, WorkloadItem } from '../syntax/ast.ts';
import { evaluate, isNumber } from './constants.ts';
import type { Consts } from './constants.ts';
import type { Entity } from './entity.ts';
import type { Type } from './model.ts';

/** Equal for items that set the same params to the same values. */
export function environmentKey({ params }: Consts): string {
  return [...params].map(([decl, value]) => `${decl.name.text}=${value}`).sort().join(' ');
}

interface Tables {
  readonly entities: ReadonlyMap<object, Entity>;
  readonly types: ReadonlyMap<Expr, Type>;
}

/** All params have their default. */
export function defaults(tables: Tables): Consts {
  return { entities: tables.entities, types: tables.types, params: new Map(), memo: new Map() };
}

/** The params as the items set them, one after the other; `base` where they set none. */
export function environment(
  base: Consts, items: readonly (ScenarioItem | WorkloadItem)[],
): Consts {
  const withs = items.filter((item): item is WithItem => item.kind === 'with');
  if (withs.length === 0) return base;
  const params = new Map<ParamDecl, number>();
  for (const item of withs) {
    const entity = base.entities.get(item.name);
    if (entity?.kind !== 'param') continue;
    const value = evaluate(item.value, { ...base, params, memo: new Map() });
    if (isNumber(value)) params.set(entity.decl, value);
  }
  return { ...base, params, memo: new Map() };
}
