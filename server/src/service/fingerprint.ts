// What a program means, without its names, its places in the text and what does not bear on the
// verdict: two programs of one meaning share a verdict. A comment, a renaming, a move in the file
// or an edit of another scenario changes nothing here. `legend.ts` leads back.
import type { Program } from '../../../simulator/src/program.ts';
import { canonicalThread, type EqualThreads } from './canonical-thread.ts';
import { frameOf, type Frame, type Frames } from './frame.ts';
import { fingerprint } from './hash.ts';
import { Names } from './names.ts';

export interface Meaning {
  /** Equal for equal meanings. */
  readonly print: string;
  readonly legend: Legend;
}

/** From canonical names, sites and indices to the program's own. */
export interface Legend {
  readonly program: Program;
  readonly names: readonly string[];
  readonly frame: Frame;
}

/** What meanings are made of, kept for those that come after. */
export interface KeptMeanings {
  readonly frames: Frames;
  readonly threads: EqualThreads;
}

export const nothingKept = (): KeptMeanings =>
  ({ frames: new Map(), threads: new Map() });

const KEPT = nothingKept();

/** Programs are immutable, and are kept while nothing that they are made of is edited. */
const meanings = new WeakMap<Program, Meaning>();

/** Canonical programs just made: mostly one is searched at once. */
const justMade = new Map<Legend, Program>();
const JUST_MADE_MAX = 16;

export function meaningOf(program: Program): Meaning {
  const known = meanings.get(program);
  if (known !== undefined) return known;
  const { canonical, ...meaning } = made(program, KEPT);
  meanings.set(program, meaning);
  justMade.set(meaning.legend, canonical);
  for (const oldest of justMade.keys()) {
    if (justMade.size <= JUST_MADE_MAX) break;
    justMade.delete(oldest);
  }
  return meaning;
}

/** The program in canonical form: what a verdict by fingerprint is a verdict of. */
export function canonicalProgram({ legend }: Pick<Meaning, 'legend'>): Program {
  const canonical = justMade.get(legend);
  justMade.delete(legend);
  return canonical ?? made(legend.program, KEPT).canonical;
}

/** With what is kept, or with nothing, it is the same. */
export function made(
  program: Program, kept: KeptMeanings,
): Meaning & { readonly canonical: Program } {
  const frame = frameOf(program, kept.frames);
  const names = new Names(frame.names);
  const threads = program.threads.map((thread, t) =>
    canonicalThread(thread, t, { frame, names }, kept.threads));
  const print = fingerprint([frame.print, ...threads.map((each) => each.print)].join());
  const { properties, orders, nRegs, ...declared } = frame.rest;
  const canonical: Program = {
    ...declared, threads: threads.map(({ thread }) => thread), properties, orders, nRegs,
  };
  return { print, canonical, legend: { program, names: names.texts, frame } };
}
