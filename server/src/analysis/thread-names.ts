// Threads where conditions and properties name them: `T.done`, `T.outcome == a`, `T at label`.
import type { AtExpr, FieldExpr, Name, NameExpr, ProcDecl, ThreadDecl } from '../syntax/ast.ts';
import { breakDecl, mayBeUnread, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import type { Entity, LabelEntity, Owner } from './entity.ts';
import { isValue, lookup, reportUnknown, threadDeclOf, visibleNames } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { choices, didYouMean } from './suggest.ts';
import { BOOL, UNKNOWN } from './types.ts';
import type { Type } from './model.ts';

interface NamedThread {
  readonly entity: Entity;
  readonly decl: ThreadDecl;
}

/** A thread, an alias or a quantifier's thread variable: what may stand before `.done`. */
function threadEntity(x: ExprCx, name: Name): Entity | null {
  const { c, scenario } = x;
  const found = lookup(x, name.text);
  if (found?.kind === 'local') return threadDeclOf(c, found) === null ? null : found;
  if (scenario?.kind === 'scenario') {
    const alias = c.aliases.get(scenario)?.get(name.text);
    if (alias !== undefined) return alias;
  }
  if (found !== null) return found.kind === 'thread' ? found : null;
  return c.anyAlias.get(name.text) ?? null;
}

export function isThreadName(x: ExprCx, name: Name): boolean {
  const found = lookup(x, name.text);
  if (found !== null && isValue(x.c, found)) return false;
  return threadEntity(x, name) !== null;
}

/** The thread that a name stands for; reports where there is none. */
export function resolveThread(x: ExprCx, name: Name): NamedThread | null {
  const { c } = x;
  if (name.text === '') {
    breakDecl(c);
    return null;
  }
  const entity = threadEntity(x, name);
  if (entity === null) {
    const names = [...visibleNames(x, (e) => e.kind === 'thread'), ...c.anyAlias.keys()];
    reportUnknown(c, name, names, 'thread');
    return null;
  }
  refer(c, name, entity, { role: 'read' });
  const decl = threadDeclOf(c, entity);
  if (decl === null) breakDecl(c);
  return decl === null ? null : { entity, decl };
}

function checkPlaceOfThread(x: ExprCx, e: FieldExpr | AtExpr): boolean {
  if (x.where === 'condition' || x.where === 'property') return true;
  report(x.c, 'type', e.range, 'what another thread does can be asked only in properties, `await` '
    + 'and `assert`');
  return false;
}

/** `T.done`, `T.outcome`. */
export function checkThreadField(x: ExprCx, e: FieldExpr, base: NameExpr): Type {
  const { c } = x;
  const isAllowed = checkPlaceOfThread(x, e);
  const thread = resolveThread(x, base.name);
  if (thread === null) return UNKNOWN;
  c.entities.set(base, thread.entity);
  if (!isAllowed) return UNKNOWN;
  if (e.field.text === 'done') return BOOL;
  if (e.field.text === 'outcome') return { kind: 'outcome', thread: thread.decl.name.text };
  report(c, 'name', e.field.range, `a thread has \`done\` and \`outcome\`, no \`${e.field.text}\`; `
    + `a place in it is asked by \`${base.name.text} at label\``);
  return UNKNOWN;
}

/** The name of an outcome, where one is expected. */
export function checkOutcomeName(c: Ctx, e: NameExpr, thread: ThreadDecl): void {
  const outcomes = c.outcomes.get(thread);
  const found = outcomes?.get(e.name.text);
  if (found !== undefined) {
    refer(c, e.name, found, { role: 'read', node: e });
    return;
  }
  unknownOutcome(c, e.name, thread);
}

export function unknownOutcome(c: Ctx, name: Name, thread: ThreadDecl): void {
  if (mayBeUnread(c, name)) {
    breakDecl(c);
    return;
  }
  const names = [...(c.outcomes.get(thread)?.keys() ?? [])];
  const owner = `\`${thread.name.text}\``;
  const hint = names.length === 0
    ? `; declare it: \`thread ${thread.name.text}(...) -> ${name.text}\``
    : didYouMean(name.text, names, choices('it has', names));
  report(c, 'name', name.range, `${owner} has no outcome \`${name.text}\`${hint}`);
}

/** `T at label`: a label of the thread, or of a proc that it calls. */
export function checkAt(x: ExprCx, e: AtExpr): Type {
  const { c } = x;
  const isAllowed = checkPlaceOfThread(x, e);
  const thread = resolveThread(x, e.thread);
  if (thread === null) return BOOL;
  c.entities.set(e, thread.entity);
  if (e.label.text === '') {
    breakDecl(c);
    return BOOL;
  }
  const labels = labelsOf(c, thread.decl);
  const label = labels.get(e.label.text);
  if (label === undefined) {
    const names = [...labels.keys()];
    if (mayBeUnread(c, e.label)) breakDecl(c);
    else {
      report(c, 'name', e.label.range, `\`${thread.decl.name.text}\` has no label `
        + `\`${e.label.text}\`${didYouMean(e.label.text, names, choices('it has', names))}`);
    }
    return BOOL;
  }
  refer(c, e.label, label, { role: 'read' });
  if (label.step !== null) {
    report(c, 'type', e.label.range, `\`${e.label.text}\` lies inside an atomic step, where no `
      + 'thread is ever found; name the step itself: `step label "..." { ... }`');
  }
  return isAllowed ? BOOL : UNKNOWN;
}

/** A thread's labels, its own first, then those of the procs it calls, directly or not. */
export function labelsOf(c: Ctx, thread: ThreadDecl): ReadonlyMap<string, LabelEntity> {
  const all = new Map<string, LabelEntity>();
  for (const owner of reachableOwners(c, thread)) {
    for (const [name, label] of c.owners.get(owner)?.labels ?? []) {
      if (!all.has(name)) all.set(name, label);
    }
  }
  return all;
}

/** A thread (or proc) and the procs it calls, directly or not; each once, callers first. */
export function reachableOwners(
  c: { readonly owners: ReadonlyMap<Owner, { readonly calls: readonly ProcDecl[] }> }, owner: Owner,
): readonly Owner[] {
  const found = new Set<Owner>([owner]);
  for (const next of found) for (const proc of c.owners.get(next)?.calls ?? []) found.add(proc);
  return [...found];
}
