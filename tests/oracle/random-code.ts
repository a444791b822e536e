// Random statements, lowered to instructions from back to front: each knows where to go on.
import type { Instr, LockRef } from '../../simulator/src/index.ts';
import {
  lockRefTo, randomAccess, randomCondition, randomNumber, randomRef, type Writer,
} from './random-expr.ts';
import { instr, sequence, type Part, type Place } from './random-part.ts';
import { accessTo, ANSWER, number, TURN, type LockName } from './random-world.ts';

const random = (place: Place): Writer['world']['random'] => place.writer.world.random;
const quiet = (place: Place): Writer => ({ ...place.writer, shares: false, asks: false });
const step = (place: Place): Writer => ({ ...place.writer, asks: false });

function assignment(place: Place): Part {
  const { writer } = place;
  const { own, world } = writer;
  const write = step(place);
  if (own !== null && own.ref !== null && world.pointer !== null && random(place).chance(35)) {
    const local = { kind: 'local', cell: own.ref, name: 'r' } as const;
    const store = { kind: 'store', access: accessTo(world, world.pointer) } as const;
    const out = random(place).chance(40);
    const value = random(place).chance(20) ? number(0) : randomRef(write) ?? number(0);
    return instr(place, { op: 'set', target: out ? store : local, value });
  }
  const target = own !== null && random(place).chance(25)
    ? { kind: 'local', cell: own.int, name: 'v' } as const
    : { kind: 'store', access: randomAccess(write) } as const;
  if (random(place).chance(12)) {
    return instr(place, { op: 'any', target, lo: number(0), hi: randomNumber(write, 0) });
  }
  const value = randomNumber(write, 1);
  if (target.kind === 'local' || random(place).chance(75)) {
    return instr(place, { op: 'set', target, value });
  }
  const { access } = target;
  const sum = { kind: 'binary', op: '+', left: { kind: 'load', access }, right: value } as const;
  return instr(place, { op: 'set', target, value: sum });
}

function compareAndSet(place: Place): Part {
  const write = step(place);
  const access = { ...randomAccess(write), marked: true };
  const old = randomNumber(write, 0);
  const value = randomNumber(write, 0);
  const first = instr(place, { op: 'cmpxchg', access, old, value, result: ANSWER });
  return sequence([first, onAnswer(place)]);
}

/** Silently branches on a try's or cmpxchg's answer; the branches may be empty. */
function onAnswer(place: Place, then?: Part): Part {
  const yes = then ?? optional(place);
  const no = optional(place);
  place.purse.left -= 1;
  const site = place.sites.next - 1;
  return (next) => place.code.push({
    op: 'branch', cond: { kind: 'reg', reg: ANSWER }, rest: false, site,
    otherwise: no(next), next: yes(next),
  }) - 1;
}

const optional = (place: Place): Part =>
  (place.purse.left > 1 && random(place).chance(50) ? simple(place) : (next) => next);

function aLock(place: Place): { name: LockName; lock: LockRef } {
  const { world } = place.writer;
  for (;;) {
    const name = world.random.pick(world.names);
    const lock = lockRefTo(step(place), name);
    if (lock !== null) return { name, lock };
  }
}

const modeFor = (place: Place, name: LockName): 'read' | 'write' =>
  (name.kind === 'mutex' || name.kind === 'spinlock' || random(place).chance(50)
    ? 'write' : 'read');

function releaseOf(place: Place, lock: LockRef, mode: 'read' | 'write'): Part {
  const said = random(place).chance(80) ? null : mode;
  return instr(place, { op: 'release', lock, mode: said });
}

function locked(place: Place): Part {
  const { name, lock } = aLock(place);
  const mode = modeFor(place, name);
  const nested = random(place).chance(20);
  const parts = [instr(place, { op: 'acquire', lock, mode, nested })];
  place.purse.left -= 1;
  parts.push(block(place, random(place).below(3)));
  const lowers = name.kind === 'rwsem' && mode === 'write' && random(place).chance(35);
  if (lowers) parts.push(instr(place, { op: 'downgrade', lock }), optional(place));
  place.purse.left += 1;
  const kept = random(place).chance(7);
  if (!kept) parts.push(releaseOf(place, lock, lowers ? 'read' : mode));
  return sequence(parts);
}

