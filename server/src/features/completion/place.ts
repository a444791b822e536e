// What can stand at a place, read off the phrase that is being typed and off what is open around
// it: the first half of completion. The second half, `items.ts`, says which names that gives.
import { canEnd, isLines, lastIndex, type Frame, type Token } from '../tokens.ts';
import { bodyPlace } from './place-body.ts';
import {
  BOOL, DURATION, INT, sortOfChain, sortOfField, sortOfType, UNKNOWN,
  type DeclOf, type Names, type Sort,
} from './names.ts';

/** Where a value stands says what it may be made of; see `Where` in analysis/scope.ts. */
export type Where = 'const' | 'init' | 'thread' | 'condition' | 'property';

export type Place =
  | { readonly kind: 'none' | 'declarations' | 'modules' | 'lockKinds' | 'types' | 'order'
      | 'statements' | 'scenarioItems' | 'workloadItems' | 'structItems' | 'params' | 'threads'
      | 'failures' | 'scenarios' | 'structs' }
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'locks'; readonly verb: LockVerb; readonly mode: 'read' | 'write' | null }
  /** `modes`: `read` and `write` may stand here too. */
  | { readonly kind: 'guard'; readonly modes: boolean }
  | { readonly kind: 'dot'; readonly of: Sort; readonly locks: boolean }
  | { readonly kind: 'values'; readonly where: Where; readonly expected: Sort;
      /** The whole right side: a call, `new`, `any` may stand here. */
      readonly whole: boolean }
  /** After `if`: also `try`. */
  | { readonly kind: 'condition' }
  | { readonly kind: 'variables' }
  | { readonly kind: 'labels'; readonly owner: DeclOf<'thread'> | DeclOf<'proc'> }
  | { readonly kind: 'domains'; readonly threads: boolean }
  | { readonly kind: 'outcomes'; readonly thread: DeclOf<'thread'> }
  | { readonly kind: 'newOutcomes' }
  | { readonly kind: 'subjects'; readonly code: string }
  | { readonly kind: 'fields'; readonly struct: DeclOf<'struct'>;
      readonly given: ReadonlySet<string> };

export type LockVerb = 'acquire' | 'release' | 'downgrade' | 'held';

export const NOWHERE: Place = { kind: 'none' };

export interface At {
  readonly names: Names;
  readonly frames: readonly Frame[];
  readonly phrase: readonly Token[];
  /** A new phrase may begin here: nothing stands before it, or a line has ended. */
  readonly fresh: boolean;
  /** A line break stands before it. */
  readonly newLine: boolean;
}

export function words(...list: readonly string[]): Place {
  return { kind: 'words', words: list };
}

export function values(where: Where, expected: Sort, whole = false): Place {
  return { kind: 'values', where, expected, whole };
}

export function placeOf(at: At): Place {
  const inner = at.frames.at(-1);
  if (inner === undefined) return filePlace(at);
  switch (inner.kind) {
    case 'members': return NOWHERE;
    case 'struct': return structPlace(at);
    case 'body': return bodyPlace(at);
    case 'scenario': return scenarioPlace(at);
    case 'workload': return workloadPlace(at);
    case 'params': return at.phrase.at(-1)?.text === ':' ? { kind: 'types' } : NOWHERE;
    default: // Inside an expression.
      return insidePlace(at, inner);
  }
}

export function whereOf({ frames, phrase }: Pick<At, 'frames' | 'phrase'>): Where {
  const first = (frames[0]?.head ?? phrase)[0]?.text ?? '';
  const head = frames[lastIndex(frames, ({ kind }) => isLines(kind)) + 1]?.head ?? phrase;
  const verb = head[0]?.text ?? '';
  switch (first) {
    case 'thread': case 'proc': case 'background':
      return verb === 'await' || verb === 'assert' ? 'condition' : 'thread';
    case 'shared': case 'struct': return 'init';
    case 'invariant': case 'final': case 'eventually': case 'reachable': return 'property';
    case 'scenario': return PROPERTIES.has(verb) ? 'property' : verb === 'with' ? 'const' : 'init';
    case 'workload': return verb === 'with' ? 'const' : 'init';
    default: // `const`, `param`, `type`, lengths.
      return 'const';
  }
}

