// Small random programs, well formed, that lock mostly (not always) as they should.
import type { Instr, Program, Property, Thread } from '../../simulator/src/index.ts';
import { block, graceOrVisit, outcomeAtEnd } from './random-code.ts';
import { sequence, type Place } from './random-part.ts';
import { randomCondition, type Writer } from './random-expr.ts';
import { randomWorld, sharedPart, type World } from './random-world.ts';
import { randomFrom } from './random.ts';

interface Head {
  readonly outcomes: Thread['outcomes'];
  readonly own: { readonly int: number; readonly ref: number | null };
  readonly background: boolean;
}

function randomHead(world: World): Head {
  const { random, cells } = world;
  const int = cells.push({ lo: 0, hi: 2, init: random.below(2) }) - 1;
  const pool = world.pools[0];
  const ref = pool === undefined ? null : cells.push({ lo: 0, hi: pool.count, init: 0 }) - 1;
  const outcomes = random.chance(35)
    ? [{ name: 'good', never: false }, { name: 'bad', never: random.chance(40) }] : [];
  return { outcomes, own: { int, ref }, background: random.chance(12) };
}

interface Made {
  readonly heads: readonly Head[];
  readonly codes: readonly (readonly Instr[])[];
}

const othersOf = ({ heads, codes }: Made): Writer['others'] =>
  heads.map((head, index) => ({
    outcomes: head.outcomes.length,
    pcs: (codes[index] ?? []).flatMap((instr, pc) => (instr.rest ? [pc] : [])),
  }));

/** Thread `like`; for another index a second instance of it, with the same sites. */
function randomThread(
  world: World, { heads, codes }: Made, { index, like }: { index: number; like: number },
): Thread {
  const head = heads[index];
  if (head === undefined) throw new Error('a thread without a head');
  const { random } = world;
  const { outcomes, own, background } = head;
  const site = 100 * (like + 1);
  const code: Instr[] = [{ op: 'end', rest: false, site: site + 99, next: 0 }];
  const writer: Writer = {
    world, own, others: othersOf({ heads, codes: codes.slice(0, like) }), asks: true, shares: true,
    calm: random.chance(world.theme === 'mixed' ? 50 : 92),
  };
  const place: Place = {
    writer, code, purse: { left: heads.length === 3 ? 6 : 8 }, sites: { next: site },
    atomic: null, outcomes: outcomes.length,
  };
  const parts = world.theme === 'objects' && random.chance(35)
    ? [graceOrVisit(place, random.chance(40))] : [block(place, 1 + random.below(4))];
  if (outcomes.length > 0 && random.chance(85)) parts.push(outcomeAtEnd(place));
  const entry = sequence(parts)(0);
  return { name: `t${index}`, decl: `t${like}`, background, outcomes, code, entry };
}

function randomProperty(world: World, made: Made, index: number): Property {
  const { random } = world;
  const kind = random.pick(
    ['invariant', 'final', 'eventually', 'eventually', 'reachable'] as const,
  );
  const writer: Writer = {
    world, own: null, others: othersOf(made), asks: true, shares: true,
    calm: random.chance(50),
  };
  return { kind, name: `q${index}`, site: 9000 + index, expr: randomCondition(writer, 2) };
}

export function randomProgram(seed: number): Program {
  const random = randomFrom(seed);
  const world = randomWorld(random);
  const nThreads = random.chance(world.theme === 'mixed' ? 35 : 50) ? 3 : 2;
  const likes = Array.from({ length: nThreads }, (_, i) => (i > 0 && random.chance(20) ? 0 : i));
  const first = randomHead(world);
  const heads = likes.map((like, i): Head => {
    if (i === 0) return first;
    const head = randomHead(world);
    return like === i ? head : { ...first, own: head.own };
  });
  const seeds = likes.map(() => random.below(2 ** 31));
  const threads: Thread[] = [];
  likes.forEach((like, index) => {
    const made = { heads, codes: threads.map((thread) => thread.code) };
    const own = { ...world, random: randomFrom(seeds[like] ?? 0), sites: 5000 + 1000 * like };
    threads.push(randomThread(own, made, { index, like }));
  });
  const made = { heads, codes: threads.map((thread) => thread.code) };
  world.sites = 8000;
  const properties = Array.from(
    { length: random.below(4) }, (_, i) => randomProperty(world, made, i),
  );
  return { ...sharedPart(world), threads, properties };
}
