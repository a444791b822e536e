// An ERROR node, that is text between what could be read: what is wrong with it and what to do.
// Judged by the words around it, as a reader of the file would, not by the parser's states.
import type { Range } from '../text/range.ts';
import { rangeOf, type Shape } from './shape.ts';
import { quote, type Reader } from './reader.ts';
import {
  firstOfLine, lineStart, sameLine, tokenBefore, tokensIn, type Token,
} from './tokens.ts';
import {
  DECLARATION_WORDS, LOCK_KINDS, nearest, RESERVED_WORDS, STATEMENT_WORDS, wantedAfter,
} from './words.ts';

interface Torn {
  readonly tokens: readonly Token[];
  readonly first: Token;
  readonly last: Token;
  readonly before: Token | undefined;
  /** undefined at file level. */
  readonly parent: string | undefined;
}

interface Explanation {
  readonly range: Range;
  readonly message: string;
  /** Only that it is not expected: anything else said about the line is better. */
  readonly vague?: boolean;
}

export function explainError(reader: Reader, node: Shape, parent: Shape | undefined): void {
  const tokens = beforeNextDeclaration(reader, tokensIn(reader.text, node));
  const first = tokens[0];
  const last = tokens[tokens.length - 1];
  if (first === undefined || last === undefined) {
    reader.damage(rangeOf(node), 'this cannot be read');
    return;
  }
  const torn: Torn = {
    tokens, first, last, before: tokenBefore(reader.text, node.start), parent: parent?.type,
  };
  const found = strangeCharacter(torn)
    ?? misspeltDeclaration(reader, torn)
    ?? otherLanguage(torn)
    ?? assignmentInside(reader, torn)
    ?? unclosedText(torn)
    ?? misplacedTry(reader, torn)
    ?? modeAfterBy(reader, torn)
    ?? reservedMember(torn)
    ?? betweenOutcomes(torn)
    ?? nothingAfterBefore(reader, torn)
    ?? missingBehindName(torn)
    ?? missingComma(torn)
    ?? outsideOfAll(reader, torn)
    ?? nothingInside(reader, torn)
    ?? notClosed(torn)
    ?? closesNothing(torn)
    ?? notExpected(reader, torn);
  if (found.vague === true) reader.vague(found.range, found.message);
  else reader.damage(found.range, found.message);
}

/** What the parser took along of the declaration behind is not what is wrong. */
function beforeNextDeclaration(reader: Reader, tokens: readonly Token[]): readonly Token[] {
  const next = tokens.findIndex((token, i) => i > 0 && DECLARATION_WORDS.includes(token.text)
    && token.start === lineStart(reader.text, token.start));
  return next < 0 ? tokens : tokens.slice(0, next);
}

