// The canonical form of a program but for its threads, with what these take from it: how things are
// numbered and called. It depends on little of the threads, and is kept by that: an edit inside of
// one thread mostly leaves it, and with it the other threads, as they were.
import { taken } from '../../../simulator/src/kept.ts';
import type { Program, Property, SiteId } from '../../../simulator/src/program.ts';
import { bearingOf, type Bearing } from './bearing.ts';
import type { MadeThread } from './canonical-thread.ts';
import { fingerprint } from './hash.ts';
import { Names } from './names.ts';
import { narrowCells } from './narrow.ts';
import { renumbering, Sites, type Renumber } from './numbering.ts';
import { traitsOf } from './traits.ts';

export interface Frame {
  readonly bearing: Bearing;
  readonly sites: readonly SiteId[];
  /** Of what is declared; not to be added to. */
  readonly names: Names;
  readonly renumber: Renumber;
  /** Where several threads set an outcome: in a proc. */
  readonly shared: ReadonlySet<SiteId>;
  readonly rest: Omit<Program, 'threads'>;
  /** Of the rest. */
  readonly print: string;
  /** Those made last in it. */
  readonly threads: (MadeThread | undefined)[];
}

/** By what they are made from. */
export type Frames = Map<string, Frame>;
/** More scenarios than somebody works on at a time. */
const FRAMES_MAX = 64;

export function frameOf(program: Program, frames: Frames): Frame {
  const { threads, ...rest } = program;
  const key = [JSON.stringify(rest), ...threads.map(traitsOf)].join('\n');
  return taken(frames, key, FRAMES_MAX, () => made(program));
}

function made(program: Program): Frame {
  const bearing = bearingOf(program);
  const names = new Names();
  const sites = new Sites(program);
  const renumber = renumbering(bearing, sites);
  const cells = narrowCells(program);
  const at = <T>(all: readonly T[], indices: readonly number[]): readonly T[] =>
    indices.flatMap((i) => all[i] ?? []);
  const declared: Omit<Program, 'threads' | 'properties'> = {
    cells: at(cells, bearing.cells),
    places: bearing.places.flatMap((index) => {
      const place = program.places[index];
      return place === undefined ? [] : {
        ...place, name: names.of('shared', place.name),
        readGuard: bearing.guarded.read.has(index) ? place.readGuard : null,
        writeGuard: bearing.guarded.write.has(index) ? place.writeGuard : null,
      };
    }),
    pools: at(program.pools, bearing.pools).map((pool) => ({
      ...pool, name: names.of('struct', pool.name),
      fields: pool.fields.filter(({ place }) => bearing.places.includes(place)),
    })),
    classes: at(program.classes, bearing.classes)
      .map((cls) => ({ ...cls, name: names.of('lock', cls.name) })),
    locks: at(program.locks, bearing.locks).map((lock, i) => ({ ...lock, name: `lock ${i}` })),
    orders: program.orders.filter(({ outer, inner }) =>
      bearing.classes.includes(outer) && bearing.classes.includes(inner)),
    nRegs: program.nRegs,
  };
  const asked = {
    properties: program.properties.map((property, i): Property =>
      ({ ...property, name: names.of(`property ${i}`, property.name) })),
  };
  names.leaveRoom(); // another property leaves the threads as they were
  renumber(declared);
  for (const { code } of program.threads) {
    for (const { within } of code) if (within !== undefined) sites.of(within);
  }
  renumber(asked);
  const rest = { ...declared, ...asked };
  return {
    bearing, sites: sites.all, names, renumber, shared: sharedOutcomes(program), rest,
    print: fingerprint(JSON.stringify(rest)), threads: [],
  };
}

/** Where the threads of several declarations set an outcome: in a proc. */
function sharedOutcomes({ threads }: Program): ReadonlySet<SiteId> {
  const setBy = new Map<SiteId, string>();
  const shared = new Set<SiteId>();
  for (const { decl, code } of threads) {
    for (const { op, site } of code) {
      if (op !== 'outcome') continue;
      if ((setBy.get(site) ?? decl) !== decl) shared.add(site);
      setBy.set(site, decl);
    }
  }
  return shared;
}
