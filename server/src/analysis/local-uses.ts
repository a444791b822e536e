// Which locals a lowered step uses, and whether a comparison in it checks one against what is there
// now.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, CellIdx, Expr, Instr, LockIdx, LockRef, SiteId, Target,
} from '../../../simulator/src/program.ts';
import { loads } from './accesses.ts';
import type { Mark } from './walk-state.ts';

export interface Uses {
  /** Each use, with the access it is made for or the step. */
  readonly used: readonly { readonly cell: CellIdx; readonly site: SiteId }[];
  /** Locals whose value goes into the step's own value. */
  readonly copied: readonly CellIdx[];
  /** A stale local is compared with a fresh value. */
  readonly revalidates: boolean;
}

export interface Asked {
  readonly isStale: (cell: CellIdx) => boolean;
  readonly isRef: (cell: CellIdx) => boolean;
}

export function fresh(under: readonly LockIdx[], readAt: SiteId): Mark {
  return {
    under: [...under].sort((a, b) => a - b), readAt,
    dropped: [], droppedAt: -1, retaken: null, retakenAt: -1,
  };
}

interface Scan extends Asked {
  readonly used: { cell: CellIdx; site: SiteId }[];
  revalidates: boolean;
}

export function scanUses(instr: Instr, asked: Asked): Uses {
  const scan: Scan = { ...asked, used: [], revalidates: false };
  const value = valueOf(instr);
  // Copying a local as it is uses nothing of what it stands for.
  const moved = value !== null && value.kind === 'local';
  if (!moved && value !== null) expr(scan, value, instr.site);
  operands(scan, instr);
  return {
    used: scan.used,
    copied: value === null ? [] : locals(value),
    revalidates: scan.revalidates,
  };
}

/** What is assigned to a local. */
function valueOf(instr: Instr): Expr | null {
  return instr.op === 'set' && instr.target.kind !== 'store' ? instr.value : null;
}

function locals(value: Expr): readonly CellIdx[] {
  const scan: Scan = {
    isStale: () => false, isRef: () => false, used: [], revalidates: false,
  };
  expr(scan, value, -1);
  return scan.used.map((use) => use.cell);
}

function operands(scan: Scan, instr: Instr): void {
  const { site } = instr;
  switch (instr.op) {
    case 'set':
      if (instr.target.kind === 'store') expr(scan, instr.value, site);
      return target(scan, instr.target);
    case 'any':
      expr(scan, instr.lo, site);
      expr(scan, instr.hi, site);
      return target(scan, instr.target);
    case 'branch':
    case 'await':
    case 'assert': return expr(scan, instr.cond, site);
    case 'acquire':
    case 'try': return lock(scan, instr.lock, site);
    case 'cmpxchg':
      if (staleIn(scan, instr.old)) scan.revalidates = true;
      else expr(scan, instr.old, site);
      expr(scan, instr.value, site);
      return access(scan, instr.access);
    case 'new':
      for (const init of instr.inits) expr(scan, init.value, site);
      return target(scan, instr.target);
    case 'free': return expr(scan, instr.value, site);
    // What was taken through a local is rightly given back through it.
    case 'release':
    case 'downgrade':
    case 'nop':
    case 'choose':
    case 'outcome':
    case 'rcu_lock':
    case 'rcu_unlock':
    case 'synchronize_rcu':
    case 'end': return;
    default: unreachable(instr);
  }
}

function target(scan: Scan, it: Target): void {
  if (it.kind === 'store') access(scan, it.access);
}

function access(scan: Scan, it: Access): void {
  if (it.ref !== null) expr(scan, it.ref, it.site);
  if (it.index !== null) expr(scan, it.index, it.site);
}

function lock(scan: Scan, it: LockRef, site: SiteId): void {
  if (it.ref !== null) expr(scan, it.ref, site);
  if (it.index !== null) expr(scan, it.index, site);
}

function expr(scan: Scan, it: Expr, site: SiteId): void {
  switch (it.kind) {
    case 'local':
      scan.used.push({ cell: it.cell, site });
      return;
    case 'load': return access(scan, it.access);
    case 'not':
    case 'neg': return expr(scan, it.operand, site);
    case 'binary':
      if (it.op === '==' || it.op === '!=') return comparison(scan, it, site);
      expr(scan, it.left, site);
      return expr(scan, it.right, site);
    case 'one_of':
      for (const part of [it.value, ...it.items]) expr(scan, part, site);
      return;
    case 'between':
      for (const part of [it.value, it.lo, it.hi]) expr(scan, part, site);
      return;
    case 'quantifier':
      for (const part of [it.lo, it.hi, it.body]) expr(scan, part, site);
      return;
    case 'held':
    case 'holds': return lock(scan, it.lock, site);
    case 'const':
    case 'reg':
    case 'done':
    case 'at':
    case 'outcome':
    case 'self_ref':
    case 'self_index': return;
    default: unreachable(it);
  }
}

/** `v == mm_vma` asks whether `v` still is what it was; `v == null` says nothing about it. */
function comparison(
  scan: Scan, { left, right }: Extract<Expr, { kind: 'binary' }>, site: SiteId,
): void {
  const [local, other] = left.kind === 'local' && scan.isStale(left.cell)
    ? [left, right] : [right, left];
  if (local.kind === 'local' && scan.isStale(local.cell)) {
    if (isFresh(scan, other)) {
      scan.revalidates = true;
      return;
    }
    if (other.kind === 'const' && other.value === 0 && scan.isRef(local.cell)) return;
  }
  expr(scan, left, site);
  expr(scan, right, site);
}

/** Something that is read now, or a local that is not stale. */
function isFresh(scan: Scan, it: Expr): boolean {
  if (it.kind === 'local') return !scan.isStale(it.cell);
  return loads(it, true).length > 0 && !staleIn(scan, it);
}

function staleIn(scan: Scan, it: Expr): boolean {
  const inner: Scan = { isStale: () => false, isRef: scan.isRef, used: [], revalidates: false };
  expr(inner, it, -1);
  return inner.used.some((use) => scan.isStale(use.cell));
}
