// What covers each step of a file's threads, each thread alone: the locks held over it, and which
// of its accesses are checked for races. Before a change and after it, to tell what it costs.
import type { Instr, Pc, Program } from '../../../../simulator/src/program.ts';
import type { FileId } from '../../text/range.ts';
import { unreachable } from '../../text/unreachable.ts';
import { touchesOf } from '../accesses.ts';
import type { Lowered, Site } from '../lowered.ts';
import type { Model } from '../model.ts';
import { walkThread } from '../thread-walk.ts';
import { envAt, isHeld, locksOf, type WalkState } from '../walk-state.ts';
import { walksOf } from '../walks.ts';
import { Continuity, type Openers } from './continuity.ts';
import type { Spot } from './spots.ts';

/** In which a lock is held; `write` also of one that has no modes. */
export type Mode = 'none' | 'read' | 'write';

export interface CoveredStep {
  readonly thread: string;
  readonly site: Site;
  /** The calls that lead to it, the outermost first, and itself. */
  readonly places: readonly Place[];
  /** Others can run before it. */
  readonly rests: boolean;
  /** It takes a lock that the thread may have already. */
  readonly again: boolean;
  /** A lock is there for it: it touches shared state, or says in words alone what it does. */
  readonly matters: boolean;
  /** By lock class, `rcu` for RCU sections: in which modes it is held, path by path. */
  readonly held: ReadonlyMap<string, ReadonlySet<Mode>>;
  /** By lock class: where the sections begin that cover it without a gap. */
  readonly openers: Openers;
  /** Places by name that it accesses with a mark and without one, and those that it writes. */
  readonly marked: ReadonlySet<string>;
  readonly plain: ReadonlySet<string>;
  readonly writes: ReadonlySet<string>;
}

export interface Place {
  readonly file: FileId;
  readonly start: number;
}

export interface Cover {
  /** By `stepKey`. */
  readonly steps: ReadonlyMap<string, CoveredStep>;
  /** Places on which no race is reported. */
  readonly atomic: ReadonlySet<string>;
  /** Classes of locks that are held for reading or for writing. */
  readonly moded: ReadonlySet<string>;
  /** How many steps wait for a grace period, free after one, only try a lock. */
  readonly waits: number;
  readonly deferred: number;
  readonly tries: number;
  /** Threads that are too large to be followed. */
  readonly unknown: ReadonlySet<string>;
}

/** With the params as each scenario sets them. */
export function coverOf(model: Model): Cover {
  const found = new Gathering(model);
  for (const { decl, file, walks } of walksOf(model, [])) {
    if (file !== model.file) continue;
    for (const { lowered, thread } of walks) found.add(lowered, thread, decl.name.text);
  }
  return found.cover();
}

interface Gathered {
  readonly thread: string;
  readonly site: Site;
  readonly places: readonly Place[];
  readonly paths: ReadonlyMap<string, Mode>[];
  readonly ops: Set<Instr['op']>;
  readonly marked: Set<string>;
  readonly plain: Set<string>;
  readonly writes: Set<string>;
  rests: boolean;
  again: boolean;
  matters: boolean;
  deferred: boolean;
}

class Gathering {
  readonly #model: Model;
  readonly #steps = new Map<string, Gathered>();
  readonly #atomic = new Set<string>();
  readonly #moded = new Set<string>();
  readonly #unknown = new Set<string>();
  readonly #openers = new Map<string, Map<string, Set<string>>>();

  constructor(model: Model) {
    this.#model = model;
  }