function tried(place: Place): Part {
  const { name, lock } = aLock(place);
  const mode = modeFor(place, name);
  const nested = random(place).chance(20);
  const first = instr(place, { op: 'try', lock, mode, nested, result: ANSWER });
  const body = optional(place);
  const then = random(place).chance(90) ? sequence([body, releaseOf(place, lock, mode)]) : body;
  return sequence([first, onAnswer(place, then)]);
}

function reading(place: Place): Part {
  const parts = [instr(place, { op: 'rcu_lock' })];
  place.purse.left -= 1;
  parts.push(block(place, 1 + random(place).below(2)));
  place.purse.left += 1;
  if (random(place).chance(93)) parts.push(instr(place, { op: 'rcu_unlock' }));
  return sequence(parts);
}

function object(place: Place): Part {
  const { own, world } = place.writer;
  if (own === null || own.ref === null || world.pointer === null || world.field === null) {
    return assignment(place);
  }
  const local = { kind: 'local', cell: own.ref, name: 'r' } as const;
  const r = { kind: 'local', cell: own.ref } as const;
  const store = { kind: 'store', access: accessTo(world, world.pointer) } as const;
  const dice = random(place).below(place.writer.world.theme === 'objects' ? 7 : 5);
  if (dice === 0) {
    const inits = random(place).chance(50)
      ? [{ place: world.field, value: randomNumber(step(place), 0) }] : [];
    const target = random(place).chance(50) ? local : store;
    return instr(place, { op: 'new', pool: 0, target, inits });
  }
  const deferred = random(place).chance(60);
  if (dice === 1) {
    const value = randomRef(step(place)) ?? r;
    return instr(place, { op: 'free', pool: 0, value, deferred });
  }
  const fetch = instr(place, {
    op: 'set', target: local, value: { kind: 'load', access: accessTo(world, world.pointer) },
  });
  if (dice === 2 || place.purse.left < 2) return fetch;
  const unpublish = instr(place, { op: 'set', target: store, value: number(0) });
  const waits = place.atomic === null && random(place).chance(60);
  const wait = waits ? [instr(place, { op: 'synchronize_rcu' })] : [];
  const drop = instr(place, { op: 'free', pool: 0, value: r, deferred });
  return guardedByNull(place, r.cell, [fetch, sequence([unpublish, ...wait, drop])]);
}

/** `fetch; if r != null { body }` */
function guardedByNull(place: Place, cell: number, [fetch, body]: readonly [Part, Part]): Part {
  const cond = {
    kind: 'binary', op: '!=', left: { kind: 'local', cell }, right: number(0),
  } as const;
  const site = place.sites.next - 1;
  return sequence([fetch, (next) => place.code.push({
    op: 'branch', cond, rest: false, site, otherwise: next, next: body(next),
  }) - 1]);
}

/** `rcu_lock; r = p; if r != null { read, lock or write the object }; rcu_unlock` */
function visiting(place: Place): Part {
  const { own, world } = place.writer;
  const { pointer, field } = world;
  if (own === null || own.ref === null || pointer === null || field === null) {
    return assignment(place);
  }
  const r = { kind: 'local', cell: own.ref } as const;
  const access = accessTo(world, field, { ref: r });
  const inside = random(place).chance(75);
  const enter = inside ? [instr(place, { op: 'rcu_lock' })] : [];
  const fetch = instr(place, {
    op: 'set', target: { kind: 'local', cell: own.ref, name: 'r' },
    value: { kind: 'load', access: accessTo(world, pointer) },
  });
  const read = instr(place, {
    op: 'set', target: { kind: 'local', cell: own.int, name: 'v' }, value: { kind: 'load', access },
  });
  const body = random(place).chance(50) && place.purse.left > 2 ? visitLocked(place, read) : read;
  const leave = inside && random(place).chance(95) ? [instr(place, { op: 'rcu_unlock' })] : [];
  return sequence([...enter, guardedByNull(place, own.ref, [fetch, body]), ...leave]);
}

