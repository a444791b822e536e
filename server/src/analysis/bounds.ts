// The bounds of numbers, once a declaration is checked: locals by inference, expressions from them.
import type { Expr, ForStmt, LetStmt } from '../syntax/ast.ts';
import { report } from './context.ts';
import type { Ctx } from './context.ts';
import type { Owner } from './entity.ts';
import { inferLocals, intervalOf, isEmpty } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { written } from './types.ts';
import { MAX_CELL_VALUE } from './limits.ts';
import { walkStmts } from './walk.ts';

/** Works out the ranges of a body's locals and with them the bounds of all its numbers. */
export function finishBody(c: Ctx, owner: Owner): void {
  const { locals, unbounded } = inferLocals(owner, c.consts);
  for (const node of unbounded) {
    const { text } = node.name;
    report(c, 'type', node.name.range, `the values of \`${text}\` have no end; give it a type, `
      + `as in \`let ${text}: 0..7 = ...\``);
  }
  for (const [node, interval] of locals) {
    if (unbounded.includes(node)) continue;
    c.localTypes.set(node, { kind: 'int', ...orZero(interval) });
  }
  finishInts(c, locals);
  walkStmts(owner.body, (s) => {
    if (s.kind === 'let') tellType(c, s);
    if (s.kind === 'for') tellDomain(c, s);
  });
}

function orZero(interval: Interval): Interval {
  return isEmpty(interval) ? { lo: 0, hi: 0 } : interval;
}

function tellType(c: Ctx, s: LetStmt): void {
  const entity = c.entities.get(s.name);
  const type = c.localTypes.get(s);
  if (entity === undefined || type === undefined) return;
  entity.sym.detail = `let ${s.name.text}: ${written(type)}`;
}

function tellDomain(c: Ctx, s: ForStmt): void {
  const entity = c.entities.get(s.name);
  const text = c.texts.get(c.file) ?? '';
  if (entity === undefined) return;
  const { start, end } = s.domain.range;
  entity.sym.detail = `for ${s.name.text} in ${text.slice(start, end).replace(/\s+/g, ' ')}`;
}

/** Gives every number of the declaration at hand its bounds. */
export function finishInts(c: Ctx, locals: ReadonlyMap<LetStmt, Interval>): void {
  if (c.pendingInts.length === 0) return;
  const cx = { consts: c.consts, locals, memo: new Map<Expr, Interval>() };
  let reported = false;
  for (const e of c.pendingInts) {
    const interval = orZero(intervalOf(e, cx));
    c.types.set(e, { kind: 'int', lo: interval.lo, hi: interval.hi });
    const tooLarge = Math.max(-interval.lo, interval.hi) > MAX_CELL_VALUE;
    if (!tooLarge || reported || e.kind !== 'binary' || isConstant(interval)) continue;
    if (!Number.isFinite(interval.lo) || !Number.isFinite(interval.hi)) continue;
    reported = true;
    report(c, 'type', e.range, `this can be as large as ${Math.max(-interval.lo, interval.hi)}; `
      + `numbers of a state fit 32 bits (${MAX_CELL_VALUE} at most)`);
  }
  c.pendingInts = [];
}

function isConstant(interval: Interval): boolean {
  return interval.lo === interval.hi;
}
