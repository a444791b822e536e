// Names inside bodies and quantifiers, and how a bare name is looked up.
import type { Name, ScenarioDecl, ThreadDecl, WorkloadDecl } from '../syntax/ast.ts';
import { mayBeUnread, breakDecl, report } from './context.ts';
import type { Ctx } from './context.ts';
import type { Entity, LocalEntity } from './entity.ts';
import { LOCK_KINDS, OTHER_WORDS } from '../text/reserved.ts';
import { didYouMean } from './suggest.ts';

export interface Scope {
  readonly parent: Scope | null;
  readonly names: Map<string, Entity>;
  /** Locals of atomic steps in this block that have ended: still visible after the step. */
  readonly ended: Map<string, Entity>;
}

export function openScope(parent: Scope | null): Scope {
  return { parent, names: new Map(), ended: new Map() };
}

/**
 * Where an expression stands. `const`: only consts and params. `init`: also shared state declared
 * above. `thread`: in a statement. `condition`: of `await` and `assert`, which may also ask about
 * other threads. `property`: about the whole state.
 */
export type Where = 'const' | 'init' | 'thread' | 'condition' | 'property';

export interface ExprCx {
  readonly c: Ctx;
  readonly where: Where;
  readonly scope: Scope | null;
  /** Whose aliases may be named. */
  readonly scenario: ScenarioDecl | WorkloadDecl | null;
  /** In an initial value: shared state of a smaller rank may be named. */
  readonly rank?: number;
}

/** What a bare name stands for as a variable, type, lock or thread; members are not in here. */
export function lookup(x: ExprCx, name: string): Entity | null {
  for (let s = x.scope; s !== null; s = s.parent) {
    const found = s.names.get(name);
    if (found !== undefined) return found;
  }
  const flat = x.c.scope.get(name);
  if (flat !== undefined) return flat;
  for (let s = x.scope; s !== null; s = s.parent) {
    const found = s.ended.get(name);
    if (found !== undefined) return found;
  }
  return null;
}

/**
 * Where only one kind of thing can stand (`new vma`, `acquire L`), a local of that name is no
 * obstacle: `let vma = new vma {}`. Falls back on whatever has the name.
 */
export function lookupKind(
  x: ExprCx, name: string, kinds: readonly Entity['kind'][],
): Entity | null {
  const found = lookup(x, name);
  if (found === null || kinds.includes(found.kind)) return found;
  const flat = x.c.scope.get(name);
  return flat !== undefined && kinds.includes(flat.kind) ? flat : found;
}

/** Every name that could stand here, for suggestions. */
export function* visibleNames(x: ExprCx, fits: (entity: Entity) => boolean): Iterable<string> {
  for (let s = x.scope; s !== null; s = s.parent) {
    for (const [name, entity] of s.names) if (fits(entity)) yield name;
  }
  for (const [name, entity] of x.c.scope) if (fits(entity)) yield name;
}

/** Whether the entity has a value (a thread that a quantifier runs over has none). */
export function isValue(c: Ctx, entity: Entity): boolean {
  switch (entity.kind) {
    case 'const': case 'param': case 'shared': case 'parameter':
    case 'field':
      return true;
    case 'local':
      return threadVariable(c, entity) === null;
    default:
      // Types, locks, threads and the like.
      return false;
  }
}

/** The thread that `t` runs over in `exists t in fault: ...`, else null. */
export function threadVariable(c: Ctx, entity: LocalEntity): ThreadDecl | null {
  if (entity.node.kind !== 'quantifier') return null;
  const over = c.entities.get(entity.node.domain);
  return over === undefined ? null : threadDeclOf(c, over);
}

/** The thread declaration behind a thread's name, an alias, or a quantifier's variable. */
export function threadDeclOf(c: Ctx, entity: Entity): ThreadDecl | null {
  if (entity.kind === 'thread') return entity.decl;
  if (entity.kind === 'local') return threadVariable(c, entity);
  if (entity.kind !== 'alias') return null;
  const thread = c.scope.get(entity.item.thread.text);
  return thread?.kind === 'thread' ? thread.decl : null;
}

/** How the kind of a thing is called in a message. */
export function kindName(entity: Entity): string {
  switch (entity.kind) {
    case 'const': return 'a constant';
    case 'param': return 'a param';
    case 'enum': return 'an enum';
    case 'flags': return 'a flags type';
    case 'shared': return 'shared state';
    case 'member': return 'a member';
    case 'outcome': return 'an outcome';
    case 'alias': return 'an alias';
    default:
      // The kind is a word of the language.
      return `a ${entity.kind}`;
  }
}

export function reportUnknown(
  c: Ctx, name: Name, candidates: Iterable<string>, what: string,
): void {
  if (mayBeUnread(c, name)) {
    breakDecl(c);
    return;
  }
  const hint = otherWord(name.text, what) ?? didYouMean(name.text, candidates, '');
  report(c, 'name', name.range, `there is no ${what} \`${name.text}\`${hint}`);
}

/** The kernel's word for something that is written otherwise here. */
function otherWord(name: string, what: string): string | null {
  if (what === 'lock' && name === 'rcu') {
    return '; readers enter by `rcu_read_lock`, a guard asks for them by `read under rcu`';
  }
  if (what === 'thread' && /^x[1-9][0-9]*$/.test(name)) {
    return `; so many of a thread are written \`t x ${name.slice(1)}\``;
  }
  if (what === 'type' && LOCK_KINDS.includes(name)) {
    return `; a lock is declared as \`lock L: ${name}\``;
  }
  const other = what === 'proc' ? OTHER_WORDS.get(name) : undefined;
  return other === undefined ? null : `; here it is written \`${other}\``;
}
