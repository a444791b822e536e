// Threads that can be exchanged: the same code but for their own locals, which begin with the same
// values, and nothing in the program tells which is which.
import type { CellIdx, Program, ThreadIdx } from '../program.ts';
import { expressionsOf, localsOf } from './live.ts';
import { readExpr } from './reads.ts';
import { codeText, propertiesText, type Renaming } from './signature.ts';

/** Threads any two of which can change places; `locals[i]` are those of `threads[i]`, in step. */
export interface SymmetryClass {
  readonly threads: readonly ThreadIdx[];
  readonly locals: readonly (readonly CellIdx[])[];
}

interface Shapes {
  readonly program: Program;
  /** By thread, in the order in which its code first names them. */
  readonly locals: readonly (readonly CellIdx[])[];
  readonly asked: readonly ReadonlySet<ThreadIdx>[];
}

/** The classes of at least two threads. */
export function symmetryClasses(program: Program): readonly SymmetryClass[] {
  const locals = localsInOrder(program);
  const all: Shapes = { program, locals, asked: askedBy(program) };
  const shapes = program.threads.map(({ decl }, t) => (
    program.threads.some((other, u) => u !== t && other.decl === decl)
      ? shapeOf(program, t, locals[t]!) : null));
  const classes: ThreadIdx[][] = [];
  program.threads.forEach((_, t) => {
    const home = shapes[t] === null ? undefined : classes.find(([first]) =>
      first !== undefined && shapes[first] === shapes[t] && canSwap(all, [first, t]));
    if (home === undefined) classes.push([t]);
    else home.push(t);
  });
  return classes.filter((threads) => threads.length > 1)
    .map((threads) => ({ threads, locals: threads.map((t) => locals[t]!) }));
}

function localsInOrder(program: Program): readonly (readonly CellIdx[])[] {
  const own = localsOf(program);
  return program.threads.map((_, t) => {
    const met: CellIdx[] = [];
    const mine = new Set(own[t]);
    JSON.stringify(program.threads[t]!.code, (key: string, value: unknown) => {
      if (key === 'cell' && typeof value === 'number' && mine.delete(value)) met.push(value);
      return value;
    });
    return met;
  });
}

/** The code with locals by their order and all threads alike: equal for threads of one class. */
function shapeOf(program: Program, t: ThreadIdx, locals: readonly CellIdx[]): string {
  const names: Renaming = {
    cells: new Map(locals.map((cell, i) => {
      const { lo, hi, init } = program.cells[cell]!;
      return [cell, `${i}: ${lo}..${hi} = ${init}`];
    })),
    threads: new Map(program.threads.map((_, u) => [u, -1])),
  };
  return codeText(program, t, names);
}

/** By thread: those that its code asks about. */
function askedBy(program: Program): readonly ReadonlySet<ThreadIdx>[] {
  return program.threads.map(({ code }) => {
    const asked = new Set<ThreadIdx>();
    for (const instr of code) {
      for (const expr of expressionsOf(instr)) {
        readExpr(expr, { thread: ({ thread }) => { asked.add(thread); } });
      }
    }
    return asked;
  });
}

/** Whether the program stays what it is when the two threads, of one shape, change places. */
function canSwap(
  { program, locals, asked }: Shapes, [a, b]: readonly [ThreadIdx, ThreadIdx],
): boolean {
  const same: Renaming = { cells: new Map(), threads: new Map() };
  const swap: Renaming = {
    cells: new Map(locals[a]!.flatMap((cell, i): [CellIdx, CellIdx][] =>
      [[cell, locals[b]![i]!], [locals[b]![i]!, cell]])),
    threads: new Map([[a, b], [b, a]]),
  };
  if (propertiesText(program, swap) !== propertiesText(program, same)) return false;
  return program.threads.every((_, t) => {
    const own = t === a || t === b;
    if (own ? asked[t]!.size === 0 : !asked[t]!.has(a) && !asked[t]!.has(b)) return true;
    return codeText(program, t, swap) === codeText(program, swap.threads.get(t) ?? t, same);
  });
}
