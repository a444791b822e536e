// What the user may set about checking, and what holds where nothing is set.
import type { LimitsUsed } from '../features/snapshot.ts';

export interface CheckSettings {
  readonly when: 'onType' | 'onSave' | 'manual';
  readonly limits: LimitsUsed;
}

/** A laptop has this to spare; the search says how far it got when it is not enough. */
export const MEMORY_MAX_DEFAULT = 2 ** 30;
/** Some 100 bytes each: near the memory bound. */
export const STATES_MAX_DEFAULT = 10_000_000;
/** Longer than anyone waits for a squiggle. */
export const TIME_LIMIT_DEFAULT_MS = 60_000;
/** After the last key press; shorter than the pause after a word. */
export const DEBOUNCE_MS = 150;

export const DEFAULT_SETTINGS: CheckSettings = {
  when: 'onType',
  limits: {
    maxStates: STATES_MAX_DEFAULT,
    maxMemory: MEMORY_MAX_DEFAULT,
    timeLimitMs: TIME_LIMIT_DEFAULT_MS,
  },
};
