// The state of a place in words, for the hover: first the locks, then who else, then the values.
// What does not help is left out; what is not known is not claimed.
import type { Kept, Other } from './beside.ts';
import type { HeldHere, LockState } from './lock-state.ts';
import type { Snapshot } from './snapshot.ts';
import { headLines, spansOf, spansText } from './spans.ts';
import type { ValueHere } from './values-here.ts';

/** Markdown; a line each. `named`: the variables that the statement itself is about. */
export function stateText(
  snapshot: Snapshot, state: LockState, named: ReadonlySet<string>,
): string {
  const heads = headLines(snapshot);
  return [
    heldText(state), besideText(state, heads), ...keptTexts(state, heads),
    valuesText(state, named), reachText(state),
  ].filter((line) => line !== '').join('  \n');
}

export function heldText({ held, reach }: Pick<LockState, 'held' | 'reach'>): string {
  if (reach.length > 0 && reach.every(({ how }) => how === 'never')) {
    return '**No scenario gets here**';
  }
  const always = held.filter((each) => each.always).map(lockText);
  const sometimes = held.filter((each) => !each.always);
  const also = sometimes.map((each) => `${lockText(each)}${pathText(each)}`).join(', ');
  if (held.length === 0) return '**Holds no lock here**';
  if (always.length === 0) return `**On some paths only:** holds ${also}`;
  const sure = `**Holds ${always.join(', ')}**`;
  return sometimes.length === 0 ? sure : `${sure}; on some paths also ${also}`;
}

/** `mmap_sem for writing` with the name as code. */
export function lockText({ lock, modes }: HeldHere): string {
  const words = (modes ?? []).map((mode) => (mode === 'read' ? 'reading' : 'writing'));
  return `\`${lock}\`${words.length === 0 ? '' : ` for ${words.sort().join(' or ')}`}`;
}

/** ` (by line 21, not by line 24)`. */
export function pathText({ difference }: HeldHere): string {
  if (difference === null) return '';
  const text = (lines: readonly number[]): string =>
    spansText(lines.map((line) => ({ first: line, last: line })));
  return ` (by ${text(difference.by)}, not by ${text(difference.notBy)})`;
}

function besideText(state: LockState, heads: ReadonlySet<number>): string {
  const { others, knowsOthers } = state;
  const seen = others.filter(({ can, done }) => can.length > 0 || done !== null);
  if (seen.length === 0) return '';
  const texts = grouped(seen, (other) => whereText(other, heads), (other) => nameOf(other, state));
  return `${knowsOthers ? 'Beside it' : 'Seen beside it so far'}: ${texts.join('; ')}.`;
}

/** Those of whom the same is to be said are named together. */
function grouped<T>(
  all: readonly T[], said: (each: T) => string, name: (each: T) => string,
): readonly string[] {
  const texts = new Map<string, string[]>();
  for (const each of all) texts.set(said(each), [...texts.get(said(each)) ?? [], name(each)]);
  return [...texts].map(([text, names]) => `${names.join(', ')} ${text}`);
}

function whereText(
  { can, lines, anywhere, done }: Other, heads: ReadonlySet<number>,
): string {
  if (anywhere) return `anywhere${done === null ? ', but not done' : ''}`;
  const free = spansOf(can.flatMap(({ line, waits }) => (waits === null ? [line] : [])),
    lines, heads);
  const waits = [...new Set(can.flatMap((each) => each.waits ?? []))];
  const parts = [
    ...(free.length === 0 ? [] : [`at ${spansText(free)}`]),
    ...(waits.length === 0 ? [] : [`waiting for ${waits.map((l) => `\`${l}\``).join(' or ')}`]),
    ...(done === null ? [] : [free.length + waits.length === 0 ? 'when done' : 'done']),
  ];
  const last = parts.pop() ?? '';
  return parts.length === 0 ? last : `${parts.join(', ')} or ${last}`;
}

/** Who is kept away by a lock, a line for each lock. */
function keptTexts(state: LockState, heads: ReadonlySet<number>): readonly string[] {
  const all = state.others.flatMap((other) => other.cannot.map((kept) => ({ other, kept })));
  const locks = new Set(all.flatMap(({ kept: { lock } }) => lock ?? []));
  return [...locks].map((lock) => {
    const ofLock = all.filter(({ kept }) => kept.lock === lock);
    const who = grouped(ofLock, ({ other, kept }) => keptText(kept, other, heads),
      ({ other }) => nameOf(other, state));
    const mine = modeHere(state, ofLock[0]?.kept ?? null);
    return `Not beside it, as \`${lock}\` is held${modeText(mine)} here: ${who.join('; ')}.`;
  });
}

/** How the lock is held here that keeps others away; null where that is not always the same. */
export function modeHere({ held }: LockState, kept: Kept | null): Kept['mine'] {
  const here = held.find(({ lock }) => lock === kept?.lock);
  return (here?.modes?.length ?? 1) > 1 ? null : kept?.mine ?? null;
}

/** Another instance of the thread itself is said to be one. */
function nameOf({ thread }: Other, { threads }: LockState): string {
  return `${threads.includes(thread) && threads.length === 1 ? 'another ' : ''}\`${thread}\``;
}

export function modeText(mode: Kept['mine']): string {
  if (mode === null) return '';
  return mode === 'read' ? ' for reading' : ' for writing';
}

/** `in the read section`; lines where that does not say it. */
function keptText(
  { lines, section, theirs }: Kept, { lines: all }: Other, heads: ReadonlySet<number>,
): string {
  if (!section) return `at ${spansText(spansOf(lines, all, heads))}`;
  return theirs === null ? 'in the section under it' : `in the ${theirs} section`;
}

/** More are not read at a glance. */
const VALUES_SHOWN_MAX = 4;
const ALTERNATIVES_MAX = 3;
const WIDTH_MAX = 60;

function alternatives({ values }: ValueHere): string {
  return values.map(({ text }) => text).join(' or ');
}

/** What the statement is about, and what can be less here than elsewhere. */
function valuesText({ values, knowsValues }: LockState, named: ReadonlySet<string>): string {
  if (knowsValues !== 'all') return '';
  const about = (each: ValueHere): boolean => named.has(each.name.replace(/[[.#].*$/, ''));
  const telling = values.filter((each) => !each.own && (about(each) || each.narrowed)
    && each.values.length <= ALTERNATIVES_MAX && alternatives(each).length <= WIDTH_MAX);
  const sorted = [...telling.filter(about), ...telling.filter((each) => !about(each))];
  if (sorted.length === 0) return '';
  const texts = sorted.slice(0, VALUES_SHOWN_MAX).map((each) =>
    `\`${each.name}\` = ${alternatives(each)}`);
  const more = sorted.length - texts.length;
  return `Here ${texts.join(', ')}${more === 0 ? '' : `, and ${more} more`}.`;
}

function reachText({ reach, from, isStep, threads }: LockState): string {
  if (reach.length === 0) {
    if (!isStep) return '';
    const names = threads.map((name) => `\`${name}\``).join(', ');
    return `*By the text alone: no scenario runs ${names}.*`;
  }
  const open = reach.filter(({ how }) => how === 'unknown');
  const first = open[0];
  if (first !== undefined && from === 'text') {
    const others = open.length === 1 ? '' : ` (and ${open.length - 1} more not known)`;
    return `*By the text alone: \`${first.scenario}\` ${first.why ?? ''}${others}.*`;
  }
  const never = reach.filter(({ how }) => how === 'never');
  if (never.length === 0 || never.length === reach.length) return '';
  return `Not reached in ${never.map(({ scenario }) => `\`${scenario}\``).join(', ')}.`;
}
