// The lines of a scenario or workload that set params and run threads.
import type {
  Expr, Param, RunItem, ScenarioDecl, ScenarioItem, WithItem, WorkloadDecl, WorkloadItem,
} from '../syntax/ast.ts';
import { finishInts } from './bounds.ts';
import { checkConstant, valueOf } from './const-check.ts';
import { breakDecl, explained, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import { evaluate, isNumber, typeOf } from './constants.ts';
import type { Consts } from './constants.ts';
import type { AliasEntity, ParamEntity } from './entity.ts';
import { environment } from './environment.ts';
import { MAX_THREADS } from './limits.ts';
import { constType } from './name-exprs.ts';
import { declareUnique } from './names.ts';
import { kindName, reportUnknown } from './scope.ts';
import { makeSym } from './symbols.ts';
import { INT } from './types.ts';
import { checkArgs } from './values.ts';
import { walkExpr } from './walk.ts';

interface SetParam {
  readonly item: WithItem;
  readonly entity: ParamEntity;
}

/** The `with` lines, and the constants as they make them. */
export function checkWiths(
  c: Ctx, items: readonly (ScenarioItem | WorkloadItem)[],
): Consts {
  const seen = new Map<string, WithItem>();
  const sets = items.flatMap((item) => (item.kind === 'with' ? checkWith(c, item, seen) : []));
  const consts = environment(c.consts, items);
  for (const set of sets) checkParamBounds(c, set, consts);
  return consts;
}

/** `with PAGES = 3`; `seen` holds what is set already. */
function checkWith(c: Ctx, item: WithItem, seen: Map<string, WithItem>): readonly SetParam[] {
  const { name } = item;
  const entity = c.scope.get(name.text);
  if (entity?.kind !== 'param') {
    const params = [...c.scope].filter(([, e]) => e.kind === 'param').map(([n]) => n);
    if (entity === undefined) reportUnknown(c, name, params, 'param');
    else {
      report(c, 'type', name.range, `\`${name.text}\` is ${kindName(entity)}; only a \`param\` can `
        + 'be set by `with`');
    }
    return [];
  }
  refer(c, name, entity, { role: 'write', node: item });
  const earlier = seen.get(name.text);
  if (earlier !== undefined) {
    const related = { file: c.file, range: earlier.range, message: 'set here first' };
    report(c, 'name', name.range, explained(`\`${name.text}\` is set already`, related));
  }
  seen.set(name.text, item);
  const value = checkConstant(c, item.value, constType(c, entity));
  finishInts(c, new Map());
  return value === null ? [] : [{ item, entity }];
}

/** The bounds as the scenario makes them: those of one param may name another. */
function checkParamBounds(c: Ctx, { item, entity }: SetParam, consts: Consts): void {
  const { decl, file, sym } = entity;
  const value = consts.params.get(decl);
  const lo = evaluate(decl.lo, consts);
  const hi = evaluate(decl.hi, consts);
  if (value === undefined || !isNumber(lo) || !isNumber(hi)) return;
  if (value >= lo && value <= hi) return;
  const message = `${value} is outside of ${lo}..${hi}, the bounds of `
    + `\`${decl.name.text}\``;
  const related = { file, range: sym.at.range, message: 'declared here' };
  report(c, 'type', item.value.range, explained(message, related));
}

/** The aliases of a scenario; before its properties, which may name them. */
export function declareAliases(
  c: Ctx, owner: ScenarioDecl | WorkloadDecl, runs: readonly RunItem[],
): Map<string, AliasEntity> {
  const space = new Map<string, AliasEntity>();
  const text = c.texts.get(c.file) ?? '';
  for (const item of runs) {
    const { alias } = item;
    if (alias === null) continue;
    const sym = makeSym({
      kind: 'alias', file: c.file, name: alias, full: item.range, container: owner.name.text,
      detail: text.slice(item.range.start, item.range.end).replace(/\s+/g, ' '),
    });
    const entity = { kind: 'alias', file: c.file, sym, scenario: owner, item } as const;
    if (!declareUnique(c, space, alias, entity)) continue;
    const first = owner.kind === 'scenario' && !c.anyAlias.has(alias.text);
    if (first) c.anyAlias.set(alias.text, entity);
    const clash = c.scope.get(alias.text);
    const other = runs.some((run) => run !== item && run.thread.text === alias.text
      && run.alias === null);
    if (clash?.kind === 'thread' && (alias.text !== item.thread.text || other)) {
      const message = `\`${alias.text}\` is the name of a thread; choose another alias`;
      const related = { file: clash.file, range: clash.sym.at.range, message: 'the thread' };
      report(c, 'name', alias.range, explained(message, related));
    }
  }
  return space;
}

export function runsOf(items: readonly ScenarioItem[]): readonly RunItem[] {
  return items.filter((item): item is RunItem => item.kind === 'run');
}

/** One run line: the thread, its arguments and how many; the number, 0 where it is not known. */
export function checkRun(c: Ctx, item: RunItem, consts: Consts): number {
  const { thread } = item;
  const entity = c.scope.get(thread.text);
  if (entity?.kind !== 'thread') {
    const threads = [...c.scope].filter(([, e]) => e.kind === 'thread').map(([n]) => n);
    if (entity === undefined) reportUnknown(c, thread, threads, 'thread');
    else {
      report(c, 'type', thread.range, `\`${thread.text}\` is ${kindName(entity)}, not a thread`);
    }
    return 0;
  }
  refer(c, thread, entity, { role: 'call', node: item });
  const params = entity.decl.params.map((p) => typeOf(p.type, consts));
  const x = { c, where: 'init', scope: null, scenario: null, rank: Infinity } as const;
  checkArgs(x, { name: thread, params, args: item.args });
  finishInts(c, new Map());
  item.args.forEach((arg, i) => {
    const param = entity.decl.params[i];
    if (param !== undefined) checkArgValue(c, arg, { param, consts });
  });
  return checkCount(c, item.count, consts);
}

/** A constant argument must be in the parameter's range. */
function checkArgValue(
  c: Ctx, arg: Expr, use: { readonly param: Param; readonly consts: Consts },
): void {
  if (namesShared(c, arg)) return;
  const value = evaluate(arg, use.consts);
  if (!isNumber(value)) {
    if (value.why === null) breakDecl(c);
    else report(c, 'type', value.at, value.why);
    return;
  }
  const type = typeOf(use.param.type, use.consts);
  // An empty range is said to be so elsewhere.
  if (type.kind !== 'int' || type.lo > type.hi) return;
  if (value >= type.lo && value <= type.hi) return;
  report(c, 'type', arg.range,
    `${value} is outside of ${type.lo}..${type.hi}, the range of \`${use.param.name.text}\``);
}

function namesShared(c: Ctx, e: Expr): boolean {
  let found = false;
  walkExpr(e, (part) => {
    if (c.entities.get(part)?.kind === 'shared') found = true;
  });
  return found;
}

function checkCount(c: Ctx, count: Expr | null, consts: Consts): number {
  if (count === null) return 1;
  if (checkConstant(c, count, INT) === null) return 0;
  finishInts(c, new Map());
  const value = evaluate(count, consts);
  if (!isNumber(value)) {
    valueOf(c, count);
    return 0;
  }
  if (value >= 0) return value;
  report(c, 'type', count.range, `\`x ${value}\`: a thread cannot run fewer than 0 times`);
  return 0;
}

/** At most `MAX_THREADS` instances run together. */
export function checkTotal(c: Ctx, item: RunItem, total: { before: number; now: number }): void {
  if (total.before > MAX_THREADS || total.now <= MAX_THREADS) return;
  report(c, 'type', item.range, `a scenario runs at most ${MAX_THREADS} threads; with this line it `
    + `runs ${total.now}`);
}