export const PROPERTIES: ReadonlySet<string> = new Set([
  'invariant', 'final', 'eventually', 'reachable',
]);

/** What an operator between two values makes of the right one; null for what is no operator. */
export function afterOperator(phrase: readonly Token[], at: At): Place | null {
  const last = phrase.at(-1);
  const before = phrase.slice(0, -1);
  const where = whereOf(at);
  switch (last?.text) {
    case '.': return { kind: 'dot', of: sortOfChain(before, at.names), locks: false };
    case '==': case '!=': return values(where, sortOfChain(before, at.names));
    case 'has': return values(where, sortOfChain(before, at.names));
    case '&&': case '||': case '=>': case '!': return values(where, BOOL);
    case '<': case '<=': case '>': case '>=': case '+': case '-': case '*': case '/': case '%':
      return values(where, INT);
    case '..': return values('const', INT);
    case 'at': {
      const sort = sortOfChain(before, at.names);
      return sort.kind === 'thread' ? { kind: 'labels', owner: sort.thread } : NOWHERE;
    }
    case 'in': {
      const quantified = ['forall', 'exists', '('].includes(before.at(-2)?.text ?? '')
        || before.length === 1;
      return quantified ? { kind: 'domains', threads: where === 'property' } : NOWHERE;
    }
    case 'forall': case 'exists': return NOWHERE;
    case 'held': case 'holds': return { kind: 'locks', verb: 'held', mode: null };
    case 'any': return { kind: 'domains', threads: false };
    case 'new': case 'ref': return { kind: 'structs' };
    case 'read': case 'write': {
      const verb = before.at(-1)?.text ?? '';
      if (verb !== 'held' && verb !== 'holds') return null;
      return { kind: 'locks', verb: 'held', mode: last.text };
    }
    default: // A word or a sign that says nothing by itself.
      return null;
  }
}

/** In round or square brackets, or in a set: what is expected comes from outside. */
function insidePlace(at: At, inner: Frame): Place {
  const comma = lastIndex(at.phrase, ({ text }) => text === ',');
  const phrase = at.phrase.slice(comma + 1);
  if (inner.kind === 'new') return initPlace(at, inner);
  if (inner.head[0]?.text === 'expect') {
    return phrase.length === 0 ? { kind: 'subjects', code: inner.head.at(-1)?.text ?? '' }
      : NOWHERE;
  }
  const operator = afterOperator(phrase, at);
  if (operator !== null) return operator;
  if (phrase.at(-1)?.text === ':') return values(whereOf(at), BOOL);
  if (phrase.length > 0) return afterValue(phrase, at);
  if (inGuard(inner.head)) return { kind: 'guard', modes: true };
  const nth = at.phrase.filter(({ text }) => text === ',').length;
  return argumentPlace(at, inner, nth);
}

/** The argument, index or member number `nth` of what is open. */
function argumentPlace(at: At, inner: Frame, nth: number): Place {
  const { head } = inner;
  const callee = head.at(-1)?.text ?? '';
  const where = whereOf(at);
  switch (inner.kind) {
    case 'index': return values(where, INT);
    case 'list': return values('init', elementExpected(head, at.names));
    case 'set': return values(where, expectedBy(head, at.names));
    case 'group': return values(where, expectedBy(head, at.names));
    default: // `call`.
      break;
  }
  if (callee === 'count') return NOWHERE;
  if (callee === 'exp') return values('const', DURATION);
  if (['READ_ONCE', 'WRITE_ONCE', 'cmpxchg'].includes(callee) && nth === 0) {
    return { kind: 'variables' };
  }
  if (callee === 'WRITE_ONCE' || callee === 'cmpxchg') {
    const comma = at.phrase.findIndex(({ text }) => text === ',');
    return values(where, sortOfChain(at.phrase.slice(0, comma), at.names));
  }
  const decl = at.names.decls.get(callee);
  if (decl?.kind !== 'proc' && decl?.kind !== 'thread') return values(where, UNKNOWN);
  const param = decl.params[nth];
  return param === undefined ? NOWHERE : values(where, sortOfType(param.type, at.names.decls));
}

