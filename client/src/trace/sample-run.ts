// A run made by hand, for the tests of the panel: two faults and a munmap, ending in a race.
import type { Named, RunView, StepView, ViolationView } from '../../../server/src/lsp/protocol.ts';

const LANES = ['munmap', 'fault#1', 'fault#2'] as const;
const URI = 'file:///a.mmlock';

export const START = { mmap_sem: 'free', vma: 'attached', 'pte[0]': 'file_page', limit: '4' };

type Change = Readonly<Record<string, string>>;
const MOVES: readonly (readonly [number, StepView['move'], string, Change])[] = [
  [0, 'granted', 'acquire write mmap_sem', { mmap_sem: 'W:munmap' }],
  [1, 'waits', 'acquire read mmap_sem', { mmap_sem: 'W:munmap, waiting R:fault#1' }],
  [0, 'step', 'vma = detached', { vma: 'detached' }],
  [0, 'step', 'downgrade mmap_sem', { mmap_sem: 'R:munmap, waiting R:fault#1' }],
  [1, 'granted', 'acquire read mmap_sem', { mmap_sem: 'R:munmap R:fault#1' }],
  [0, 'next', 'pte[0] = none', {}],
  [1, 'next', 'pte[0] == none', {}],
];

export const RACE: ViolationView = {
  uri: URI, line: 8, character: 2, endLine: 8, endCharacter: 8,
  code: 'data_race', subject: 'pte', expected: false, thread: 'munmap',
  message: "`pte[0]` is written here while fault#1 reads it: no lock orders the two",
};

function named(state: Change): readonly Named[] {
  return Object.entries(state).map(([name, value]) => ({ name, value }));
}

function stepsOf(): readonly StepView[] {
  let state: Change = START;
  return MOVES.map(([lane, move, text, changes], at) => {
    state = { ...state, ...changes };
    const place = { uri: URI, line: at, character: 2, endLine: at, endCharacter: 2 + text.length };
    return { ...place, lane, thread: LANES[lane] ?? '', text, move, changes, state: named(state) };
  });
}

/** The run, with what a test wants to be otherwise. */
export function sampleRun(otherwise: Partial<RunView> = {}): RunView {
  return {
    uri: URI, version: 3, scenario: 'one_fault', title: 'munmap against two faults',
    verdictText: 'fails: data_race(pte), 5 steps', lanes: LANES, initialState: named(START),
    steps: stepsOf(), violations: [RACE], shown: 0, seed: null, loop: null, cut: false,
    schedule: 'm m f', shows: null,
    ...otherwise,
  };
}
