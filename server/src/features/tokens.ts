// A text up to a place as tokens, with what is open there: which braces and brackets, and the words
// of the phrase that is being typed. Needs no tree, so it does not mind what lacks behind.
import { DECLARATION_WORDS, STATEMENT_WORDS } from '../text/reserved.ts';
import { scan } from '../text/scan.ts';

export interface Token {
  readonly kind: 'word' | 'number' | 'string' | 'sign';
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** Nothing but white space stands before it on its line. */
  readonly first: boolean;
}

/** What an open bracket belongs to. */
export type FrameKind =
  /** Names of an enumeration; fields of a struct; statements; the two lists of runs. */
  | 'members' | 'struct' | 'body' | 'scenario' | 'workload'
  /** `new S {` · `{A, B}` · `(a: T` · `f(` · `(e` · `a[` · `[a, b` */
  | 'new' | 'set' | 'params' | 'call' | 'group' | 'index' | 'list';

export interface Frame {
  readonly kind: FrameKind;
  /** The phrase before the bracket. */
  readonly head: readonly Token[];
  /** What a bracket other than a brace is in the phrase: its tokens go there when it is closed. */
  readonly open: Token;
}

export interface Opened {
  /** The innermost last. */
  readonly frames: readonly Frame[];
  /** The tokens of the phrase at the place, in the innermost frame. */
  readonly phrase: readonly Token[];
  /** Every token of the declaration at the place, for a look at the names before it. */
  readonly declaration: readonly Token[];
}

export function tokensOf(text: string): readonly Token[] {
  const tokens: Token[] = [];
  let lineEnd = -1;
  for (const { kind, text: found, start, end } of scan(text, { start: 0, end: text.length })) {
    if (kind === 'comment') continue;
    const newline = text.lastIndexOf('\n', start - 1);
    const first = tokens.length === 0 || newline >= lineEnd;
    lineEnd = end;
    tokens.push({ kind, text: found, start, end, first });
  }
  return tokens;
}

const DECLARATIONS: ReadonlySet<string> = new Set(DECLARATION_WORDS);
const STATEMENTS: ReadonlySet<string> = new Set([
  ...STATEMENT_WORDS.filter((word) => word !== 'else'), 'with', 'expect',
]);

/** Words that want something behind them: no phrase ends there. */
const OPEN_ENDED: ReadonlySet<string> = new Set([
  'acquire', 'release', 'downgrade', 'let', 'if', 'while', 'for', 'in', 'has', 'await', 'assert',
  'outcome', 'goto', 'free', 'free_rcu', 'try', 'new', 'any', 'ref', 'with', 'expect', 'not',
  'refines', 'at', 'takes', 'every', 'held', 'holds', 'by', 'under', 'guarded', 'never', 'order',
  'background', 'forall', 'exists', 'use', 'const', 'param', 'type', 'enum', 'flags', 'struct',
  'lock', 'shared', 'proc', 'thread', 'invariant', 'final', 'eventually', 'reachable', 'scenario',
  'workload', 'cpus', 'seed', 'step', 'else',
]);
/** Words that go on with a phrase though they stand where another could begin. */
const GOING_ON: ReadonlySet<string> = new Set([
  'takes', 'nested', 'x', 'has', 'in', 'at', 'guarded', 'by', 'read', 'write', 'under', 'or',
  'every', 'typesafe', 'else', 'not', 'never',
]);

/** Words behind which a name on the same line belongs to the phrase. */
const MAY_GO_ON: ReadonlySet<string> = new Set(['return', 'fails', 'read', 'write', 'atomic']);

/** Whether something could be complete that ends with this token. */
export function canEnd(token: Token): boolean {
  if (token.kind === 'sign') return [')', ']', '}', ';'].includes(token.text);
  return token.kind !== 'word' || !OPEN_ENDED.has(token.text);
}

/** Where `text`, cut off at the place, has come to. */
export function openedAt(text: string): Opened {
  const reader = new Reading();
  for (const token of tokensOf(text)) reader.take(token, text);
  return { frames: reader.frames, phrase: reader.phrase, declaration: reader.declaration };
}

