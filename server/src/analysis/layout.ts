// Lays out the shared state of a program: pools, locks, cells, guards, orders. In the order of the
// declarations, so the same text gives the same program.
import type {
  FieldDecl, Guard as GuardDecl, GuardExpr, LockDecl, SharedDecl, StructDecl,
} from '../syntax/ast.ts';
import type { FileId } from '../text/range.ts';
import type { Guard, Program } from '../../../simulator/src/program.ts';
import { countOf, typeOf } from './constants.ts';
import { lowerLock } from './lower-expr.ts';
import type { ExprFrame } from './lower-expr.ts';
import type { Placed } from './needs.ts';
import { addCell } from './world.ts';
import type { World } from './world.ts';

export function layOut(w: World, decls: readonly Placed[]): void {
  const fields = new Map<StructDecl, { place: number; init: number }[]>();
  for (const { decl } of decls) if (decl.kind === 'struct') addPool(w, decl, fields);
  for (const { decl } of decls) {
    if (decl.kind === 'lock') addLocks(w, decl, null);
    if (decl.kind !== 'struct') continue;
    for (const m of decl.members) if (m.kind === 'lock') addLocks(w, m, decl);
  }
  for (const { decl } of decls) {
    if (decl.kind === 'shared') addShared(w, decl);
    if (decl.kind !== 'struct') continue;
    for (const m of decl.members) if (m.kind === 'field') addField(w, m, { struct: decl, fields });
  }
  for (const { file, decl } of decls) {
    if (decl.kind === 'shared') addGuard(w, file, decl);
    if (decl.kind !== 'struct') continue;
    for (const m of decl.members) if (m.kind === 'field') addGuard(w, file, m);
  }
}

type PoolFields = Map<StructDecl, { place: number; init: number }[]>;

function addPool(w: World, decl: StructDecl, all: PoolFields): void {
  const fields: { place: number; init: number }[] = [];
  all.set(decl, fields);
  w.poolOf.set(decl, w.pools.length);
  w.pools.push({
    name: decl.name.text, count: countOf(decl.count, w.consts) ?? 1, typesafe: decl.typesafe,
    nLive: w.initials.objects.get(decl)?.length ?? 0, fields,
  });
}

function addLocks(w: World, decl: LockDecl, struct: StructDecl | null): void {
  const count = countOf(decl.count, w.consts) ?? 1;
  const own = decl.name.text;
  const cls = w.classes.length;
  const name = struct === null ? own : `${struct.name.text}.${own}`;
  w.classes.push({ name, kind: decl.lockKind ?? 'mutex' });
  w.lockOf.set(decl, { base: w.locks.length, cls, count, struct });
  const element = (i: number): string => (decl.count === null ? '' : `[${i}]`);
  if (struct === null) {
    for (let i = 0; i < count; i++) {
      w.locks.push({ name: own + element(i), cls, object: null });
    }
    return;
  }
  const pool = w.poolOf.get(struct) ?? 0;
  const objects = w.pools[pool]?.count ?? 0;
  for (let ref = 1; ref <= objects; ref++) {
    for (let i = 0; i < count; i++) {
      const of = `${struct.name.text}#${ref}.${own}`;
      w.locks.push({ name: of + element(i), cls, object: { pool, ref } });
    }
  }
}

function addShared(w: World, decl: SharedDecl): void {
  const type = typeOf(decl.type, w.consts);
  const isArray = type.kind === 'array';
  const element = isArray ? type.element : type;
  const count = isArray ? type.length : 1;
  const values = w.initials.values.get(decl) ?? [];
  const base = w.cells.length;
  const name = decl.name.text;
  for (let i = 0; i < count; i++) {
    const init = values[i];
    addCell(w, {
      type: element, name: isArray ? `${name}[${i}]` : name, thread: null,
      ...(init === undefined ? {} : { init }),
    });
  }
  w.placeOf.set(decl, w.places.length);
  w.places.push({
    name, base, count, pool: null, atomic: decl.atomic, readGuard: null, writeGuard: null,
  });
}

