// Feature: completion. What can stand at a place, the best first: read off the text before it, with
// names and their sorts from the model. Nothing in comments and strings.
import { unreachable } from '../text/unreachable.ts';
import type { Range } from '../text/range.ts';
import { keyword, ofDecl, ofSym, RANK, type Completion } from './completion/item.ts';
import { guardItems, lockItems, lockKindItems, orderItems } from './completion/items-locks.ts';
import {
  failureItems, paramItems, scenarioItems, scenarioNameItems, subjectItems, threadItems,
  workloadItems,
} from './completion/items-runs.ts';
import { statementItems } from './completion/items-statements.ts';
import {
  dotItems, initItems, outcomeItems, valueItems, variableItems,
} from './completion/items-values.ts';
import { namesAt, ownerAt, BOOL, type DeclOf, type Names } from './completion/names.ts';
import { placeOf, type Place } from './completion/place.ts';
import { declarationItems } from './completion/snippets.ts';
import { isWord } from './keywords.ts';
import { proseAt } from './lexemes.ts';
import type { Snapshot } from './snapshot.ts';
import { canEnd, openedAt, type Opened } from './tokens.ts';

export type { Completion } from './completion/item.ts';

export interface Completions {
  /** The word that is being typed; the place is at `at` in it. */
  readonly range: Range;
  readonly at: number;
  /** A name of a closed set must follow: worth showing before a letter is typed. */
  readonly closed: boolean;
  readonly items: readonly Completion[];
}

/** `modules`: the names of the library, which only the service knows. */
export function completions(
  snapshot: Snapshot, offset: number, modules: readonly string[],
): Completions | null {
  const { text, model } = snapshot;
  if (proseAt(text, offset) !== null || inOpenString(text, offset)) return null;
  const range = wordAt(text, offset);
  if (/[0-9]/.test(text[range.start] ?? '') && range.start < offset) return null;
  const opened = openedAt(text.slice(0, range.start));
  const names = namesAt(model, opened);
  const place = placeOf({ names, ...opened, ...freshness(opened, text, range.start) });
  const items = [...itemsFor(place, { names, opened, modules })]
    .filter(({ label }, i, all) => all.findIndex((each) => each.label === label) === i)
    .sort((a, b) => a.rank - b.rank);
  return { range, at: offset, closed: isClosed(place), items };
}

function wordAt(text: string, offset: number): Range {
  let start = Math.min(offset, text.length);
  while (start > 0 && isWord(text.charCodeAt(start - 1))) start--;
  let end = Math.min(offset, text.length);
  while (end < text.length && isWord(text.charCodeAt(end))) end++;
  return { start, end };
}

/** A string that ends with its line, or right at the place, because its quote is still to come. */
function inOpenString(text: string, offset: number): boolean {
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, offset);
  const strings = line.match(/"(?:[^"\\]|\\.)*"?|\/\/.*/g) ?? [];
  const last = strings.at(-1);
  if (last === undefined || !line.endsWith(last)) return false;
  return last.startsWith('//') || last.length === 1 || !last.endsWith('"');
}

function freshness({ phrase }: Opened, text: string, start: number) {
  const last = phrase.at(-1);
  if (last === undefined) return { fresh: true, newLine: true };
  const newLine = text.slice(last.end, start).includes('\n');
  return { fresh: canEnd(last), newLine };
}

function isClosed(place: Place): boolean {
  if (place.kind !== 'values') return CLOSED.has(place.kind);
  return place.expected.kind === 'members' || place.expected.kind === 'outcome';
}

/** Places where only names of one kind can stand, so that a list is worth it at once. */
const CLOSED: ReadonlySet<Place['kind']> = new Set([
  'modules', 'lockKinds', 'types', 'order', 'params', 'threads', 'failures', 'scenarios', 'structs',
  'locks', 'guard', 'dot', 'variables', 'labels', 'domains', 'outcomes', 'subjects', 'fields',
]);

interface Around {
  readonly names: Names;
  readonly opened: Opened;
  readonly modules: readonly string[];
}

