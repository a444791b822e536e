// The parts of a program's code that are its own, each a module: every thread's steps, what is
// judged in a new state, what may race. A part is emitted from nothing but what its key says, and
// kept by it: after an edit, and in the next scenario, all that is as it was is there already.
import { MAX_BESIDE_RESTS } from '../bounds.ts';
import { madeOnce, numbersFor, spaced, taken } from '../kept.ts';
import type { Layout } from '../layout.ts';
import type { Instr, Pc, Program, Property, Thread, ThreadIdx } from '../program.ts';
import { assemble, type Code } from './assembler.ts';
import { changedSteps, stepPcs, stepSources, type StepSources } from './base.ts';
import { looksOf, mayChange, mayEverChange, type Looks } from './changes.ts';
import { stepFlow } from './flow.ts';
import { emitJudge, emitProperty, emitUnfinished } from './judge.ts';
import { GLOBAL_NAMES } from './memory.ts';
import { emitRaces, sidesOf, type Sides } from './races.ts';
import { propertiesStayExact, threadStaysExact } from './ranges.ts';
import { createRegistry, nextEvent, type Offsets, type Registry } from './registry.ts';
import { rowsBytes } from './rows.ts';
import { emitDecide, emitNextChoice } from './run.ts';
import { nRests, sightingsEnd } from './sightings.ts';
import { mayChoose } from './step.ts';
import { emitThread } from './thread.ts';
import { MAX_EVENTS, MAX_TOLD, type Plan } from './unit.ts';

export interface Part {
  /** A module that imports the memory and the globals, and exports `part`. */
  readonly bytes: Uint8Array;
  readonly registry: Registry;
  /** Of few of a thread's steps: what is called for the others, imported as `base`. */
  readonly base: Part | null;
}

export interface Parts {
  readonly nWords: number;
  readonly judge: Part;
  /** Asked of a state without successors. */
  readonly unfinished: Part;
  /** What is asked of every state, in this order. */
  readonly turns: readonly Part[];
  /** Bytes that may be set, of those told and of events. */
  readonly used: Offsets;
  /** See rows.ts; null: there are too many. */
  readonly rowsAt: number | null;
  /** Where the fixed part of memory ends. */
  readonly end: number;
}

/** What all parts of a program have in common, with the parts kept for it. */
interface Context {
  readonly program: Program;
  readonly layout: Layout;
  readonly kept: Kept;
  readonly rowsAt: number | null;
  readonly invariants: readonly Invariant[];
  /** By thread: a number for all that it is. */
  readonly numbers: readonly number[];
}

/** What is kept for the next program that has the same in common. */
interface Kept {
  readonly parts: Map<string, Part>;
  readonly sides: Map<string, Sides>;
  readonly bases: Map<string, Base>;
}

/** A part with all of a thread's steps, and what it was made from. */
interface Base {
  readonly part: Part;
  readonly sources: StepSources;
  readonly pcs: () => readonly (readonly Pc[])[];
}

/** A thread's part, or the base of it and from which places its steps are other ones. */
interface ThreadCode {
  readonly part: Part;
  readonly changed: readonly number[];
}

interface Invariant {
  readonly property: Property;
  readonly looks: Looks;
  readonly key: string;
}

function invariantsOf({ properties }: Program): readonly Invariant[] {
  return properties.filter(({ kind }) => kind === 'invariant').map((property) => ({
    property, looks: looksOf(property.expr), key: JSON.stringify([property.name, property.expr]),
  }));
}

/** Programs with parts kept, by what these have in common; and how many of each. */
const contexts = new Map<string, Kept>();
const CONTEXTS_MAX = 32;
/** More than one program has. */
const PARTS_MAX = 64;

/** null: the program is left to the interpreter. */
export function partsOf(program: Program, layout: Layout): Parts | null {
  if (!propertiesStayExact(program)) return null;
  const context = contextOf(program, layout);
  let used: Offsets = { told: 0, events: 0 };
  const behind = (part: Part): Part => {
    const { first, told } = part.registry;
    used = {
      told: spaced(first.told + told.size), events: spaced(nextEvent(part.registry)),
    };
    return part;
  };
  const judge = behind(judgePart(context, used));
  const waits = program.threads.map((thread) => waitsOf(thread));
  const asked = waits.map((_, t) =>
    context.invariants.filter(({ looks }) => mayEverChange(program, looks, t)));
  const made: ThreadCode[] = [];
  for (const t of program.threads.keys()) {
    const code = threadCode(context, { t, waits, first: used, asked: asked[t]! });
    if (code === null) return null;
    behind(code.part);
    made.push(code);
  }
  const plan = planOf(context, used);
  const emitted = emitRaces(plan, context.numbers.map((number, t) =>
    taken(context.kept.sides, `${t} ${number}`, PARTS_MAX, () => sidesOf(context, t))));
  const races = emitted === null ? [] : [behind(racesPart(context, plan, emitted))];
  const threads = made.map((code, t) => (code.changed.length === 0 ? code.part
    : behind(changedPart(context, { t, waits, first: used, asked: asked[t]! }, code))));
  const turns = [...races, ...threads];
  if (used.told > MAX_TOLD || used.events > MAX_EVENTS) return null;
  const { rowsAt } = context;
  return {
    nWords: layout.words / 2, judge, unfinished: unfinishedPart(context), used, turns, rowsAt,
    end: rowsAt === null ? sightingsEnd(context, hasBeside(layout)) : rowsAt + rowsBytes(layout),
  };
}

