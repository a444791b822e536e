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
  'or', 'in', 'has', 'any', 'true', 'false', 'null', 'forall', 'exists', 'READ_ONCE', 'cmpxchg',
  'try', 'expect', 'guarded',
]);

/** Reserved words that may still name a member, a field or an outcome. */
export const MEMBER_WORDS: ReadonlySet<string> = new Set([
  'outcome', 'step', 'assert', 'any', 'try',
]);

/** Reserved words that may still name a field, as in `page.type`. */
export const FIELD_WORDS: ReadonlySet<string> = new Set([
  ...MEMBER_WORDS, 'type', 'shared', 'final', 'use',
]);

/** The kernel's names and other languages' for what this language has another word for. */
export const OTHER_WORDS: ReadonlyMap<string, string> = new Map([
  ['lock', 'acquire'], ['mutex_lock', 'acquire'], ['spin_lock', 'acquire'],
  ['down_read', 'acquire read'], ['read_lock', 'acquire read'],
  ['mmap_read_lock', 'acquire read'], ['down_write', 'acquire write'],
  ['write_lock', 'acquire write'], ['mmap_write_lock', 'acquire write'],
  ['unlock', 'release'], ['mutex_unlock', 'release'], ['spin_unlock', 'release'],
  ['up_read', 'release'], ['up_write', 'release'], ['read_unlock', 'release'],
  ['write_unlock', 'release'], ['mmap_read_unlock', 'release'], ['mmap_write_unlock', 'release'],
  ['downgrade_write', 'downgrade'], ['mmap_write_downgrade', 'downgrade'],
  ['vma_start_read', 'acquire read'], ['vma_end_read', 'release'],
  ['vma_start_write', 'acquire write'], ['mmap_write_lock_killable', 'acquire write'],
  ['mutex_trylock', 'if try acquire'], ['spin_trylock', 'if try acquire'],
  ['down_read_trylock', 'if try acquire read'], ['mmap_read_trylock', 'if try acquire read'],
  ['down_write_trylock', 'if try acquire write'],
  ['rcu_dereference', 'READ_ONCE'], ['smp_load_acquire', 'READ_ONCE'],
  ['rcu_assign_pointer', 'WRITE_ONCE'], ['smp_store_release', 'WRITE_ONCE'],
  ['kfree', 'free'], ['kfree_rcu', 'free_rcu'], ['call_rcu', 'free_rcu'],
  ['wait', 'await'], ['var', 'let'], ['int', 'let'], ['set', 'let'], ['do', 'loop'],
  ['switch', 'choose'], ['fork', 'choose'], ['BUG_ON', 'assert'],
]);
