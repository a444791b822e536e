// Where things lie in the memory that generated code and its host share, and the globals they pass
// numbers through. What grows (states, slots, transitions) lies behind, its addresses in globals.
import { MAX_THREADS } from '../program.ts';
import { EVENTS_AT, MAX_EVENTS } from './unit.ts';

/** Indices of the module's globals; all are i32. */
export const GLOBALS = {
  /** Address behind the last successor in the batch. */
  batchEnd: 0,
  /** States filed so far. */
  count: 1,
  /** Transitions filed so far. */
  edges: 2,
  /** Entries in the list of states that the host has to look at. */
  attention: 3,
  /** 1: the run stopped at a state that the interpreter shall take. */
  slow: 4,
  /** 1: a step made more choices than are kept. */
  fault: 5,
  arenaAt: 6,
  slotsAt: 7,
  /** Slots less one; a power of two less one. */
  slotsMask: 8,
  firstAt: 9,
  targetAt: 10,
  moveAt: 11,
  eventualAt: 12,
  /** Of a lean table: how many slots states fall on; where the stash ends. */
  homes: 13,
  stashEnd: 14,
  /** Of a reduced search: where the stack of states passed through ends. */
  stackEnd: 15,
  /** 1: some step ended the run or began to wait since it was last set to 0. */
  stopSeen: 16,
  /** The number of the state that is expanded, while its transitions are kept. */
  current: 17,
  /** Of a search that threads share: which of the shares this is. */
  self: 18,
  /** 1: some step ended the run since it was last set to 0. */
  cutSeen: 19,
  /** Of the sweeps of progress.ts: where the marks are; 1: one has been added to. */
  marksAt: 20,
  marksChanged: 21,
  /** 1: transitions are but counted; the row of the step that led to the state. See rows.ts. */
  thin: 22,
  creator: 23,
} as const;
export const GLOBAL_NAMES: readonly string[] = Object.keys(GLOBALS);

/** Of a search that keeps its graph, the table of what is the program's own: indices into it. */
export const TABLE = {
  /** Judges a new state. */
  judge: 0,
  /** Of a state without successors: whether a thread that must end has not. */
  unfinished: 1,
  /** From here on what is asked of every state: whether it may have a race, each thread's steps. */
  turns: 2,
  size: 3 + MAX_THREADS,
} as const;
/** Indices of their types: of those asked of a state, of the one that judges. */
export const TURN_TYPE = 0;
export const JUDGE_TYPE = 1;
/** The index behind the last of those asked. */
export const TURNS_AT = 28;

const LISTS_AT = EVENTS_AT + MAX_EVENTS;
/** Choices that one step can make. */
export const MAX_KEPT_CHOICES = 256;
/** The choices of the step under way: how many are given, were made; which, of how many. */
export const CHOICES = {
  length: 16, chosen: 20, list: LISTS_AT, options: LISTS_AT + 4 * MAX_KEPT_CHOICES,
} as const;

/**
 * Successors not yet filed: the state's words, then the move (with a flag where it is cut, another
 * where it leads to the state itself) and the row of the step, or then the number of the state; or,
 * of a lean search, the number that the state is mixed to.
 */
const BATCH_AT = CHOICES.options + 4 * MAX_KEPT_CHOICES;
export const BATCH = { start: BATCH_AT, end: BATCH_AT + 2 ** 16 } as const;
export const ENTRY_MOVE = { cut: 2 ** 30, stays: 2 ** 29 } as const;
export const entryBytes = (nWords: number): number => 8 * nWords + 8;
/** Entries after which the batch is filed. */
export const BATCH_FULL = 256;
/** Transitions after which a run returns to its host. */
export const RUN_FULL = 2_048;
/** Room for states and transitions that a run must find: its own, and those of its last state. */
export const RUN_ROOM = 2 * RUN_FULL + 2 ** 16 / 16;

/** Numbers of the states that the host has to look at. */
export const ATTENTION_AT = BATCH.end;
/** Numbers that a lean table's slots cannot hold; more than `full` of them, and it must grow. */
const STASH_AT = ATTENTION_AT + 4 * RUN_ROOM;
const STASH_FULL = 256;
export const STASH = {
  start: STASH_AT, full: STASH_AT + 8 * STASH_FULL,
  end: STASH_AT + 8 * (STASH_FULL + RUN_ROOM + 4_096),
} as const;
/** Numbers of states filed lately, each plus one, by their lowest bits: half of all come again. */
const LATELY_SIZE = 2 ** 14;
export const LATELY = {
  start: STASH.end, size: LATELY_SIZE, end: STASH.end + 8 * LATELY_SIZE,
} as const;
/** States that are expanded at once and not stored. */
export const STACK = { start: LATELY.end, end: LATELY.end + 2 ** 18 } as const;
/** Written so that the touching of slots is not optimised away. */
export const TOUCHED_AT = 24;
/** What differs in size from program to program begins here; see sightings.ts. */
export const SIGHTINGS_AT = STACK.end;
/** Words of a state beyond which a program is left to the interpreter. */
export const MAX_WORDS = 64;
