// Every bound of the engine, with its reason. Reaching one makes the verdict `unknown`.

/** How often one thread can hold one lock for reading at once; more is no protocol. */
export const MAX_READ_DEPTH = 7;
/** How deep one thread can nest rcu_read_lock. */
export const MAX_RCU_DEPTH = 15;
/** Instructions in one step: an atomic step's loop over a large range still fits. */
export const MAX_STEP_LENGTH = 1_000_000;
/** And in all the ways through it, beyond the first few of each: seconds of work at most. */
export const MAX_STEP_WORK = 2 ** 24;
/** Successors of one thread in one state: every value of a large `any`. */
export const MAX_CHOICES = 65_536;
/** Runs to one violation that are compared for the fewest context switches. */
export const MAX_CANDIDATES = 4_096;
/** Resting places of all threads together for which "beside" is recorded. */
export const MAX_BESIDE_RESTS = 2_048;
/** Resting places times variables for which an editor is told what they can be. */
export const MAX_SURVEY_CELLS = 2 ** 21;
/** States on the way times threads for which the fewest context switches are worked out. */
export const MAX_PATH_CELLS = 8_000_000;
/**
 * States from which on generated code is worth the time it takes to make, as long as nothing is
 * known of how many there will be.
 */
export const CODE_STATES = 256;
/** A search of fewer transitions the interpreter has done before the code would be made. */
export const SMALL_TRANSITIONS = 2_000;
/**
 * States from which on transitions are only counted, where nothing was found by then. Should there
 * be something to tell after all, so many are searched again.
 */
export const THIN_STATES = 2 ** 14;
/** After one of more transitions that found nothing, the next like it does so from the start. */
export const THIN_TRANSITIONS = 2 ** 17;
/**
 * States from which on a search keeps no graph, where it can do without. Below, to search again
 * for a trace, and to make the code of a lean search, costs more than the graph.
 */
export const LEAN_STATES = 2 ** 17 + 2 ** 15;
/** States of a lean search from which on memory kept ready for others is given back. */
export const LARGE_STATES = 2 ** 20;
/** Binary logarithm of the slots that a lean table begins with. */
export const LEAN_TABLE_BITS = 20;
/** Bits of a state beyond which a lean search is not possible: a slot holds one more. */
export const LEAN_BITS_MAX = 63;
/** Transitions for each state asked for after which a search returns all the same to its host. */
export const STRETCH_EDGES = 64;
/** States between two looks at whether a search has become too large for how it is made. */
export const STRETCH_STATES = 4_096;
/**
 * States of a plain search from which on a reduced one is made, if it can be. The plain one still
 * has its graph then: often all it is needed for are the traces of what it has met.
 */
export const REDUCE_STATES = 2 ** 17;
/** States to which a plain search goes on for the traces of what a reduced one has met. */
export const TRACE_STATES = 20_000_000;
/** States of a plain search from which on several threads share it, where a host has them. */
export const SHARE_STATES = 2 ** 18;
/** Words of a ring from one thread to another: so many that neither often waits; a power of two. */
export const RING_WORDS = 2 ** 18;
/** How long a thread waits for another before it looks again. */
export const WAIT_MS = 20;
/** Waits after which a thread that shows no sign of life is taken for dead. */
export const SILENT_WAITS_MAX = 1_500;
