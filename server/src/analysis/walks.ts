// Every thread of a file walked alone, once for a model: what static findings and hovers ask.
import type { ThreadDecl } from '../syntax/ast.ts';
import type { Instr, Program } from '../../../simulator/src/program.ts';
import { lowerThread } from './analyze.ts';
import type { Result } from './judgement.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
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
  const alone = model.threads.flatMap((decl) => {
    const lowered = lowerThread(model, decl);
    return lowered === null ? [] : [{ decl, lowered }];
  });
  const writers = writersOf([...alone.map((it) => it.lowered), ...results.map((it) => it.lowered)]);
  return alone.flatMap(({ decl, lowered }): Walked[] => {
    const thread = lowered.program.threads.findIndex((it) => it.decl === decl.name.text);
    if (thread === -1) return [];
    const several = runsBeside(decl.name.text, results);
    const mayChange = (place: number): boolean => {
      const by = writers.get(lowered.program.places[place]?.name ?? '') ?? new Set<string>();
      return [...by].some((writer) => writer !== decl.name.text || several);
    };
    return [{ decl, lowered, thread, walk: walkThread(lowered, thread, { mayChange }) }];
  });
}

/** Whether another instance of the thread may run beside it; so it may where nothing is known. */
function runsBeside(decl: string, results: readonly Result[]): boolean {
  const counts = results.map(({ lowered }) =>
    lowered.program.threads.filter((thread) => thread.decl === decl).length);
  return counts.every((count) => count === 0) || counts.some((count) => count > 1);
}

/** By place name: the threads, by declaration, that write it. */
function writersOf(all: readonly Lowered[]): ReadonlyMap<string, ReadonlySet<string>> {
  const writers = new Map<string, Set<string>>();
  for (const { program } of all) {
    for (const thread of program.threads) {
      for (const place of thread.code.flatMap((instr) => writtenBy(program, instr))) {
        const known = writers.get(place) ?? new Set<string>();
        writers.set(place, known.add(thread.decl));
      }
    }
  }
  return writers;
}

function writtenBy(program: Program, instr: Instr): readonly string[] {
  const nameOf = (place: number): string => program.places[place]?.name ?? '';
  switch (instr.op) {
    case 'set':
    case 'any':
    case 'new':
      return instr.target.kind === 'store' ? [nameOf(instr.target.access.place)] : [];
    case 'cmpxchg': return [nameOf(instr.access.place)];
    // The others write no shared state.
    default: return [];
  }
}
