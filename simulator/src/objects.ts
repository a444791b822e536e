// Object lifetimes and RCU on a frame: allocate, free, free after a grace period, and who is inside
// a read section. Rules: language.md "Threads and statements", "Fine print".
import { assert } from './assert.ts';
import { MAX_RCU_DEPTH } from './bounds.ts';
import { maskOf } from './locks.ts';
import { cut, decide, overflow, type Machine } from './machine.ts';
import type { PoolIdx, SiteId, ThreadIdx } from './program.ts';

export const UNUSED = 0;
export const LIVE = 1;
export const PENDING = 2;
export const FREED = 3;

export function statusOf(m: Machine, pool: PoolIdx, ref: number): number {
  return m.frame[m.layout.objects[pool]![ref - 1]!.status]!;
}

/** Ends the run where the object is gone: null, or freed and not type-stable. */
export function checkAlive(m: Machine, pool: PoolIdx, ref: number, site: SiteId): void {
  const spec = m.program.pools[pool]!;
  if (ref === 0) cut(m, 'null_ref', spec.name, site);
  if (m.quiet || spec.typesafe) return;
  if (statusOf(m, pool, ref) === FREED) cut(m, 'use_after_free', spec.name, site);
}

/**
 * A new object's ref. One never used before it goes first; of a typesafe pool any freed slot may be
 * handed out as well, so each of them is tried.
 */
export function allocate(m: Machine, pool: PoolIdx): number {
  const spec = m.program.pools[pool]!;
  const candidates: number[] = [];
  let fresh = 0;
  for (let ref = spec.count; ref >= 1; ref--) {
    const status = statusOf(m, pool, ref);
    if (status === UNUSED) fresh = ref;
    if (status === FREED && spec.typesafe) candidates.unshift(ref);
  }
  if (fresh !== 0) candidates.push(fresh);
  if (candidates.length === 0) cut(m, 'pool_exhausted', spec.name, m.step);
  const ref = candidates[decide(m, candidates.length)]!;
  m.frame[m.layout.objects[pool]![ref - 1]!.status] = LIVE;
  for (const field of spec.fields) {
    m.frame[m.program.places[field.place]!.base + ref - 1] = field.init;
  }
  return ref;
}

export function release(m: Machine, pool: PoolIdx, ref: number, deferred: boolean): void {
  const spec = m.program.pools[pool]!;
  if (ref === 0) cut(m, 'null_ref', spec.name, m.step);
  const slots = m.layout.objects[pool]![ref - 1]!;
  if (m.frame[slots.status] !== LIVE) cut(m, 'double_free', spec.name, m.step);
  const waits = deferred && markReaders(m, slots.grace);
  m.frame[slots.status] = waits ? PENDING : FREED;
}

/** Sets the bit of every thread inside rcu_read_lock; false where there is none. */
export function markReaders(m: Machine, grace: readonly number[]): boolean {
  let any = false;
  m.layout.threads.forEach((slots, t) => {
    if (m.frame[slots.rcu] === 0) return;
    assert(grace[t] !== -1, 'a reader has a bit');
    m.frame[grace[t]!] = 1;
    any = true;
  });
  return any;
}

export function enterRcu(m: Machine): void {
  const { rcu } = m.layout.threads[m.self]!;
  if (m.frame[rcu] === MAX_RCU_DEPTH) overflow(m, { kind: 'nesting', limit: MAX_RCU_DEPTH });
  m.frame[rcu]!++;
}

export function leaveRcu(m: Machine): void {
  const { rcu } = m.layout.threads[m.self]!;
  if (m.frame[rcu] === 0) cut(m, 'lock_not_held', 'rcu', m.step);
  m.frame[rcu]!--;
  if (m.frame[rcu] === 0) endReader(m, m.self);
}

/** The reader has left: grace periods that waited for it may be over. */
function endReader(m: Machine, t: ThreadIdx): void {
  for (const slots of m.layout.threads) clear(m, slots.grace[t]!);
  for (const pool of m.layout.objects) {
    for (const slots of pool) {
      if (m.frame[slots.status] !== PENDING) continue;
      clear(m, slots.grace[t]!);
      if (maskOf(m, slots.grace) === 0) m.frame[slots.status] = FREED;
    }
  }
}

function clear(m: Machine, slot: number): void {
  if (slot !== -1) m.frame[slot] = 0;
}
