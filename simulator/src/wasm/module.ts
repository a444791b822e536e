// A program's module for a lean search: its threads' steps, its properties, the visited set and
// the search loop, all in one. A search that keeps its graph has parts (parts.ts), there sooner.
import { MAX_BESIDE_RESTS } from '../bounds.ts';
import type { Layout } from '../layout.ts';
import type { Program } from '../program.ts';
import { assemble, type Code } from './assembler.ts';
import { emitJudge, emitProperty, emitUnfinished } from './judge.ts';
import { emitReceive, exchangeOf, type Exchange } from './exchange.ts';
import { emitTidyHeap } from './heap.ts';
import { emitGrow } from './lean-grow.ts';
import { emitEnterQueue, emitFile, emitInsert, emitLeanFlush, emitSeek } from './lean-store.ts';
import { GLOBAL_NAMES, MAX_WORDS } from './memory.ts';
import { emitPlace, emitProgress, emitRead, emitWalk, type ProgressCalls } from './progress.ts';
import { emitRaces, sidesOf } from './races.ts';
import { staysExact } from './ranges.ts';
import { emitCanonical, emitPick } from './reduce.ts';
import { createRegistry, type Registry } from './registry.ts';
import { emitDecide, emitNextChoice, emitRun, type LeanRunCalls, type RunCalls } from './run.ts';
import { nRests, sightingsEnd } from './sightings.ts';
import { emitThread } from './thread.ts';
import { emitIntern, emitRehash } from './store.ts';
import { MAX_EVENTS, MAX_TOLD, type LeanPlan, type Plan } from './unit.ts';

export interface Generated {
  readonly bytes: Uint8Array;
  readonly registry: Registry;
  /** Where the fixed part of memory ends. */
  readonly end: number;
  readonly beside: boolean;
  /** Where states of other shares lie; null: there are none. */
  readonly exchange: Exchange | null;
}

const PAGE = 65_536;
/** An eventually's value is a bit of the state's byte. */
export const MAX_EVENTUALS = 8;
/** Bytes of code beyond which compiling it would take longer than it saves. */
const MAX_CODE = 2 ** 22;
/** Instructions of a thread: each is a case inside the blocks of those after it. */
const MAX_THREAD_CODE = 1_024;

/** Whether generated code can do it at all; else the program is left to the interpreter. */
export function canGenerate(program: Program, layout: Layout): boolean {
  return fits(program, layout) && staysExact(program);
}

/** Whether it is small enough for that. */
export function fits(program: Program, layout: Layout): boolean {
  const eventuals = program.properties.filter(({ kind }) => kind === 'eventually').length;
  return layout.words / 2 <= MAX_WORDS && eventuals <= MAX_EVENTUALS
    && program.threads.every(({ code }) => code.length <= MAX_THREAD_CODE);
}

/** A lean search's module; null: the program is left to the interpreter. */
export function generate(
  program: Program, layout: Layout, lean: LeanPlan,
): Generated | null {
  const nWords = layout.words / 2;
  if (!canGenerate(program, layout)) return null;
  const registry = createRegistry();
  const plan: Plan = {
    program, layout, held: layout.held, registry, nWords, lean, rowsAt: null,
  };
  const beside = nRests(layout) <= MAX_BESIDE_RESTS;
  const functions = emitAll(plan, lean, beside);
  if (registry.told.size > MAX_TOLD || registry.events.length > MAX_EVENTS) return null;
  if (functions.reduce((sum, { code }) => sum + code.bytes.length, 0) > MAX_CODE) return null;
  const exchange = exchangeIn(plan, beside);
  const end = exchange?.end ?? sightingsEnd(plan, beside);
  const bytes = assemble({
    functions, globals: GLOBAL_NAMES,
    memory: { initial: Math.ceil(end / PAGE), shared: null },
  });
  return { bytes, registry, end, beside, exchange };
}

function exchangeIn(plan: Plan, beside: boolean): Exchange | null {
  const { lean, layout } = plan;
  if (lean === null || lean.shares === 1) return null;
  return exchangeOf({ shares: lean.shares, layout, at: sightingsEnd(plan, beside) });
}

