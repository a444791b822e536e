// A body on its way: the lines written so far, what is held, which locals there are, and the few
// words that all statements share.
import type { Random } from '../oracle/random.ts';
import type { Held, Local, Scope } from './expressions.ts';
import type { Sort, World } from './world.ts';

export interface Proc {
  readonly name: string;
  readonly params: readonly { readonly name: string; readonly sort: Sort }[];
  readonly result: Sort | null;
  /** May wait, so it cannot be called in an atomic step. */
  readonly blocks: boolean;
  /** Sets an outcome, so only threads that have it may call. */
  readonly decides: boolean;
  readonly labels: readonly string[];
}

/** The thread or proc that is being written. */
export interface Owner {
  readonly outcomes: readonly string[];
  readonly result: Sort | null;
  readonly isProc: boolean;
  readonly procs: readonly Proc[];
  readonly labels: string[];
  /** Procs called so far; what was found about the body. */
  readonly called: Proc[];
  readonly notes: { blocks: boolean; decides: boolean };
  readonly fresh: { next: number };
  /** Statements that may still be written. */
  readonly purse: { left: number };
}

export interface Body {
  readonly world: World;
  readonly scope: Scope;
  readonly owner: Owner;
  readonly lines: string[];
  readonly depth: number;
  /** Inside an atomic step. */
  readonly step: boolean;
  /** How many locks were held where the loop around began; null: none to jump out of. */
  readonly loop: number | null;
}

export const randomOf = (body: Body): Random => body.world.random;
export const isCareless = ({ world }: Body): boolean => world.random.chance(world.careless);

export function say(body: Body, text: string): void {
  body.lines.push(`${'  '.repeat(body.depth)}${text}`);
}

/** A simple statement; some cost time, some are closed with a `;`. */
export function sayStep(body: Body, text: string): void {
  const random = randomOf(body);
  body.owner.purse.left -= 1;
  const costs = ['1us', '1.5us..2us', 'exp(300ns)', '4K / 2K * 10ns', ...body.world.durations];
  const takes = random.chance(8) ? `  takes ${random.pick(costs)}` : '';
  say(body, `${text}${takes}${random.chance(4) ? ';' : ''}`);
}

export function fresh(body: Body, head: string): string {
  return `${head}${body.owner.fresh.next++}`;
}

export const withHeld = (body: Body, held: Held): Body =>
  ({ ...body, scope: { ...body.scope, held: [...body.scope.held, held] } });
export const withLocal = (body: Body, local: Local): Body =>
  ({ ...body, scope: { ...body.scope, locals: [...body.scope.locals, local] } });
export const deeper = (body: Body): Body => ({ ...body, depth: body.depth + 1 });

/** `head { ... }`, on one line where it is short. */
export function braced(body: Body, head: string, write: (inner: Body) => void): void {
  const lines: string[] = [];
  write({ ...deeper(body), lines });
  const [only] = lines;
  if (only === undefined) say(body, `${head} { }`);
  else if (lines.length === 1 && only.length < 60 && !only.includes('{')) {
    say(body, `${head} { ${only.trim()} }`);
  } else {
    say(body, `${head} {`);
    body.lines.push(...lines);
    say(body, '}');
  }
}

/** What lets go of it, in one of the ways to say so. */
export function releaseText(body: Body, { text, lock, mode }: Held): string {
  if (lock === null) return 'rcu_read_unlock';
  const plain = lock.kind === 'mutex' || lock.kind === 'spinlock' || randomOf(body).chance(80);
  return `release ${plain ? '' : `${mode} `}${text}`;
}

/** Lets go of all that was taken since, before a jump. */
export function leave(body: Body, since: number): void {
  for (const held of body.scope.held.slice(since).reverse()) {
    if (!isCareless(body)) sayStep(body, releaseText(body, held));
  }
}