function addField(
  w: World, decl: FieldDecl, of: { readonly struct: StructDecl; readonly fields: PoolFields },
): void {
  const { struct } = of;
  const pool = w.poolOf.get(struct) ?? 0;
  const count = w.pools[pool]?.count ?? 0;
  const type = typeOf(decl.type, w.consts);
  const init = w.initials.fieldDefault(decl.init, type);
  const objects = w.initials.objects.get(struct) ?? [];
  const base = w.cells.length;
  const name = decl.name.text;
  for (let ref = 1; ref <= count; ref++) {
    addCell(w, {
      type, name: `${struct.name.text}#${ref}.${name}`, thread: null,
      init: objects[ref - 1]?.get(name) ?? init,
    });
  }
  const place = w.places.length;
  w.placeOf.set(decl, place);
  w.places.push({
    name: `${struct.name.text}.${name}`, base, count, pool, atomic: false,
    readGuard: null, writeGuard: null,
  });
  of.fields.get(struct)?.push({ place, init });
}

function addGuard(w: World, file: FileId, decl: SharedDecl | FieldDecl): void {
  const place = w.placeOf.get(decl);
  const old = place === undefined ? undefined : w.places[place];
  if (place === undefined || old === undefined || decl.guard === null) return;
  const f: ExprFrame = {
    world: w, owner: { file, name: decl.name.text }, bindings: new Map(), depth: 0, positive: true,
  };
  const { guard } = decl;
  w.places[place] = {
    ...old, readGuard: sideOf(f, guard, 'read'), writeGuard: sideOf(f, guard, 'write'),
  };
}

function sideOf(f: ExprFrame, guard: GuardDecl, side: 'read' | 'write'): Guard | null {
  if (guard.kind === 'by') {
    return { kind: 'lock', lock: lowerLock(f, guard.lock), write: side === 'write' };
  }
  const expr = side === 'read' ? guard.read : guard.write;
  return expr === null ? null : lowerGuard(f, expr);
}

function lowerGuard(f: ExprFrame, guard: GuardExpr): Guard {
  switch (guard.kind) {
    case 'and':
    case 'or':
      return {
        kind: guard.kind, left: lowerGuard(f, guard.left), right: lowerGuard(f, guard.right),
      };
    case 'lock':
      return { kind: 'lock', lock: lowerLock(f, guard.lock), write: guard.mode === 'write' };
    default:
      // `rcu`; a guard with a hole is not lowered.
      return { kind: 'rcu' };
  }
}

/** The orders between the program's lock classes, through classes that are not in it too. */
export function ordersOf(w: World, decls: readonly Placed[]): Program['orders'] {
  const inner = innerLocks(w, decls);
  const orders: { outer: number; inner: number }[] = [];
  for (const [from, place] of w.lockOf) {
    const reached = new Set(inner.get(from) ?? []);
    for (const decl of reached) for (const next of inner.get(decl) ?? []) reached.add(next);
    for (const decl of reached) {
      const to = w.lockOf.get(decl);
      if (to !== undefined) orders.push({ outer: place.cls, inner: to.cls });
    }
  }
  return orders.sort((a, b) => a.outer - b.outer || a.inner - b.inner);
}

/** The locks that some order names directly inside each lock. */
function innerLocks(w: World, decls: readonly Placed[]): ReadonlyMap<LockDecl, Set<LockDecl>> {
  const inner = new Map<LockDecl, Set<LockDecl>>();
  for (const { decl } of decls) {
    if (decl.kind !== 'order') continue;
    let outer: LockDecl | null = null;
    for (const e of decl.classes) {
      const entity = w.meaning.entities.get(e);
      if (entity?.kind !== 'lock') continue;
      if (outer !== null) inner.set(outer, (inner.get(outer) ?? new Set()).add(entity.decl));
      outer = entity.decl;
    }
  }
  return inner;
}
