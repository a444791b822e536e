// Bounds on what a file may describe, each with its reason; beyond them the front end says so. The
// first two repeat the simulator's (a test compares them): only its types may be imported here.

/** A cell's values and their distance fit 32-bit integers. */
export const MAX_CELL_VALUE = 2 ** 31 - 1;
/** Threads of one scenario: sets of threads are bits of a number. */
export const MAX_THREADS = 30;
/** A flags value is one number of a cell. */
export const MAX_FLAGS = 31;
/** Elements of an array and objects of a struct: each is a cell of every state. */
export const MAX_LENGTH = 4096;
/** Constants, types and calls each through the next: as deep as the checks follow by recursion. */
export const MAX_CHAIN = 100;
/** Statements of one thread with all procs inlined; calls of calls double at each level. */
export const MAX_STATEMENTS = 20_000;
