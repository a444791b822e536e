// Options as they are typed, read into what the commands need; every mistake in one clear sentence.
import { parseArgs } from 'node:util';
import type { ParseArgsConfig } from 'node:util';

/** Where a command prints. */
export interface Console {
  out(text: string): void;
  error(text: string): void;
  /** Whether somebody watches standard error. */
  readonly isTerminal: boolean;
}

/** Bad usage: printed after the program's name, exit status 2. */
export class UsageError extends Error {}

/** The exit status of `work`; of bad usage 2, said in one line. */
export async function used(console: Console, work: () => Promise<number>): Promise<number> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    console.error(`mmlock: ${error.message}\n`);
    return 2;
  }
}

export interface Arguments {
  readonly positionals: readonly string[];
  /** undefined where it is not given. */
  text(name: string): string | undefined;
  flag(name: string): boolean;
  /** A whole number, at least `least`. */
  whole(name: string, least: number): number | undefined;
  /** A number above 0, fractions allowed. */
  positive(name: string): number | undefined;
}

export type Spec = NonNullable<ParseArgsConfig['options']>;

export function parse(args: readonly string[], options: Spec): Arguments {
  const { values, positionals } = parsed(args, options);
  const text = (name: string): string | undefined => {
    const value = values[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    positionals,
    text,
    flag: (name) => values[name] === true,
    whole(name, least) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (/^[0-9]+$/.test(value) && Number.isSafeInteger(number) && number >= least) return number;
      throw new UsageError(`--${name} wants a whole number from ${least}, not '${value}'`);
    },
    positive(name) {
      const value = text(name);
      if (value === undefined) return undefined;
      const number = Number(value);
      if (/^[0-9]*\.?[0-9]+$/.test(value) && number > 0) return number;
      throw new UsageError(`--${name} wants a number above 0, not '${value}'`);
    },
  };
}

function parsed(args: readonly string[], options: Spec): {
  readonly values: Readonly<Record<string, unknown>>; readonly positionals: readonly string[];
} {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true, strict: true });
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    throw new UsageError(sentence(message));
  }
}

/** Node explains more than fits a terminal line. */
function sentence(message: string): string {
  const first = message.split(/\.\s/)[0] ?? message;
  return `${first.slice(0, 1).toLowerCase()}${first.slice(1)}; try mmlock --help`;
}