interface Functions {
  readonly all: { readonly code: Code; readonly name: string | null }[];
  readonly add: (code: Code, name?: string) => number;
}

function emitAll(plan: Plan, lean: LeanPlan, beside: boolean): Functions['all'] {
  const all: { code: Code; name: string | null }[] = [];
  const add = (code: Code, name: string | null = null): number =>
    all.push({ code, name }) - 1;
  const { program, nWords } = plan;
  const decide = add(emitDecide());
  const nextChoice = add(emitNextChoice());
  const invariants: number[] = [];
  const others = new Map<number, number>();
  program.properties.forEach(({ kind, expr }, i) => {
    const index = add(emitProperty(plan, expr));
    if (kind === 'invariant') invariants.push(index);
    if (kind !== 'invariant' || lean.shares > 1) others.set(i, index);
  });
  const judge = add(emitJudge(plan, others, beside));
  const store = emitLeanStore(add, { plan, lean, judge, exchange: exchangeIn(plan, beside) });
  const racy = emitRaces(plan, program.threads.map((_, t) => sidesOf(plan, t)));
  const races = racy === null ? null : add(racy);
  const calls = { decide, nextChoice, invariants };
  const steps = program.threads.map((_, t) => add(emitThread(plan, t, { calls, only: null })));
  const { flush, canonical, ...lookups } = store;
  const { sleep } = lean;
  add(emitRun(nWords, { flush, lean: { steps, races, sleep, ...lookups }, thin: false }), 'run');
  if (lean.asked.length > 0) emitSweep(add, { plan, lean, steps, store });
  return all;
}

/** The functions of where states go, as far as the search loop and the sweeps need them. */
interface Store extends Pick<RunCalls, 'flush'>, Omit<LeanRunCalls, 'steps' | 'races' | 'sleep'> {
  readonly canonical: number | null;
}

function emitSweep(
  add: Functions['add'],
  of: { plan: Plan; lean: LeanPlan; steps: readonly number[]; store: Store },
): void {
  const { plan, lean: { quotient, asked }, steps, store: { canonical, pick } } = of;
  const { nWords } = plan;
  const seek = add(quotient === null ? emitIntern(nWords, true) : emitSeek(quotient));
  const calls: ProgressCalls = {
    quotient, asked, steps, canonical, pick,
    place: add(emitPlace(nWords, { quotient, seek }), 'place'),
    read: add(emitRead(plan, quotient), 'read'),
  };
  add(emitWalk(plan, calls), 'walk');
  add(emitProgress(plan, calls), 'progress');
}

function emitLeanStore(
  add: Functions['add'],
  of: { plan: Plan; lean: LeanPlan; judge: number; exchange: Exchange | null },
): Store {
  const { plan, lean: { quotient, reduction, sleep }, judge, exchange } = of;
  const { nWords } = plan;
  const insert = add(quotient === null ? emitIntern(nWords) : emitInsert(quotient));
  if (quotient === null) add(emitRehash(nWords), 'rehash');
  else {
    add(emitEnterQueue(quotient, insert), 'enter');
    add(emitGrow(quotient, insert), 'grow');
  }
  const file = add(emitFile(nWords, { quotient, insert, exchange }), 'put');
  const heap = reduction?.heap ?? null;
  const tidy = heap === null ? null : add(emitTidyHeap(plan, heap));
  const sorting = reduction === null ? null : emitCanonical(plan, reduction.classes, tidy);
  const canonical = sorting === null ? tidy : add(sorting);
  const ample = reduction?.ample ?? null;
  const pick = ample === null ? null : add(emitPick(plan, ample));
  const passing = reduction?.chains === true ? pick : null;
  const flush = add(emitLeanFlush(nWords, {
    quotient, insert, file, judge, canonical, pick: passing, exchange,
    lately: passing === null && sleep === null, // what may be one to pass through is not yet filed
  }));
  if (exchange !== null) add(emitReceive(exchange, flush), 'receive');
  return { flush, canonical, unfinished: add(emitUnfinished(plan)), file, pick };
}