/** What the right side of the last operator should be. */
export function expectedBy(head: readonly Token[], names: Names): Sort {
  const last = head.at(-1)?.text ?? '';
  const before = head.slice(0, -1);
  if (['==', '!=', 'in', 'has', '+=', '-='].includes(last)) return sortOfChain(before, names);
  if (last !== '=') return BOOL;
  if (before.some(({ text }) => text === ':')) return declaredSort(before, names);
  return sortOfChain(before, names);
}

/** `shared x: T = `, `let v: T = `, `field: T = `. */
function declaredSort(tokens: readonly Token[], names: Names): Sort {
  const colon = tokens.findIndex(({ text }) => text === ':');
  const [word, next] = tokens.slice(colon + 1);
  if (word?.text === 'bool') return BOOL;
  if (word?.text === 'ref') {
    const struct = names.decls.get(next?.text ?? '');
    return struct?.kind === 'struct' ? { kind: 'ref', struct } : UNKNOWN;
  }
  if (word === undefined || tokens.some(({ text }) => text === '..')) return INT;
  const type = { kind: 'name', text: word.text, range: word } as const;
  return sortOfType({ kind: 'named', name: type, range: word }, names.decls);
}

function elementExpected(head: readonly Token[], names: Names): Sort {
  const sort = expectedBy(head, names);
  return sort.kind === 'array' ? sort.element : sort;
}

/** Behind a value on the same line. */
export function afterValue(phrase: readonly Token[], at: At): Place {
  const sort = sortOfChain(phrase, at.names);
  if (sort.kind === 'thread' && whereOf(at) !== 'thread') return words('at');
  if (sort.kind === 'members') return sort.of.kind === 'flags' ? words('has') : words('in');
  return NOWHERE;
}

function initPlace(at: At, inner: Frame): Place {
  const struct = at.names.decls.get(inner.head.at(-1)?.text ?? '');
  if (struct?.kind !== 'struct') return NOWHERE;
  const { phrase } = at;
  const last = phrase.at(-1);
  const field = struct.members.find(({ name }) => name.text === phrase.at(-2)?.text);
  if (last?.text === '=') {
    return field === undefined ? NOWHERE : values(whereOf(at), sortOfField(field, at.names));
  }
  if (last !== undefined && !canEnd(last) && last.text !== ',') {
    return afterOperator(phrase, at) ?? NOWHERE;
  }
  const given = phrase.filter((_, i) => phrase[i + 1]?.text === '=').map(({ text }) => text);
  return { kind: 'fields', struct, given: new Set(given) };
}

function inGuard(tokens: readonly Token[]): boolean {
  return tokens.some(({ text }) => text === 'under' || text === 'guarded');
}

/** `x: T` with what may follow: an initial value, a guard. null where nothing of that is typed. */
function guardPlace({ phrase }: At): Place | null {
  const last = phrase.at(-1)?.text ?? '';
  if (last === 'guarded') return words('by');
  if (last === 'by') return { kind: 'guard', modes: false };
  const under = phrase.some(({ text }) => text === 'under');
  if (under && ['under', '&&', '||'].includes(last)) return { kind: 'guard', modes: true };
  const before = phrase.at(-2)?.text ?? '';
  if ((last === 'read' || last === 'write') && phrase.length > 1) {
    return under && ['under', '&&', '||'].includes(before) ? { kind: 'guard', modes: false }
      : words('under');
  }
  return null;
}

/** `shared x: T`, `field: T`: the same from the colon on. */
function statePlace(at: At): Place {
  const { phrase, names } = at;
  const last = phrase.at(-1);
  const guard = guardPlace(at);
  if (guard !== null) return guard;
  if (last?.text === ':') return { kind: 'types' };
  if (last?.text === '=') return values('init', declaredSort(phrase.slice(0, -1), names), true);
  const operator = afterOperator(phrase, at);
  if (operator !== null) return operator;
  const colon = phrase.findIndex(({ text }) => text === ':');
  if (colon < 0 || colon === phrase.length - 1) return NOWHERE;
  return inGuard(phrase) ? words('write', 'read')
    : words('guarded by', 'read under', 'write under');
}

