// What the words of the language mean, in a sentence or two each: the hover on a keyword.

/** Modes, kinds, statements, declarations, properties: Markdown by word. */
const MEANINGS: Readonly<Record<string, string>> = {
  // Locks
  mutex: 'A sleeping lock with one holder. Who of several waiters gets it next is left open.',
  spinlock: 'A spinning lock with one holder. While it is held, nothing may sleep: no mutex, no '
    + 'rwsem, no `await`, no `synchronize_rcu`.',
  rwsem: 'A reader-writer semaphore with a queue, as in the kernel: a waiting writer keeps new '
    + 'readers out, also from `try`. Can be downgraded, never upgraded.',
  rwlock: 'A spinning reader-writer lock. Readers pass a waiting writer; nothing may sleep under '
    + 'it; no downgrade.',
  acquire: 'Waits until the lock is granted. Who must wait joins the queue in one step and is '
    + 'granted the lock in a later one.',
  release: 'Gives the lock up. Without a mode whatever is held; with `read` or `write` it must be '
    + 'held so, else `lock_not_held`.',
  downgrade: 'Turns a write-held rwsem into a read-held one without letting go. The readers queued '
    + 'ahead of the first waiting writer get in; no writer can come between.',
  try: 'Takes the lock if it is free for it, in one step that never waits. In the first block it '
    + 'is held, in `else` it is not. For reading, it fails while a writer waits.',
  read: 'In reading mode: any number of holders. In a guard, held in any mode; after `held` or '
    + '`holds`, exactly in reading mode.',
  write: 'In writing mode: a single holder, nobody beside it.',
  nested: 'Says that holding another lock of the same class here is intended.',
  order: 'Lock classes from outermost to innermost. A nesting against it is `lock_order`, also '
    + 'where no scenario deadlocks.',
  guarded: '`guarded by L`: reading needs L in any mode, writing needs it exclusively. Breaking it '
    + 'is `guard`, even with no other thread near.',
  under: '`read under E`, `write under E`: which locks the access needs, as names of locks with '
    + '`&&` and `||`. Breaking it is `guard`, even with no other thread near.',
  // RCU and objects
  rcu_read_lock: 'Enters an RCU read-side section. Nests; nothing may sleep inside. What is freed '
    + 'with `free_rcu` stays until every reader now inside has left.',
  rcu_read_unlock: 'Leaves an RCU read-side section.',
  synchronize_rcu: 'Waits until every reader that was inside `rcu_read_lock` when it began has '
    + 'left; later readers are not waited for. Sleeps.',
  free: 'Ends the object now. A second free is `double_free`; touching a field or a lock in it '
    + 'afterwards is `use_after_free`.',
  free_rcu: 'Ends the object once every reader now inside `rcu_read_lock` has left; at once if '
    + 'there is none. Does not wait.',
  new: 'Allocates an object with its fields’ initial values. Never null; an exhausted pool '
    + 'is `pool_exhausted`.',
  typesafe: 'Freed slots are handed out again at once, as with `SLAB_TYPESAFE_BY_RCU`: a stale ref '
    + 'reads what the slot holds now, so look again after locking.',
  ref: 'A pointer to an object of a struct, or `null`.',
  null: 'No object. Reading through it is `null_ref`.',
  // Accesses
  READ_ONCE: 'A marked read. Two marked accesses never race; with a plain one it does.',
  WRITE_ONCE: 'A marked write. Two marked accesses never race; with a plain one it does.',
  cmpxchg: 'Compares and sets in one step, marked; true where it has replaced the old value.',
  atomic: 'Accessed with atomics or READ_ONCE/WRITE_ONCE throughout: no data race is reported.',
  has: 'True where the set of flags on the left holds the flag on the right.',
  // Steps
  step: 'One atomic step with a name for people: its whole body happens at once. Without a body it '
    + 'stands for work that is not modelled.',
  takes: 'What the step costs in a workload: a duration, `a..b` for uniform, `exp(a)` for '
    + 'exponential with mean a. Checking ignores it.',
  await: 'Waits until the condition is true. Sleeps, so not under a spinning lock.',
  assert: 'Where the condition is false, that is a violation, and the run ends there.',
  outcome: 'Sets how this thread ends, for `expect` and for `refines`. One declared `never` is a '
    + 'violation here.',
  never: 'An outcome that must not happen; reaching it is `forbidden_outcome`.',
  choose: 'Takes one of its branches; every one is explored. Committing to it is a step.',
  or: 'Begins another branch of `choose`.',
  any: 'Some value of the range; every one is explored.',
  let: 'A local of this thread. Without a type it takes that of its value.',
  goto: 'Goes on at the label; a step of its own.',
  loop: 'Repeats for ever; `break` leaves it.',
  return: 'Ends the thread; in a proc, goes back to the caller. A step of its own.',
  // Declarations
  use: 'Takes in the declarations of a library module or of another file, but not its scenarios.',
  const: 'A constant: integer, size, duration or bool.',
  param: 'A constant that a scenario may set with `with`.',
  type: 'A name for a type.',
  enum: 'An enumeration. A bare member is resolved by the type expected.',
  flags: 'A set type: `f has F`, `f += F`, `f -= F`, `f = {F, G}`.',
  struct: 'An object type of which at most the number in brackets are ever allocated.',
  lock: 'Declares a lock, an array of them, or one in every object of a struct.',
  shared: 'State that all threads see. A plain access beside another thread’s write is a '
    + '`data_race`.',
  proc: 'Inlined where it is called; its steps stay separate steps.',
  thread: 'What one thread of control does, step by step. After `->` stand the outcomes it can '
    + 'end with.',
  background: 'A thread that need not end: it may wait for ever without being stuck.',
  // Properties
  invariant: 'Must hold in every reachable state.',
  final: 'Must hold in every state in which all threads but background ones are done.',
  eventually: 'Must be true at some time on every fair run.',
  reachable: 'Must be true in some reachable state; guards a spec against proving nothing.',
  held: 'True where anyone holds the lock; with `read` or `write`, exactly in that mode.',
  holds: 'True where this thread holds the lock; with `read` or `write`, exactly in that mode.',
  at: '`T at name`: T’s next step is the one with that label.',
  forall: 'True where the body is true for every value.',
  exists: 'True where the body is true for some value.',
  count: 'The number of values for which the body is true.',
  // Scenarios
  scenario: 'Which threads run together, and what is expected of them. Every interleaving is '
    + 'explored.',
  with: 'Sets a param in this scenario.',
  expect: 'What the scenario should come to: `safe` (also if nothing is written), `fails` with the '
    + 'names of what is violated, or `refines` another scenario.',
  safe: 'Met when nothing is violated and the search was complete.',
  fails: 'Met when each of these is violated and nothing else; without names, when anything is.',
  refines: 'Met when every combination of outcomes here is one that the other scenario has too.',
  workload: 'Which threads arrive when, in virtual time; tells how long locks are held and '
    + 'waited for.',
  every: 'The time between two arrivals.',
  cpus: 'How many threads can run at the same time in a workload.',
  seed: 'Chooses the random numbers of a workload; the same seed, the same run.',
};

