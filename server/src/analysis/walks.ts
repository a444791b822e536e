// Every thread of a file walked alone, with the params as the scenarios that run it set them: what
// static findings ask.
import type { FileId } from '../text/range.ts';
import type { ScenarioDecl, ScenarioItem, ThreadDecl } from '../syntax/ast.ts';
import type { Instr, Program } from '../../../simulator/src/program.ts';
import { lowerThread } from './analyze.ts';
import { environmentKey } from './environment.ts';
import type { Result } from './judgement.ts';
import { constantsOf } from './lower.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { valueSets } from './value-sets.ts';
import type { ValueSets } from './value-sets.ts';
import { walkThread } from './thread-walk.ts';
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
  /** null where there are too many states to say anything. */
  readonly walk: Walk | null;
}

/** Own threads and those of used files; those that an error touches are left out. */
export function walksOf(model: Model, results: readonly Result[]): readonly Walked[] {
  const threads = model.decls.flatMap(({ file, decl }) =>
    (decl.kind === 'thread' ? [{ file, decl }] : []));
  const lowerable = threads.map(({ file, decl }) => ({
    file, decl, lowered: settingsOf(model, decl).flatMap((items) =>
      lowerThread(model, decl, items) ?? []),
  }));
  const all = [...lowerable.flatMap((it) => it.lowered), ...results.map((it) => it.lowered)];
  const written = writtenPlaces(all);
  // A thread that could not be lowered may write anything.
  const sets: ValueSets = lowerable.every((it) => it.lowered.length > 0)
    ? valueSets(all) : new Map();
  return lowerable.map(({ file, decl, lowered }): Walked => ({
    file, decl, walks: lowered.flatMap((it) => walkOf(decl, it, { written, sets })),
  }));
}

/** The `with` of each scenario that runs the thread, each setting once; none where none does. */
function settingsOf(model: Model, decl: ThreadDecl): readonly (readonly ScenarioItem[])[] {
  const settings = new Map<string, readonly ScenarioItem[]>();
  for (const scenario of model.scenarios) {
    if (model.broken.has(scenario) || !runsThread(scenario, decl)) continue;
    settings.set(environmentKey(constantsOf(model, scenario.items)), scenario.items);
  }
  return settings.size === 0 ? [[]] : [...settings.values()];
}

export function runsThread(scenario: ScenarioDecl, decl: ThreadDecl): boolean {
  return scenario.items.some((item) =>
    item.kind === 'run' && item.thread.text === decl.name.text);
}

interface World {
  /** Places, by name, that some thread writes. */
  readonly written: ReadonlySet<string>;
  readonly sets: ValueSets;
}

function walkOf(
  decl: ThreadDecl, lowered: Lowered, { written, sets }: World,
): readonly OneWalk[] {
  const { program } = lowered;
  const thread = program.threads.findIndex((it) => it.decl === decl.name.text);
  if (thread === -1) return [];
  const nameOf = (place: number): string => program.places[place]?.name ?? '';
  const walk = walkThread(lowered, thread, {
    // Who declares a guard says that it changes under it; else somebody must be seen to write it.
    mayChange: (place) => {
      const it = program.places[place];
      return it !== undefined
        && (it.readGuard !== null || it.writeGuard !== null || written.has(it.name));
    },
    isWritten: (place) => written.has(nameOf(place)),
    valuesOf: (place) => sets.get(nameOf(place)) ?? null,
  });
  return [{ lowered, thread, walk }];
}

function writtenPlaces(all: readonly Lowered[]): ReadonlySet<string> {
  return new Set(all.flatMap(({ program }) => program.threads.flatMap((thread) =>
    thread.code.flatMap((instr) => writtenBy(program, instr)))));
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
