// The threads as proctypes: for every place where a thread can rest, the step it takes from there.
import type { Instr, Pc, ThreadIdx } from '../../../../simulator/src/program.ts';
import { errorOf, guardValue, propertyErrors, scopeOf, type Scope } from './expr.ts';
import { allOf, anyOf, block, comment, define, indent, not, when, type Lines } from './lines.ts';
import { bitOf, checkFor, commentAt, declare, tell, type Model } from './model.ts';
import { blockedAt, waitingLock } from './ops.ts';
import { MARK, waitForReaders } from './objects.ts';
import { isLeaf, silentNodes, type Code } from './step-graph.ts';
import { stepBody, type Entry } from './step.ts';
import { stepBegins, stepCut, stepEnds } from './collect-graph.ts';
import { atItself, type Sink } from './walk.ts';
import { endOfWait } from './cycles.ts';

/** What a thread's `..._pc` is where it rests: done, turning in a silent circle, or the pc. */
function restNumber(code: Code, pc: Pc): number {
  if (code[pc]!.rest) return pc;
  return code[pc]!.op === 'end' ? code.length : code.length + 1;
}

export const restingPcs = (model: Model, t: ThreadIdx): readonly Pc[] =>
  model.program.threads[t]!.code.flatMap((instr, pc) => (instr.rest ? [pc] : []));

export function declareThread(model: Model, t: ThreadIdx, startPc: Pc): Lines {
  const { code, outcomes } = model.program.threads[t]!;
  const names = model.names.threads[t]!;
  const has = (op: Instr['op']): boolean => code.some((instr) => instr.op === op);
  const one = (name: string, hi: number): string => declare(model, { name, lo: 0, hi, count: 1 });
  const everyone = 2 * bitOf(model.program.threads.length - 1) - 1;
  return [
    `${one(names.pc, code.length + 1)} = ${startPc};`,
    ...(has('acquire') ? [`${one(names.waits, 255)};`] : []),
    ...(has('rcu_lock') || has('rcu_unlock') || asksRcu(model) ? [`${one(names.rcu, 15)};`] : []),
    ...(has('synchronize_rcu') ? [`${one(names.grace, everyone)};`] : []),
    ...(outcomes.length > 0 ? [`${one(names.outcome, outcomes.length)};`] : []),
  ];
}

/** A guard asks whether a thread is inside rcu_read_lock: then every thread has a count. */
const asksRcu = (model: Model): boolean => model.program.places.some((place) =>
  JSON.stringify([place.readGuard, place.writeGuard]).includes('"rcu"'));

/** `munmap_done`, `munmap_can_go`. */
export function threadMacros(model: Model, t: ThreadIdx): Lines {
  const names = model.names.threads[t]!;
  const scope = scopeOf(model, t);
  const blocked = restingPcs(model, t).flatMap((pc) => {
    const why = blockedHere(model, scope, pc);
    return why === null ? [] : [`(${names.pc} == ${pc} && ${why})`];
  });
  const canGo = allOf([not(names.done), ...blocked.map(not)]);
  return [
    define(names.done, `(${names.pc} == ${model.program.threads[t]!.code.length})`),
    define(names.canGo, canGo),
  ];
}

function blockedHere(model: Model, scope: Scope, pc: Pc): string | null {
  const instr = model.program.threads[scope.thread ?? 0]!.code[pc]!;
  return blockedAt(instr, scope, errorBefore(instr, scope));
}

/** Whether working out if the step can be taken goes wrong: then it is taken, and says so. */
function errorBefore(instr: Instr, scope: Scope): string | null {
  if (instr.op === 'await') return errorOf(instr.cond, scope);
  if (instr.op !== 'any') return null;
  const both = [errorOf(instr.lo, scope), errorOf(instr.hi, scope)].filter((e) => e !== null);
  return both.length === 0 ? null : anyOf(both);
}

export function proctype(model: Model, t: ThreadIdx): Lines {
  const { name, decl, background } = model.program.threads[t]!;
  const names = model.names.threads[t]!;
  const steps = [...restingPcs(model, t).flatMap((pc) => stepsFrom(model, t, pc)),
    ...circle(model, t)];
  if (steps.length === 0) return [];
  const title = `thread ${name}${name === decl ? '' : `, an instance of ${decl}`}`
    + `${background ? ', in the background' : ''}`;
  return ['', comment(title),
    ...block(`active proctype ${names.name}() provided (!stopped)`,
      ['end:', 'do', ...steps, 'od'])];
}

/** A thread that has got into a silent circle turns there for ever. */
function circle(model: Model, t: ThreadIdx): Lines {
  const { code } = model.program.threads[t]!;
  const at = code.length + 1;
  if (!code.some((instr, pc) => !instr.rest && instr.op !== 'end' && isLeaf(code, pc))) return [];
  const body = model.options.collect ? [stepBegins, stepEnds(t)] : ['skip;'];
  const judged = propertyErrors(model).length > 0 ? 'judged && ' : '';
  return [comment('in a circle without steps'),
    `:: d_step { (${judged}${model.names.threads[t]!.pc} == ${at}) -> ${body.join(' ')} }`];
}

