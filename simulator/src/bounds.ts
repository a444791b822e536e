// Every bound of the engine, with its reason. Reaching one makes the verdict `unknown`.

/** How often one thread can hold one lock for reading at once; more is no protocol. */
export const MAX_READ_DEPTH = 7;
/** How deep one thread can nest rcu_read_lock. */
export const MAX_RCU_DEPTH = 15;
/** Instructions in one step: an atomic step's loop over a large range still fits. */
export const MAX_STEP_LENGTH = 1_000_000;
/** Successors of one thread in one state: every value of a large `any`. */
export const MAX_CHOICES = 65_536;
/** Runs to one violation that are compared for the fewest context switches. */
export const MAX_CANDIDATES = 4_096;
/** Resting places of all threads together for which "beside" is recorded. */
export const MAX_BESIDE_RESTS = 2_048;
/** States times threads for which the fewest context switches are worked out. */
export const MAX_PATH_CELLS = 8_000_000;
/** States from which on generated code is worth the time it takes to make. */
export const TAKE_OVER_STATES = 2_000;