const hasBeside = (layout: Layout): boolean => nRests(layout) <= MAX_BESIDE_RESTS;

function contextOf(program: Program, layout: Layout): Context {
  const { cells, places, pools, classes, locks, orders, nRegs } = program;
  const rest = [cells, places, pools, classes, locks, orders].map(numberOf);
  const key = [layoutNumber(layout), nRegs, ...rest].join();
  const kept = taken(contexts, key, CONTEXTS_MAX, () =>
    ({ parts: new Map<string, Part>(), sides: new Map(), bases: new Map() }));
  const numbers = program.threads.map(threadNumber);
  const rowsAt = rowsBytes(layout) === 0 ? null
    : sightingsEnd({ program, layout }, hasBeside(layout));
  return { program, layout, kept, rowsAt, invariants: invariantsOf(program), numbers };
}

const layoutNumber = numbersFor<Layout>(CONTEXTS_MAX, (layout) => {
  const { size, words, lo, hi, word, shift, locks, threads, objects, rests } = layout;
  const slots = [size, words, ...[lo, hi, word, shift].map((each) => each.join())];
  return JSON.stringify([slots, locks, threads, objects, rests]);
});
/** All that the contexts' programs are, but for threads and properties. */
const numberOf = numbersFor<readonly unknown[]>(8 * CONTEXTS_MAX, (all) => JSON.stringify(all));
const threadNumber = numbersFor<Thread>(8 * CONTEXTS_MAX, ({ code, ...rest }) =>
  [JSON.stringify(rest), ...code.map(instrText)].join());
const instrText = madeOnce((instr: Instr) => JSON.stringify(instr));

function planOf({ program, layout, rowsAt }: Context, first: Offsets): Plan {
  return {
    program, layout, held: layout.held, registry: createRegistry(first),
    nWords: layout.words / 2, lean: null, rowsAt,
  };
}

function partOf(
  { registry }: Plan, functions: readonly Code[], base: Part | null = null,
): Part {
  const last = functions.length - 1;
  const bytes = assemble({
    functions: functions.map((code, i) => ({ code, name: i === last ? 'part' : null })),
    globals: [], imported: GLOBAL_NAMES, memory: { initial: 1, shared: null },
    called: base === null ? null : 'base',
  });
  return { bytes, registry, base };
}

/** What others see of a thread: where it waits for which lock. As a key, and as they see it. */
interface Waits {
  readonly key: string;
  readonly seen: () => Thread;
}

const waitsOf = madeOnce(({ code }: Thread): Waits => {
  const seen = (instr: Instr): Instr => {
    const { rest } = instr;
    if (instr.op !== 'acquire') return { op: 'nop', rest, site: 0, next: 0 };
    const { lock, mode } = instr;
    return { op: 'acquire', rest, site: 0, next: 0, lock, mode, nested: false };
  };
  const parts = code.flatMap((instr, pc) =>
    (instr.op === 'acquire' ? [pc, instr.lock, instr.mode] : []));
  return {
    key: JSON.stringify(parts),
    seen: () => ({
      name: '', decl: '', background: false, outcomes: [], entry: 0, code: code.map(seen),
    }),
  };
});

/** One thread among the others. */
interface Among {
  readonly t: ThreadIdx;
  readonly waits: readonly Waits[];
  readonly first: Offsets;
  /** The invariants that it may change. */
  readonly asked: readonly Invariant[];
}

/** Its part; after an edit of few of its steps the one before it. null: the interpreter's. */
function threadCode(context: Context, of: Among): ThreadCode | null {
  const { program, layout, numbers, kept } = context;
  const { t } = of;
  const common = commonKey(context, of);
  const key = `steps ${common} ${numbers[t]!}`;
  const whole = (): Part =>
    taken(kept.parts, key, PARTS_MAX, () => stepsPart(context, of, null));
  if (kept.parts.has(key)) return { part: whole(), changed: [] };
  if (!threadStaysExact(program, program.threads[t]!)) return null;
  const sources = stepSources(program, layout, t);
  const base = kept.bases.get(common);
  const changed = base === undefined ? null : changedSteps(base.sources, base.pcs(), sources);
  if (base !== undefined && changed !== null) return { part: base.part, changed };
  const part = whole();
  kept.bases.delete(common);
  const pcs = once(() => stepPcs(sources.code, layout.rests[t]!));
  taken(kept.bases, common, PARTS_MAX, () => ({ part, sources, pcs }));
  return { part, changed: [] };
}