  add(lowered: Lowered, thread: number, name: string): void {
    const { program } = lowered;
    for (const place of program.places) if (place.atomic) this.#atomic.add(place.name);
    for (const { name: cls, kind } of program.classes) {
      if (kind === 'rwsem' || kind === 'rwlock') this.#moded.add(cls);
    }
    const calls = callsIn(lowered, thread);
    const continuity = new Continuity();
    const walk = walkThread(lowered, thread, {
      mayChange: () => false, isWritten: () => true, valuesOf: () => null,
      onStep: (state, after) => {
        const instr = program.threads[thread]?.code[state.pc];
        const site = lowered.sites[instr?.site ?? -1];
        if (instr === undefined || site === undefined || instr.op === 'end') return;
        const own = { file: site.file, start: site.range.start };
        const places = [...calls.get(state.pc) ?? [], own];
        this.#note(program, { instr, site, state, places, thread: name });
        const point = (it: WalkState) => ({ pc: it.pc, held: modesIn(program, it) });
        const step = stepKey({ thread: name, places });
        continuity.note({ ...point(state), step }, after.map(point));
      },
    });
    if (walk === null) this.#unknown.add(name);
    continuity.addTo(this.#openers);
  }

  #note(
    program: Program,
    { instr, site, state, ...of }: Pick<CoveredStep, 'thread' | 'site' | 'places'>
      & { readonly instr: Instr; readonly state: WalkState },
  ): void {
    const key = stepKey(of);
    const at: Gathered = this.#steps.get(key) ?? {
      ...of, site, paths: [], ops: new Set(), marked: new Set(), plain: new Set(),
      writes: new Set(), rests: false, again: false, matters: false, deferred: false,
    };
    this.#steps.set(key, at);
    at.paths.push(modesIn(program, state));
    at.ops.add(instr.op);
    at.rests ||= instr.rest;
    at.deferred ||= instr.op === 'free' && instr.deferred;
    at.again ||= instr.op === 'acquire'
      && locksOf(program, instr.lock, envAt(program, state)).some((lock) => isHeld(state, lock));
    at.matters ||= this.#matters(instr, site);
    for (const { access, write } of touchesOf(instr)) {
      const name = program.places[access.place]?.name ?? '';
      (access.marked ? at.marked : at.plain).add(name);
      if (write) at.writes.add(name);
    }
  }

  #matters(instr: Instr, { file, range }: Site): boolean {
    switch (instr.op) {
      case 'acquire': case 'try': case 'release': case 'downgrade':
      case 'rcu_lock': case 'rcu_unlock': case 'synchronize_rcu': case 'end': case 'outcome':
        return false;
      case 'free':
        return true;
      case 'nop': {
        const text = this.#model.meaning.texts.get(file) ?? '';
        return /^step\b/.test(text.slice(range.start, range.end));
      }
      case 'set': case 'any': case 'branch': case 'choose': case 'cmpxchg': case 'await':
      case 'assert': case 'new':
        return touchesOf(instr).length > 0;
      default:
        return unreachable(instr);
    }
  }

  cover(): Cover {
    const all = [...this.#steps.values()];
    const taking = (op: Instr['op']): number => all.filter(({ ops }) => ops.has(op)).length;
    return {
      steps: new Map([...this.#steps].map(([key, step]) => [key, {
        ...step, held: summary(step.paths), openers: this.#openers.get(key) ?? new Map(),
      }])),
      atomic: this.#atomic, moded: this.#moded, unknown: this.#unknown,
      waits: taking('synchronize_rcu'), tries: taking('try'),
      deferred: all.filter((step) => step.deferred).length,
    };
  }
}

/** What a statement is, once for each call that leads to it. */
export function stepsAt({ steps }: Cover, { stmt, owner }: Spot): readonly CoveredStep[] {
  return [...steps.values()].filter(({ site }) => site.owner === owner.name.text
    && site.range.start === stmt.range.start);
}

export function stepKey({ thread, places }: Pick<CoveredStep, 'thread' | 'places'>): string {
  return `${thread} ${places.map(({ file, start }) => `${start} ${file}`).join(' ')}`;
}

/** The calls around each instruction. */
function callsIn({ passages }: Lowered, thread: number): ReadonlyMap<Pc, readonly Place[]> {
  const found = new Map<Pc, Place[]>();
  const outerFirst = passages.filter((it) => it.thread === thread)
    .sort((a, b) => b.inside.size - a.inside.size);
  for (const { file, range: { start }, inside } of outerFirst) {
    for (const pc of inside) found.set(pc, [...found.get(pc) ?? [], { file, start }]);
  }
  return found;
}

/** By class: several locks of one are held as the strongest of them is. */
function modesIn(program: Program, { held, rcu }: WalkState): ReadonlyMap<string, Mode> {
  const found = new Map<string, Mode>();
  for (const { lock, mode } of held) {
    const cls = program.classes[program.locks[lock]?.cls ?? -1]?.name ?? '';
    if (found.get(cls) !== 'write') found.set(cls, mode);
  }
  return rcu > 0 ? found.set('rcu', 'read') : found;
}

function summary(
  paths: readonly ReadonlyMap<string, Mode>[],
): ReadonlyMap<string, ReadonlySet<Mode>> {
  const classes = new Set(paths.flatMap((path) => [...path.keys()]));
  return new Map([...classes].map((cls) =>
    [cls, new Set(paths.map((path) => path.get(cls) ?? 'none'))]));
}