function structPlace(at: At): Place {
  const { phrase } = at;
  if (phrase.length === 0) return { kind: 'structItems' };
  if (phrase[0]?.text !== 'lock' || phrase[1]?.text === ':') {
    if (!at.fresh) return statePlace(at);
    const more = statePlace({ ...at, fresh: false });
    return more.kind === 'words' && at.newLine ? { kind: 'structItems' } : more;
  }
  if (phrase.at(-1)?.text === ':') return { kind: 'lockKinds' };
  return at.fresh && phrase.length > 2 ? { kind: 'structItems' } : NOWHERE;
}

function filePlace(at: At): Place {
  const { phrase, fresh, newLine } = at;
  const [first] = phrase;
  const last = phrase.at(-1);
  if (first === undefined || last === undefined) return { kind: 'declarations' };
  if (fresh && newLine) return { kind: 'declarations' };
  switch (first.text) {
    case 'use': return phrase.length === 1 || last.text === '.' ? { kind: 'modules' } : NOWHERE;
    case 'background': if (phrase.length === 1) return words('thread'); break;
    case 'lock': return last.text === ':' ? { kind: 'lockKinds' } : NOWHERE;
    case 'type':
      return last.text === '=' ? { kind: 'types' } : afterOperator(phrase, at) ?? NOWHERE;
    case 'order': return orderPlace(at);
    case 'shared': return phrase.length === 1 ? words('atomic') : statePlace(at);
    case 'struct': return last.text === ']' ? words('typesafe') : NOWHERE;
    case 'const': case 'param':
      return last.text === '=' || last.text === ':' ? values('const', INT)
        : afterOperator(phrase, at) ?? NOWHERE;
    case 'proc': if (last.text === '->') return { kind: 'types' }; break;
    default: // A property, or a word whose names are new.
      if (PROPERTIES.has(first.text)) return propertyPlace(at);
  }
  const outcomes = last.text === '->' || last.text === '|' || last.text === 'never';
  return outcomes ? { kind: 'newOutcomes' } : NOWHERE;
}

function orderPlace(at: At): Place {
  const { phrase, names } = at;
  const last = phrase.at(-1)?.text;
  const of = sortOfChain(phrase.slice(0, -1), names);
  if (last === '.') return { kind: 'dot', of, locks: true };
  return last === 'order' || last === '->' ? { kind: 'order' } : NOWHERE;
}

export function propertyPlace(at: At): Place {
  const { phrase } = at;
  if (phrase.length <= 2) return NOWHERE;
  if (phrase.at(-1)?.text === ':') return values('property', BOOL);
  return afterOperator(phrase, at) ?? afterValue(phrase, at);
}

function scenarioPlace(at: At): Place {
  const [first, second] = at.phrase;
  const last = at.phrase.at(-1);
  if (first === undefined || (at.fresh && at.newLine)) return { kind: 'scenarioItems' };
  if (first.text === 'expect') return expectPlace(at);
  if (PROPERTIES.has(first.text)) return propertyPlace(at);
  if (first.text === 'with') {
    if (at.phrase.length === 1) return { kind: 'params' };
    return last?.text === '=' ? values('const', INT) : afterOperator(at.phrase, at) ?? NOWHERE;
  }
  if (second?.text === ':' && at.phrase.length === 2) return { kind: 'threads' };
  return at.fresh && last?.text !== 'x' ? words('x') : values('const', INT);
}

function expectPlace({ phrase }: At): Place {
  const last = phrase.at(-1)?.text ?? '';
  switch (last) {
    case 'expect': return words('safe', 'fails', 'refines', 'not refines');
    case 'not': return words('refines');
    case 'refines': return { kind: 'scenarios' };
    case 'fails': return { kind: 'failures' };
    default: // Behind a name, or between names.
      return last === ',' && phrase[1]?.text === 'fails' ? { kind: 'failures' } : NOWHERE;
  }
}

function workloadPlace(at: At): Place {
  const [first, second] = at.phrase;
  const last = at.phrase.at(-1);
  if (first === undefined || (at.fresh && at.newLine)) return { kind: 'workloadItems' };
  if (first.text === 'with') return scenarioPlace(at);
  if (['cpus', 'seed'].includes(first.text)) return values('const', INT);
  if (last?.text === 'at' || last?.text === 'every' || first.text === 'for') {
    return values('const', DURATION);
  }
  if (second?.text === ':' && at.phrase.length === 2) return { kind: 'threads' };
  return last?.text === 'x' ? values('const', INT) : words('x', 'at', 'every');
}
