// Whole right sides: what may stand after `let v =`, `x =` and `return`, but not inside an
// expression (`any`, `new`, `cmpxchg`, a proc's call).
import type { AnyExpr, CmpxchgExpr, Expr, Name, NewExpr } from '../syntax/ast.ts';
import { breakDecl, depend, explained, mayBeUnread, refer, report } from './context.ts';
import { typeOf } from './constants.ts';
import { checkDomain } from './domains.ts';
import { checkExpr, mismatch, need } from './expr.ts';
import { checkPlace } from './places.ts';
import { kindName, lookupKind, reportUnknown, visibleNames } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { choices, didYouMean } from './suggest.ts';
import { BOOL, UNKNOWN, fits } from './types.ts';
import type { Type } from './model.ts';

/** The type of a whole right side. */
export function checkValue(x: ExprCx, e: Expr, expected: Type | null): Type {
  const type = valueType(x, e, expected);
  x.c.types.set(e, type);
  if (type.kind === 'int') x.c.pendingInts.push(e);
  return type;
}

function valueType(x: ExprCx, e: Expr, expected: Type | null): Type {
  switch (e.kind) {
    case 'any':
      return checkAny(x, e);
    case 'new':
      return checkNew(x, e);
    case 'cmpxchg':
      return checkCmpxchg(x, e);
    case 'call':
      return checkCall(x, { proc: e.proc, args: e.args, node: e, wantsValue: true });
    default:
      // Every other expression may stand anywhere.
      return checkExpr(x, e, expected);
  }
}

/** Checks that a whole right side has a type. */
export function needValue(x: ExprCx, e: Expr, wanted: Type): void {
  const found = checkValue(x, e, wanted);
  if (fits(found, wanted)) return;
  report(x.c, 'type', e.range, mismatch(found, wanted));
}

function checkAny(x: ExprCx, e: AnyExpr): Type {
  return checkDomain(x, e.domain, 'any');
}

/** `new vma { state = attached }`. */
export function checkNew(x: ExprCx, e: NewExpr): Type {
  const { c } = x;
  const entity = lookupKind(x, e.struct.text, ['struct']);
  if (entity?.kind !== 'struct') {
    if (entity === null) {
      reportUnknown(c, e.struct, visibleNames(x, (other) => other.kind === 'struct'), 'struct');
    } else {
      report(c, 'type', e.struct.range,
        `\`${e.struct.text}\` is ${kindName(entity)}, not a struct`);
    }
    for (const init of e.inits) checkExpr(x, init.value, UNKNOWN);
    return UNKNOWN;
  }
  refer(c, e.struct, entity, { role: 'type', node: e });
  // At the start this takes an object, whoever looks at the variable.
  if (x.where === 'init' && c.decl?.kind === 'shared') depend(c, entity.decl, c.decl);
  const seen = new Map<string, Name>();
  for (const init of e.inits) {
    checkInit(x, { struct: entity.decl.name.text, init, seen });
  }
  return { kind: 'ref', struct: entity.decl.name.text };
}

interface InitUse {
  readonly struct: string;
  readonly init: NewExpr['inits'][number];
  readonly seen: Map<string, Name>;
}

function checkInit(x: ExprCx, use: InitUse): void {
  const { c } = x;
  const { init, struct, seen } = use;
  const decl = c.scope.get(struct);
  const fields = decl?.kind === 'struct' ? c.fields.get(decl.decl) : undefined;
  const field = fields?.get(init.field.text);
  const earlier = seen.get(init.field.text);
  if (earlier !== undefined && init.field.text !== '') {
    const related = { file: c.file, range: earlier.range, message: 'given here first' };
    report(c, 'name', init.field.range,
      explained(`\`${init.field.text}\` is given twice`, related));
  }
  seen.set(init.field.text, init.field);
  if (field?.kind === 'field') {
    refer(c, init.field, field, { role: 'write' });
    const wanted = typeOf(field.decl.type, c.consts);
    if (x.where === 'init') needValue(x, init.value, wanted);
    else need(x, init.value, wanted);
    return;
  }
  checkExpr(x, init.value, UNKNOWN);
  if (field !== undefined) {
    report(c, 'type', init.field.range,
      `\`${struct}.${init.field.text}\` is a lock; it has no initial value`);
  } else if (mayBeUnread(c, init.field, decl?.decl)) {
    breakDecl(c);
  } else {
    const names = [...(fields ?? [])].filter(([, f]) => f.kind === 'field').map(([name]) => name);
    report(c, 'name', init.field.range, `\`${struct}\` has no field \`${init.field.text}\``
      + didYouMean(init.field.text, names, choices('it has', names)));
  }
}

export function checkCmpxchg(x: ExprCx, e: CmpxchgExpr): Type {
  const type = checkPlace(x, e.target, { role: 'write', sharedOnly: '`cmpxchg`' });
  x.c.types.set(e, BOOL);
  need(x, e.old, type);
  need(x, e.value, type);
  return BOOL;
}

interface CallUse {
  readonly proc: Name;
  readonly args: readonly Expr[];
  readonly node: object;
  readonly wantsValue: boolean;
}

/** A call of a proc: its name, its arguments, its result where one is wanted. */
export function checkCall(x: ExprCx, call: CallUse): Type {
  const { c } = x;
  const entity = lookupKind(x, call.proc.text, ['proc']);
  if (entity?.kind !== 'proc') {
    if (entity === null) {
      reportUnknown(c, call.proc, visibleNames(x, (other) => other.kind === 'proc'), 'proc');
    } else {
      const hint = entity.kind === 'thread' ? '; a scenario runs it' : '';
      report(c, 'type', call.proc.range,
        `\`${call.proc.text}\` is ${kindName(entity)}, not a proc${hint}`);
    }
    for (const arg of call.args) checkExpr(x, arg, UNKNOWN);
    return UNKNOWN;
  }
  refer(c, call.proc, entity, { role: 'call', node: call.node });
  const { params, result, name } = entity.decl;
  const types = params.map((param) => typeOf(param.type, c.consts));
  checkArgs(x, { name: call.proc, params: types, args: call.args });
  if (!call.wantsValue) return UNKNOWN;
  if (result !== null) return typeOf(result, c.consts);
  if (c.unread.damaged.has(entity.decl)) return UNKNOWN;
  report(c, 'type', call.proc.range,
    `\`${name.text}\` returns nothing; declare what: \`proc ${name.text}(...) -> T\``);
  return UNKNOWN;
}

interface ArgsUse {
  readonly name: Name;
  readonly params: readonly Type[];
  readonly args: readonly Expr[];
}

/** Arguments against parameters, of a proc's call or a scenario's run. */
export function checkArgs(x: ExprCx, use: ArgsUse): void {
  const { c } = x;
  const { params, args } = use;
  args.forEach((arg, i) => {
    const type = params[i];
    if (type === undefined) checkExpr(x, arg, UNKNOWN);
    else need(x, arg, type);
  });
  if (args.length === params.length) return;
  const takes = params.length === 0
    ? 'no arguments' : params.length === 1 ? 'one argument' : `${params.length} arguments`;
  const first = args[params.length];
  const range = first === undefined ? null : first.range;
  report(c, 'type', range ?? use.name.range,
    `\`${use.name.text}\` takes ${takes}; ${args.length} given`);
}
