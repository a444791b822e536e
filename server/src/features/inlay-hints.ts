// Feature: inlay hints. What a lock statement changes; where they are wanted, the types of locals
// that have none written and the names of parameters at calls. Each kind is a pure function.
import type { Range } from '../text/range.ts';
import { lockHints } from './lock-hints.ts';
import { parameterHints, typeHints } from './name-hints.ts';
import type { Snapshot } from './snapshot.ts';

export interface Hint {
  readonly offset: number;
  readonly label: string;
  readonly kind: 'lock' | 'type' | 'parameter';
  /** Plain text; null: the label says it all. */
  readonly tooltip: string | null;
}

export interface HintsWanted {
  /** `changes`: the lock that a statement changes. `all`: with it all that is held afterwards. */
  readonly lockState: 'off' | 'changes' | 'all';
  readonly types: boolean;
  readonly parameterNames: boolean;
}

export const DEFAULT_HINTS: HintsWanted = {
  lockState: 'changes', types: false, parameterNames: false,
};

/** In the range, in the order of the text. */
export function inlayHints(
  snapshot: Snapshot, range: Range, wanted: HintsWanted,
): readonly Hint[] {
  const { lockState } = wanted;
  return [
    ...(lockState === 'off' ? [] : lockHints(snapshot, range, lockState)),
    ...(wanted.types ? typeHints(snapshot, range) : []),
    ...(wanted.parameterNames ? parameterHints(snapshot, range) : []),
  ].sort((a, b) => a.offset - b.offset);
}
