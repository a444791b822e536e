// Control flow: branches, loops, choices, labels, atomic steps. Turns over constants and conditions
// on locals are silent.
import { unreachable } from '../text/unreachable.ts';
import type {
  Else, Expr, ForStmt, GotoStmt, IfStmt, LabelledStmt, LoopStmt, Stmt, StepStmt, TryStmt, WhileStmt,
} from '../syntax/ast.ts';
import type { Expr as Value, Target } from '../../../simulator/src/program.ts';
import type { Mark } from './code.ts';
import { constantDomain } from './constants.ts';
import type { LabelNode } from './entity.ts';
import { binary, constant } from './fold.ts';
import { intervalOf, isEmpty } from './intervals.ts';
import { lowerExpr, lowerLock } from './lower-expr.ts';
import { cmpxchg, jump, lowerBlock, lowerStmt, resultReg, silent, step } from './lower-stmt.ts';
import type { Frame } from './lower-stmt.ts';
import { readsShared } from './reads.ts';
import { addCell, localRanges } from './world.ts';

type Flow = Extract<Stmt, {
  kind: 'step' | 'if' | 'try' | 'while' | 'loop' | 'for' | 'choose' | 'labelled' | 'goto' | 'jump';
}>;

export function lowerFlow(f: Frame, s: Flow): void {
  switch (s.kind) {
    case 'step':
      return lowerStep(f, s);
    case 'if':
      return lowerIf(f, s);
    case 'try':
      return lowerTry(f, s);
    case 'while':
    case 'loop':
      return lowerLoop(f, s);
    case 'for':
      return lowerFor(f, s);
    case 'choose':
      return lowerChoose(f, s);
    case 'labelled':
      return lowerLabelled(f, s);
    case 'goto':
      return lowerGoto(f, s);
    case 'jump': {
      const to = s.jump === 'break' ? f.loop?.leave : f.loop?.again;
      return step(f, s, { op: 'nop' }, to ?? f.exit);
    }
    default:
      return unreachable(s);
  }
}

function lowerStep(f: Frame, s: StepStmt): void {
  if (s.label !== null) placeLabel(f, s, true);
  step(f, s, { op: 'nop' });
  if (s.body === null) return;
  lowerBlock({ ...f, atomic: f.atomic ?? f.world.sites.ofStmt(s, f.owner) }, s.body);
}

function markOf(f: Frame, node: LabelNode): Mark {
  const known = f.labels.get(node);
  if (known !== undefined) return known;
  const mark = f.code.mark();
  f.labels.set(node, mark);
  return mark;
}

function placeLabel(f: Frame, node: LabelNode, own: boolean): void {
  f.code.place(markOf(f, node));
  f.code.label(node, own);
}

/** The label has a place of its own before the statement, so that loops do not come back to it. */
function lowerLabelled(f: Frame, s: LabelledStmt): void {
  placeLabel(f, s, isStep(f, s.stmt));
  silent(f, withoutLabels(s), { op: 'nop' });
  lowerStmt(f, s.stmt);
}

/** A label is no step and has no site: that of the statement will do. */
function withoutLabels(s: Stmt): Stmt {
  return s.kind === 'labelled' ? withoutLabels(s.stmt) : s;
}

/**
 * Whether the label is that of a step, whenever it is taken. Else it belongs to the step that
 * follows, at the entry only, and something inside may go back to that one.
 */
function isStep(f: Frame, s: Stmt): boolean {
  switch (s.kind) {
    case 'while':
      // Its condition is the labelled step, at each turn.
      return isConditionStep(f, s.cond);
    case 'loop': case 'for': case 'call':
      return false;
    case 'labelled':
      return isStep(f, s.stmt);
    case 'let':
    case 'assign':
      return s.value.kind !== 'call';
    default:
      // Simple statements, and those that begin with a step of their own.
      return true;
  }
}

function isConditionStep(f: Frame, cond: Expr): boolean {
  if (cond.kind === 'unary' && cond.op === '!') return isConditionStep(f, cond.operand);
  return cond.kind === 'cmpxchg' || readsShared(f.world.meaning, cond);
}

function lowerGoto(f: Frame, s: GotoStmt): void {
  const entity = f.world.meaning.entities.get(s);
  const to = entity?.kind === 'label' ? markOf(f, entity.node) : f.exit;
  step(f, s, { op: 'nop' }, to);
}

function lowerChoose(f: Frame, s: Extract<Stmt, { kind: 'choose' }>): void {
  const targets = s.branches.map(() => f.code.mark());
  const end = f.code.mark();
  step(f, s, { op: 'choose', targets });
  s.branches.forEach((branch, i) => {
    const mark = targets[i];
    if (mark !== undefined) f.code.place(mark);
    lowerBlock(f, branch);
    jump(f, s, end);
  });
  f.code.place(end);
}

interface Ways {
  readonly yes: Mark;
  readonly no: Mark;
}

