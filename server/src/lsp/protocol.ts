// What this server and its client say to each other beyond the Language Server Protocol: method
// names, shapes, and the two ways a server is handed its parts. Types and constants only, because
// both sides import it. Lines and characters are LSP's: from 0, in UTF-16 code units.

import type { ChangeAsked } from './protocol-compare.ts';

/** The language's id in VS Code, and the section of its settings. */
export const LANGUAGE_ID = 'mmlock';

/** Client → server. */
export const RUN = 'mmlock/run';
/** Client → server. */
export const SCENARIOS = 'mmlock/scenarios';
/** Client → server. */
export const LOCK_STATE = 'mmlock/lockState';
/** Client → server. */
export const TEST = 'mmlock/test';
/** Client → server. */
export const FIXES = 'mmlock/fixes';
/** Client → server. */
export const LOAD_BEARING = 'mmlock/loadBearing';
/** Client → server, a notification: check now, whatever `check.when` says. */
export const CHECK = 'mmlock/check';
/** Server → client, a notification. */
export const STATUS = 'mmlock/status';

/** Runs in the client: `[uri, scenario]` or `[uri, scenario, violation]`. What a lens carries. */
export const SIMULATE_COMMAND = 'mmlock.simulate';
/** Runs in the client: `[uri, limit]`. Doubles the setting and checks the file again. */
export const RAISE_COMMAND = 'mmlock.raiseLimit';

/** Runs in the client: `[uri, scenario]`. What a code action carries that lists all fixes. */
export const SHOW_FIXES_COMMAND = 'mmlock.showFixes';

/** Runs in the client: `[uri, thread]`, or nothing for the file in the editor. */
export const LOAD_BEARING_COMMAND = 'mmlock.loadBearing';

// Starting the server

export interface Settings {
  readonly check: {
    readonly when: 'onType' | 'onSave' | 'manual';
    readonly maxStates: number;
    /** In MiB. */
    readonly maxMemory: number;
    /** In seconds, for one scenario. */
    readonly timeLimit: number;
    /** Off: nothing is kept after the session, and what was kept is deleted. */
    readonly keepVerdicts: boolean;
    /** Files of the workspace that are not open are checked as well. */
    readonly workspace: boolean;
  };
  readonly inlayHints: {
    /** `changes`: the lock that a statement changes. `all`: with it all that is held then. */
    readonly lockState: 'off' | 'changes' | 'all';
    readonly types: boolean;
    readonly parameterNames: boolean;
  };
}

/**
 * `initializationOptions`. Settings come here first, later by `workspace/didChangeConfiguration`
 * with `{ settings: { mmlock: Settings } }`. `parts` is given where the server cannot read files
 * itself (a web worker): then it must not fetch anything. `storage` is the URI of a folder for
 * verdicts that outlive the session, which need not exist yet; without it none do. A server in a
 * browser takes it as leave to use the browser's own storage.
 */
export interface InitializationOptions {
  readonly settings: Settings;
  readonly parts?: BrowserParts;
  readonly storage?: string;
}

export interface BrowserParts {
  /** The bytes of `web-tree-sitter.wasm`, for `Parser.init({ wasmBinary })`. */
  readonly runtime: Uint8Array;
  /** The bytes of `mmlock.wasm`, for `Language.load`. */
  readonly grammar: Uint8Array;
  /**
   * The text of `checker.js`: the server's own location is a blob, so a nested worker is made with
   * `new Worker(URL.createObjectURL(new Blob([checker, ...])))`.
   */
  readonly checker: string;
}

// mmlock/check

export interface CheckParams {
  readonly uri: string;
}

// mmlock/status

export interface StatusParams {
  readonly uri: string;
  /** Of the document the state is about. */
  readonly version: number;
  readonly state: 'checking' | 'safe' | 'violated' | 'unknown' | 'errors' | 'stale';
  /** One line for people: `3 scenarios safe`. */
  readonly text: string;
  /** Of `unknown`: the setting under `check` that would have to be more. */
  readonly limit: LimitName | null;
}
export type LimitName = 'maxStates' | 'maxMemory' | 'timeLimit';

// mmlock/scenarios

export interface ScenariosParams {
  readonly uri: string;
}
/** In the order of the file. */
export type ScenariosResult = readonly ScenarioView[];
export interface ScenarioView {
  readonly name: string;
  /** Empty where it has none. */
  readonly title: string;
  /** As in the lens: `safe · 1 204 states · 4 ms`. */
  readonly verdictText: string;
  /** Of its name. */
  readonly place: Place;
}

