// Which locals a lowered step uses, and whether a comparison in it checks one against what is there
// now.
import { unreachable } from '../text/unreachable.ts';
import type {
  Access, CellIdx, Expr, Instr, LockIdx, LockRef, PlaceIdx, SiteId,
} from '../../../simulator/src/program.ts';
import { loads } from './accesses.ts';
import { operandsIn, operandsOf, placing, type Operand } from './operands.ts';
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

export function fresh(under: readonly LockIdx[], from: PlaceIdx, readAt: SiteId): Mark {
  return {
    under: [...under].sort((a, b) => a - b), from: [from], readAt,
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
    case 'cmpxchg':
      if (staleIn(scan, instr.old)) scan.revalidates = true;
      else expr(scan, instr.old, site);
      expr(scan, instr.value, site);
      return placed(scan, instr.access, instr.access.site);
    // What was taken through a local is rightly given back through it.
    case 'release':
    case 'downgrade': return;
    case 'set':
      if (instr.target.kind !== 'store') return;
      return each(scan, operandsOf(instr), site);
    default: // The others use what they work on.
      return each(scan, operandsOf(instr), site);
  }
}

function each(scan: Scan, found: readonly Operand[], site: SiteId): void {
  for (const operand of found) {
    switch (operand.kind) {
      case 'value':
        expr(scan, operand.expr, site);
        break;
      case 'access':
        placed(scan, operand.access, operand.access.site);
        break;
      case 'lock':
        placed(scan, operand.lock, site);
        break;
      case 'local':
        if (operand.does === 'read') scan.used.push({ cell: operand.cell, site });
        break;
      default: unreachable(operand);
    }
  }
}

function placed(scan: Scan, it: Access | LockRef, site: SiteId): void {
  for (const part of placing(it)) expr(scan, part, site);
}

function expr(scan: Scan, it: Expr, site: SiteId): void {
  const compares = it.kind === 'binary' && (it.op === '==' || it.op === '!=');
  if (compares) comparison(scan, it, site);
  else each(scan, operandsIn(it), site);
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
