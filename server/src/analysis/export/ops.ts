// Instructions as Promela statements, without where they go on.
import type { Expr, Instr, Target } from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import {
  elementOf, gone, lockIndex, valueOf, type Scope,
} from './expr.ts';
import { anyOf, choice, either, not, when, type Lines } from './lines.ts';
import { drop, free, heldBy, join, leave, readerHolds, take, turn, writerOf } from './locks.ts';
import {
  checkFor, classOf, fits, literal, tell,
} from './model.ts';
import { allocate, endReader, insideMask, MARK, releaseObject, waitForReaders } from './objects.ts';
import { assign, walk, walkAddress, walkLock, type Sink } from './walk.ts';

/** The thread that executes, and what becomes of accesses and errors. */
export interface Body {
  readonly scope: Scope;
  readonly sink: Sink;
  /** False: only looked at, to see what the step touches; nothing after this touches anything. */
  readonly effects: boolean;
  /** The step ends without going on (it waits, or does not exist). */
  readonly stop: (why: 'waits' | 'nothing') => Lines;
}
type Of<K extends Instr['op']> = Extract<Instr, { readonly op: K }>;

export const threadOf = ({ scope }: Body): number => scope.thread ?? 0;

/** Branching instructions are not among these: they give what comes before the branch. */
export function statements(instr: Instr, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const own = model.names.threads[threadOf(body)]!;
  switch (instr.op) {
    case 'nop': case 'choose': case 'end': return [];
    case 'set': return set(instr, body);
    case 'any': return any(instr, body);
    case 'branch': return walk(instr.cond, scope, sink);
    case 'await': return walk(instr.cond, scope, sink);
    case 'assert': return [...walk(instr.cond, scope, sink),
      ...when(`!(${valueOf(instr.cond, scope)})`, sink.cut('assert', instr.text))];
    case 'acquire': return acquire(instr, body);
    case 'try': return tryLock(instr, body);
    case 'release': return release(instr, body);
    case 'downgrade': return downgrade(instr, body);
    case 'cmpxchg': return cmpxchg(instr, body);
    case 'outcome': return outcome(instr, body);
    case 'new': return make(instr, body);
    case 'free': return [...walk(instr.value, scope, sink),
      ...releaseObject(instr, { model, ref: valueOf(instr.value, scope), sink })];
    case 'rcu_lock': return [`${own.rcu}++;`];
    case 'rcu_unlock': return [
      ...when(`(${own.rcu} == 0)`, sink.cut('lock_not_held', 'rcu')),
      `${own.rcu}--;`,
      ...when(`(${own.rcu} == 0)`, endReader(model, threadOf(body)))];
    case 'synchronize_rcu': return synchronize(body);
    default: return unreachable(instr);
  }
}

function set({ target, value }: Of<'set'>, body: Body): Lines {
  const { model } = body.scope;
  const cell = target.kind === 'store' ? model.program.places[target.access.place]!.base
    : target.kind === 'local' ? target.cell : null;
  const range = cell === null ? null : model.program.cells[cell]!;
  const text = value.kind === 'const' ? literal(model, value.value, cell)
    : valueOf(value, body.scope);
  return [...walk(value, body.scope, body.sink), ...store(target, {
    text, fits: range === null || fits(model, value, range),
  }, body)];
}

function store(
  target: Target, value: { readonly text: string; readonly fits: boolean }, body: Body,
): Lines {
  const { scope, sink, effects } = body;
  const { model } = scope;
  switch (target.kind) {
    case 'reg':
      model.scratch.add(`r${target.reg}`);
      return effects ? [`r${target.reg} = ${value.text};`] : [];
    case 'local': {
      if (!effects) return [];
      const { lo, hi } = model.program.cells[target.cell]!;
      const name = model.names.locals.get(target.cell)!;
      const outOfRange = `(${value.text} < ${lo} || ${value.text} > ${hi})`;
      return [...(value.fits ? [] : when(outOfRange, sink.cut('range', target.name))),
        `${name} = ${value.text};`];
    }
    case 'store': {
      const { access } = target;
      const put = effects
        ? assign({ access, value: value.text, needsCheck: !value.fits }, scope, sink) : [];
      return [...walkAddress(access, scope, sink), ...sink.access(access, true, scope), ...put];
    }
    default: return unreachable(target);
  }
}

