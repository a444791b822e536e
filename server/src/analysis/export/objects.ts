// Objects and RCU as Promela: allocate, free, free after a grace period, who is inside a read
// section.
import type { Instr, PoolIdx, ThreadIdx } from '../../../../simulator/src/program.ts';
import { anyOf, choice, joined, when, type Lines } from './lines.ts';
import { bitOf, declare, type Model } from './model.ts';
import type { Sink } from './walk.ts';

/** Bit 0 of a thread's grace mask: its synchronize_rcu has begun. Bit t + 1: it waits for t. */
export const MARK = 1;

const readers = (model: Model): readonly ThreadIdx[] =>
  model.program.threads.flatMap((thread, t) =>
    (thread.code.some((instr) => instr.op === 'rcu_lock') ? [t] : []));

const waiters = (model: Model): readonly ThreadIdx[] =>
  model.program.threads.flatMap((thread, t) =>
    (thread.code.some((instr) => instr.op === 'synchronize_rcu') ? [t] : []));

/** Is there anybody to wait for? */
export const waitForReaders = (model: Model): boolean => readers(model).length > 0;

/** The threads inside rcu_read_lock, as a mask; `0` where none ever is. */
export const insideMask = (model: Model): string =>
  joined(readers(model).map((t) =>
    `(${model.names.threads[t]!.rcu} > 0 -> ${bitOf(t)} : 0)`), '|', '0');

const isDeferred = (model: Model, pool: PoolIdx): boolean =>
  model.program.threads.some((thread) => thread.code.some((instr) =>
    instr.op === 'free' && instr.pool === pool && instr.deferred));

const at = (model: Model, pool: PoolIdx, what: { name: string; ref: string }): string =>
  (model.program.pools[pool]!.count === 1 ? what.name : `${what.name}[${what.ref} - 1]`);

/** Leaves the new object's ref in `pick`; any of several where the pool reuses freed ones. */
export function allocate(model: Model, pool: PoolIdx, sink: Sink): Lines {
  const { count, typesafe, name, fields } = model.program.pools[pool]!;
  const { status } = model.names.pools[pool]!;
  model.scratch.add('pick');
  const slot = (ref: number): string => at(model, pool, { name: status, ref: `${ref}` });
  const refs = Array.from({ length: count }, (_, i) => i + 1);
  const options = refs.map((ref) => {
    const usedBefore = refs.slice(0, ref - 1).map((r) => `${slot(r)} != unused`);
    const fresh = joined([`${slot(ref)} == unused`, ...usedBefore], '&&', 'false');
    const guard = typesafe ? anyOf([`(${slot(ref)} == freed)`, `(${fresh})`]) : `(${fresh})`;
    return { guard, body: [`pick = ${ref};`] };
  });
  return [
    ...choice([...options, { guard: 'else', body: sink.cut('pool_exhausted', name) }]),
    `${at(model, pool, { name: status, ref: 'pick' })} = live;`,
    ...fields.map(({ place, init }) =>
      `${at(model, pool, { name: model.names.places[place]!, ref: 'pick' })} = ${init};`),
  ];
}

/** Frees now, or once those inside have left. */
export function releaseObject(
  { pool, deferred }: Extract<Instr, { op: 'free' }>,
  on: { readonly model: Model; readonly ref: string; readonly sink: Sink },
): Lines {
  const { model, ref, sink } = on;
  const { name } = model.program.pools[pool]!;
  const names = model.names.pools[pool]!;
  const status = at(model, pool, { name: names.status, ref });
  const inside = deferred ? insideMask(model) : '0';
  const now = [`${status} = freed;`];
  const later = [`${at(model, pool, { name: names.grace, ref })} = ${inside};`,
    `${status} = free_pending;`];
  return [
    ...when(`(${ref} == 0)`, sink.cut('null_ref', name)),
    ...when(`(${status} != live)`, sink.cut('double_free', name)),
    ...(inside === '0' ? now
      : choice([{ guard: `(${inside} == 0)`, body: now }, { guard: 'else', body: later }])),
  ];
}

/** The thread has left its read section: grace periods that waited for it may be over. */
export function endReader(model: Model, thread: ThreadIdx): Lines {
  const others = (mask: string): string => `${mask} = ${mask} & ~${bitOf(thread)};`;
  const waiting = waiters(model).map((t) => others(model.names.threads[t]!.grace));
  const pending = model.program.pools.flatMap((pool, p) =>
    (!isDeferred(model, p) ? [] : Array.from({ length: pool.count }, (_, i): Lines => {
      const names = model.names.pools[p]!;
      const grace = at(model, p, { name: names.grace, ref: `${i + 1}` });
      const status = at(model, p, { name: names.status, ref: `${i + 1}` });
      return when(`(${status} == free_pending)`,
        [others(grace), ...when(`(${grace} == 0)`, [`${status} = freed;`])]);
    }).flat()));
  return [...waiting, ...pending];
}

export function declarePool(model: Model, pool: PoolIdx): Lines {
  const { count, nLive } = model.program.pools[pool]!;
  const { status, grace } = model.names.pools[pool]!;
  const mask = 2 * bitOf(model.program.threads.length - 1) - 1;
  const first = Array.from({ length: count }, (_, i) => (i < nLive ? 'live' : 'unused'));
  const init = new Set(first).size === 1 ? first[0] : `{ ${first.join(', ')} }`;
  return [
    `${declare(model, { name: status, lo: 0, hi: 3, count })} = ${init};`,
    ...(isDeferred(model, pool)
      ? [`${declare(model, { name: grace, lo: 0, hi: mask, count })};`] : []),
  ];
}

/** Variables that ending a read section changes. */
export const graceVariables = (model: Model): readonly string[] => [
  ...waiters(model).map((t) => model.names.threads[t]!.grace),
  ...model.program.pools.flatMap((_, p) => (isDeferred(model, p)
    ? [model.names.pools[p]!.status, model.names.pools[p]!.grace] : [])),
];
