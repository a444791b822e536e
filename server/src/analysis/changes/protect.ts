// Accesses put under something that is not there: a lock taken around them, an RCU section, a mark.
import type { Expr, Stmt } from '../../syntax/ast.ts';
import { partsOf } from '../walk.ts';
import type { Change, Splice } from './change.ts';
import { placeName, told } from './locking.ts';
import { siblingsOf, sharedIn, sharedOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';
import { exprsOf } from './stmt-exprs.ts';

/** Statements of one block from the first to the last. */
export interface Stretch {
  readonly first: Spot;
  readonly last: Spot;
}

/** In each block, from the first statement that touches the place to the last. */
export function stretchesOf(
  source: Source, spots: readonly Spot[], subject: string,
): readonly Stretch[] {
  const byBlock = new Map<object, Spot[]>();
  for (const spot of spots) {
    if (!sharedIn(source.model, spot).has(subject)) continue;
    for (let at: Spot | null = spot; at !== null; at = at.up) {
      if (at.block !== null) byBlock.set(at.block, [...(byBlock.get(at.block) ?? []), at]);
    }
  }
  return [...byBlock.values()].flatMap((found): Stretch[] => {
    const sorted = [...found].sort((a, b) => a.index - b.index);
    const [first, last] = [sorted[0], sorted.at(-1)];
    return first === undefined || last === undefined ? [] : [{ first, last }];
  });
}

/** All of a thread. */
export function wholeBodies(spots: readonly Spot[]): readonly Stretch[] {
  return spots.filter(({ up, index, block }) => up === null && block !== null && index === 0)
    .flatMap((first): Stretch[] => {
      const last = siblingsOf(spots, first).at(-1);
      return first.owner.kind !== 'thread' || last === undefined ? [] : [{ first, last }];
    });
}

export interface Taken {
  readonly lock: string;
  /** null for a lock that has no modes. */
  readonly mode: 'read' | 'write' | null;
}

/** File-level locks, and the locks of the object that a field belongs to. */
export function locksFor(
  source: Source, subject: string, stretch: Stretch,
): readonly Taken[] {
  const { model } = source;
  const [struct] = subject.includes('.') ? subject.split('.') : [null];
  return model.decls.flatMap(({ decl }): readonly Taken[] => {
    if (decl.kind === 'lock' && decl.count === null) {
      return modesOf(decl.name.text, decl.lockKind);
    }
    if (decl.kind !== 'struct' || decl.name.text !== struct) return [];
    const object = objectOf(source, subject, stretch);
    if (object === null) return [];
    return decl.members.flatMap((member) => (member.kind === 'lock' && member.count === null
      ? modesOf(`${object}.${member.name.text}`, member.lockKind) : []));
  });
}

function modesOf(lock: string, kind: string | null): readonly Taken[] {
  return kind === 'rwsem' || kind === 'rwlock'
    ? [{ lock, mode: 'read' }, { lock, mode: 'write' }] : [{ lock, mode: null }];
}

/** `v` where the stretch begins with `v.field`. */
function objectOf(source: Source, subject: string, { first }: Stretch): string | null {
  for (const expr of exprsOf(first.stmt)) {
    const found = find(expr, (part) => part.kind === 'field' && part.base.kind === 'ident'
      && sharedOf(source.model, part).has(subject));
    if (found?.kind === 'field') return source.page.source(found.base.range);
  }
  return null;
}

function find(expr: Expr, test: (part: Expr) => boolean): Expr | null {
  if (test(expr)) return expr;
  for (const part of partsOf(expr)) {
    const found = find(part, test);
    if (found !== null) return found;
  }
  return null;
}

export function takenAround(source: Source, taken: Taken, { first, last }: Stretch): Change {
  const { lock, mode } = taken;
  const how = mode === null ? '' : `${mode} `;
  const { page } = source;
  return {
    title: `Take ${lock}${mode === null ? '' : ` for ${mode === 'read' ? 'reading' : 'writing'}`} `
      + `around ${stretchText(source, { first, last })} in ${placeName(first)}`,
    family: `take ${lock} in ${placeName(first)}`,
    splices: [
      page.before(first.whole.range, [`acquire ${how}${lock}`]),
      page.after(last.whole.range, [`release ${lock}`]),
    ],
  };
}

function stretchText(source: Source, { first, last }: Stretch): string {
  const [from, to] = [told(source, first), told(source, last)];
  return first === last ? `\`${from}\`` : `\`${from}\` … \`${to}\``;
}

/** From where an object is looked up to where it is last used in that block. */
export function readSections(source: Source, spots: readonly Spot[]): readonly Change[] {
  return spots.flatMap((spot): readonly Change[] => {
    const { stmt, block } = spot;
    if (block === null || stmt.kind !== 'let') return [];
    if (source.model.types.get(stmt.value)?.kind !== 'ref') return [];
    const uses = siblingsOf(source.spots, spot).filter((it) => it.index > spot.index
      && new RegExp(`\\b${stmt.name.text}\\b`).test(source.page.source(it.whole.range)));
    const last = uses.at(-1) ?? spot;
    return [{
      title: `Enter an RCU section around ${stretchText(source, { first: spot, last })} in `
        + placeName(spot),
      family: `rcu ${stmt.range.start}`,
      splices: [
        source.page.before(spot.whole.range, ['rcu_read_lock']),
        source.page.after(last.whole.range, ['rcu_read_unlock']),
      ],
    }];
  });
}

/** Every `free` that would not wait for readers. */
export function deferredFrees(spots: readonly Spot[]): Change | null {
  const frees = spots.filter(({ stmt }) => stmt.kind === 'free' && !stmt.deferred);
  const [first] = frees;
  if (first === undefined) return null;
  const where = [...new Set(frees.map(placeName))].join(', ');
  return {
    title: `\`free_rcu\` in the place of \`free\` in ${where}`,
    family: 'free_rcu',
    splices: frees.map(({ stmt }) => ({
      start: stmt.range.start, end: stmt.range.start + 'free'.length, text: 'free_rcu',
    })),
  };
}

export function graceBefore(source: Source, spot: Spot): Change {
  return {
    title: `Wait for readers (\`synchronize_rcu\`) before \`${told(source, spot)}\` in `
      + placeName(spot),
    family: `synchronize ${spot.stmt.range.start}`,
    splices: [source.page.before(spot.whole.range, ['synchronize_rcu'])],
  };
}

/** Every plain access to the place by these statements. */
export function marked(
  source: Source, spots: readonly Spot[], subject: string,
): Change | null {
  const splices = spots.flatMap(({ stmt }) => marksIn(source, stmt, subject));
  if (splices.length === 0) return null;
  return {
    title: `Mark the accesses to ${subject} (READ_ONCE, WRITE_ONCE)`,
    family: `mark ${subject}`, splices,
  };
}

function marksIn(source: Source, stmt: Stmt, subject: string): readonly Splice[] {
  const { page, model } = source;
  const about = (expr: Expr): boolean => isAccess(expr) && sharedOf(model, expr).has(subject)
    && !partsOf(expr).some((part) => sharedOf(model, part).has(subject));
  const reads = (expr: Expr): readonly Splice[] => {
    if (expr.kind === 'read_once' || expr.kind === 'cmpxchg') return [];
    if (about(expr)) {
      return [page.replace(expr.range, `READ_ONCE(${page.source(expr.range)})`)];
    }
    return partsOf(expr).flatMap(reads);
  };
  if (stmt.kind === 'assign' && about(stmt.target)) {
    const target = page.source(stmt.target.range);
    const old = stmt.op === '=' ? '' : `READ_ONCE(${target}) ${stmt.op.slice(0, 1)} `;
    const flags = model.types.get(stmt.target)?.kind === 'flags' && stmt.op !== '=';
    if (flags) return [];
    const { start } = stmt.range;
    return [
      { start, end: stmt.value.range.start, text: `WRITE_ONCE(${target}, ${old}` },
      ...reads(stmt.value),
      { start: stmt.value.range.end, end: stmt.value.range.end, text: ')' },
    ];
  }
  return exprsOf(stmt).flatMap(reads);
}

function isAccess({ kind }: Expr): boolean {
  return kind === 'ident' || kind === 'field' || kind === 'index';
}

export function declaredAtomic({ model }: Source, subject: string): Change | null {
  const found = model.decls.find(({ file, decl }) => file === model.file
    && decl.kind === 'shared' && decl.name.text === subject && !decl.atomic);
  if (found === undefined) return null;
  const at = found.decl.range.start + 'shared'.length;
  return {
    title: `Declare ${subject} atomic`, family: `atomic ${subject}`,
    splices: [{ start: at, end: at, text: ' atomic' }],
  };
}
