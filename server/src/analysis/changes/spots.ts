// The statements of a file's threads and procs, each with where it stands: in which block, at which
// place, inside what.
import type { Block, Expr, Stmt } from '../../syntax/ast.ts';
import type { Owner } from '../entity.ts';
import type { Model } from '../model.ts';
import { blocksOf, innerStmt, walkExpr } from '../walk.ts';
import { exprsOf } from './stmt-exprs.ts';

export interface Spot {
  /** Without its labels. */
  readonly stmt: Stmt;
  /** With them: what stands in the block. */
  readonly whole: Stmt;
  readonly owner: Owner;
  /** null for an `else if`, which stands in no block of its own. */
  readonly block: Block | null;
  /** In `block.stmts`. */
  readonly index: number;
  /** The statement whose block this is. */
  readonly up: Spot | null;
}

/** In the order of the text. */
export function spotsOf(model: Model): readonly Spot[] {
  const spots: Spot[] = [];
  for (const { file, decl } of model.decls) {
    if (file !== model.file || model.broken.has(decl)) continue;
    if (decl.kind === 'thread' || decl.kind === 'proc') addBlock(spots, decl, decl.body, null);
  }
  return spots;
}

function addBlock(spots: Spot[], owner: Owner, block: Block, up: Spot | null): void {
  block.stmts.forEach((whole, index) => {
    let stmt = whole;
    while (stmt.kind === 'labelled') stmt = stmt.stmt;
    add(spots, { stmt, whole, owner, block, index, up });
  });
}

function add(spots: Spot[], spot: Spot): void {
  spots.push(spot);
  for (const block of blocksOf(spot.stmt)) addBlock(spots, spot.owner, block, spot);
  const chained = innerStmt(spot.stmt);
  if (chained !== null) add(spots, { ...spot, stmt: chained, whole: chained, block: null });
}

/** The other statements of its block. */
export function siblingsOf(spots: readonly Spot[], spot: Spot): readonly Spot[] {
  return spot.block === null ? [spot] : spots.filter((it) => it.block === spot.block);
}

/** Shared state and fields that the statement itself names (not what is in its blocks). */
export function sharedIn(model: Model, spot: Spot): ReadonlySet<string> {
  const names = new Set<string>();
  for (const expr of exprsOf(spot.stmt)) for (const it of sharedOf(model, expr)) names.add(it);
  return names;
}

/** `pte`, `vma.vm_flags`: as the subject of a violation names it. */
export function sharedOf(model: Model, expr: Expr): ReadonlySet<string> {
  const names = new Set<string>();
  walkExpr(expr, (part) => {
    const entity = model.meaning.entities.get(part);
    if (entity?.kind === 'shared') names.add(entity.decl.name.text);
    if (entity?.kind === 'field') names.add(`${entity.struct.name.text}.${entity.decl.name.text}`);
  });
  return names;
}

export function localsIn(model: Model, expr: Expr): boolean {
  let found = false;
  walkExpr(expr, (part) => {
    const kind = model.meaning.entities.get(part)?.kind;
    if (kind === 'local' || kind === 'parameter') found = true;
  });
  return found;
}
