// The ways in which an engine is asked about a program.
import type { SearchOptions } from '../../simulator/src/index.ts';
import type { Switches } from '../../simulator/src/reduction/reduced-search.ts';

export const MODES = [
  /** The interpreter alone. */
  'plain',
  /** Generated code, from the first state on or taking over on the way. */
  'code', 'code-late',
  /** The same with transitions counted, not kept, at once or later on. */
  'thin', 'thin-late',
  /** And without the states. */
  'lean', 'lean-late', 'thin-lean',
  /** And without sleep sets: every successor is looked up. */
  'lean-awake',
  /** Lean, shared by threads from an early state on. */
  'shared',
  /** By reduction, with all of them, the plain search going on for the runs. */
  'reduced',
  /** By reduction alone: all, and single ones. */
  'alone', 'ample', 'chains', 'dead', 'symmetry', 'objects',
  /** The reference for reduced searches, likewise. */
  'ref-all', 'ref-ample', 'ref-chains', 'ref-dead', 'ref-symmetry', 'ref-objects',
] as const;
export type Mode = (typeof MODES)[number];

export type Way =
  | {
      readonly kind: 'search'; readonly options: SearchOptions; readonly reduces: boolean;
      /** States at a time: the engine is changed between two calls. */
      readonly budget: number;
      /** Threads of the search, if more than one. */
      readonly threads?: number;
    }
  | { readonly kind: 'reference'; readonly switches: Switches };

const NONE: Switches = {
  ample: false, chains: false, dead: false, symmetry: false, objects: false,
};
const ALL: Switches = {
  ample: true, chains: true, dead: true, symmetry: true, objects: true,
};

const AT_ONCE = 65_536;
const plainly = (options: SearchOptions, budget = AT_ONCE): Way & { kind: 'search' } =>
  ({ kind: 'search', options: { ...options, reduction: false }, reduces: false, budget });
/** `alone`: what the plain search, which goes on for runs, would find by itself is not found. */
const reducing = (switches: Switches, alone = true): Way => ({
  kind: 'search', reduces: true, budget: AT_ONCE,
  options: {
    codeAt: 0, reduceAt: 1, reduction: switches, traceStates: alone ? 0 : undefined,
  },
});

export const WAYS: Readonly<Record<Mode, Way>> = {
  'plain': plainly({ codeAt: Infinity, leanAt: Infinity }),
  'code': plainly({ codeAt: 0, thinAt: Infinity, leanAt: Infinity }),
  'code-late': plainly({ codeAt: 9, thinAt: Infinity, leanAt: Infinity }, 5),
  'thin': plainly({ codeAt: 0, thinAt: 0, leanAt: Infinity }),
  'thin-late': plainly({ codeAt: 9, thinAt: 20, leanAt: Infinity }, 5),
  'lean': plainly({ codeAt: 0, leanAt: 0 }),
  'lean-late': plainly({ codeAt: 9, thinAt: Infinity, leanAt: 30 }, 5),
  'thin-lean': plainly({ codeAt: 9, thinAt: 20, leanAt: 50 }, 5),
  'lean-awake': plainly({ codeAt: 0, leanAt: 0, sleep: false }),
  'shared': { ...plainly({ codeAt: 0, leanAt: 0, shareAt: 5 }, 3), threads: 3 },
  'reduced': reducing(ALL, false),
  'alone': reducing(ALL),
  'ample': reducing({ ...NONE, ample: true }),
  'chains': reducing({ ...NONE, ample: true, chains: true }),
  'dead': reducing({ ...NONE, dead: true }),
  'symmetry': reducing({ ...NONE, symmetry: true }),
  'objects': reducing({ ...NONE, objects: true }),
  'ref-all': { kind: 'reference', switches: ALL },
  'ref-ample': { kind: 'reference', switches: { ...NONE, ample: true } },
  'ref-chains': { kind: 'reference', switches: { ...NONE, ample: true, chains: true } },
  'ref-dead': { kind: 'reference', switches: { ...NONE, dead: true } },
  'ref-symmetry': { kind: 'reference', switches: { ...NONE, symmetry: true } },
  'ref-objects': { kind: 'reference', switches: { ...NONE, objects: true } },
};