/** The word under the offset and what it means; null where it is no keyword. */
export function keywordAt(
  text: string, offset: number,
): { readonly start: number; readonly end: number; readonly meaning: string } | null {
  let start = offset;
  while (start > 0 && isWord(text.charCodeAt(start - 1))) start--;
  let end = offset;
  while (end < text.length && isWord(text.charCodeAt(end))) end++;
  const word = text.slice(start, end);
  if (!Object.hasOwn(MEANINGS, word)) return null;
  return { start, end, meaning: MEANINGS[word] ?? '' };
}

/** Markdown; null for what is no word of the language, or one that every reader knows. */
export function meaningOf(word: string): string | null {
  return Object.hasOwn(MEANINGS, word) ? MEANINGS[word] ?? null : null;
}

export function isKeyword(word: string): boolean {
  return Object.hasOwn(MEANINGS, word) || PLAIN_WORDS.has(word);
}

/** Words that every reader knows. */
const PLAIN_WORDS: ReadonlySet<string> = new Set([
  'if', 'else', 'while', 'for', 'in', 'break', 'continue', 'true', 'false', 'bool', 'by',
]);

/** Letters, digits and the underscore of ASCII: what names are made of. */
export function isWord(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || (code >= 48 && code <= 57)
    || code === 95;
}
