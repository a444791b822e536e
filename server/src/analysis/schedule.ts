// A run as a line of text: for each step who takes it, `m m f1 m`. `mmlock simulate --schedule`
// reads it back. A step that is not its thread's first choice says which: `f1:2`.
import type { Program, ThreadIdx } from '../../../simulator/src/program.ts';

export interface Turn {
  readonly thread: ThreadIdx;
  readonly choice: number;
}

/** `m m f1 m:1`; each thread by the shortest name that means no other. */
export function printSchedule(program: Program, turns: readonly Turn[]): string {
  const names = shortNames(program);
  return turns
    .map(({ thread, choice }) => `${names[thread] ?? thread}${choice === 0 ? '' : `:${choice}`}`)
    .join(' ');
}

export type Parsed =
  | { readonly kind: 'turns'; readonly turns: readonly Turn[] }
  | { readonly kind: 'unknown'; readonly word: string };

/** Reads what `printSchedule` wrote; whole names of threads are understood as well. */
export function parseSchedule(program: Program, text: string): Parsed {
  const names = shortNames(program);
  const turns: Turn[] = [];
  for (const word of text.split(/[\s,]+/).filter((it) => it !== '')) {
    const [name = '', choice = '0', ...rest] = word.split(':');
    const whole = program.threads.findIndex((thread) => thread.name === name);
    const thread = whole === -1 ? names.indexOf(name) : whole;
    if (thread === -1 || !/^[0-9]+$/.test(choice) || rest.length > 0) {
      return { kind: 'unknown', word };
    }
    turns.push({ thread, choice: Number(choice) });
  }
  return { kind: 'turns', turns };
}

/**
 * By thread: the shortest beginning of its name that no other name begins with, and its number:
 * `m`, `f1`, `f2` for munmap, fault#1, fault#2.
 */
export function shortNames(program: Program): readonly string[] {
  const parts = program.threads.map(({ name }) => {
    const [base = name, number = ''] = name.split('#');
    return { base, number };
  });
  const bases = [...new Set(parts.map((it) => it.base))];
  const short = parts.map(({ base, number }) => `${shortest(base, bases)}${number}`);
  const clear = short.every((name, i) =>
    short.indexOf(name) === i
    && program.threads.every((thread, t) => t === i || thread.name !== name));
  return clear ? short : program.threads.map((thread) => thread.name);
}

function shortest(base: string, all: readonly string[]): string {
  for (let length = 1; length < base.length; length++) {
    const start = base.slice(0, length);
    if (all.every((other) => other === base || !other.startsWith(start))) return start;
  }
  return base;
}