function strangeCharacter({ tokens }: Torn): Explanation | undefined {
  const strange = tokens.find((token) => /^[^\w\s"(){}[\].,:;=<>!+\-*/%&|]/u.test(token.text));
  if (strange === undefined) return undefined;
  const shown = quote(strange.text);
  switch (strange.text) {
    case "'": case '`':
      return { range: strange, message: `${shown} quotes nothing; texts stand in double quotes` };
    case '?': return { range: strange, message: 'there is no `?:`; use `if`' };
    case '^': case '~':
      return { range: strange, message: `there is no ${shown}; flags change by \`+=\`, \`-=\`` };
    default:
      // Any other character.
      return { range: strange, message: `${shown} means nothing in this language` };
  }
}

/** `lok l: mutex` at the edge of the page: the parser took the line above for its beginning. */
function misspeltDeclaration(reader: Reader, { tokens, first }: Torn): Explanation | undefined {
  const found = tokens.find((token) => token !== first && /^\w/.test(token.text)
    && token.start === lineStart(reader.text, token.start)
    && !RESERVED_WORDS.has(token.text) && !DECLARATION_WORDS.includes(token.text)
    && nearest(token.text, DECLARATION_WORDS) !== undefined);
  return found === undefined ? undefined : startsNothing(found);
}

function startsNothing(token: Token): Explanation {
  const meant = nearest(token.text, DECLARATION_WORDS);
  return {
    range: token,
    message: `${quote(token.text)} starts no declaration${
      meant === undefined ? '' : `; did you mean \`${meant}\`?`}`,
  };
}

const BODIES: ReadonlySet<string | undefined> = new Set([
  'block', 'struct_body', 'scenario_body', 'workload_body',
]);

/** C's ways to write what this language writes otherwise. */
function otherLanguage({ first, before, parent }: Torn): Explanation | undefined {
  if (first.text === '(' && before?.text === 'for') {
    return { range: first, message: 'a loop is written `for i in a..b { ... }`' };
  }
  if (first.text === '->' && parent === 'block') {
    return { range: first, message: 'fields are written with `.`, also those of references' };
  }
  if ((first.text === '&' || first.text === '*') && /^[(=,]$/.test(before?.text ?? '')) {
    return { range: first, message: `there are no pointers; leave out the ${quote(first.text)}` };
  }
  if (first.text === ',' && BODIES.has(parent)) {
    return { range: first, message: '`,` is not expected here; nothing stands between these' };
  }
  if (BODIES.has(parent) && parent !== 'block' && STATEMENT_WORDS.includes(first.text)) {
    return { range: first, message: `${quote(first.text)} stands in a thread or proc only` };
  }
  return undefined;
}

export const ASSIGNS = '`=` assigns; a comparison is written `==`';

/** What asks whether something is so, up to the place on its line: a condition or a property. */
export function asksOnLine(text: string, offset: number): boolean {
  const line = text.slice(lineStart(text, offset), offset);
  return /\b(?:if|while|await|assert|invariant|final|eventually|reachable)\b[^{}]*$/.test(line);
}

/** `invariant i: x = 1`, `if (x = 1)`. */
function assignmentInside(reader: Reader, { first }: Torn): Explanation | undefined {
  if (first.text !== '=' || !asksOnLine(reader.text, first.start)) return undefined;
  return { range: first, message: ASSIGNS };
}

function unclosedText({ before, tokens }: Torn): Explanation | undefined {
  const open = [before, ...tokens]
    .find((token) => token !== undefined && isUnclosedText(token.text));
  if (open === undefined) return undefined;
  return { range: open, message: TEXT_NOT_CLOSED };
}

export const TEXT_NOT_CLOSED = 'this text is not closed; put a `"` at its end';

/** Whether a token is a text without its closing quote. */
export function isUnclosedText(token: string): boolean {
  return token.startsWith('"') && !/^"(?:[^"\\]|\\.)*"$/.test(token);
}

/** `try acquire m` by itself, in a `while`, or as a part of a condition. */
function misplacedTry(reader: Reader, { tokens, first, before }: Torn): Explanation | undefined {
  const inHead = before?.text === 'if' && first.text !== 'try';
  const found = inHead ? first : tokens.find((token) => token.text === 'try');
  if (found === undefined) return undefined;
  const acquires = inHead ? /^[^{}\n]*\btry\s+acquire\b/ : /^try\s+acquire\b/;
  const end = acquires.exec(reader.text.slice(found.start, found.start + MAX_HEAD))?.[0].length;
  if (end === undefined) return undefined;
  const message = '`try acquire` is the whole condition of an `if`: `if try acquire L { ... }`';
  return { range: { start: found.start, end: found.start + end }, message };
}
/** A condition is looked at this far. */
const MAX_HEAD = 200;

/** `guarded by write m`: the mode for the lock's name. */
function modeAfterBy(reader: Reader, { before }: Torn): Explanation | undefined {
  if (before === undefined || !/^(?:read|write)$/.test(before.text)) return undefined;
  if (tokenBefore(reader.text, before.start)?.text !== 'by') return undefined;
  const message = '`guarded by` names the lock alone; a mode is said as in `write under write L`';
  return { range: before, message };
}

/** `enum e { await, two }`. */
function reservedMember({ parent, tokens }: Torn): Explanation | undefined {
  if (parent !== 'member_list') return undefined;
  const found = tokens.find(({ text }) => RESERVED_WORDS.has(text));
  return found === undefined ? undefined : { range: found, message: isReserved(found) };
}

export function isReserved({ text }: Token): string {
  return `${quote(text)} is a word of the language and cannot be a name`;
}

/** `thread t -> ok, bad`, `thread t -> ok never bad`. */
function betweenOutcomes({ parent, tokens, last }: Torn): Explanation | undefined {
  if (parent !== 'outcomes' && parent !== 'thread_declaration') return undefined;
  const sign = tokens.find(({ text }) => text === ',' || text === '||');
  if (sign !== undefined) return { range: sign, message: 'between outcomes stands `|`' };
  const reserved = tokens.find(({ text }, i) =>
    tokens[i - 1]?.text === '|' && RESERVED_WORDS.has(text));
  if (reserved !== undefined) return { range: reserved, message: isReserved(reserved) };
  if (parent !== 'outcomes' || !/^\w/.test(last.text)) return undefined;
  return { range: last, message: `expected \`|\` after ${quote(last.text)}` };
}

/** `x = 3 +` and then something that cannot be its other half. */
function nothingAfterBefore(reader: Reader, torn: Torn): Explanation | undefined {
  const { before, first } = torn;
  if (before === undefined) return undefined;
  const wanted = wantedAfter(before.text, firstOfLine(reader.text, before.start)?.text ?? '');
  if (wanted === undefined) return undefined;
  const onOneLine = sameLine(reader.text, before.end, first.start);
  // Behind the word `outcome` it may be the next statement.
  const names = wanted === 'a name' || (wanted === 'an outcome' && before.text !== 'outcome');
  if (onOneLine && names && RESERVED_WORDS.has(first.text)) {
    return { range: first, message: isReserved(first) };
  }
  if (onOneLine && /^[\w"(]/.test(first.text) && !RESERVED_WORDS.has(first.text)) return undefined;
  return { range: before, message: `expected ${wanted} after ${quote(before.text)}` };
}

/** What stands behind the name of a declaration: a sign, else a body. */
const BEHIND_NAME: ReadonlyMap<string, string> = new Map([
  ...['lock', 'shared', 'param', 'let', 'invariant', 'final', 'eventually', 'reachable']
    .map((word): [string, string] => [word, '`:`']),
  ['const', '`=`'], ['type', '`=`'],
  ...['thread', 'proc', 'scenario', 'workload']
    .map((word): [string, string] => [word, 'a body `{ ... }`']),
]);

/** `shared x bool`: the parser skipped `x` to take `bool` for the name. */
function missingBehindName({ before, first, tokens }: Torn): Explanation | undefined {
  const wanted = BEHIND_NAME.get(before?.text ?? '');
  if (wanted === undefined || tokens.length !== 1 || !/^[A-Za-z_]/.test(first.text)) {
    return undefined;
  }
  return { range: first, message: `expected ${wanted} after ${quote(first.text)}` };
}

const LISTS: ReadonlySet<string | undefined> = new Set([
  'member_list', 'arguments', 'set_expression', 'list_expression', 'parameters',
]);

function missingComma({ parent, before, first }: Torn): Explanation | undefined {
  if (!LISTS.has(parent) || before === undefined || !/^\w/.test(first.text)) return undefined;
  if (!/^[\w)\]}]/.test(before.text)) return undefined;
  const between = `${quote(before.text)} and ${quote(first.text)}`;
  return { range: first, message: `expected \`,\` between ${between}` };
}