class Reading {
  frames: Frame[] = [];
  phrase: Token[] = [];
  declaration: Token[] = [];

  take(token: Token, text: string): void {
    const { text: sign } = token;
    if (startsDeclaration(token, text)) {
      this.frames = [];
      this.phrase = [];
      this.declaration = [];
    }
    this.declaration.push(token);
    if (token.kind === 'sign' && '{(['.includes(sign)) this.#open(token);
    else if (token.kind === 'sign' && '})]'.includes(sign)) this.#close(token);
    else if (sign === ';') this.phrase = [];
    else {
      if (this.#begins(token)) this.phrase = [];
      this.phrase.push(token);
    }
  }

  #open(token: Token): void {
    if (this.#begins(token) && token.text === '{') this.phrase = [];
    this.frames.push({ kind: frameKind(this.frames, this.phrase, token), head: this.phrase,
      open: token });
    this.phrase = [];
  }

  #close(token: Token): void {
    const opening = { '}': '{', ')': '(', ']': '[' }[token.text];
    const at = lastIndex(this.frames, ({ open }) => open.text === opening);
    const frame = this.frames[at];
    if (frame === undefined) return;
    this.frames.length = at;
    const whole = endsPhrase(frame.kind);
    this.phrase = whole ? [] : [...frame.head, frame.open, ...this.phrase, token];
  }

  /** Whether a new phrase begins with this token. */
  #begins(token: Token): boolean {
    const last = this.phrase.at(-1);
    const inner = this.frames.at(-1);
    if (last === undefined || !canEnd(last)) return false;
    if (inner !== undefined && !isLines(inner.kind)) return false;
    if (token.first) return token.kind !== 'sign' && !GOING_ON.has(token.text);
    if (token.kind !== 'word' || GOING_ON.has(token.text)) return false;
    if (STATEMENTS.has(token.text)) return true;
    return inner !== undefined && !MAY_GO_ON.has(last.text);
  }
}

/** -1 where none is so. */
export function lastIndex<T>(items: readonly T[], holds: (item: T) => boolean): number {
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (item !== undefined && holds(item)) return i;
  }
  return -1;
}

function startsDeclaration({ kind, text: word, start }: Token, text: string): boolean {
  return kind === 'word' && DECLARATIONS.has(word) && (start === 0 || text[start - 1] === '\n');
}

/** What is inside is a list of phrases, one a line or one after the other. */
export function isLines(kind: FrameKind): boolean {
  return kind === 'body' || kind === 'struct' || kind === 'scenario' || kind === 'workload';
}

function endsPhrase(kind: FrameKind): boolean {
  return isLines(kind) || kind === 'members';
}

/** Behind these a brace opens a set of flags or members. */
const BEFORE_SET: ReadonlySet<string> = new Set([
  '=', '+=', '-=', '==', '!=', '(', ',', '[', 'in', 'has',
]);

function frameKind(
  frames: readonly Frame[], head: readonly Token[], { text }: Token,
): FrameKind {
  const last = head.at(-1);
  const first = head[0]?.text ?? '';
  if (text === '[') return last === undefined || !canEnd(last) ? 'list' : 'index';
  const top = frames.length === 0;
  if (text === '(') {
    if (top && ['thread', 'background', 'proc'].includes(first)) return 'params';
    return last?.kind === 'word' && (canEnd(last) || last.text === 'free') ? 'call' : 'group';
  }
  if (head.at(-2)?.text === 'new') return 'new';
  if (last === undefined ? isInSet(frames) : BEFORE_SET.has(last.text)) return 'set';
  if (!top) return 'body';
  if (first === 'enum' || first === 'flags') return 'members';
  if (first === 'struct' || first === 'scenario' || first === 'workload') return first;
  return ['thread', 'background', 'proc'].includes(first) ? 'body' : 'set';
}

function isInSet(frames: readonly Frame[]): boolean {
  const inner = frames.at(-1);
  return inner !== undefined && !isLines(inner.kind);
}
