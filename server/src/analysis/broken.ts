// Which declarations an error touches, directly or through what they name: they are not lowered.
import type { Range } from '../text/range.ts';
import type { Decl, Expr, PropertyDecl, RunItem, ScenarioDecl } from '../syntax/ast.ts';
import type { Consts } from './constants.ts';
import type { Entity } from './entity.ts';
import { walkExpr } from './walk.ts';

/**
 * Declarations that contain a place where the syntax is damaged, or on whose last line it follows
 * them: of `invariant i: n = 1` the parser reads `n`. All in the order of the text.
 */
export function damagedDecls(
  decls: readonly Decl[], damaged: readonly Range[], text: string,
): readonly Decl[] {
  const found: Decl[] = [];
  const ranges = [...damaged].sort((a, b) => a.start - b.start);
  let i = 0;
  for (const decl of decls) {
    // Ranges that end before this declaration end before all that follow.
    while (i < ranges.length && (ranges[i]?.end ?? 0) < decl.range.start) i++;
    const next = ranges[i];
    if (next !== undefined && next.start <= reachOf(decl, text)) found.push(decl);
  }
  return found;
}

/** Where a declaration ends; without a closing brace it goes on as far as white space does. */
function reachOf({ range }: Decl, text: string): number {
  if (text.charAt(range.end - 1) === '}') return range.end;
  const space = /[ \t]*/y;
  space.lastIndex = range.end;
  space.test(text);
  return space.lastIndex;
}

/** All that name a broken declaration, directly or not, are broken too. */
export function spread(
  broken: ReadonlySet<Decl>, deps: ReadonlyMap<Decl, ReadonlySet<Decl>>,
): Set<Decl> {
  if (broken.size === 0) return new Set();
  const namedBy = new Map<Decl, Decl[]>();
  for (const [from, tos] of deps) {
    for (const to of tos) {
      const known = namedBy.get(to);
      if (known === undefined) namedBy.set(to, [from]);
      else known.push(from);
    }
  }
  const all = new Set(broken);
  for (const decl of all) for (const from of namedBy.get(decl) ?? []) all.add(from);
  return all;
}

/** The threads and aliases that an expression names, by name. */
export function threadsNamed(
  e: Expr, entities: Consts['entities'],
): ReadonlySet<Extract<Entity, { kind: 'thread' | 'alias' }>> {
  const found = new Set<Extract<Entity, { kind: 'thread' | 'alias' }>>();
  walkExpr(e, (part) => {
    const node = part.kind === 'quantifier' ? part.domain : part;
    const entity = entities.get(node);
    if (entity?.kind === 'thread' || entity?.kind === 'alias') found.add(entity);
  });
  return found;
}

/** Whether a scenario runs every thread and has every alias that a property names. */
export function isCheckedIn(
  property: PropertyDecl, runs: readonly RunItem[], entities: Consts['entities'],
): boolean {
  return areRun(threadsNamed(property.expr, entities), runs);
}

export function areRun(
  named: ReturnType<typeof threadsNamed>, runs: readonly RunItem[],
): boolean {
  for (const entity of named) {
    const name = entity.sym.name;
    const run = runs.some((r) => (entity.kind === 'alias'
      ? r.alias?.text === name : r.thread.text === name));
    if (!run) return false;
  }
  return true;
}

/** Scenarios in which a broken order or property of the file would be checked. */
export function brokenByProperties(use: {
  readonly broken: ReadonlySet<Decl>;
  readonly decls: readonly Decl[];
  readonly scenarios: readonly ScenarioDecl[];
  readonly entities: Consts['entities'];
}): readonly ScenarioDecl[] {
  const bad = use.decls.filter((decl) => use.broken.has(decl));
  if (bad.some((decl) => decl.kind === 'order')) return use.scenarios;
  const properties = bad.filter((decl) => decl.kind === 'property');
  if (properties.length === 0) return [];
  return use.scenarios.filter((scenario) => {
    const runs = scenario.items.filter((item) => item.kind === 'run');
    return properties.some((property) => isCheckedIn(property, runs, use.entities));
  });
}

