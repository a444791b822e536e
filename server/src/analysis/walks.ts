// Every thread of a file walked alone, with the params as the scenarios that run it set them: what
// static findings ask.
import type { FileId } from '../text/range.ts';
import type { ScenarioDecl, ScenarioItem, ThreadDecl } from '../syntax/ast.ts';
import type { Instr, Program, Thread } from '../../../simulator/src/program.ts';
import { environmentKey } from './environment.ts';
import type { Result } from './judgement.ts';
import { constantsOf, keptThread } from './lower.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import type { Surroundings, ProgramAtHand } from './kept-programs.ts';
import { valueSets } from './value-sets.ts';
import type { ValueSets } from './value-sets.ts';
import type { Walk } from './thread-walk.ts';

export interface Walked {
  readonly decl: ThreadDecl;
  readonly file: FileId;
  /** One for each setting of the params: what is certain is so in all of them. */
  readonly walks: readonly OneWalk[];
}

export interface OneWalk {
  readonly lowered: Lowered;
  /** Of `lowered.program`. */
  readonly thread: number;
  /** null where there are too many states to say anything. Worked out when first asked for. */
  readonly walk: Walk | null;
}

/** Own threads and those of used files; those that an error touches are left out. */
export function walksOf(model: Model, results: readonly Result[]): readonly Walked[] {
  const threads = aloneIn(model);
  let known: Surroundings | null = null;
  const around = (): Surroundings => (known ??= surroundings(
    threads.filter(({ decl }) => searchedThreads(model, decl, results) === null), results));
  return threads.map((thread) => new WalkedThread(thread, around));
}

class WalkedThread implements Walked {
  readonly decl: ThreadDecl;
  readonly file: FileId;
  readonly #thread: Alone;
  readonly #around: () => Surroundings;
  #walks: readonly OneWalk[] | null = null;

  constructor(thread: Alone, around: () => Surroundings) {
    this.decl = thread.decl;
    this.file = thread.file;
    this.#thread = thread;
    this.#around = around;
  }

  get walks(): readonly OneWalk[] {
    return (this.#walks ??= this.#thread.alone.flatMap((it) =>
      walkOf(this.decl, it, this.#around)));
  }
}

class Alone {
  readonly decl: ThreadDecl;
  readonly file: FileId;
  readonly #model: Model;
  #alone: readonly ProgramAtHand[] | null = null;

  constructor(model: Model, decl: ThreadDecl, file: FileId) {
    this.#model = model;
    this.decl = decl;
    this.file = file;
  }

  /** One for each setting of the params. */
  get alone(): readonly ProgramAtHand[] {
    return (this.#alone ??= settingsOf(this.#model, this.decl).flatMap((setting) =>
      keptThread(this.#model, this.decl, setting) ?? []));
  }
}

/** Asked for before the scenarios are searched, and again after. */
const aloneOf = new WeakMap<Model, readonly Alone[]>();

function aloneIn(model: Model): readonly Alone[] {
  const known = aloneOf.get(model);
  if (known !== undefined) return known;
  const found: Alone[] = [];
  for (const { file, decl } of model.decls) {
    if (decl.kind === 'thread') found.push(new Alone(model, decl, file));
  }
  aloneOf.set(model, found);
  return found;
}

/**
 * The thread as it was searched: its code is all that it is with any setting, since its arguments
 * decide nothing: those of parameters that it assigns to are no more than what these start with.
 * null where that is not so.
 */
export function searchedThreads(
  model: Model, decl: ThreadDecl, results: readonly Result[],
): readonly Thread[] | null {
  const assigned = model.meaning.owners.get(decl)?.assigned;
  if (!decl.params.every((param) => assigned?.has(param))) return null;
  const found: Thread[] = [];
  let nSearched = 0;
  const running = runningThread(model, decl).filter((it) => !model.broken.has(it));
  for (const { scenario, lowered: { program } } of results) {
    if (!running.includes(scenario)) continue;
    nSearched++;
    for (const thread of program.threads) if (thread.decl === decl.name.text) found.push(thread);
  }
  return nSearched > 0 && nSearched === running.length ? found : null;
}

/** The `with` of each scenario that runs the thread, each setting once; none where none does. */
function settingsOf(model: Model, decl: ThreadDecl): readonly (readonly ScenarioItem[])[] {
  if (model.broken.has(decl)) return [];
  const settings = new Map<string, readonly ScenarioItem[]>();
  for (const scenario of runningThread(model, decl)) {
    if (model.broken.has(scenario)) continue;
    settings.set(environmentKey(constantsOf(model, scenario.items)), scenario.items);
  }
  return settings.size === 0 ? [[]] : [...settings.values()];
}

const runningIn = new WeakMap<Model, ReadonlyMap<string, readonly ScenarioDecl[]>>();

/** The scenarios that run a thread, by its name, in their order. */
export function runningThread(model: Model, decl: ThreadDecl): readonly ScenarioDecl[] {
  let byName = runningIn.get(model);
  if (byName === undefined) {
    byName = scenariosByThread(model);
    runningIn.set(model, byName);
  }
  return byName.get(decl.name.text) ?? [];
}

function scenariosByThread({ scenarios }: Model): ReadonlyMap<string, readonly ScenarioDecl[]> {
  const byName = new Map<string, ScenarioDecl[]>();
  for (const scenario of scenarios) {
    const names = new Set(scenario.items.flatMap((item) =>
      (item.kind === 'run' ? [item.thread.text] : [])));
    for (const name of names) {
      const known = byName.get(name);
      if (known === undefined) byName.set(name, [scenario]);
      else known.push(scenario);
    }
  }
  return byName;
}

/** `threads`: those whose code is not among the results' all. */
function surroundings(threads: readonly Alone[], results: readonly Result[]): Surroundings {
  const all = [
    ...threads.flatMap((it) => it.alone.map(({ lowered }) => lowered)),
    ...results.map((it) => it.lowered),
  ];
  // A thread that could not be lowered may write anything.
  const sets: ValueSets = threads.every((it) => it.alone.length > 0) ? valueSets(all) : new Map();
  const written = new Set(all.flatMap(({ program }) => writtenPlaces(program)));
  return {
    isWritten: (name) => written.has(name),
    valuesOf: (name) => sets.get(name) ?? null,
  };
}

function walkOf(
  decl: ThreadDecl, atHand: ProgramAtHand, around: () => Surroundings,
): readonly OneWalk[] {
  const { lowered } = atHand;
  const thread = lowered.program.threads.findIndex((it) => it.decl === decl.name.text);
  if (thread === -1) return [];
  let walk: Walk | null | undefined;
  return [{
    lowered, thread,
    get walk() {
      if (walk === undefined) walk = atHand.walk(thread, around());
      return walk;
    },
  }];
}

const writtenIn = new WeakMap<Program, readonly string[]>();

function writtenPlaces(program: Program): readonly string[] {
  const known = writtenIn.get(program);
  if (known !== undefined) return known;
  const found = new Set(program.threads.flatMap((thread) =>
    thread.code.flatMap((instr) => writtenBy(program, instr))));
  const names = [...found];
  writtenIn.set(program, names);
  return names;
}

function writtenBy(program: Program, instr: Instr): readonly string[] {
  const nameOf = (place: number): string => program.places[place]?.name ?? '';
  switch (instr.op) {
    case 'set':
    case 'any':
    case 'new':
      return instr.target.kind === 'store' ? [nameOf(instr.target.access.place)] : [];
    case 'cmpxchg': return [nameOf(instr.access.place)];
    default: // The others write no shared state.
      return [];
  }
}