/** Takes the lock of the object in `r` around `body`, if it has one. */
function visitLocked(place: Place, body: Part): Part {
  const { own, world } = place.writer;
  const name = world.names.find((it) => it.form === 'field');
  if (name === undefined || own === null || own.ref === null) return body;
  const ref = { kind: 'local', cell: own.ref } as const;
  const lock = { base: name.base, pool: 0, ref, index: null, count: 1 };
  const mode = modeFor(place, name);
  const acquire = instr(place, { op: 'acquire', lock, mode, nested: false });
  return sequence([acquire, body, releaseOf(place, lock, mode)]);
}

function branching(place: Place): Part {
  const shares = random(place).chance(65);
  const cond = randomCondition(shares ? step(place) : quiet(place), 1);
  const yes = optional(place);
  const no = optional(place);
  place.purse.left -= 1;
  const site = place.atomic?.site ?? place.sites.next++;
  return (next) => place.code.push({
    op: 'branch', cond, rest: shares && place.atomic === null, site,
    otherwise: no(next), next: yes(next),
  }) - 1;
}

/** `while shared { ... }`, `loop { ... }`; its head is a step, so it never turns silently. */
function looping(place: Place): Part {
  const { theme } = place.writer.world;
  const endless = theme !== 'mixed' && random(place).chance(50);
  const cond = endless ? number(1) : randomCondition(step(place), 1);
  const bodies = {
    mixed: [optional], locks: [locked, tried, optional], objects: [visiting, reading],
  };
  const body = place.purse.left > 3
    ? random(place).pick(bodies[theme])(place) : optional(place);
  place.purse.left -= 1;
  const site = place.sites.next++;
  return (next) => {
    const head = place.code.push({ op: 'nop', rest: true, site, next }) - 1;
    place.code[head] = {
      op: 'branch', cond, rest: true, site, otherwise: next, next: body(head),
    };
    return head;
  };
}

/** Two turns of a loop inside an atomic step. */
function turning(place: Place): Part {
  const turn = { kind: 'reg', reg: TURN } as const;
  const body = simple(place);
  place.purse.left -= 2;
  const site = place.atomic?.site ?? place.sites.next++;
  return (next) => {
    const head = place.code.push({ op: 'nop', rest: false, site, next }) - 1;
    const count = place.code.push({
      op: 'set', target: turn, rest: false, site, next: head,
      value: { kind: 'binary', op: '+', left: turn, right: number(1) },
    }) - 1;
    place.code[head] = {
      op: 'branch', cond: { kind: 'binary', op: '<', left: turn, right: number(2) },
      rest: false, site, otherwise: next, next: body(count),
    };
    return place.code.push({
      op: 'set', target: turn, value: number(0), rest: false, site, next: head,
    }) - 1;
  };
}

function choosing(place: Place): Part {
  const branches = [optional(place), optional(place)];
  if (random(place).chance(20)) branches.push(optional(place));
  place.purse.left -= 1;
  const site = place.atomic?.site ?? place.sites.next++;
  return (next) => place.code.push({
    op: 'choose', targets: branches.map((branch) => branch(next)),
    rest: place.atomic === null, site, next,
  }) - 1;
}

/** Several instructions as one step: the first rests, the others do not. */
function atomic(place: Place): Part {
  const site = random(place).chance(50) ? place.sites.next++ : null;
  const inside = { ...place, atomic: { site } };
  const parts = [instr({ ...place, atomic: null }, { op: 'nop' })];
  const count = 1 + random(place).below(3);
  for (let i = 0; i < count && place.purse.left > 0; i++) {
    const kind = random(place).below(10);
    if (kind === 0) parts.push(turning(inside));
    else if (kind === 1) parts.push(choosing(inside));
    else if (kind === 2) parts.push(tried(inside));
    else if (kind === 3) parts.push(branching(inside));
    else if (kind === 4 && place.purse.left > 2) parts.push(reading(inside));
    else parts.push(simple(inside));
  }
  const whole = sequence(parts);
  if (random(place).chance(50)) return whole;
  return (next) => withoutLead(place, whole(next));
}

