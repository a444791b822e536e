// The ways in which an engine is asked about a program.
import type { SearchOptions } from '../../simulator/src/index.ts';
import type { Switches } from '../../simulator/src/reduction/reduced-search.ts';

export const MODES = [
  /** The interpreter alone. */
  'plain',
  /** Generated code, from the first state on or taking over on the way. */
  'code', 'code-late',
  /** The same without a graph. */
  'lean', 'lean-late',
  /** By reduction: with everything, and with one alone. */
  'reduced', 'ample', 'chains', 'dead', 'symmetry',
  /** The reference for reduced searches, likewise. */
  'ref-all', 'ref-ample', 'ref-chains', 'ref-dead', 'ref-symmetry',
] as const;
export type Mode = (typeof MODES)[number];

export type Way =
  | {
      readonly kind: 'search'; readonly options: SearchOptions; readonly reduces: boolean;
      /** States at a time: the engine is changed between two calls. */
      readonly budget: number;
    }
  | { readonly kind: 'reference'; readonly switches: Switches };

const NONE: Switches = { ample: false, chains: false, dead: false, symmetry: false };
const ALL: Switches = { ample: true, chains: true, dead: true, symmetry: true };

const AT_ONCE = 65_536;
const plainly = (options: SearchOptions, budget = AT_ONCE): Way =>
  ({ kind: 'search', options: { ...options, reduction: false }, reduces: false, budget });
const reducing = (switches: Switches): Way => ({
  kind: 'search', options: { codeAt: 0, reduceAt: 1, reduction: switches }, reduces: true,
  budget: AT_ONCE,
});

export const WAYS: Readonly<Record<Mode, Way>> = {
  'plain': plainly({ codeAt: Infinity, leanAt: Infinity }),
  'code': plainly({ codeAt: 0, leanAt: Infinity }),
  'code-late': plainly({ codeAt: 9, leanAt: Infinity }, 5),
  'lean': plainly({ codeAt: 0, leanAt: 0 }),
  'lean-late': plainly({ codeAt: 9, leanAt: 30 }, 5),
  'reduced': reducing(ALL),
  'ample': reducing({ ...NONE, ample: true }),
  'chains': reducing({ ...NONE, ample: true, chains: true }),
  'dead': reducing({ ...NONE, dead: true }),
  'symmetry': reducing({ ...NONE, symmetry: true }),
  'ref-all': { kind: 'reference', switches: ALL },
  'ref-ample': { kind: 'reference', switches: { ...NONE, ample: true } },
  'ref-chains': { kind: 'reference', switches: { ...NONE, ample: true, chains: true } },
  'ref-dead': { kind: 'reference', switches: { ...NONE, dead: true } },
  'ref-symmetry': { kind: 'reference', switches: { ...NONE, symmetry: true } },
};
