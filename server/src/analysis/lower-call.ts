// Procs are inlined at each call: parameters and locals are cells of their own, `return` goes on
// after the call.
import type { Expr, Name, ProcDecl, Stmt } from '../syntax/ast.ts';
import type { Expr as Value, Target } from '../../../simulator/src/program.ts';
import { typeOf } from './constants.ts';
import { hull, intervalOf, isEmpty } from './intervals.ts';
import type { Interval } from './intervals.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerBlock, resultReg, silent, step } from './lower-stmt.ts';
import type { Frame } from './lower-stmt.ts';
import { readsShared } from './reads.ts';
import type { Owner } from './entity.ts';
import type { Type } from './model.ts';
import { addCell, cellRange, localRanges } from './world.ts';
import type { Binding, World } from './world.ts';
import { walkStmts } from './walk.ts';

export interface Call {
  readonly proc: Name;
  readonly args: readonly Expr[];
  /** Where the value goes; null where it is not wanted. */
  readonly result: Target | null;
}

export function lowerCall(f: Frame, s: Stmt, call: Call): void {
  const entity = f.world.meaning.entities.get(call.proc);
  if (entity?.kind !== 'proc') return;
  const { decl } = entity;
  const first = f.code.length;
  const bindings = new Map<object, Binding>();
  bindParams(f, s, { decl, args: call.args, bindings });
  bindLocals(f.world, decl, { bindings, thread: f.thread, prefix: `${decl.name.text}.` });
  const stored = call.result?.kind === 'store' ? call.result : null;
  const result = stored === null ? call.result : temporary(f, decl);
  const exit = f.code.mark();
  lowerBlock({
    ...f, bindings, exit, result, body: decl, loop: null, labels: new Map(),
    owner: { file: entity.file, name: decl.name.text },
  }, decl.body);
  f.code.place(exit);
  // A shared target is assigned in a step of its own.
  if (stored !== null && result !== null) {
    step(f, s, { op: 'set', target: stored, value: valueOf(result) });
  }
  f.code.pass({ file: f.owner.file, range: s.range, first, end: f.code.length });
}

function valueOf(target: Target): Value {
  if (target.kind === 'local') return { kind: 'local', cell: target.cell };
  return target.kind === 'reg' ? { kind: 'reg', reg: target.reg } : { kind: 'const', value: 0 };
}

/** A local that holds a proc's result until it is assigned. */
function temporary(f: Frame, decl: ProcDecl): Target {
  if (decl.result === null) return { kind: 'reg', reg: resultReg(f) };
  const type = typeOf(decl.result, f.world.consts);
  const name = decl.name.text;
  return { kind: 'local', cell: addCell(f.world, { type, name, thread: f.thread }), name };
}

interface Params {
  readonly decl: ProcDecl;
  readonly args: readonly Expr[];
  readonly bindings: Map<object, Binding>;
}

/** Constant arguments are put in place; the others are set, in a step if they read shared state. */
function bindParams(f: Frame, s: Stmt, params: Params): void {
  const { world } = f;
  const { decl, args, bindings } = params;
  const assigned = world.meaning.owners.get(decl)?.assigned;
  const sets: { readonly target: Target; readonly value: Value }[] = [];
  decl.params.forEach((param, i) => {
    const arg = args[i];
    if (arg === undefined) return;
    const type = typeOf(param.type, world.consts);
    const value = lowerExpr(f, arg);
    if (value.kind === 'const' && assigned?.has(param) !== true) {
      const { lo, hi } = cellRange(world, type);
      if (value.value >= lo && value.value <= hi) {
        bindings.set(param, { kind: 'value', value });
        return;
      }
    }
    const name = param.name.text;
    const cell = addCell(world, { type, name: `${decl.name.text}.${name}`, thread: f.thread });
    bindings.set(param, { kind: 'cell', cell, name });
    sets.push({ target: { kind: 'local', cell, name }, value });
  });
  const reads = args.some((arg) => readsShared(world.meaning, arg));
  sets.forEach(({ target, value }, i) => {
    const emit = reads && i === 0 ? step : silent;
    emit(f, s, { op: 'set', target, value });
  });
}

interface Locals {
  readonly bindings: Map<object, Binding>;
  readonly thread: number;
  readonly prefix: string;
}

/** Gives every local of a body its cell. */
export function bindLocals(w: World, owner: Owner, locals: Locals): void {
  const { bindings, thread, prefix } = locals;
  const ranges = localRanges(w, owner).locals;
  const cx = { consts: w.consts, locals: ranges, memo: new Map<Expr, Interval>() };
  const add = (node: object, name: string, type: Type): void => {
    const cell = addCell(w, { type, name: prefix + name, thread });
    bindings.set(node, { kind: 'cell', cell, name });
  };
  walkStmts(owner.body, (s) => {
    if (s.kind === 'let') add(s, s.name.text, letType(w, s, ranges.get(s)));
    if (s.kind === 'for') add(s, s.name.text, { kind: 'int', ...forRange(w, s, cx) });
  });
}

function letType(
  w: World, s: Extract<Stmt, { kind: 'let' }>, range: Interval | undefined,
): Type {
  if (s.type !== null) return typeOf(s.type, w.consts);
  if (range !== undefined) {
    return isEmpty(range) ? { kind: 'int', lo: 0, hi: 0 } : { kind: 'int', ...range };
  }
  return w.consts.types.get(s.value) ?? { kind: 'bool' };
}

/** Both bounds fit, so that they can be compared where the loop makes no turn. */
function forRange(
  w: World, s: Extract<Stmt, { kind: 'for' }>, cx: Parameters<typeof intervalOf>[1],
): Interval {
  const { domain } = s;
  const range = domain.kind === 'range'
    ? hull(intervalOf(domain.lo, cx), intervalOf(domain.hi, cx))
    : namedRange(w, domain);
  return isEmpty(range) ? { lo: 0, hi: 0 } : range;
}

function namedRange(
  w: World, domain: Extract<Extract<Stmt, { kind: 'for' }>['domain'], { kind: 'named' }>,
): Interval {
  const entity = w.meaning.entities.get(domain);
  const type = entity?.kind === 'type' ? typeOf(entity.decl.type, w.consts) : null;
  return type?.kind === 'int' ? type : { lo: 0, hi: 0 };
}

