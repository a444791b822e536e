// Feature: semantic tokens. Names by what they mean (a lock looks like no other name), and words,
// comments, strings and numbers for editors that have no other way to colour them.
import type { Range } from '../text/range.ts';
import type { Occurrence, SymKind } from '../analysis/model.ts';
import { isKeyword } from './keywords.ts';
import { lexemes, type Lexeme } from './lexemes.ts';
import type { Snapshot } from './snapshot.ts';

/** `lock` is our own; the client gives it a place under `variable`. */
export const TOKEN_TYPES = [
  'namespace', 'type', 'enum', 'enumMember', 'struct', 'property', 'variable', 'parameter',
  'function', 'keyword', 'comment', 'string', 'number', 'label', 'lock',
] as const;
export const TOKEN_MODIFIERS = ['declaration', 'readonly', 'modification'] as const;

export type TokenType = (typeof TOKEN_TYPES)[number];
export type TokenModifier = (typeof TOKEN_MODIFIERS)[number];

export interface Token extends Range {
  readonly type: TokenType;
  readonly modifiers: readonly TokenModifier[];
}

/** In order, without overlap; a token of several lines is cut at the edge. */
export function semanticTokens(snapshot: Snapshot, range?: Range): readonly Token[] {
  const { text, model, lines } = snapshot;
  const wanted = range ?? { start: 0, end: text.length };
  const start = lines.start(lines.position(wanted.start).line);
  const names = model.occurrences;
  const tokens: Token[] = [];
  let next = 0;
  for (const lexeme of lexemes(text, { start, end: wanted.end })) {
    while ((names[next]?.range.end ?? Infinity) <= lexeme.start) next++;
    const name = names[next];
    const token = name !== undefined && name.range.start <= lexeme.start
      && lexeme.end <= name.range.end && lexeme.kind === 'word'
      ? { start: lexeme.start, end: lexeme.end, type: typeOf(name.sym.kind),
          modifiers: modifiersOf(name) }
      : plain(text, lexeme);
    if (token !== null) tokens.push(token);
  }
  return tokens;
}

function plain(text: string, { kind, start, end }: Lexeme): Token | null {
  if (kind !== 'word') return { start, end, type: kind, modifiers: [] };
  return isKeyword(text.slice(start, end)) ? { start, end, type: 'keyword', modifiers: [] } : null;
}

const TYPES: Readonly<Record<SymKind, TokenType>> = {
  const: 'variable', param: 'variable', type: 'type', enum: 'enum', flags: 'enum',
  member: 'enumMember', struct: 'struct', field: 'property', lock: 'lock', shared: 'variable',
  proc: 'function', thread: 'function', parameter: 'parameter', local: 'variable', label: 'label',
  outcome: 'enumMember', property: 'function', scenario: 'namespace', workload: 'namespace',
  alias: 'variable',
};

function typeOf(kind: SymKind): TokenType {
  return TYPES[kind];
}

const READ_ONLY: ReadonlySet<SymKind> = new Set(['const', 'param', 'member', 'outcome']);

function modifiersOf({ role, sym }: Occurrence): readonly TokenModifier[] {
  const found: TokenModifier[] = [];
  if (role === 'declaration') found.push('declaration');
  if (READ_ONLY.has(sym.kind)) found.push('readonly');
  if (role === 'write' && sym.kind !== 'lock') found.push('modification');
  return found;
}