function itemsFor(place: Place, { names, opened, modules }: Around): readonly Completion[] {
  switch (place.kind) {
    case 'none': return [];
    case 'declarations': return declarationItems();
    case 'words': return place.words.map((word) => keyword(word, RANK.fitting));
    case 'modules': return modules.map((name) => ({
      ...keyword(name, RANK.exact), kind: 'module', doc: null, detail: 'a module of the library',
    }));
    case 'lockKinds': return lockKindItems();
    case 'types': return typeItems(names);
    case 'structs': return ofKind(names, 'struct');
    case 'order': return orderItems(names);
    case 'locks': return lockItems(names, place);
    case 'guard': return guardItems(names, opened, place.modes);
    case 'dot': return dotItems(names, place.of, place.locks);
    case 'statements':
      return statementItems(names, opened.frames, ownerAt(opened, names.decls));
    case 'values': return valueItems(names, place);
    case 'condition': return [
      ...valueItems(names, { kind: 'values', where: 'thread', expected: BOOL, whole: false }),
      keyword('try', RANK.possible),
      { ...keyword('cmpxchg'), text: 'cmpxchg', snippet: 'cmpxchg(${1:x}, ${2:old}, ${3:new})' },
    ];
    case 'variables': return variableItems(names);
    case 'labels': return labelItems(names, place.owner);
    case 'outcomes': return outcomeItems(names, place.thread);
    case 'newOutcomes': return newOutcomeItems(names, opened);
    case 'domains': return domainItems(names, place.threads);
    case 'structItems': return [keyword('lock', RANK.likely)];
    case 'scenarioItems': return scenarioItems(names);
    case 'workloadItems': return workloadItems(names);
    case 'params': return paramItems(names);
    case 'threads': return threadItems(names);
    case 'failures': return failureItems(names);
    case 'subjects': return subjectItems(names, place.code);
    case 'scenarios': return scenarioNameItems(names);
    case 'fields': return initItems(names, place.struct, place.given);
    default: return unreachable(place);
  }
}

function ofKind(
  names: Names, kind: 'struct' | 'type' | 'enum' | 'flags' | 'thread', rank: number = RANK.exact,
): readonly Completion[] {
  return [...names.decls.values()].flatMap((decl) =>
    (decl.kind === kind ? [ofDecl(decl, names, rank)] : []));
}

function typeItems(names: Names): readonly Completion[] {
  return [
    ...(['type', 'enum', 'flags'] as const).flatMap((kind) => ofKind(names, kind)),
    keyword('bool', RANK.fitting),
    ...ofKind(names, 'struct', RANK.likely).map((item) =>
      ({ ...item, label: `ref ${item.label}`, text: `ref ${item.text}` })),
    ...[...names.decls.values()].flatMap((decl) => (decl.kind === 'const' || decl.kind === 'param'
      ? [ofDecl(decl, names, RANK.rare)] : [])),
  ];
}

/** What `for` and a quantifier run over: range types, in a property threads too. */
function domainItems(names: Names, threads: boolean): readonly Completion[] {
  const ranges = [...names.decls.values()].flatMap((decl) =>
    (decl.kind === 'type' && decl.type.kind !== 'bool' && decl.type.kind !== 'ref'
      ? [ofDecl(decl, names, RANK.exact)] : []));
  return [...ranges, ...(threads ? ofKind(names, 'thread', RANK.likely) : [])];
}

/** Of a thread also those of the procs it calls. */
function labelItems(
  { model }: Names, owner: DeclOf<'thread'> | DeclOf<'proc'>,
): readonly Completion[] {
  const { owners } = model.meaning;
  const found = new Set<DeclOf<'thread'> | DeclOf<'proc'>>([owner]);
  for (const one of found) for (const proc of owners.get(one)?.calls ?? []) found.add(proc);
  return [...found].flatMap((one, i) =>
    [...owners.get(one)?.labels ?? []].map(([name, { sym }]) =>
      ofSym('label', name, { sym, rank: i === 0 ? RANK.exact : RANK.fitting })));
}

/** Outcomes that other threads have and this one has not: the same words are often meant. */
function newOutcomeItems(names: Names, { phrase }: Opened): readonly Completion[] {
  const given = new Set(phrase.map(({ text }) => text));
  const others = [...names.decls.values()].flatMap((decl) =>
    (decl.kind === 'thread' ? decl.outcomes : []));
  const free = others.filter(({ name }) => name.text !== '' && !given.has(name.text));
  const never = phrase.at(-1)?.text === 'never' ? [] : [keyword('never', RANK.fitting)];
  return [...never, ...free.map(({ name }) => ({
    ...ofSym('outcome', name.text, { sym: null, rank: RANK.likely }),
    detail: 'an outcome of another thread',
  }))];
}