/** What `make` makes, when it is first asked for. */
function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

/** All that a thread's part is made of, but its instructions and what can be held at them. */
function commonKey({ program }: Context, { t, waits, first, asked }: Among): string {
  const thread = program.threads[t]!;
  const frame = JSON.stringify({ ...thread, code: thread.code.length });
  const others = waits.map(({ key }, u) => (u === t ? '' : key)).join('');
  return [t, first.told, first.events, frame, others,
    ...asked.map(({ key }) => key)].join(' ');
}

/** The thread's steps, or those that have changed. */
function stepsPart(context: Context, of: Among, anew: ThreadCode | null): Part {
  const { t, waits } = of;
  const { program, layout: { held, rests } } = context;
  const properties = of.asked.map(({ property }) => property);
  const thread = program.threads[t]!;
  const threads = waits.map(({ seen }, u) => (u === t ? thread : seen()));
  const plan: Plan = {
    ...planOf({ ...context, program: { ...program, threads, properties } }, of.first),
    held: { ...held, threads: held.threads.map(() => held.threads[t]!) },
  };
  const only = anew?.changed ?? null;
  const order = only === null ? [...thread.code.keys()]
    : only.flatMap((rest) => stepFlow(thread.code, rests[t]![rest]!).order);
  // A host checks a single function at once, and wakes its threads to share several.
  const chooses = order.some((pc) => mayChoose(program, thread.code[pc]!));
  const functions = chooses ? [emitDecide(), emitNextChoice()] : [];
  const first = anew === null ? 0 : 1; // behind the one that is imported
  const invariants = properties.map(({ expr }) => (mayChange(program, expr, { t, order })
    ? first + functions.push(emitProperty(plan, expr)) - 1 : NONE));
  const calls = { decide: first, nextChoice: first + 1, invariants };
  functions.push(emitThread(plan, t, { calls, only }));
  return partOf(plan, functions, anew?.part ?? null);
}
const NONE = -1;

/** The part that is asked in place of its base. */
function changedPart(context: Context, of: Among, anew: ThreadCode): Part {
  const { kept, numbers } = context;
  const key = `changed ${commonKey(context, of)} ${anew.changed.join()} ${numbers[of.t]!}`;
  const known = kept.parts.get(key);
  if (known !== undefined && known.base !== anew.part) kept.parts.delete(key);
  return taken(kept.parts, key, PARTS_MAX, () => stepsPart(context, of, anew));
}

/** Of threads it depends on what they can end with, and on where they are done. */
function judgePart(context: Context, first: Offsets): Part {
  const { program, layout, kept } = context;
  const threads = program.threads.map((thread): Thread =>
    ({ ...thread, name: '', decl: '', code: [], entry: 0 }));
  const key = JSON.stringify(['judge', first, threads, program.properties]);
  return taken(kept.parts, key, PARTS_MAX, () => {
    const plan = planOf({ ...context, program: { ...program, threads } }, first);
    const functions: Code[] = [];
    const judges = new Map<number, number>();
    program.properties.forEach(({ kind, expr }, i) => {
      if (kind !== 'invariant') judges.set(i, functions.push(emitProperty(plan, expr)) - 1);
    });
    functions.push(emitJudge(plan, judges, hasBeside(layout)));
    return partOf(plan, functions);
  });
}

/** Of threads it depends on where they are done, which is in what all have in common. */
function unfinishedPart(context: Context): Part {
  const { program, kept } = context;
  const background = program.threads.map((thread) => thread.background);
  return taken(kept.parts, JSON.stringify(['unfinished', background]), PARTS_MAX, () => {
    const plan = planOf(context, { told: 0, events: 0 });
    return partOf(plan, [emitUnfinished(plan)]);
  });
}

/** It is emitted every time: by its bytes it is known whether there is one like it. */
function racesPart({ kept }: Context, plan: Plan, races: Code): Part {
  const { first, told } = plan.registry;
  const key = ['races', first.told, first.events, JSON.stringify([...told.keys()]),
    textOf(races.bytes.view())].join(' ');
  return taken(kept.parts, key, PARTS_MAX, () => partOf(plan, [races]));
}

/** Each byte as a character: quicker made and compared than numbers. */
function textOf(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK) {
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  }
  return text;
}
const CHUNK = 4096;