/** Goes one way or the other; a step if the condition reads shared state. */
function lowerCondition(f: Frame, s: IfStmt | WhileStmt, ways: Ways): void {
  let { yes, no } = ways;
  let core: Expr = s.cond;
  while (core.kind === 'unary' && core.op === '!') {
    core = core.operand;
    [yes, no] = [no, yes];
  }
  if (core.kind === 'cmpxchg') {
    const result = resultReg(f);
    step(f, s, cmpxchg(f, core, result));
    silent(f, s, { op: 'branch', cond: { kind: 'reg', reg: result }, otherwise: no }, yes);
    return;
  }
  const cond = lowerExpr(f, core);
  const body = { op: 'branch', cond, otherwise: no } as const;
  if (readsShared(f.world.meaning, core)) step(f, s, body, yes);
  else if (cond.kind === 'const') {
    passOver(f, s);
    jump(f, s, cond.value === 0 ? no : yes);
  } else silent(f, s, body, yes);
}

/** It does nothing by itself. */
function passOver(f: Frame, s: Stmt): void {
  const { length } = f.code;
  f.code.pass({ file: f.owner.file, range: s.range, first: length, end: length });
}

function lowerIf(f: Frame, s: IfStmt): void {
  const yes = f.code.mark();
  const no = f.code.mark();
  lowerCondition(f, s, { yes, no });
  lowerBranches(f, s, { yes, no });
}

function lowerBranches(f: Frame, s: IfStmt | TryStmt, ways: Ways): void {
  const end = f.code.mark();
  f.code.place(ways.yes);
  lowerBlock(f, s.then);
  jump(f, s, end);
  f.code.place(ways.no);
  lowerElse(f, s.otherwise);
  f.code.place(end);
}

function lowerElse(f: Frame, otherwise: Else | null): void {
  if (otherwise === null) return;
  if (otherwise.kind === 'block') lowerBlock(f, otherwise.block);
  else lowerStmt(f, otherwise);
}

function lowerTry(f: Frame, s: TryStmt): void {
  const yes = f.code.mark();
  const no = f.code.mark();
  const result = resultReg(f);
  const mode = s.mode ?? 'write';
  step(f, s, { op: 'try', lock: lowerLock(f, s.lock), mode, nested: s.nested, result });
  silent(f, s, { op: 'branch', cond: { kind: 'reg', reg: result }, otherwise: no }, yes);
  lowerBranches(f, s, { yes, no });
}

function lowerLoop(f: Frame, s: WhileStmt | LoopStmt): void {
  const again = f.code.mark();
  const leave = f.code.mark();
  f.code.place(again);
  if (s.kind === 'while') {
    const yes = f.code.mark();
    lowerCondition(f, s, { yes, no: leave });
    f.code.place(yes);
  } else passOver(f, s);
  lowerBlock({ ...f, loop: { leave, again } }, s.body);
  jump(f, s, again);
  f.code.place(leave);
}

/** Bounds are worked out once; the variable ends at the last value, never beyond. */
function lowerFor(f: Frame, s: ForStmt): void {
  const binding = f.bindings.get(s);
  if (binding?.kind !== 'cell') return;
  const { cell, name } = binding;
  const variable: Value = { kind: 'local', cell };
  const target: Target = { kind: 'local', cell, name };
  const marks = { turn: f.code.mark(), again: f.code.mark(), leave: f.code.mark() };
  const { lo, hi, reads } = boundsOf(f, s);
  const enter = reads ? step : silent;
  if (lo.kind === 'const' && hi.kind === 'const' && lo.value > hi.value) {
    jump(f, s, marks.leave);
  }
  enter(f, s, { op: 'set', target, value: lo });
  const last = lastOf(f, s, hi);
  if (lo.kind !== 'const' || last.kind !== 'const') {
    const cond = binary('<=', variable, last);
    silent(f, s, { op: 'branch', cond, otherwise: marks.leave }, marks.turn);
  }
  f.code.place(marks.turn);
  lowerBlock({ ...f, loop: { leave: marks.leave, again: marks.again } }, s.body);
  f.code.place(marks.again);
  const more = binary('<', variable, last);
  const next = f.code.mark();
  silent(f, s, { op: 'branch', cond: more, otherwise: marks.leave }, next);
  f.code.place(next);
  const plusOne = binary('+', variable, constant(1));
  silent(f, s, { op: 'set', target, value: plusOne }, marks.turn);
  f.code.place(marks.leave);
}

function boundsOf(
  f: Frame, s: ForStmt,
): { readonly lo: Value; readonly hi: Value; readonly reads: boolean } {
  const { domain } = s;
  if (domain.kind === 'range') {
    const { meaning } = f.world;
    const reads = readsShared(meaning, domain.lo) || readsShared(meaning, domain.hi);
    return { lo: lowerExpr(f, domain.lo), hi: lowerExpr(f, domain.hi), reads };
  }
  const fixed = constantDomain(domain, f.world.consts) ?? { lo: 0, hi: -1 };
  return { lo: constant(fixed.lo), hi: constant(fixed.hi), reads: false };
}

/** The upper bound where it stays: itself if constant, else a cell that keeps it. */
function lastOf(f: Frame, s: ForStmt, hi: Value): Value {
  if (hi.kind === 'const' || s.domain.kind !== 'range') return hi;
  const { world } = f;
  const locals = localRanges(world, f.body).locals;
  const found = intervalOf(s.domain.hi, { consts: world.consts, locals, memo: new Map() });
  const range = isEmpty(found) ? { lo: 0, hi: 0 } : found;
  const name = `last ${s.name.text}`;
  const cell = addCell(world, { type: { kind: 'int', ...range }, name, thread: f.thread });
  silent(f, s, { op: 'set', target: { kind: 'local', cell, name }, value: hi });
  return { kind: 'local', cell };
}
