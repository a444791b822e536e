// The engine with bounds so low that tables grow, queues are compacted and displaced numbers are
// stashed with some hundred states.
import type { Replacement } from './sources.ts';

/** A constant's value, whatever it is. */
const value = (name: string, replace: string): Replacement =>
  ({ find: new RegExp(`(?<=const ${name} = )[^;]+(?=;)`), replace });

export const SMALL: readonly Replacement[] = [
  value('LEAN_TABLE_BITS', '8'),
  value('DISPLACEMENT_BITS', '2'),
  value('LEAST_BITS', '38'),
  value('AMPLE_SHARE', '0'),
  value('FOURFOLD', '0'),
  value('LARGE', '512'),
  value('LATELY_SIZE', '16'),
  value('RUN_FULL', '8'),
  value('RUN_ROOM', '2 * RUN_FULL + 16'),
  value('BATCH_FULL', '4'),
  { find: /(?<=end: BATCH_AT \+ )[^}]+(?= })/, replace: '2 ** 12' },
  { find: /(?<=end: LATELY.end \+ )[^}]+(?= })/, replace: '2 ** 6' },
  { find: /(?<=let slots = )\d+(?=;)/, replace: '32' },
];
