// Whether the `expect` lines of a scenario are met by what was found. Rules: language.md, "What is
// expected". Nothing is decided that a search which was cut off leaves open.
import { unreachable } from '../text/unreachable.ts';
import type { Code } from '../text/problem.ts';
import type { ExpectItem, FailItem } from '../syntax/ast.ts';

export type State = 'met' | 'unmet' | 'unknown';

/** A violation as an `expect` line can name it. */
export interface Seen {
  readonly code: Code;
  readonly subject: string | null;
}

export interface Question {
  /** The scenario's `expect` lines, in order; none means `expect safe`. */
  readonly expects: readonly ExpectItem[];
  /** The whole state space was searched. */
  readonly complete: boolean;
  readonly seen: readonly Seen[];
  /** Whether the outcomes of this scenario are all among `other`'s; in words where not. */
  readonly refines: (other: string) => { readonly state: State; readonly why: string };
}

export interface Answer {
  readonly state: State;
  /** Of each of `seen`: an `expect fails` asks for it. */
  readonly expected: readonly boolean[];
  /** Of each line that is not met, in words; `item` null where none is written. */
  readonly unmet: readonly { readonly item: ExpectItem | null; readonly message: string }[];
}

type FailsItem = Extract<ExpectItem, { readonly expect: 'fails' }>;

export function judgeExpects(question: Question): Answer {
  const { expects, seen } = question;
  const fails = expects.filter((item): item is FailsItem => item.expect === 'fails');
  const named = fails.flatMap((item) => item.items);
  const anything = fails.length > 0 && named.length === 0;
  const expected = seen.map((it) => anything || named.some((item) => matches(item, it)));
  const lines: { item: ExpectItem | null; state: State; message: string }[] = [];
  for (const item of expects) {
    switch (item.expect) {
      case 'safe': lines.push({ item, ...safeLine(question) }); break;
      case 'fails': lines.push({ item, ...failsLine(question, item, expected) }); break;
      case 'refines': lines.push({ item, ...refinesLine(question, item) }); break;
      case 'hole': break;
      default: unreachable(item);
    }
  }
  const mustBeSafe = fails.length === 0 && !expects.some((item) => item.expect === 'safe');
  if (mustBeSafe) lines.push({ item: expects[0] ?? null, ...safeLine(question) });
  return {
    state: worst(lines.map((line) => line.state)),
    expected,
    unmet: lines.filter((line) => line.state === 'unmet')
      .map(({ item, message }) => ({ item, message })),
  };
}

function worst(states: readonly State[]): State {
  if (states.includes('unmet')) return 'unmet';
  return states.includes('unknown') ? 'unknown' : 'met';
}

/** A property's name, a code, or a code with its subject. */
export function matches(item: FailItem, seen: Seen): boolean {
  const name = item.name.text;
  if (item.subjects.length === 0) {
    return seen.code === name || (isProperty(seen.code) && seen.subject === name);
  }
  if (seen.code !== name || seen.subject === null) return false;
  // Any of a circle's locks stands for it, and so do several of them.
  const about = seen.code === 'deadlock' ? seen.subject.split(', ') : [seen.subject];
  return item.subjects.every((asked) => about.includes(asked.text));
}

function isProperty(code: Code): boolean {
  return code === 'invariant' || code === 'final' || code === 'eventually' || code === 'reachable';
}

interface Line {
  readonly state: State;
  readonly message: string;
}

/** A refinement that fails is said at its own line. */
function safeLine({ seen, complete }: Question): Line {
  const found = seen.filter((it) => it.code !== 'refines');
  if (found.length > 0) return unmet(`expected to be safe, but found ${list(found)}`);
  return { state: complete ? 'met' : 'unknown', message: '' };
}

function failsLine(
  { seen, complete }: Question, item: FailsItem, expected: readonly boolean[],
): Line {
  if (item.items.length === 0) {
    if (seen.length > 0) return met();
    return complete ? unmet('expected a violation, but nothing is violated') : unknown();
  }
  const missing = item.items.filter((it) => !seen.some((other) => matches(it, other)));
  const besides = seen.filter((it, i) => expected[i] !== true && it.code !== 'refines');
  const are = (n: number): string => (n === 1 ? 'is' : 'are');
  const reasons = [
    ...(missing.length > 0 && complete
      ? [`${missing.map(nameOf).join(', ')} ${are(missing.length)} expected but not found`] : []),
    ...(besides.length > 0
      ? [`${list(besides)} ${are(namesOf(besides).length)} found but not expected`] : []),
  ];
  if (reasons.length > 0) return unmet(reasons.join('; '));
  return complete ? met() : unknown();
}

function refinesLine(
  { refines }: Question, item: Extract<ExpectItem, { readonly expect: 'refines' }>,
): Line {
  const other = item.other.text;
  const { state, why } = refines(other);
  if (!item.negated) {
    if (state !== 'unmet') return { state, message: '' };
    return unmet(`expected to refine ${other}, but ${why}`);
  }
  if (state === 'unknown') return unknown();
  if (state === 'unmet') return met();
  return unmet(`expected not to refine ${other}, but every outcome is one of its outcomes`);
}

const met = (): Line => ({ state: 'met', message: '' });
const unknown = (): Line => ({ state: 'unknown', message: '' });
const unmet = (message: string): Line => ({ state: 'unmet', message });

/** As an `expect fails` line would name it: `data_race(pte)`, a property by its name. */
export function seenName({ code, subject }: Seen): string {
  if (isProperty(code)) return subject ?? code;
  if (subject === null || code === 'assert') return code;
  return `${code}(${subject})`;
}

function nameOf(item: FailItem): string {
  if (item.subjects.length === 0) return item.name.text;
  return `${item.name.text}(${item.subjects.map(({ text }) => text).join(', ')})`;
}

function list(seen: readonly Seen[]): string {
  const names = namesOf(seen);
  if (names.length <= 4) return names.join(', ');
  return `${names.slice(0, 4).join(', ')} and ${names.length - 4} more`;
}

function namesOf(seen: readonly Seen[]): readonly string[] {
  return [...new Set(seen.map(seenName))];
}
