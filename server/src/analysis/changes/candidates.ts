// Everything that might mend a fault, the plainest first. Nothing here is known to help: each is to
// be checked like any other text.
import type { Code } from '../../text/problem.ts';
import type { Owner } from '../entity.ts';
import { onlyOnce } from './again.ts';
import { orderedAll, type Change } from './change.ts';
import { conditionsIn, leadingTo, onlyIf } from './conditions.ts';
import { takenEverywhere } from './everywhere.ts';
import { aroundLoop, backOff, joinsOf } from './joins.ts';
import { inMode, withoutDowngrade } from './locking.ts';
import { lookedUp, readAgain, tested, testedAgain, writtenFirst } from './lookups.ts';
import { lengthOf, movesOf } from './moves.ts';
import {
  declaredAtomic, deferredFrees, graceBefore, locksFor, marked, readSections, stretchesOf,
  takenAround, wholeBodies, type Stretch,
} from './protect.ts';
import { releaseLess, releaseMore } from './releases.ts';
import { sharedIn, type Spot } from './spots.ts';
import { spotsIn, type Source } from './source.ts';

export interface Fault {
  readonly code: Code;
  /** As in the table of the language. */
  readonly subject: string | null;
  /** The threads and procs that take part. */
  readonly owners: ReadonlySet<Owner>;
  /** Offsets of the steps that it is about, in this file. */
  readonly at: readonly number[];
}

/** In the order in which they are worth trying, each with its splices in the text's order. */
export function candidates(source: Source, fault: Fault): readonly Change[] {
  const spots = spotsIn(source, fault.owners);
  const near = [...new Set(fault.at.flatMap((offset) => leadingTo(spots, offset)))];
  const scope: Scope = { source, fault, spots, near };
  return orderedAll([
    ...forTheCode(scope), ...sections(scope), ...protections(scope), ...knowledge(scope),
    ...places(scope),
  ]);
}

interface Scope {
  readonly source: Source;
  readonly fault: Fault;
  readonly spots: readonly Spot[];
  /** The statements at fault, those around them and the calls that lead there. */
  readonly near: readonly Spot[];
}

/** What only one kind of fault calls for. */
function forTheCode({ source, fault, spots, near }: Scope): readonly Change[] {
  const { code, subject } = fault;
  switch (code) {
    case 'lock_not_held':
      return near.flatMap((spot) => releaseLess(source, spot));
    case 'lock_held_at_exit':
      return releaseMore(source, spots, subject ?? '');
    case 'deadlock': case 'recursive_read': case 'lock_order': case 'sleep_in_atomic':
      return [
        ...spots.flatMap((spot) => backOff(source, spot)),
        ...(code === 'deadlock' || code === 'recursive_read' ? onlyOnce(source,
          inScope({ source, fault }).filter(({ cls }) => cls === subject)) : []),
      ];
    case 'data_race': {
      const name = subject ?? '';
      return [marked(source, spots, name), declaredAtomic(source, name)]
        .flatMap((change) => change ?? []);
    }
    default: // Anything else is about what the protocol comes to.
      return [];
  }
}

function inScope({ source, fault }: Pick<Scope, 'source' | 'fault'>) {
  return source.sections.filter(({ acquires }) =>
    acquires.some(({ owner }) => fault.owners.has(owner)));
}

/** Sections in another mode, not downgraded, downgraded on a condition, made one. */
function sections({ source, fault, spots }: Scope): readonly Change[] {
  const own = inScope({ source, fault });
  const conditions = conditionsIn(source, spots);
  return [
    ...own.flatMap((section) => inMode(source, section, 'write') ?? []),
    ...own.flatMap((section) => section.downgrades.flatMap((spot) => [
      withoutDowngrade(source, spot, section),
      ...conditions.map((condition) => onlyIf(source, spot, condition)),
    ])),
    ...joinsOf(source, fault.owners),
    ...spots.flatMap((spot) => aroundLoop(source, spot)),
    ...own.flatMap((section) => inMode(source, section, 'read') ?? []),
  ];
}

/** Locks, RCU sections and grace periods where there are none. */
function protections({ source, fault, spots, near }: Scope): readonly Change[] {
  const touched = fault.subject !== null && fault.subject !== '' ? [fault.subject] : [];
  const nearby = near.flatMap((spot) => [...sharedIn(source.model, spot)]);
  const around = (subject: string, stretch: Stretch): readonly Change[] =>
    locksFor(source, subject, stretch).map((taken) => takenAround(source, taken, stretch));
  const races = fault.code === 'data_race' || fault.code === 'guard';
  const readers = readSections(source, spots);
  const deferred = deferredFrees(spots);
  return [
    ...[...new Set([...touched, ...nearby])].flatMap((subject) =>
      stretchesOf(source, spots, subject).flatMap((stretch) => around(subject, stretch))),
    ...(races ? touched.flatMap((subject) => takenEverywhere(source, spots, subject)) : []),
    ...wholeBodies(spots).flatMap((stretch) => around('', stretch)),
    ...(deferred === null ? [] : [deferred]),
    ...readers,
    ...(deferred === null ? [] : readers.map((reader): Change => ({
      ...reader, title: `${reader.title}; ${deferred.title}`,
      splices: [...reader.splices, ...deferred.splices],
    }))),
    ...spots.filter(({ stmt }) => stmt.kind === 'free').map((spot) => graceBefore(source, spot)),
  ];
}

/** What a thread looks up or tests, and when. */
function knowledge({ source, spots, near }: Scope): readonly Change[] {
  const conditions = conditionsIn(source, spots);
  return [
    ...readAgain(source, spots, near),
    ...lookedUp(source, spots),
    ...spots.flatMap((spot) => testedAgain(source, spot)),
    ...near.filter(({ stmt }) => stmt.kind !== 'let' && stmt.kind !== 'acquire')
      .flatMap((spot) => conditions.map((condition) => tested(source, spot, condition))),
    ...writtenFirst(source, spots),
  ];
}

/** Statements elsewhere, near places first. */
function places({ source, spots }: Scope): readonly Change[] {
  const moves = spots.flatMap((spot) => movesOf(source, spot));
  return [...moves].sort((a, b) => lengthOf(a) - lengthOf(b));
}
