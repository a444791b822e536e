// What a step works on: one frame, the log of its accesses, the violations it meets. One machine
// serves a whole search; nothing in it outlives the step but through the frame.
import { assert } from './assert.ts';
import { MAX_CHOICES } from './bounds.ts';
import { layOut, type Layout } from './layout.ts';
import type { LockKind, Program, SiteId, ThreadIdx } from './program.ts';
import type { Bound, Facts, Party, ViolationCode } from './verdict.ts';

/** Thrown to leave a step whose run is not followed further; caught where the step began. */
export const CUT: { readonly cut: true } = { cut: true };

/** Found in a step or a state; the search adds where. */
export interface Found {
  readonly code: ViolationCode;
  readonly subject: string | null;
  readonly thread: ThreadIdx | null;
  readonly step: SiteId;
  readonly statement?: SiteId;
  readonly site: SiteId;
  readonly pending: boolean;
  readonly others: readonly Party[];
  readonly cycle?: true;
}

/** What a step's accesses were: parallel arrays, reused. */
export interface AccessLog {
  count: number;
  cell: number[];
  place: number[];
  write: boolean[];
  marked: boolean[];
  site: SiteId[];
  step: SiteId[];
}

/** Facts as they are gathered while steps run. */
export interface Witness {
  /** By site: 1 where reached. */
  readonly reached: Uint8Array;
  /** Nestings by `try`, by whatever tells them apart. */
  readonly tried: Map<string, Facts['nestings'][number]>;
  readonly recursiveReads: Map<string, Facts['recursiveReads'][number]>;
}

export interface Machine {
  readonly program: Program;
  readonly layout: Layout;
  /** By lock. */
  readonly kinds: readonly LockKind[];
  frame: Int32Array;
  readonly regs: Float64Array;
  self: ThreadIdx;
  /** The site of the instruction that runs. */
  step: SiteId;
  /** The step that it belongs to. */
  within: SiteId;
  /** The site of the step that the thread began. */
  began: SiteId;
  /** The object and index that a guard is asked about. */
  selfRef: number;
  selfIndex: number;
  /** Properties are judged without accesses: no log, no guards, no use after free. */
  quiet: boolean;
  readonly log: AccessLog;
  found: Found[];
  readonly witness: Witness;
  /** The choices of this run of the step; beyond the given ones each is the first. */
  choices: number[];
  /** How many options each of them had. */
  options: number[];
  chosen: number;
  /** Instructions of long ways through the step, over all its choices. */
  work: number;
  /** A count that is deeper than the engine keeps was needed: the verdict can be `unknown` only. */
  overflow: Bound | null;
}

/** Each nesting once. */
export function noteTried({ tried }: Witness, nesting: Facts['nestings'][number]): void {
  tried.set(JSON.stringify(nesting), nesting);
}

function nSites(program: Program): number {
  let last = -1;
  for (const { code } of program.threads) for (const { site } of code) last = Math.max(last, site);
  return last + 1;
}

export function createMachine(program: Program): Machine {
  const layout = layOut(program);
  return {
    program,
    layout,
    kinds: program.locks.map((lock) => program.classes[lock.cls]!.kind),
    frame: new Int32Array(layout.size),
    regs: new Float64Array(program.nRegs),
    self: 0,
    step: 0,
    within: 0,
    began: 0,
    selfRef: 0,
    selfIndex: 0,
    quiet: false,
    log: { count: 0, cell: [], place: [], write: [], marked: [], site: [], step: [] },
    found: [],
    witness: {
      reached: new Uint8Array(nSites(program)), tried: new Map(), recursiveReads: new Map(),
    },
    choices: [],
    options: [],
    chosen: 0,
    work: 0,
    overflow: null,
  };
}

export function report(
  m: Machine, code: ViolationCode, subject: string | null, site: SiteId,
): void {
  m.found.push({
    code, subject, site, step: m.within, pending: false, others: [],
    thread: m.quiet ? null : m.self,
    ...(m.step === m.within ? {} : { statement: m.step }),
  });
}

/** Reports and leaves the step: its successors mean nothing. */
export function cut(
  m: Machine, code: ViolationCode, subject: string | null, site: SiteId,
): never {
  report(m, code, subject, site);
  throw CUT;
}

/** Leaves a step that the engine cannot take: the verdict can be `unknown` only. */
export function overflow(m: Machine, bound: Bound): never {
  m.overflow = bound;
  throw CUT;
}

/** Before a step is taken with all its choices, one after the other: the first of each. */
export function beginChoices(m: Machine): void {
  if (m.choices.length > 0) m.choices.length = 0;
  m.work = 0;
}

/** One of 0..options-1; the search asks again until every one was taken. */
export function decide(m: Machine, options: number): number {
  assert(options >= 1, 'a choice has options');
  if (options === 1) return 0;
  if (options > MAX_CHOICES) {
    overflow(m, { kind: 'step_length', limit: MAX_CHOICES });
  }
  const at = m.chosen++;
  if (at === m.choices.length) m.choices.push(0);
  m.options[at] = options;
  return m.choices[at]!;
}

/** The same access again (a loop in an atomic step) is logged once. */
export function logAccess(
  m: Machine, at: { cell: number; place: number; write: boolean; marked: boolean; site: SiteId },
): void {
  const { log } = m;
  for (let i = 0; i < log.count; i++) {
    if (log.cell[i] === at.cell && log.site[i] === at.site && log.write[i] === at.write) return;
  }
  const i = log.count++;
  log.cell[i] = at.cell;
  log.place[i] = at.place;
  log.write[i] = at.write;
  log.marked[i] = at.marked;
  log.site[i] = at.site;
  log.step[i] = m.within;
}
