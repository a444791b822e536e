// Statements: names, types, modes, jumps, and what may not stand inside an atomic step.
import { unreachable } from '../text/unreachable.ts';
import type {
  AcquireStmt, AssignStmt, Block, DowngradeStmt, Expr, ForStmt, FreeStmt, IfStmt, LetStmt, Name,
  OutcomeStmt, ProcDecl, RcuStmt, ReleaseStmt, StepStmt, Stmt, TryStmt, WhileStmt,
} from '../syntax/ast.ts';
import { breakDecl, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import { typeOf } from './constants.ts';
import { checkDomain } from './domains.ts';
import type { Entity, LabelEntity, Owner } from './entity.ts';
import { checkExpr, need } from './expr.ts';
import { checkGoto, checkJump, checkReturn } from './jumps.ts';
import { checkLock, checkMode } from './lock-names.ts';
import { reportDuplicate } from './names.ts';
import { checkPlace } from './places.ts';
import { openScope } from './scope.ts';
import type { ExprCx, Scope } from './scope.ts';
import { makeSym } from './symbols.ts';
import { checkTakes } from './takes.ts';
import { unknownOutcome } from './thread-names.ts';
import { checkTypeExpr } from './type-exprs.ts';
import { BOOL, UNKNOWN, describe } from './types.ts';
import type { Type } from './model.ts';
import { checkCall, checkCmpxchg, checkValue, needValue } from './values.ts';
import { elseStmt } from './walk.ts';

/** What can be judged only when all bodies are known. */
export interface Late {
  /** The first statement of each body that can block. */
  readonly blockers: Map<Owner, Stmt>;
  readonly calls: {
    readonly owner: Owner; readonly proc: ProcDecl; readonly at: Name; readonly step: boolean;
  }[];
  readonly outcomes: { readonly proc: ProcDecl; readonly stmt: OutcomeStmt }[];
}

export interface BodyCx {
  readonly c: Ctx;
  readonly late: Late;
  readonly owner: Owner;
  readonly scope: Scope;
  readonly labels: ReadonlyMap<string, LabelEntity>;
  /** The atomic step around. */
  readonly step: StepStmt | null;
  /** The nearest loop: in the same atomic step (or none is around), or outside of it. */
  readonly loop: 'none' | 'here' | 'outside';
  readonly fors: readonly ForStmt[];
}

function exprCx(b: BodyCx): ExprCx {
  return { c: b.c, where: 'thread', scope: b.scope, scenario: null };
}

function conditionCx(b: BodyCx): ExprCx {
  return { ...exprCx(b), where: 'condition' };
}

export function checkBlock(b: BodyCx, block: Block): Scope {
  const scope = openScope(b.scope);
  checkStmts({ ...b, scope }, block);
  return scope;
}

export function checkStmts(b: BodyCx, block: Block): void {
  for (const s of block.stmts) checkStmt(b, s);
}

function checkStmt(b: BodyCx, s: Stmt): void {
  if (s.takes !== null) checkTakes(b.c, s.takes);
  switch (s.kind) {
    case 'acquire': case 'release': case 'downgrade': case 'try':
      return checkLockStmt(b, s);
    case 'assign': case 'write_once': case 'let': case 'free': case 'call':
      return checkData(b, s);
    case 'choose':
      return s.branches.forEach((branch) => checkBlock(b, branch));
    case 'step':
      return checkStep(b, s);
    case 'if':
      return checkIf(b, s);
    case 'while': case 'loop': case 'for':
      return checkLoop(b, s);
    case 'labelled':
      return checkStmt(b, s.stmt);
    case 'jump':
      return checkJump(b, s);
    case 'goto':
      return checkGoto(b, s);
    case 'return':
      return checkReturn(b, s);
    case 'await':
      blocks(b, s, '`await`');
      return void need(conditionCx(b), s.cond, BOOL);
    case 'assert':
      return void need(conditionCx(b), s.cond, BOOL);
    case 'outcome':
      return checkOutcome(b, s);
    case 'rcu':
      return checkRcu(b, s);
    case 'hole':
      return breakDecl(b.c);
    default:
      return unreachable(s);
  }
}

/** Notes that a statement can block, and reports it inside an atomic step. */
function blocks(b: BodyCx, s: Stmt, what: string): void {
  if (!b.late.blockers.has(b.owner)) b.late.blockers.set(b.owner, s);
  if (b.step === null) return;
  const hint = s.kind === 'acquire'
    ? '; take the lock before the step, or use `if try acquire`' : '; do it before the step';
  report(b.c, 'type', s.range, `${what} can block, and nothing inside an atomic step may${hint}`);
}

function checkLockStmt(b: BodyCx, s: AcquireStmt | ReleaseStmt | DowngradeStmt | TryStmt): void {
  const { c } = b;
  const decl = checkLock(exprCx(b), s.lock, { role: 'write', whole: false });
  if (s.kind === 'acquire') blocks(b, s, '`acquire`');
  if (decl !== null) {
    if (s.kind === 'downgrade') {
      if (decl.lockKind !== 'rwsem' && decl.lockKind !== null) {
        report(c, 'type', s.range,
          `\`${decl.name.text}\` is a ${decl.lockKind}; only an rwsem can be downgraded`);
      }
    } else {
      const word = s.kind === 'release' ? 'release' : 'acquire';
      const range = s.kind === 'try' ? s.head : s.range;
      checkMode(c, decl, { word, mode: s.mode, range });
    }
  }
  if (s.kind !== 'try') return;
  checkBlock(b, s.then);
  checkElse(b, s);
}

function checkElse(b: BodyCx, s: IfStmt | TryStmt): void {
  if (s.otherwise?.kind === 'block') checkBlock(b, s.otherwise.block);
  const inner = elseStmt(s.otherwise);
  if (inner !== null) checkStmt(b, inner);
}

function checkIf(b: BodyCx, s: IfStmt): void {
  checkCondition(b, s.cond);
  checkBlock(b, s.then);
  checkElse(b, s);
}

/** Of `if` and `while`: may as a whole be a `cmpxchg`, also after `!`. */
function checkCondition(b: BodyCx, cond: Expr): void {
  if (cond.kind === 'unary' && cond.op === '!' && coreOf(cond).kind === 'cmpxchg') {
    b.c.types.set(cond, BOOL);
    return checkCondition(b, cond.operand);
  }
  if (cond.kind === 'cmpxchg') checkCmpxchg(exprCx(b), cond);
  else need(exprCx(b), cond, BOOL);
}

/** A condition without the `!`s before it. */
export function coreOf(cond: Expr): Expr {
  let core = cond;
  while (core.kind === 'unary' && core.op === '!') core = core.operand;
  return core;
}

type DataStmt = Extract<Stmt, { kind: 'assign' | 'write_once' | 'let' | 'free' | 'call' }>;

function checkData(b: BodyCx, s: DataStmt): void {
  const x = exprCx(b);
  switch (s.kind) {
    case 'assign':
      return checkAssign(b, s);
    case 'write_once': {
      const type = checkPlace(x, s.target, { role: 'write', sharedOnly: '`WRITE_ONCE`' });
      return needValue(x, s.value, type);
    }
    case 'let':
      return checkLet(b, s);
    case 'free':
      return checkFree(x, s);
    default:
      // `call`.
      checkCall(x, { proc: s.proc, args: s.args, node: s, wantsValue: false });
      noteCall(b, s.proc);
  }
}

function checkAssign(b: BodyCx, s: AssignStmt): void {
  const x = exprCx(b);
  const type = checkPlace(x, s.target, { role: 'write', sharedOnly: null });
  if (s.op === '=') {
    needValue(x, s.value, type);
    if (s.value.kind === 'call') noteCall(b, s.value.proc);
  } else if (type.kind === 'int' || type.kind === 'flags') {
    need(x, s.value, type);
  } else {
    checkExpr(x, s.value, type);
    if (type.kind === 'unknown') return;
    report(b.c, 'type', s.target.range,
      `\`${s.op}\` works on numbers and flags, not on ${describe(type)}`);
  }
}

function noteCall(b: BodyCx, at: Name): void {
  const entity = b.c.entities.get(at);
  if (entity?.kind !== 'proc') return;
  b.late.calls.push({ owner: b.owner, proc: entity.decl, at, step: b.step !== null });
}

function checkFree(x: ExprCx, s: FreeStmt): void {
  const type = checkExpr(x, s.value, null);
  if (type.kind === 'ref' || type.kind === 'unknown') return;
  report(x.c, 'type', s.value.range,
    `\`${s.deferred ? 'free_rcu' : 'free'}\` takes an object, not ${describe(type)}`);
}

function checkLet(b: BodyCx, s: LetStmt): void {
  const { c } = b;
  const x = exprCx(b);
  let type: Type;
  if (s.type !== null) {
    checkTypeExpr(c, s.type, { arrays: false });
    type = typeOf(s.type, c.consts);
    needValue(x, s.value, type);
  } else {
    type = letType(c, s, checkValue(x, s.value, null));
  }
  if (s.value.kind === 'call') noteCall(b, s.value.proc);
  c.localTypes.set(s, type);
  declareLocal(b, s.name, s);
}

function letType(c: Ctx, s: LetStmt, found: Type): Type {
  switch (found.kind) {
    case 'null':
      report(c, 'type', s.value.range, `say what \`${s.name.text}\` refers to: `
        + `\`let ${s.name.text}: ref STRUCT = null\``);
      return UNKNOWN;
    case 'array':
      report(c, 'type', s.value.range, 'a local holds one value; say which element: `[i]`');
      return UNKNOWN;
    case 'duration':
    case 'lock':
    case 'outcome':
      report(c, 'type', s.value.range, `a local cannot hold ${describe(found)}`);
      return UNKNOWN;
    default:
      // Values that a local can hold.
      return found;
  }
}

function declareLocal(b: BodyCx, name: Name, node: LetStmt | ForStmt): void {
  const { c, scope } = b;
  const sym = makeSym({
    kind: 'local', file: c.file, name, full: node.range, container: b.owner.name.text,
    detail: node.kind === 'let' ? `let ${name.text}` : `for ${name.text}`,
  });
  const entity: Entity = { kind: 'local', file: c.file, sym, node };
  refer(c, name, entity, { role: 'declaration' });
  if (name.text === '') return;
  const earlier = scope.names.get(name.text);
  if (earlier !== undefined) reportDuplicate(c, name, earlier);
  scope.names.set(name.text, entity);
}

function checkStep(b: BodyCx, s: StepStmt): void {
  if (s.body === null) return;
  const loop = b.loop === 'none' ? 'none' : 'outside';
  const inner = checkBlock({ ...b, step: s, loop }, s.body);
  for (const [name, entity] of inner.names) b.scope.ended.set(name, entity);
}

function checkLoop(b: BodyCx, s: Extract<Stmt, { kind: 'loop' | 'for' }> | WhileStmt): void {
  if (s.kind === 'while') checkCondition(b, s.cond);
  if (s.kind !== 'for') {
    checkBlock({ ...b, loop: 'here' }, s.body);
    return;
  }
  checkDomain(exprCx(b), s.domain);
  const scope = openScope(b.scope);
  const inner: BodyCx = { ...b, scope, loop: 'here', fors: [...b.fors, s] };
  declareLocal(inner, s.name, s);
  checkBlock(inner, s.body);
}

function checkOutcome(b: BodyCx, s: OutcomeStmt): void {
  const { c, owner } = b;
  if (s.name.text === '') return breakDecl(c);
  if (owner.kind === 'proc') {
    b.late.outcomes.push({ proc: owner, stmt: s });
    return;
  }
  const outcome = c.outcomes.get(owner)?.get(s.name.text);
  if (outcome === undefined) unknownOutcome(c, s.name, owner);
  else refer(c, s.name, outcome, { role: 'write', node: s });
}

function checkRcu(b: BodyCx, s: RcuStmt): void {
  if (s.op === 'synchronize') blocks(b, s, '`synchronize_rcu`');
}
