// Declared lock orders: each class once in an order, and no two orders against each other.
import type { Range } from '../text/range.ts';
import type { FileId } from '../text/range.ts';
import type { LockDecl, OrderDecl } from '../syntax/ast.ts';
import { explained, report } from './context.ts';
import type { Ctx } from './context.ts';
import { checkLock } from './lock-names.ts';
import type { ExprCx } from './scope.ts';

export interface Edge {
  readonly to: LockDecl;
  readonly file: FileId;
  readonly range: Range;
}

export function checkOrder(c: Ctx, decl: OrderDecl): void {
  const x: ExprCx = { c, where: 'property', scope: null, scenario: null };
  const seen = new Set<LockDecl>();
  let outer: LockDecl | null = null;
  for (const e of decl.classes) {
    if (e.kind === 'index') {
      report(c, 'type', e.range, 'an order is between lock classes; name the array as a whole');
      continue;
    }
    const lock = checkLock(x, e, { role: 'read', whole: true, asClass: true });
    if (lock === null) continue;
    if (seen.has(lock)) {
      report(c, 'type', e.range, `\`${lock.name.text}\` stands in this order already`);
    } else if (outer !== null) {
      addEdge(c, outer, { to: lock, file: c.file, range: e.range });
    }
    seen.add(lock);
    outer = lock;
  }
}

/** Reports an edge that closes a circle with those before it. */
function addEdge(c: Ctx, from: LockDecl, edge: Edge): void {
  const back = wayTo(c, edge.to, from);
  if (back === null) {
    c.orders.set(from, [...(c.orders.get(from) ?? []), edge]);
    return;
  }
  const [outer, inner] = [from.name.text, edge.to.name.text];
  const message = `\`${outer}\` outside of \`${inner}\` is against the order declared before`;
  const related = { file: back.file, range: back.range, message: 'the other way round here' };
  report(c, 'type', edge.range, explained(message, related));
}

/** The last edge of a way along declared orders, or null. */
function wayTo(c: Ctx, start: LockDecl, goal: LockDecl): Edge | null {
  const reached = new Set([start]);
  for (const at of reached) {
    for (const edge of c.orders.get(at) ?? []) {
      if (edge.to === goal) return edge;
      reached.add(edge.to);
    }
  }
  return null;
}
