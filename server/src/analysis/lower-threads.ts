// What conditions and properties ask about threads: a bare name means all its instances. About a
// thread that is not run nothing is asked: the part is true of itself.
import type { AtExpr, Expr, FieldExpr, Name, QuantifierExpr } from '../syntax/ast.ts';
import type { Expr as Value } from '../../../simulator/src/program.ts';
import type { AliasEntity, Entity, ThreadEntity } from './entity.ts';
import { FALSE, all, binary, constant, howMany, not, oneOf, some, truth } from './fold.ts';
import { lowerExpr } from './lower-expr.ts';
import type { ExprFrame } from './lower-expr.ts';
import type { World } from './world.ts';
import { walkExpr } from './walk.ts';

/** What keeps the whole from being false for the sake of this part. */
export function vacuous(f: ExprFrame): Value {
  return truth(f.positive !== false);
}

/** Whether `T.done` or `T.outcome` is meant, not a field of an object. */
export function threadTest(f: ExprFrame, e: FieldExpr): boolean {
  if (e.base.kind !== 'ident') return false;
  const entity = f.world.meaning.entities.get(e.base);
  if (entity === undefined) return false;
  if (entity.kind === 'thread' || entity.kind === 'alias') return true;
  return entity.kind === 'local' && f.bindings.get(entity.node)?.kind === 'instance';
}

/** The instances that a thread's name, an alias or a bound variable stands for. */
function instancesOf(f: ExprFrame, entity: Entity | undefined): readonly number[] {
  if (entity?.kind === 'local') {
    const binding = f.bindings.get(entity.node);
    return binding?.kind === 'instance' ? [binding.thread] : [];
  }
  if (entity?.kind !== 'thread' && entity?.kind !== 'alias') return [];
  return runInstances(f.world, entity);
}

export function runInstances(w: World, entity: ThreadEntity | AliasEntity): readonly number[] {
  w.asksThreads = true;
  const found: number[] = [];
  w.instances.forEach((instance, i) => {
    const isOne = entity.kind === 'thread'
      ? instance.decl === entity.decl : instance.alias === entity.sym.name;
    if (isOne) found.push(i);
  });
  return found;
}

/** Whether a part asks about a thread that is not run. */
export function namesAbsentThread(f: ExprFrame, e: Expr): boolean {
  let absent = false;
  walkExpr(e, (part) => {
    const entity = f.world.meaning.entities.get(part.kind === 'quantifier' ? part.domain : part);
    if (entity?.kind !== 'thread' && entity?.kind !== 'alias') return;
    if (runInstances(f.world, entity).length === 0) absent = true;
  });
  return absent;
}

interface OutcomeTest {
  readonly names: readonly string[];
  readonly negated: boolean;
}

/** `T.done`; with a test, what `T.outcome` is compared with. */
export function lowerThreadField(f: ExprFrame, e: FieldExpr, test?: OutcomeTest): Value {
  const threads = instancesOf(f, f.world.meaning.entities.get(e.base));
  if (threads.length === 0) return vacuous(f);
  if (e.field.text === 'done') {
    return all(threads.map((thread) => ({ kind: 'done', thread })));
  }
  return test === undefined ? FALSE : all(threads.map((thread) => ofOutcome(f, thread, test)));
}

function ofOutcome(f: ExprFrame, thread: number, test: OutcomeTest): Value {
  const declared = f.world.instances[thread]?.decl.outcomes.map((o) => o.name.text) ?? [];
  // 0 is unset; a name the thread does not declare equals none of its outcomes.
  const values = test.names.map((name) => declared.indexOf(name) + 1).filter((v) => v > 0);
  const outcome: Value = { kind: 'outcome', thread };
  const [first, ...rest] = values;
  const is = first === undefined ? FALSE
    : rest.length === 0 ? binary('==', outcome, constant(first))
    : oneOf(outcome, values.map(constant));
  return test.negated ? negated(is) : is;
}

function negated(is: Value): Value {
  if (is.kind === 'binary' && is.op === '==') return binary('!=', is.left, is.right);
  return not(is);
}

/** `T at label`: all instances rest at it. */
export function lowerAt(f: ExprFrame, e: AtExpr): Value {
  const threads = instancesOf(f, f.world.meaning.entities.get(e));
  if (threads.length === 0) return vacuous(f);
  return all(threads.map((thread) => request(f.world, thread, e.label)));
}

function request(w: World, thread: number, label: Name): Value {
  const pcs: number[] = [];
  w.requests.push({ thread, label: label.text, pcs });
  return { kind: 'at', thread, pcs };
}

/** `exists t in fault: ...`: written out over the instances. */
export function lowerThreadQuantifier(
  f: ExprFrame, e: QuantifierExpr, over: ThreadEntity | AliasEntity,
): Value {
  const threads = runInstances(f.world, over);
  if (threads.length === 0) return e.quantifier === 'count' ? FALSE : vacuous(f);
  const positive = e.quantifier === 'count' ? null : f.positive;
  const parts = threads.map((thread) => {
    const bindings = new Map(f.bindings);
    bindings.set(e, { kind: 'instance', thread });
    return lowerExpr({ ...f, bindings, positive }, e.body);
  });
  if (e.quantifier === 'forall') return all(parts);
  return e.quantifier === 'exists' ? some(parts) : howMany(parts);
}
