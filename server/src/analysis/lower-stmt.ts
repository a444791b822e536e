// Statements as instructions. Every simple statement is one step; silent control flow and the body
// of an atomic step belong to the step before.
import { unreachable } from '../text/unreachable.ts';
import type {
  AssignStmt, Block, CallStmt, Expr, LetStmt, ReturnStmt, Stmt, WriteOnceStmt,
} from '../syntax/ast.ts';
import type { Target } from '../../../simulator/src/program.ts';
import { constantDomain, typeOf } from './constants.ts';
import type { Body, Code, Emitted, Mark } from './code.ts';
import type { LabelNode, Owner } from './entity.ts';
import { binary, constant } from './fold.ts';
import { lowerCall } from './lower-call.ts';
import { lowerFlow } from './lower-flow.ts';
import { lowerAccess, lowerExpr, lowerLock } from './lower-expr.ts';
import type { ExprFrame } from './lower-expr.ts';
import type { Binding, Instance } from './world.ts';
import { cellRange } from './world.ts';

/** One body as it is inlined in one instance. */
export interface Frame extends ExprFrame {
  readonly bindings: Map<object, Binding>;
  readonly code: Code;
  readonly body: Owner;
  readonly instance: Instance;
  readonly thread: number;
  /** The `step { }` around, by its site: inside it nothing rests. */
  readonly atomic: number | null;
  readonly loop: { readonly leave: Mark; readonly again: Mark } | null;
  /** Where `return` goes, and in a proc its value. */
  readonly exit: Mark;
  readonly result: Target | null;
  /** For `goto`, by label. */
  readonly labels: Map<LabelNode, Mark>;
}

/** Emits a step (inside an atomic one a part of it). */
export function step(f: Frame, s: Stmt, body: Body, next?: Mark): void {
  f.code.emit(body, placed(f, s, { rest: f.atomic === null, next }));
}

/** Emits something that belongs to the step before. */
export function silent(f: Frame, s: Stmt, body: Body, next?: Mark): void {
  f.code.emit(body, placed(f, s, { rest: false, next }));
}

function placed(f: Frame, s: Stmt, { rest, next }: Pick<Emitted, 'rest' | 'next'>): Emitted {
  return {
    rest, next, site: f.world.sites.ofStmt(s, f.owner), within: f.atomic ?? undefined,
  };
}

export function jump(f: Frame, s: Stmt, to: Mark): void {
  silent(f, s, { op: 'nop' }, to);
}

export function lowerBlock(f: Frame, block: Block): void {
  for (const s of block.stmts) lowerStmt(f, s);
}

export function lowerStmt(f: Frame, s: Stmt): void {
  switch (s.kind) {
    case 'acquire': {
      const lock = lowerLock(f, s.lock);
      return step(f, s, { op: 'acquire', lock, mode: s.mode ?? 'write', nested: s.nested });
    }
    case 'release':
      return step(f, s, { op: 'release', lock: lowerLock(f, s.lock), mode: s.mode });
    case 'downgrade':
      return step(f, s, { op: 'downgrade', lock: lowerLock(f, s.lock) });
    case 'assign': case 'write_once': case 'let': case 'call':
      return lowerData(f, s);
    case 'free':
      return lowerFree(f, s);
    case 'await':
      return step(f, s, { op: 'await', cond: lowerExpr(f, s.cond) });
    case 'assert':
      return step(f, s, { op: 'assert', cond: lowerExpr(f, s.cond), text: s.text });
    case 'outcome':
      return lowerOutcome(f, s);
    case 'rcu':
      return step(f, s, { op: RCU_OPS[s.op] });
    case 'return':
      return lowerReturn(f, s);
    case 'step': case 'if': case 'try': case 'while': case 'loop': case 'for': case 'choose':
    case 'labelled': case 'goto': case 'jump':
      return lowerFlow(f, s);
    case 'hole':
      return;
    default:
      return unreachable(s);
  }
}

const RCU_OPS = {
  lock: 'rcu_lock', unlock: 'rcu_unlock', synchronize: 'synchronize_rcu',
} as const;

function lowerData(f: Frame, s: AssignStmt | WriteOnceStmt | LetStmt | CallStmt): void {
  switch (s.kind) {
    case 'call':
      return lowerCall(f, s, { proc: s.proc, args: s.args, result: null });
    case 'let':
      return assignTo(f, s, { target: localTarget(f, s), value: s.value });
    case 'write_once': {
      const access = lowerAccess(f, s.target, true);
      return assignTo(f, s, { target: { kind: 'store', access }, value: s.value });
    }
    default:
      // `assign`.
      return lowerAssign(f, s);
  }
}

function localTarget(f: Frame, node: object): Target {
  const binding = f.bindings.get(node);
  if (binding?.kind === 'cell') return { kind: 'local', cell: binding.cell, name: binding.name };
  return { kind: 'reg', reg: resultReg(f) };
}

/** The register that takes a result until the end of the step. */
export function resultReg(f: ExprFrame): number {
  f.world.nRegs = Math.max(f.world.nRegs, 1);
  return 0;
}