/** Lets the step begin with its first instruction instead of with an empty one. */
function withoutLead(place: Place, lead: number): number {
  const first = place.code[lead]?.next ?? lead;
  const body = place.code[first];
  if (body === undefined || body.op === 'end' || body.rest) return lead;
  if (place.code.some((other, pc) => pc !== lead && comesTo(other, first))) return lead;
  place.code[first] = { ...body, rest: true };
  place.code[lead] = { op: 'nop', rest: true, site: body.site, next: first };
  return first;
}

const comesTo = (from: Instr, pc: number): boolean =>
  from.next === pc || (from.op === 'branch' && from.otherwise === pc)
  || (from.op === 'choose' && from.targets.includes(pc));

function special(place: Place): Part {
  const { writer } = place;
  const dice = random(place).below(9);
  if (dice === 0 && place.outcomes > 0) {
    return instr(place, { op: 'outcome', outcome: random(place).below(place.outcomes) });
  }
  if (dice === 1) {
    const cond = randomCondition(writer, 1);
    return instr(place, { op: 'assert', cond, text: random(place).pick([null, 'text']) });
  }
  if (dice === 2) return instr(place, { op: 'nop' });
  if (dice === 3 && random(place).chance(30)) return instr(place, { op: 'rcu_unlock' });
  if (dice === 4 && random(place).chance(50)) {
    return releaseOf(place, aLock(place).lock, 'write');
  }
  if (dice === 5 && place.atomic === null && random(place).chance(30)) {
    return instr(place, { op: 'synchronize_rcu' });
  }
  if (dice === 6 && place.atomic === null) {
    return instr(place, { op: 'await', cond: randomCondition(writer, 1) });
  }
  if (dice === 7 && place.atomic === null && random(place).chance(60)) {
    const part = instr(place, { op: 'nop' });
    return () => part(0);
  }
  return assignment(place);
}

/** One statement of about one instruction; may stand in an atomic step. */
function simple(place: Place): Part {
  const dice = random(place).below(12);
  if (dice < 6) return assignment(place);
  if (dice < 8) return object(place);
  if (dice < 9 && place.purse.left > 2) return compareAndSet(place);
  return special(place);
}

function statement(place: Place): Part {
  const dice = random(place).below(20);
  const { theme } = place.writer.world;
  if (place.purse.left < 3) return simple(place);
  if (theme === 'objects' && random(place).chance(12)) return looping(place);
  if (theme === 'objects' && random(place).chance(60)) {
    return random(place).chance(50) ? object(place) : visiting(place);
  }
  if (theme === 'locks' && random(place).chance(15)) return looping(place);
  if (theme === 'locks' && random(place).chance(40)) return locked(place);
  if (dice < 6) return locked(place);
  if (dice < 7) return tried(place);
  if (dice < 9) return reading(place);
  if (dice < 11) return atomic(place);
  if (dice < 12) return branching(place);
  if (dice < 13) return looping(place);
  if (dice < 14) return choosing(place);
  return simple(place);
}

/** Some of its statements come twice, with the same sites, as an inlined proc's do. */
export function block(place: Place, count: number): Part {
  const parts: Part[] = [];
  for (let i = 0; i < count && place.purse.left > 0; i++) {
    const before = place.purse.left;
    const part = place.atomic === null ? statement(place) : simple(place);
    parts.push(part);
    const cost = before - place.purse.left;
    if (cost > place.purse.left || !random(place).chance(6)) continue;
    parts.push(part);
    place.purse.left -= cost;
  }
  return sequence(parts);
}

/** A thread of its own that waits for readers, or that is one (and perhaps again). */
export function graceOrVisit(place: Place, waits: boolean): Part {
  if (!waits) {
    return sequence(random(place).chance(50) ? [reading(place), reading(place)]
      : [visiting(place), reading(place)]);
  }
  const first = object(place);
  return sequence([first, instr(place, { op: 'synchronize_rcu' }), simple(place)]);
}

export const outcomeAtEnd = (place: Place): Part =>
  instr(place, { op: 'outcome', outcome: random(place).below(place.outcomes) });
