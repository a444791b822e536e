// Every thread of a file walked alone, once for a model: what static findings and hovers ask.
import type { ThreadDecl } from '../syntax/ast.ts';
import type { Instr, Program } from '../../../simulator/src/program.ts';
import { lowerThread } from './analyze.ts';
import type { Result } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { valueSets } from './value-sets.ts';
import type { ValueSets } from './value-sets.ts';
import { walkThread } from './thread-walk.ts';
import type { Walk } from './thread-walk.ts';

export interface Walked {
  readonly decl: ThreadDecl;
  readonly lowered: Lowered;
  /** Of `lowered.program`. */
  readonly thread: number;
  /** null where there are too many states to say anything. */
  readonly walk: Walk | null;
}

/** Threads that an error touches are left out. */
export function walksOf(model: Model, results: readonly Result[]): readonly Walked[] {
  const threads = model.decls.map((it) => it.decl).filter((it) => it.kind === 'thread');
  const lowerable = threads.flatMap((decl) => {
    const lowered = lowerThread(model, decl);
    return lowered === null ? [] : [{ decl, lowered }];
  });
  const alone = lowerable.filter((it) => model.threads.includes(it.decl));
  const all = [...lowerable, ...results].map((it) => it.lowered);
  const written = writtenPlaces(all);
  // A thread that could not be lowered may write anything.
  const sets: ValueSets = lowerable.length === threads.length ? valueSets(all) : new Map();
  return alone.flatMap(({ decl, lowered }): Walked[] => {
    const thread = lowered.program.threads.findIndex((it) => it.decl === decl.name.text);
    if (thread === -1) return [];
    // Who declares a guard says that it changes under it; else somebody must be seen to write it.
    const mayChange = (place: number): boolean => {
      const it = lowered.program.places[place];
      return it !== undefined
        && (it.readGuard !== null || it.writeGuard !== null || written.has(it.name));
    };
    const isWritten = (place: number): boolean =>
      written.has(lowered.program.places[place]?.name ?? '');
    const valuesOf = (place: number): ReadonlySet<number> | null =>
      sets.get(lowered.program.places[place]?.name ?? '') ?? null;
    const found = walkThread(lowered, thread, { mayChange, isWritten, valuesOf });
    return [{ decl, lowered, thread, walk: found }];
  });
}

/** The places, by name, that some thread writes. */
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
