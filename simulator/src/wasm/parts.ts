// The parts of a program's code that are its own, each a module: every thread's steps, what is
// judged in a new state, what may race. A part is emitted from nothing but what its key says, and
// kept by it: after an edit, and in the next scenario, all that is as it was is there already.
import { MAX_BESIDE_RESTS } from '../bounds.ts';
import type { Layout } from '../layout.ts';
import type { Instr, Program, Property, Thread, ThreadIdx } from '../program.ts';
import { assemble, type Code } from './assembler.ts';
import { looksOf, mayEverChange, type Looks } from './changes.ts';
import { emitJudge, emitProperty } from './judge.ts';
import { GLOBAL_NAMES } from './memory.ts';
import { emitRaces, sidesOf, type Sides } from './races.ts';
import { propertiesStayExact, threadStaysExact } from './ranges.ts';
import { createRegistry, nextEvent, type Offsets, type Registry } from './registry.ts';
import { emitDecide, emitNextChoice } from './run.ts';
import { nRests, sightingsEnd } from './sightings.ts';
import { emitThread, mayChoose } from './step.ts';
import { MAX_EVENTS, MAX_TOLD, type Plan } from './unit.ts';

export interface Part {
  /** A module that imports the memory and the globals, and exports `part`. */
  readonly bytes: Uint8Array;
  readonly registry: Registry;
}

export interface Parts {
  readonly nWords: number;
  readonly judge: Part;
  /** What is asked of every state, in this order. */
  readonly turns: readonly Part[];
  /** Bytes that may be set, of those told and of events. */
  readonly used: Offsets;
  /** Where the fixed part of memory ends. */
  readonly end: number;
}

/** What all parts of a program have in common, with the parts kept for it. */
interface Context {
  readonly program: Program;
  readonly layout: Layout;
  readonly kept: Kept;
  readonly invariants: readonly Invariant[];
  /** By thread: all that it is, as text. */
  readonly texts: readonly string[];
}

/** What is kept for the next program that has the same in common. */
interface Kept {
  readonly parts: Map<string, Part>;
  readonly sides: Map<string, Sides>;
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
  const next = <P extends Part | null>(make: (first: Offsets) => P): P => {
    const part = make(used);
    if (part === null) return part;
    const { first, told } = part.registry;
    used = {
      told: spaced(first.told + told.size), events: spaced(nextEvent(part.registry)),
    };
    return part;
  };
  const judge = next((first) => judgePart(context, first));
  const waits = program.threads.map((thread) => waitsOf(thread));
  const all = waits.map((_, t) => next((first) => threadPart(context, { t, waits, first })));
  const threads = all.filter((part) => part !== null);
  if (threads.length < all.length) return null;
  const plan = planOf(context, used);
  const races = emitRaces(plan, context.texts.map((text, t) =>
    taken(context.kept.sides, `${t} ${text}`, PARTS_MAX, () => sidesOf(context, t))));
  const turns = races === null ? threads
    : [next(() => racesPart(context, plan, races)), ...threads];
  if (used.told > MAX_TOLD || used.events > MAX_EVENTS) return null;
  return {
    nWords: layout.words / 2, judge, used, turns,
    end: sightingsEnd(context, hasBeside(layout)),
  };
}

/** Some room is left behind each, so that one more leaves the others where they are. */
const spaced = (offset: number): number => Math.ceil((offset + 1) / 32) * 32;

const hasBeside = (layout: Layout): boolean => nRests(layout) <= MAX_BESIDE_RESTS;

function contextOf(program: Program, layout: Layout): Context {
  const { threads: _, properties: _1, ...rest } = program;
  const { size, words, lo, hi, word, shift, locks, threads: places, objects, rests } = layout;
  const slots = [size, words, ...[lo, hi, word, shift].map((each) => each.join())];
  const key = JSON.stringify([rest, slots, locks, places, objects, rests]);
  const kept = taken(contexts, key, CONTEXTS_MAX, () =>
    ({ parts: new Map<string, Part>(), sides: new Map<string, Sides>() }));
  const texts = program.threads.map((thread) => JSON.stringify(thread));
  return { program, layout, kept, invariants: invariantsOf(program), texts };
}

/** The one kept by the key, else a new one; the one that was not wanted for longest makes room. */
function taken<T>(kept: Map<string, T>, key: string, most: number, make: () => T): T {
  const value = kept.get(key) ?? make();
  kept.delete(key);
  kept.set(key, value);
  const [oldest] = kept.keys();
  if (kept.size > most && oldest !== undefined) kept.delete(oldest);
  return value;
}

function planOf({ program, layout }: Context, first: Offsets): Plan {
  return {
    program, layout, held: layout.held, registry: createRegistry(first),
    nWords: layout.words / 2, lean: null,
  };
}

function partOf({ registry }: Plan, functions: readonly Code[]): Part {
  const last = functions.length - 1;
  const bytes = assemble({
    functions: functions.map((code, i) => ({ code, name: i === last ? 'part' : null })),
    globals: [], imported: GLOBAL_NAMES, memory: { initial: 1, shared: null },
  });
  return { bytes, registry };
}

/** What others see of a thread: where it waits for which lock. As a key, and as they see it. */
interface Waits {
  readonly key: string;
  readonly seen: () => Thread;
}

function waitsOf({ code }: Thread): Waits {
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
}

function threadPart(
  context: Context, of: { t: ThreadIdx; waits: readonly Waits[]; first: Offsets },
): Part | null {
  const { t, waits, first } = of;
  const { program, layout: { held } } = context;
  const thread = program.threads[t]!;
  const asked = context.invariants.filter(({ looks }) => mayEverChange(program, looks, t));
  const properties = asked.map(({ property }) => property);
  const others = waits.map(({ key }, u) => (u === t ? '' : key)).join('');
  const key = ['steps', t, first.told, first.events, context.texts[t]!, others,
    ...asked.map(({ key: each }) => each)].join(' ');
  const { parts } = context.kept;
  if (!parts.has(key) && !threadStaysExact(program, thread)) return null;
  return taken(parts, key, PARTS_MAX, () => {
    const threads = waits.map(({ seen }, u) => (u === t ? thread : seen()));
    const plan: Plan = {
      ...planOf({ ...context, program: { ...program, threads, properties } }, first),
      held: { ...held, threads: held.threads.map(() => held.threads[t]!) },
    };
    // A host checks a single function at once, and wakes its threads to share several.
    const chooses = thread.code.some((instr) => mayChoose(program, instr));
    const functions = chooses ? [emitDecide(), emitNextChoice()] : [];
    const invariants = properties.map(({ expr }) => functions.push(emitProperty(plan, expr)) - 1);
    functions.push(emitThread(plan, t, { decide: 0, nextChoice: 1, invariants }));
    return partOf(plan, functions);
  });
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