// mmlock/test

/** Checks the scenario if need be, whatever `check.when` says; cancelling it stops that. */
export interface TestParams {
  readonly uri: string;
  readonly scenario: string;
}
/** null: the file is not open, or has no such scenario. */
export type TestResult = ScenarioTestView | null;
export interface ScenarioTestView {
  /** `errored`: nothing is claimed. */
  readonly state: 'passed' | 'failed' | 'errored';
  readonly verdictText: string;
  readonly elapsedMs: number;
  readonly messages: readonly TestMessageView[];
  /** Empty where nothing was searched. */
  readonly coverage: readonly FileCoverageView[];
}
export interface TestMessageView extends Place {
  readonly message: string;
  readonly expected: string | null;
  readonly actual: string | null;
  /** For `mmlock/run`; null: none. */
  readonly violation: number | null;
}
export interface FileCoverageView {
  readonly uri: string;
  readonly statements: readonly StatementView[];
}
export interface StatementView extends Place {
  readonly reached: boolean;
  readonly branches: readonly (Place & { readonly name: string; readonly reached: boolean })[];
}

// mmlock/run

export interface RunParams {
  readonly uri: string;
  readonly scenario: string;
  readonly kind: 'violation' | 'random' | 'witness';
  /** Which violation, from 0; 0 if left out. Past the end is the last one. */
  readonly index?: number;
  /** Of a random run: a whole number, 0 to 2^31 - 1; 0 if left out. */
  readonly seed?: number;
  /** Of a `witness`: a claim of a `LockStateView`, as it was there. */
  readonly claim?: string;
  /** Of a changed text, by its place in the last `LoadBearingResult`. */
  readonly variant?: { readonly item: number; readonly tried: number };
  /** Of what the last `CompareResult` says is gained or lost. */
  readonly change?: ChangeAsked;
}

/**
 * A `violation` is asked for where there is none: the answer is the random run of `seed`, and
 * `violations` is empty. `none` where there is no such scenario or the file has errors.
 */
export type RunResult =
  | { readonly kind: 'run'; readonly run: RunView }
  | { readonly kind: 'none'; readonly reason: string };

export interface RunView {
  readonly uri: string;
  /** Of the document that was checked. */
  readonly version: number;
  readonly scenario: string;
  readonly title: string;
  readonly verdictText: string;
  /** Names of the threads, in the scenario's order. */
  readonly lanes: readonly string[];
  readonly initialState: readonly Named[];
  readonly steps: readonly StepView[];
  /** All that the scenario violates, in the order of the verdict. */
  readonly violations: readonly ViolationView[];
  /** What this run ends in: an index into `violations`; null for a random run that met none. */
  readonly shown: number | null;
  /** The seed of a random run, else null. */
  readonly seed: number | null;
  /** A run that goes on for ever goes back to this step after the last; null for any other. */
  readonly loop: number | null;
  /** A random run that was still going on: no more of it was drawn. */
  readonly cut: boolean;
  /** Replays the run: `mmlock simulate --schedule`. */
  readonly schedule: string;
  /** Of a `witness`: what its last state shows; else null. */
  readonly shows: string | null;
}

export interface Named {
  readonly name: string;
  readonly value: string;
}

/** A place in a file. */
export interface Place {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  readonly endLine: number;
  readonly endCharacter: number;
}

export interface ViolationView extends Place {
  readonly code: string;
  readonly subject: string | null;
  readonly message: string;
  /** The scenario's `expect fails` asks for it. */
  readonly expected: boolean;
  readonly thread: string | null;
}

export interface StepView extends Place {
  /** An index into `lanes`. */
  readonly lane: number;
  readonly thread: string;
  readonly text: string;
  /** `waits`: joined a lock's queue; `granted`: got it; `next`: about to be taken, as in a race. */
  readonly move: 'step' | 'waits' | 'granted' | 'next';
  /** What changed, by name, as printed: `{ mmap_sem: 'W:munmap', 'pte[0]': 'none' }`. */
  readonly changes: Readonly<Record<string, string>>;
  /** The whole state after the step, by name in a fixed order. */
  readonly state: readonly Named[];
}

// mmlock/lockState