/** Any value of lo..hi; where there is none the step does not exist. */
function any({ target, lo, hi }: Of<'any'>, body: Body): Lines {
  const { scope, sink } = body;
  scope.model.scratch.add('pick');
  const [first, last] = [valueOf(lo, scope), valueOf(hi, scope)];
  const isEmpty = lo.kind === 'const' && hi.kind === 'const' && lo.value <= hi.value ? []
    : when(`(${first} > ${last})`, body.stop('nothing'));
  return [
    ...walk(lo, scope, sink), ...walk(hi, scope, sink), ...isEmpty,
    `pick = ${first};`,
    `do :: (pick < ${last}) -> pick++ :: break od;`,
    ...store(target, { text: 'pick', fits: false }, body),
    'pick = 0;',
  ];
}

function cmpxchg({ access, old, value, result }: Of<'cmpxchg'>, body: Body): Lines {
  const { scope, sink, effects } = body;
  const { model } = scope;
  const cell = model.program.places[access.place]!.base;
  const text = (expr: Expr): string => (expr.kind === 'const'
    ? literal(model, expr.value, cell) : valueOf(expr, scope));
  model.scratch.add(`r${result}`);
  const put = effects ? assign({
    access, value: text(value), needsCheck: !fits(model, value, model.program.cells[cell]!),
  }, scope, sink) : [];
  const guard = `(${elementOf(access, scope)} == ${text(old)})`;
  return [
    ...walk(old, scope, sink), ...walk(value, scope, sink), ...walkAddress(access, scope, sink),
    ...sink.access(access, false, scope),
    ...either(guard,
      [...sink.access(access, true, scope), ...put, ...(effects ? [`r${result} = 1;`] : [])],
      effects ? [`r${result} = 0;`] : []),
  ];
}

/** The first of its two steps: takes the lock or joins the queue. */
function acquire({ lock, mode }: Of<'acquire'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const cls = classOf(model, lock);
  const wish = { lock: lockIndex(lock, scope), mode };
  const t = threadOf(body);
  return [
    ...walkLock(lock, scope, sink),
    ...(body.effects ? either(free(model, cls, wish), take(model, cls, wish, t),
      [...join(model, cls, wish, t), ...body.stop('waits')]) : []),
  ];
}

/** Waits in the queue: whose turn it is not, or whose lock is gone? */
export function waitingLock(
  { lock, mode }: Of<'acquire'>, scope: Scope,
): { readonly turn: string; readonly gone: string | null } {
  const { model, thread } = scope;
  const cls = classOf(model, lock);
  const own = model.names.threads[thread ?? 0]!;
  const index = `${own.waits} - 1`;
  const object = lock.pool === null ? null : gone(lock.pool,
    lock.count === 1 ? `${own.waits}` : `((${index}) / ${lock.count} + 1)`, scope);
  return { turn: turn(model, cls, { lock: index, mode }, thread ?? 0), gone: object };
}

/** The second step of an `acquire`: granted. */
export function granted(instr: Of<'acquire'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const cls = classOf(model, instr.lock);
  const t = threadOf(body);
  const wish = { lock: `${model.names.threads[t]!.waits} - 1`, mode: instr.mode };
  const { gone: isGone } = waitingLock(instr, scope);
  const name = instr.lock.pool === null ? null : model.program.pools[instr.lock.pool]!.name;
  return [...(isGone === null ? [] : when(isGone, sink.cut('use_after_free', name))),
    ...take(model, cls, wish, t), ...leave(model, cls, wish, t)];
}

function tryLock({ lock, mode, result }: Of<'try'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const cls = classOf(model, lock);
  const wish = { lock: lockIndex(lock, scope), mode };
  model.scratch.add(`r${result}`);
  return [
    ...walkLock(lock, scope, sink),
    ...(body.effects ? either(free(model, cls, wish),
      [...take(model, cls, wish, threadOf(body)), `r${result} = 1;`], [`r${result} = 0;`]) : []),
  ];
}

function release({ lock, mode }: Of<'release'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const cls = classOf(model, lock);
  const at = { lock: lockIndex(lock, scope), thread: threadOf(body) };
  const held = mode === null ? heldBy(model, cls, at.lock, at.thread)
    : mode === 'read' ? readerHolds(model, cls, at.lock, at.thread)
      : `(${writerOf(model, cls, at.lock)} == ${at.thread + 1})`;
  const notHeld = sink.cut('lock_not_held', model.classes[cls]!.name);
  return [
    ...walkLock(lock, scope, sink),
    ...when(not(held), notHeld),
    ...(body.effects ? drop(model, cls, at) : []),
  ];
}

