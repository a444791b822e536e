// All programs of a shape over a world, each in one order of its threads only.
import type { Instr, Program, Thread } from '../../simulator/src/index.ts';
import type { Own, Statement, World } from './parts.ts';
import { WORLDS } from './worlds.ts';

/** So many threads of at most so many statements, the first so many words of the world. */
interface Shape {
  readonly threads: number;
  readonly length: number;
  readonly words: number;
}
const SHAPES: readonly Shape[] = [
  { threads: 2, length: 3, words: 7 },
  { threads: 2, length: 4, words: 3 },
  { threads: 3, length: 2, words: 5 },
];

type Sequence = readonly Statement[];

/** Whether nothing follows what ends the thread: a return, or giving back what is not held. */
function isToThePoint(sequence: Sequence): boolean {
  const held = new Map<string, number>();
  return sequence.every(({ holds, last }, i) => {
    const isLast = i === sequence.length - 1;
    if (last === true) return isLast;
    if (holds === undefined) return true;
    const name = holds.slice(1);
    const count = (held.get(name) ?? 0) + (holds.startsWith('+') ? 1 : -1);
    held.set(name, count);
    return count >= 0 || isLast;
  });
}

function sequences(words: Sequence, length: number): readonly Sequence[] {
  let ends: readonly Sequence[] = [[]];
  const all: Sequence[] = [];
  for (let i = 0; i < length; i++) {
    ends = ends.flatMap((start) => words.map((word) => [...start, word])).filter(isToThePoint);
    all.push(...ends);
  }
  return all;
}

function codeOf(sequence: Sequence, own: Own, thread: number): readonly Instr[] {
  const lines = sequence.flatMap((statement) => statement.lines(own));
  const end = lines.length;
  const isReturn = sequence.at(-1)?.last === true;
  const code = lines.map(({ op, silent, over }, pc): Instr => {
    const base = {
      rest: silent !== true, site: 100 * thread + pc,
      next: isReturn && pc === end - 1 ? end : pc + 1 + (op.op === 'nop' ? over ?? 0 : 0),
    };
    const otherwise = pc + 1 + (over ?? 0);
    if (op.op === 'branch') return { ...op, ...base, otherwise };
    if (op.op === 'choose') return { ...op, ...base, targets: [pc + 1, otherwise] };
    return { ...op, ...base };
  });
  return [...code, { op: 'end', rest: false, site: 100 * thread + 99, next: 0 }];
}

function programOf(world: World, threads: readonly Sequence[]): Program {
  const { shared } = world;
  const first = shared.cells.length;
  const outcomes = world.outcomes ? [{ name: 'done', never: false }] : [];
  return {
    ...shared,
    cells: [...shared.cells, ...threads.flatMap(() => [
      { lo: 0, hi: 2, init: 0 }, { lo: 0, hi: 2, init: 0 },
    ])],
    threads: threads.map((sequence, i): Thread => ({
      name: `t${i}`, decl: `t${i}`, background: false, outcomes, entry: 0,
      code: codeOf(sequence, { number: first + 2 * i, ref: first + 2 * i + 1 }, i),
    })),
  };
}

export interface Tiny {
  /** `a mutex: lock; x = 1 | v = x` */
  readonly name: string;
  build(): Program;
}

/** Choices of so many, in rising order: threads in another order are the same program. */
function* choices(of: number, count: number, least = 0): Generator<readonly number[]> {
  if (count === 0) {
    yield [];
    return;
  }
  for (let i = least; i < of; i++) {
    for (const rest of choices(of, count - 1, i)) yield [i, ...rest];
  }
}

/** Every tiny program there is, in a fixed order. */
export function* tinyPrograms(): Generator<Tiny> {
  for (const world of WORLDS) {
    for (const { threads, length, words } of SHAPES) {
      const all = sequences(world.words.slice(0, words), length);
      for (const chosen of choices(all.length, threads)) {
        const parts = chosen.flatMap((i) => {
          const sequence = all[i];
          return sequence === undefined ? [] : [sequence];
        });
        yield {
          name: `${world.name}: ${parts.map((part) =>
            part.map(({ name }) => name).join('; ')).join(' | ')}`,
          build: () => programOf(world, parts),
        };
      }
    }
  }
}
