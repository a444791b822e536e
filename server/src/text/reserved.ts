// The words of the language by what they begin, and those that no name may have.

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

/** Words no name may have; the grammar's list but for what is contextual. */
export const RESERVED_WORDS: ReadonlySet<string> = new Set([
  ...DECLARATION_WORDS.filter((word) => !['flags', 'lock', 'order'].includes(word)),
  ...STATEMENT_WORDS.filter((word) => word !== 'free'),
  'in', 'has', 'any', 'true', 'false', 'null', 'forall', 'exists', 'READ_ONCE', 'cmpxchg', 'try',
  'expect', 'guarded',
]);

/** Reserved words that may still name a member, a field or an outcome. */
export const MEMBER_WORDS: ReadonlySet<string> = new Set([
  'outcome', 'step', 'assert', 'any', 'try',
]);