function downgrade({ lock }: Of<'downgrade'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const cls = classOf(model, lock);
  const index = lockIndex(lock, scope);
  const t = threadOf(body);
  const writer = writerOf(model, cls, index);
  return [
    ...walkLock(lock, scope, sink),
    ...when(`(${writer} != ${t + 1})`, sink.cut('lock_not_held', model.classes[cls]!.name)),
    ...(body.effects
      ? [`${writer} = 0;`, ...take(model, cls, { lock: index, mode: 'read' }, t)] : []),
  ];
}

function outcome(instr: Of<'outcome'>, body: Body): Lines {
  const { model } = body.scope;
  if (!body.effects) return [];
  const t = threadOf(body);
  const { name, never } = model.program.threads[t]!.outcomes[instr.outcome]!;
  return [`${model.names.threads[t]!.outcome} = ${instr.outcome + 1};`,
    ...(never ? [tell(model, checkFor(model, 'forbidden_outcome', name))] : [])];
}

function make({ pool, target, inits }: Of<'new'>, body: Body): Lines {
  const { scope, sink } = body;
  const { model } = scope;
  const before = inits.flatMap(({ value }) => walk(value, scope, sink));
  const values = inits.map(({ place, value }, i) => {
    const { base, name } = model.program.places[place]!;
    const cell = model.program.cells[base]!;
    const plain = value.kind === 'const' || value.kind === 'local';
    if (!plain) model.scratch.add(`value_${i}`);
    const text = value.kind === 'const' ? literal(model, value.value, base)
      : valueOf(value, scope);
    return { place, name, cell, text, plain, name2: `value_${i}`, fits: fits(model, value, cell) };
  });
  const count = model.program.pools[pool]!.count;
  const fields = values.flatMap((it) => {
    const text = it.plain ? it.text : it.name2;
    const field = model.names.places[it.place]!;
    const outOfRange = `(${text} < ${it.cell.lo} || ${text} > ${it.cell.hi})`;
    return [...(it.fits ? [] : when(outOfRange, sink.cut('range', it.name))),
      `${count === 1 ? field : `${field}[pick - 1]`} = ${text};`];
  });
  return [
    ...before,
    ...values.filter((it) => !it.plain).map((it) => `${it.name2} = ${it.text};`),
    ...allocate(model, pool, sink), ...fields,
    ...store(target, { text: 'pick', fits: true }, body),
    'pick = 0;', ...values.filter((it) => !it.plain).map((it) => `${it.name2} = 0;`),
  ];
}

/** The first of its two steps: goes on where nobody is inside, else waits for those who are. */
function synchronize(body: Body): Lines {
  if (!body.effects) return [];
  const { model } = body.scope;
  const inside = insideMask(model);
  const { grace } = model.names.threads[threadOf(body)]!;
  if (inside === '0') return [];
  return choice([
    { guard: `(${inside} != 0)`, body: [`${grace} = ${inside} | ${MARK};`, ...body.stop('waits')] },
    { guard: 'else', body: [] }]);
}

/** Whether the thread, at this instruction, cannot take its step now; null: it always can. */
export function blockedAt(instr: Instr, scope: Scope, error: string | null): string | null {
  const own = scope.model.names.threads[scope.thread ?? 0]!;
  switch (instr.op) {
    case 'acquire': {
      const { turn: mine, gone: isGone } = waitingLock(instr, scope);
      const on = isGone === null ? mine : anyOf([mine, isGone]);
      return `(${own.waits} != 0 && ${not(on)})`;
    }
    case 'await': {
      const value = valueOf(instr.cond, scope);
      return error === null ? not(value) : `(${not(error)} && ${not(value)})`;
    }
    case 'any': {
      const empty = `(${valueOf(instr.lo, scope)} > ${valueOf(instr.hi, scope)})`;
      if (instr.lo.kind === 'const' && instr.hi.kind === 'const') {
        return instr.lo.value <= instr.hi.value ? null : empty;
      }
      return error === null ? empty : `(${not(error)} && ${empty})`;
    }
    case 'synchronize_rcu':
      return waitForReaders(scope.model) ? `(${own.grace} > ${MARK})` : null;
    case 'nop': case 'set': case 'branch': case 'choose': case 'try': case 'release':
    case 'downgrade': case 'cmpxchg': case 'assert': case 'outcome': case 'new': case 'free':
    case 'rcu_lock': case 'rcu_unlock': case 'end':
      return null;
    default: return unreachable(instr);
  }
}
