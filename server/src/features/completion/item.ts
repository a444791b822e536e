// One proposal of the completion list, and how they are made of declarations and words.
import type { Sym, SymKind } from '../../analysis/model.ts';
import { meaningOf } from '../keywords.ts';
import type { Decl } from '../nodes.ts';
import type { Names } from './names.ts';

export interface Completion {
  readonly label: string;
  readonly kind: SymKind | 'keyword' | 'snippet' | 'module' | 'code';
  /** A line beside the label. */
  readonly detail: string;
  /** Markdown; null where there is nothing to add. */
  readonly doc: string | null;
  /** What is inserted as it stands. */
  readonly text: string;
  /** The same with places to fill in, in the syntax of snippets; null where there are none. */
  readonly snippet: string | null;
  /** The smaller, the further up; equal ones stay in order. */
  readonly rank: number;
}

/** How well something fits. */
export const RANK = {
  /** What is expected here and nothing else is. */
  exact: 0, fitting: 1, likely: 2, possible: 3, word: 4, rare: 5, far: 6,
} as const;

export function keyword(word: string, rank: number = RANK.word): Completion {
  const first = word.split(' ')[0] ?? word;
  return {
    label: word, kind: 'keyword', detail: '', doc: meaningOf(word) ?? meaningOf(first),
    text: word, snippet: null, rank,
  };
}

/** A word with the rest of its phrase; `$1`, `${1:x}` and `${1|a,b|}` are places to fill in. */
export function phrase(label: string, snippet: string, rank: number = RANK.word): Completion {
  const base = keyword(label, rank);
  return { ...base, detail: firstLine(snippet), text: plainOf(snippet), snippet };
}

export function ofSym(
  kind: Completion['kind'], name: string,
  about: { readonly sym: Sym | null; readonly rank: number },
): Completion {
  const { sym, rank } = about;
  const guard = sym?.guard == null ? '' : `  ${sym.guard}`;
  return {
    label: name, kind, detail: `${sym?.detail ?? ''}${guard}`, doc: sym?.doc ?? null,
    text: name, snippet: null, rank,
  };
}

type NamedDecl = Extract<Decl, { readonly name: unknown }>;

export function ofDecl(decl: NamedDecl, names: Names, rank: number): Completion {
  return ofSym(decl.kind, decl.name.text,
    { sym: names.model.refs.get(decl.name) ?? null, rank });
}

type Param = Extract<Decl, { kind: 'proc' }>['params'][number];

/** With a place for each argument. */
export function callOf(
  decl: Extract<Decl, { kind: 'proc' | 'thread' }>, names: Names, rank: number,
): Completion {
  const name = decl.name.text;
  const isRun = decl.kind === 'thread' && decl.params.length === 0;
  const text = isRun ? name : `${name}(${decl.params.map((param) => param.name.text).join(', ')})`;
  return {
    ...ofDecl(decl, names, rank), text: isRun ? name : `${name}()`,
    snippet: isRun ? null : `${name}(${argumentPlaces(decl.params)})`,
    label: name, detail: names.model.refs.get(decl.name)?.detail ?? text,
  };
}

function argumentPlaces(params: readonly Param[]): string {
  return params.map(({ name }, i) => `\${${i + 1}:${name.text}}`).join(', ');
}

/** `${1|a,b|}`, or the only one, or a word in their place. */
export function choice(nth: number, options: readonly string[], otherwise: string): string {
  const [first, second] = options;
  if (first === undefined) return `\${${nth}:${otherwise}}`;
  return second === undefined ? `\${${nth}:${first}}` : `\${${nth}|${options.join(',')}|}`;
}

/** A place of a snippet: a choice, a text, or a bare number; or a sign that is escaped. */
const PLACE = /\$\{(\d+)\|([^,|}]*)[^}]*\}|\$\{(\d+):([^}]*)\}|\$(\d+)/g;

/** The snippet with its places filled in with what they propose, and two blanks for a tab. */
export function plainOf(snippet: string): string {
  const proposed = new Map<string, string>();
  for (const [, chosen = '', first = '', named = '', text = ''] of snippet.matchAll(PLACE)) {
    if (chosen !== '') proposed.set(chosen, first);
    if (named !== '') proposed.set(named, text);
  }
  const filled = (place: string): string => proposed.get(/\d+/.exec(place)?.[0] ?? '') ?? '';
  return snippet.replace(PLACE, filled).replaceAll('\t', '  ');
}

function firstLine(snippet: string): string {
  const text = plainOf(snippet).trim().split(/\s*\n\s*/).join(' ');
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}