/** `acquire` and `synchronize_rcu` are two steps: join the queue, and go on. */
function stepsFrom(model: Model, t: ThreadIdx, pc: Pc): Lines {
  const instr = model.program.threads[t]!.code[pc]!;
  const names = model.names.threads[t]!;
  const at = `${names.pc} == ${pc}`;
  const scope = scopeOf(model, t);
  const note = comment(commentAt(model, instr.site));
  if (instr.op === 'acquire') {
    const { turn, gone } = waitingLock(instr, scope);
    const ready = gone === null ? turn : anyOf([turn, gone]);
    return [note,
      ...step(model, { t, pc, entry: 'first', guard: `${at} && ${names.waits} == 0` }),
      comment('... granted'),
      ...step(model, { t, pc, entry: 'again', guard: `${at} && ${names.waits} != 0 && ${ready}` })];
  }
  if (instr.op === 'synchronize_rcu' && waitForReaders(model)) {
    return [note,
      ...step(model, { t, pc, entry: 'first', guard: `${at} && ${names.grace} == 0` }),
      comment('... every reader has left'),
      ...step(model, { t, pc, entry: 'again', guard: `${at} && ${names.grace} == ${MARK}` })];
  }
  const why = blockedHere(model, scope, pc);
  const free = why === null ? '' : ` && ${not(why)}`;
  return [note, ...step(model, { t, pc, entry: 'first', guard: `${at}${free}` })];
}

function step(
  model: Model, at: { t: ThreadIdx; pc: Pc; entry: Entry; guard: string },
): Lines {
  const { t, pc } = at;
  const names = model.names.threads[t]!;
  const label = `${at.entry === 'first' ? 'at' : 'granted'}_${pc}`;
  const used = { stop: false, cut: false };
  const scope = scopeOf(model, t);
  const { collect } = model.options;
  const leave = (): Lines => { used.stop = true; return [`goto ${label}_stop;`]; };
  const nothing = (): Lines => {
    used.cut = true;
    return ['stopped = true;', `goto ${label}_cut;`];
  };
  const cut = (): Lines => [...(collect ? [stepCut(t)] : []), ...nothing()];
  const lines = stepBody({
    scope, thread: t, start: pc, entry: at.entry, label, needed: () => true,
    sink: running(model, cut),
    rest: (to) => [`${names.pc} = ${restNumber(model.program.threads[t]!.code, to)};`],
    stop: (why) => (why === 'nothing' ? nothing()
      : [...endOfWait(model, t, cut()), ...leave()]),
  });
  const tail = [
    ...(used.stop ? [`${label}_stop: skip;`] : []), ...resets(model, t, pc),
    ...(collect ? [stepEnds(t)] : []), ...(used.cut ? [`${label}_cut: skip;`] : []),
  ];
  const head = collect ? [stepBegins] : [];
  const kind = chooses(model, t, pc) ? 'atomic' : 'd_step';
  const judged = propertyErrors(model).length > 0 ? 'judged && ' : '';
  return [`:: ${kind} { (${judged}${at.guard}) ->`,
    ...indent(indent(indent([...head, ...lines, ...tail]))), '   }'];
}

/** Registers are 0 between steps. */
function resets(model: Model, t: ThreadIdx, pc: Pc): Lines {
  const { code } = model.program.threads[t]!;
  const set = [pc, ...silentNodes(code, pc)].flatMap((at): number[] => {
    const instr = code[at]!;
    if (instr.op === 'try' || instr.op === 'cmpxchg') return [instr.result];
    const target = instr.op === 'set' || instr.op === 'any' || instr.op === 'new'
      ? instr.target : null;
    return target?.kind === 'reg' ? [target.reg] : [];
  });
  return [...new Set(set)].map((reg) => `r${reg} = 0;`);
}

/** Whether the step can go several ways: then it is `atomic`, as a d_step takes only one. */
function chooses(model: Model, t: ThreadIdx, pc: Pc): boolean {
  const { code } = model.program.threads[t]!;
  return [pc, ...silentNodes(code, pc)].some((at) => {
    const instr = code[at]!;
    return instr.op === 'any' || instr.op === 'choose'
      || (instr.op === 'new' && model.program.pools[instr.pool]!.typesafe);
  });
}

/** Errors end the run, accesses are held against their guards. */
function running(model: Model, cut: () => Lines): Sink {
  return {
    cut: (code, subject) => [tell(model, checkFor(model, code, subject)), ...cut()],
    access: (access, write, scope) => {
      const { name, readGuard, writeGuard } = model.program.places[access.place]!;
      const guard = write ? writeGuard : readGuard;
      if (guard === null || scope.quiet) return [];
      return when(not(guardValue(guard, atItself(access, scope))),
        [tell(model, checkFor(model, 'guard', name))]);
    },
  };
}