export interface LockStateParams {
  readonly uri: string;
  readonly line: number;
  readonly character: number;
  /** Whether to wait for what takes long to find out; else the answer comes at once. */
  readonly patient: boolean;
}

/** `none`: no thread gets to a statement there. */
export type LockStateResult =
  | { readonly kind: 'state'; readonly state: LockStateView }
  | { readonly kind: 'none'; readonly reason: string };

export interface LockStateView {
  readonly uri: string;
  readonly version: number;
  /** More is being found out: ask again, patiently. */
  readonly pending: boolean;
  /** The statement, on one line. */
  readonly statement: string;
  /** From 1, for people. */
  readonly line: number;
  readonly threads: readonly string[];
  /** One sentence on the locks. */
  readonly summary: string;
  /** What is not known, and why; sentences. */
  readonly notes: readonly string[];
  readonly locks: readonly {
    /** `mmap_sem for writing`. */
    readonly text: string;
    readonly always: boolean;
    /** `(by line 21, not by line 24)`, or empty. */
    readonly path: string;
    readonly withIt: ClaimView | null;
    readonly withoutIt: ClaimView | null;
  }[];
  readonly others: readonly {
    readonly name: string;
    readonly can: readonly ShownView[];
    readonly cannot: readonly { readonly text: string; readonly why: string }[];
  }[];
  readonly values: readonly {
    readonly name: string;
    readonly values: readonly ShownView[];
    readonly narrowed: boolean;
  }[];
  readonly scenarios: readonly ShownView[];
}

/** Something that is so, and the claim that a run of it can be asked for by; null: none can. */
export interface ShownView {
  readonly text: string;
  readonly claim: ClaimView | null;
}
/** To be handed back in `RunParams` as it is. */
export interface ClaimView {
  readonly scenario: string;
  readonly claim: string;
}

// mmlock/fixes

/** What would mend the scenario, or the warning: checked fixes, and what was tried and rejected. */
export interface FixesParams {
  readonly uri: string;
  /** A scenario's name, or the word that a code action of a warning gives. */
  readonly about: string;
}
export type FixesResult =
  | {
      readonly kind: 'fixes';
      /** What they are fixes of, for people: `one_fault`, `this lock_order`. */
      readonly of: string;
      /** Of the document that the edits are for. */
      readonly version: number;
      readonly tried: number;
      /** There were more candidates than are tried. */
      readonly cut: boolean;
      /** The cheapest first. */
      readonly offered: readonly FixView[];
      readonly rejected: readonly { readonly title: string; readonly reason: string }[];
    }
  | { readonly kind: 'none'; readonly reason: string };
export interface FixView {
  readonly title: string;
  /** `mmap_sem held for writing over 2 steps more`. */
  readonly cost: string;
  /** Scenarios whose `expect` changes with it, and to what. */
  readonly expects: readonly { readonly scenario: string; readonly text: string }[];
  readonly edits: readonly {
    readonly range: { readonly start: Spot; readonly end: Spot };
    readonly newText: string;
  }[];
}
export interface Spot {
  readonly line: number;
  readonly character: number;
}

// mmlock/loadBearing

export interface LoadBearingParams {
  readonly uri: string;
  /** With the procs it calls; all of the file if left out. */
  readonly thread?: string;
  /** Only what was found before, as far as it still holds. */
  readonly peek?: boolean;
}
export type LoadBearingResult =
  | {
      readonly kind: 'bearing';
      readonly version: number;
      /** In the order of the text. */
      readonly items: readonly BearingItem[];
    }
  | { readonly kind: 'none'; readonly reason: string };
export type Bears = 'needed' | 'guard' | 'unneeded' | 'unknown';
export interface BearingItem {
  readonly range: { readonly start: Spot; readonly end: Spot };
  readonly text: string;
  /** The thread, proc or variable it belongs to. */
  readonly owner: string;
  /** Of the first that was tried. */
  readonly bears: Bears;
  readonly summary: string;
  readonly tried: readonly BearingTried[];
}
export interface BearingTried {
  readonly title: string;
  readonly bears: Bears;
  readonly summary: string;
  readonly breaks: readonly BearingBreak[];
}
export interface BearingBreak {
  readonly scenario: string;
  /** Among the violations of the changed text. */
  readonly index: number;
  /** `one_fault: data_race(pte)`. */
  readonly text: string;
  readonly message: string;
}
