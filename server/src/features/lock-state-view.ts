// Feature: "Lock state here", a place told in full for a view beside the text: what the hover says,
// with all lines and values, and for each thing that can be what a run to it has to come to.
import type { Other } from './beside.ts';
import type { Claim } from './claim.ts';
import type { Surveys } from './exploration.ts';
import { groundsOf, stateOn, type HeldHere, type LockState } from './lock-state.ts';
import { heldText, lockText, modeHere, modeText, pathText } from './lock-state-text.ts';
import { headOf } from './nodes.ts';
import { placeOf } from './place.ts';
import type { Snapshot } from './snapshot.ts';
import { headLines, spansOf, spansText } from './spans.ts';

export interface PlaceView {
  /** The statement's own text on one line. */
  readonly statement: string;
  /** From 1. */
  readonly line: number;
  readonly threads: readonly string[];
  /** One sentence on the locks. */
  readonly summary: string;
  /** What is not known, and why; sentences. */
  readonly notes: readonly string[];
  readonly locks: readonly LockView[];
  readonly others: readonly OtherView[];
  readonly values: readonly ValueView[];
  readonly scenarios: readonly Shown[];
}

/** Something that is so, and a run that shows it; null: there is none to show. */
export interface Shown {
  readonly text: string;
  readonly claim: Claim | null;
}
export interface LockView {
  readonly text: string;
  readonly always: boolean;
  /** The lines that make the difference; empty where it is always held or they are not known. */
  readonly path: string;
  readonly withIt: Claim | null;
  readonly withoutIt: Claim | null;
}
export interface OtherView {
  readonly name: string;
  readonly can: readonly Shown[];
  readonly cannot: readonly { readonly text: string; readonly why: string }[];
}
export interface ValueView {
  readonly name: string;
  readonly values: readonly Shown[];
  /** Elsewhere it can be something else. */
  readonly narrowed: boolean;
}

/** null where there is no statement that a thread gets to. */
export function placeView(
  snapshot: Snapshot, offset: number, surveys: Surveys,
): PlaceView | null {
  const place = placeOf(snapshot, offset);
  const grounds = place === null ? null : groundsOf(snapshot, place, surveys);
  if (place === null || grounds === null) return null;
  const state = stateOn(snapshot, grounds);
  const { start, end } = headOf(place.stmt);
  const heads = headLines(snapshot);
  return {
    statement: snapshot.text.slice(start, end).replace(/\s+/g, ' '),
    line: snapshot.lines.position(start).line + 1,
    threads: state.threads,
    summary: plain(heldText(state)),
    notes: notesOn(state),
    locks: state.held.map(lockView),
    others: state.others.map((other) => otherView(other, state, heads)),
    values: [...state.values].sort((a, b) => Number(a.own) - Number(b.own))
      .map(({ name, values, narrowed }) => ({ name, values, narrowed })),
    scenarios: state.reach.map(({ scenario, how, why, claim }) => ({
      claim,
      text: how === 'unknown' ? `${scenario} ${why ?? ''}${claim === null ? '' : '; it gets here'}`
        : how === 'never' ? `${scenario} never gets here` : `${scenario} gets here`,
    })),
  };
}

function plain(markdown: string): string {
  return markdown.replace(/\*\*|`/g, '');
}

function notesOn({ reach, from, isStep, knowsOthers, knowsValues, threads }: LockState): string[] {
  if (!isStep) return ['This is no step by itself: only the locks are told, by the text.'];
  if (reach.length === 0) {
    return [`No scenario runs ${threads.join(', ')}: all of this is by the text alone.`];
  }
  const notes: string[] = [];
  if (reach.some(({ how }) => how === 'unknown')) {
    const what = from === 'text' ? 'The locks are told by the text alone, and who' : 'Who';
    notes.push(`Not all states are known. ${what} cannot be here only where a lock says so.`);
  } else if (!knowsOthers && reach.some(({ how }) => how === 'reached')) {
    notes.push('Who else can be here is not known in full: the check left out interleavings, and '
      + 'looking at all of them took too long.');
  }
  if (knowsValues === 'some') notes.push('Values are those seen so far; there may be more.');
  return notes;
}

function lockView(held: HeldHere): LockView {
  return {
    text: plain(lockText(held)), always: held.always, path: plain(pathText(held)).trim(),
    withIt: held.withIt, withoutIt: held.withoutIt,
  };
}

function otherView(other: Other, state: LockState, heads: ReadonlySet<number>): OtherView {
  const { thread, can, done, lines, cannot } = other;
  const same = state.threads.includes(thread) && state.threads.length === 1;
  const free = can.filter(({ waits }) => waits === null);
  const spans = spansOf(free.map(({ line }) => line), lines, heads);
  return {
    name: same ? `another ${thread}` : thread,
    can: [
      ...spans.map((span) => ({
        text: `can be at ${spansText([span])}`,
        claim: free.find(({ line }) => line === span.first)?.claim ?? null,
      })),
      ...can.flatMap(({ line, waits, claim }) => (waits === null ? []
        : [{ text: `can wait for ${waits} at line ${line}`, claim }])),
      ...(done === null ? [] : [{ text: 'can be done', claim: done }]),
    ],
    cannot: cannot.map((kept) => ({
      text: `cannot be at ${spansText(spansOf(kept.lines, lines, heads))}`
        + (kept.section ? `, its ${kept.theirs ?? ''} section`.replace('  ', ' ') : ''),
      why: kept.lock === null ? 'no lock keeps it away; in no run is it there'
        : `${kept.lock} is held${modeText(modeHere(state, kept))} here`,
    })),
  };
}