function outsideOfAll(reader: Reader, torn: Torn): Explanation | undefined {
  const { parent, first, last, before, tokens } = torn;
  if (parent !== undefined || !/^\w/.test(first.text)) return undefined;
  const range = firstLine(reader, tokens);
  if (STATEMENT_WORDS.includes(first.text) || /^(?:[-+]?=|[.[(])$/.test(tokens[1]?.text ?? '')) {
    const hint = before?.text === '}' ? '; is the `}` above it one too many?' : '';
    return { range, message: `this stands outside of any thread or proc${hint}` };
  }
  // Behind a declaration on its line it is the declaration's rest.
  if (before !== undefined && sameLine(reader.text, before.end, first.start)) return undefined;
  if (DECLARATION_WORDS.includes(first.text)) return undefined;
  if (LOCK_KINDS.includes(first.text)) {
    const name = last === first ? 'L' : last.text;
    return { range, message: `a lock is declared as \`lock ${name}: ${first.text}\`` };
  }
  return startsNothing(first);
}

/** A token that something must follow, and behind it the line or the damage ends. */
function nothingInside(reader: Reader, { tokens }: Torn): Explanation | undefined {
  for (const [i, token] of tokens.entries()) {
    const next = tokens[i + 1];
    if (next !== undefined && sameLine(reader.text, token.end, next.start)) continue;
    const wanted = wantedAfter(token.text, firstOfLine(reader.text, token.start)?.text ?? '');
    if (wanted === undefined) continue;
    return { range: token, message: `expected ${wanted} after ${quote(token.text)}` };
  }
  return undefined;
}

const PAIRS: ReadonlyMap<string, string> = new Map([[')', '('], [']', '['], ['}', '{']]);

/** An opening bracket without its other half: the last of them. */
function notClosed({ tokens }: Torn): Explanation | undefined {
  const open: Token[] = [];
  for (const token of tokens) {
    if (/^[([{]$/.test(token.text)) open.push(token);
    else if (open[open.length - 1]?.text === PAIRS.get(token.text)) open.pop();
  }
  const last = open[open.length - 1];
  if (last === undefined) return undefined;
  return { range: last, message: `this ${quote(last.text)} is not closed` };
}

function closesNothing({ first }: Torn): Explanation | undefined {
  if (!/^[)\]}]$/.test(first.text)) return undefined;
  return { range: first, message: `this ${quote(first.text)} closes nothing` };
}

function notExpected(reader: Reader, { tokens, first, before }: Torn): Explanation {
  const after = before !== undefined && sameLine(reader.text, before.end, first.start)
    ? ` after ${quote(before.text)}` : ' here';
  return {
    range: firstLine(reader, tokens), vague: true,
    message: `${quote(first.text)} is not expected${after}`,
  };
}

/** The tokens on the line of the first one. */
function firstLine(reader: Reader, tokens: readonly Token[]): Range {
  const [first] = tokens;
  if (first === undefined) return { start: 0, end: 0 };
  let { end } = first;
  for (const token of tokens) {
    if (!sameLine(reader.text, first.start, token.start)) break;
    end = token.end;
  }
  return { start: first.start, end };
}
