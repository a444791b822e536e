// Words that are no statement or no declaration: what was probably meant.
import type { Shape } from './shape.ts';
import { quote, report, textOf, type Reader } from './reader.ts';

export const STATEMENT_WORDS: readonly string[] = [
  'acquire', 'release', 'downgrade', 'let', 'choose', 'step', 'if', 'else', 'while', 'loop', 'for',
  'break', 'continue', 'goto', 'await', 'assert', 'outcome', 'return', 'free', 'free_rcu',
  'rcu_read_lock', 'rcu_read_unlock', 'synchronize_rcu', 'WRITE_ONCE',
];
export const DECLARATION_WORDS: readonly string[] = [
  'use', 'const', 'param', 'type', 'enum', 'flags', 'struct', 'lock', 'shared', 'order', 'proc',
  'thread', 'background', 'invariant', 'final', 'eventually', 'reachable', 'scenario', 'workload',
];
export const LOCK_KINDS: readonly string[] = ['mutex', 'spinlock', 'rwsem', 'rwlock'];

/** The kernel's names and other languages' for what the language has another word for. */
const KERNEL_WORDS: Readonly<Record<string, string>> = {
  lock: 'acquire', unlock: 'release', mutex_lock: 'acquire', mutex_unlock: 'release',
  spin_lock: 'acquire', spin_unlock: 'release', down_read: 'acquire read',
  down_write: 'acquire write', up_read: 'release', up_write: 'release', read_lock: 'acquire read',
  write_lock: 'acquire write', read_unlock: 'release', write_unlock: 'release',
  mmap_read_lock: 'acquire read', mmap_write_lock: 'acquire write', mmap_read_unlock: 'release',
  mmap_write_unlock: 'release', mmap_write_downgrade: 'downgrade', downgrade_write: 'downgrade',
  kfree: 'free', kfree_rcu: 'free_rcu', call_rcu: 'free_rcu', wait: 'await', var: 'let',
  const: 'let', int: 'let', do: 'loop', switch: 'choose', fork: 'choose', BUG_ON: 'assert',
  set: 'let', try: 'if try',
};

export function unknownStatement(reader: Reader, node: Shape): void {
  const text = textOf(reader, node);
  const trailing = TRAILING[text];
  if (trailing !== undefined) {
    report(reader, node, trailing);
    return;
  }
  const meant = KERNEL_WORDS[text] ?? nearest(text, STATEMENT_WORDS);
  const hint = meant === undefined
    ? '; write what is done with it (`=`, `+=`, `(...)`) or a `step "..."`'
    : `; did you mean \`${meant}\`?`;
  report(reader, node, `${quote(text)} is no statement${hint}`);
}

/** Words that end a statement and whose other half is still to be typed. */
const TRAILING: Readonly<Record<string, string>> = {
  takes: 'expected a duration after `takes`',
  at: 'expected a label after `at`',
};

/** The word of `words` that is at most two slips away from `text`, the nearest of them. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const limit = text.length <= 3 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const word of words) {
    const distance = slips(text.toLowerCase(), word.toLowerCase(), limit);
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters put in, left out, changed or swapped with their neighbour; more than `limit` is all. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