/** Where an assignment goes: a local, or shared state. */
function targetOf(f: Frame, e: Expr): Target {
  const entity = f.world.meaning.entities.get(e);
  if (e.kind === 'ident' && entity?.kind === 'local') return localTarget(f, entity.node);
  if (e.kind === 'ident' && entity?.kind === 'parameter') return localTarget(f, entity.param);
  return { kind: 'store', access: lowerAccess(f, e, false) };
}

function lowerAssign(f: Frame, s: AssignStmt): void {
  const target = targetOf(f, s.target);
  if (s.op === '=') return assignTo(f, s, { target, value: s.value });
  const flags = f.world.consts.types.get(s.target)?.kind === 'flags';
  const op = s.op === '+=' ? (flags ? '|' : '+') : (flags ? '&~' : '-');
  const value = binary(op, lowerExpr(f, s.target), lowerExpr(f, s.value));
  step(f, s, { op: 'set', target, value });
}

/** `target = value` where the value is a whole right side. */
export function assignTo(
  f: Frame, s: Stmt, assignment: { readonly target: Target; readonly value: Expr },
): void {
  const { target, value } = assignment;
  switch (value.kind) {
    case 'new':
      return lowerNew(f, s, { target, value });
    case 'any':
      return lowerAny(f, s, { target, value });
    case 'cmpxchg': {
      const result = resultReg(f);
      step(f, s, cmpxchg(f, value, result));
      return silent(f, s, { op: 'set', target, value: { kind: 'reg', reg: result } });
    }
    case 'call': {
      const { proc, args } = value;
      return lowerCall(f, s, { proc, args, result: target });
    }
    default:
      // Every other expression is a plain value.
      return step(f, s, { op: 'set', target, value: lowerExpr(f, value) });
  }
}

/** Compare and set; the register gets whether it was done. */
export function cmpxchg(
  f: Frame, e: Extract<Expr, { kind: 'cmpxchg' }>, result: number,
): Body {
  return {
    op: 'cmpxchg', access: lowerAccess(f, e.target, true), old: lowerExpr(f, e.old),
    value: lowerExpr(f, e.value), result,
  };
}

function lowerNew(
  f: Frame, s: Stmt,
  use: { readonly target: Target; readonly value: Extract<Expr, { kind: 'new' }> },
): void {
  const { world } = f;
  const struct = world.meaning.entities.get(use.value);
  const pool = struct?.kind === 'struct' ? world.poolOf.get(struct.decl) ?? 0 : 0;
  const inits = use.value.inits.flatMap((init) => {
    const field = world.meaning.entities.get(init.field);
    const place = field?.kind === 'field' ? world.placeOf.get(field.decl) : undefined;
    return place === undefined ? [] : [{ place, value: lowerExpr(f, init.value) }];
  });
  step(f, s, { op: 'new', pool, target: use.target, inits });
}

function lowerAny(
  f: Frame, s: Stmt,
  use: { readonly target: Target; readonly value: Extract<Expr, { kind: 'any' }> },
): void {
  const { world } = f;
  const { domain } = use.value;
  if (domain.kind === 'range') {
    const [lo, hi] = [lowerExpr(f, domain.lo), lowerExpr(f, domain.hi)];
    return step(f, s, { op: 'any', target: use.target, lo, hi });
  }
  const entity = world.meaning.entities.get(domain);
  const isEnum = entity?.kind === 'enum' || (entity?.kind === 'type'
    && typeOf(entity.decl.type, world.consts).kind === 'enum');
  const type = entity?.kind === 'type' ? typeOf(entity.decl.type, world.consts)
    : { kind: 'enum', name: domain.name.text } as const;
  const range = isEnum ? cellRange(world, type) : constantDomain(domain, world.consts);
  const [lo, hi] = [constant(range?.lo ?? 0), constant(range?.hi ?? 0)];
  step(f, s, { op: 'any', target: use.target, lo, hi });
}

function lowerFree(f: Frame, s: Extract<Stmt, { kind: 'free' }>): void {
  const { world } = f;
  const type = world.consts.types.get(s.value);
  const struct = type?.kind === 'ref' ? world.structs.get(type.struct) : undefined;
  const pool = struct === undefined ? 0 : world.poolOf.get(struct) ?? 0;
  step(f, s, { op: 'free', pool, value: lowerExpr(f, s.value), deferred: s.deferred });
}

function lowerOutcome(f: Frame, s: Extract<Stmt, { kind: 'outcome' }>): void {
  // In a proc: of the thread that it is inlined in.
  const names = f.instance.decl.outcomes.map((o) => o.name.text);
  step(f, s, { op: 'outcome', outcome: Math.max(0, names.indexOf(s.name.text)) });
}

function lowerReturn(f: Frame, s: ReturnStmt): void {
  if (f.body.kind === 'thread' || s.value === null) {
    return step(f, s, { op: 'nop' }, f.exit);
  }
  const target = f.result ?? { kind: 'reg', reg: resultReg(f) };
  assignTo(f, s, { target, value: s.value });
  jump(f, s, f.exit);
}

