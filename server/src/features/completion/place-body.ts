// What can stand at a place inside the body of a thread or a proc.
import type { Token } from '../tokens.ts';
import {
  BOOL, DURATION, INT, ownerAt, sortOfChain, sortOfType, UNKNOWN, type DeclOf, type Names,
} from './names.ts';
import {
  afterOperator, afterValue, expectedBy, NOWHERE, values, whereOf, words,
  type At, type LockVerb, type Place,
} from './place.ts';

export function bodyPlace(at: At): Place {
  const phrase = withoutLabel(at.phrase);
  const [first] = phrase;
  const last = phrase.at(-1);
  if (first === undefined || last === undefined) return { kind: 'statements' };
  if (at.fresh && at.newLine) return { kind: 'statements' };
  return lockPlace(phrase, at) ?? namedPlace(phrase, at) ?? valuePlace(phrase, at)
    ?? afterStatement(phrase, at);
}

/** `zap: for ...` without `zap:`. */
function withoutLabel(phrase: readonly Token[]): readonly Token[] {
  const [name, colon] = phrase;
  return name?.kind === 'word' && colon?.text === ':' ? phrase.slice(2) : phrase;
}

const VERBS: Readonly<Record<string, LockVerb>> = {
  acquire: 'acquire', release: 'release', downgrade: 'downgrade',
};

/** The word of the phrase that takes or gives a lock, if the place is where its lock stands. */
function lockPlace(phrase: readonly Token[], at: At): Place | null {
  const last = phrase.at(-1)?.text ?? '';
  if (last === 'try') return words('acquire');
  const verb = Object.hasOwn(VERBS, last) ? VERBS[last] : undefined;
  if (verb !== undefined) return { kind: 'locks', verb, mode: null };
  const before = phrase.at(-2)?.text ?? '';
  const moded = Object.hasOwn(VERBS, before) ? VERBS[before] : undefined;
  if (moded !== undefined && (last === 'read' || last === 'write')) {
    return { kind: 'locks', verb: moded, mode: last };
  }
  const locking = phrase.some(({ text }) => Object.hasOwn(VERBS, text));
  if (last !== '.' || !locking) return null;
  return { kind: 'dot', of: sortOfChain(phrase.slice(0, -1), at.names), locks: true };
}

/** Where a name of one kind stands, or a new one. */
function namedPlace(phrase: readonly Token[], at: At): Place | null {
  const owner = ownerAt(at, at.names.decls);
  const [first] = phrase;
  switch (phrase.at(-1)?.text) {
    case 'goto': return owner === null ? NOWHERE : { kind: 'labels', owner };
    case 'outcome': return owner?.kind === 'thread' ? { kind: 'outcomes', thread: owner } : NOWHERE;
    case 'let': case 'for': case 'step': case 'loop': case 'choose': return NOWHERE;
    case 'else': return words('if');
    case ':': return first?.text === 'let' ? { kind: 'types' } : null;
    case 'in': return first?.text === 'for' ? { kind: 'domains', threads: false } : null;
    case 'takes': return values('const', DURATION);
    default: // Any other word or sign.
      return first?.text === 'for' && phrase.length === 2 ? words('in') : null;
  }
}

/** Where a value stands. */
function valuePlace(phrase: readonly Token[], at: At): Place | null {
  const last = phrase.at(-1)?.text ?? '';
  const before = phrase.slice(0, -1);
  const { names } = at;
  switch (last) {
    case 'if': return { kind: 'condition' };
    case 'while': case 'await': case 'assert': return values(whereOf(at), BOOL);
    case 'free': case 'free_rcu': return values('thread', anyRef(names));
    case 'return': return returnPlace(at);
    case '=': return values('thread', expectedBy(phrase, names), true);
    case '+=': case '-=': {
      const sort = sortOfChain(before, names);
      return values('thread', sort.kind === 'members' ? sort : INT);
    }
    case ':': return values(whereOf(at), BOOL); // Of a quantifier.
    case ',': return NOWHERE; // The text of an assertion.
    default: // Any other word or sign.
      return afterOperator(phrase, at);
  }
}

/** Any struct stands for all: what is wanted is a ref. */
function anyRef({ decls }: Names) {
  const struct = [...decls.values()].find((decl): decl is DeclOf<'struct'> =>
    decl.kind === 'struct');
  return struct === undefined ? UNKNOWN : { kind: 'ref', struct } as const;
}

function returnPlace(at: At): Place {
  const owner = ownerAt(at, at.names.decls);
  if (owner?.kind !== 'proc' || owner.result === null) return NOWHERE;
  return values('thread', sortOfType(owner.result, at.names.decls));
}

const HEADS: ReadonlySet<string> = new Set(['if', 'while', 'for', 'loop', 'choose']);

/** Behind what could be a whole statement, on the same line. */
function afterStatement(phrase: readonly Token[], at: At): Place {
  const first = phrase[0]?.text ?? '';
  const value = afterValue(phrase, at);
  if (value.kind === 'words' && !Object.hasOwn(VERBS, first)) {
    const conditional = HEADS.has(first) || first === 'await' || first === 'assert';
    if (conditional || first === 'let') return value;
  }
  if (HEADS.has(first)) {
    return first === 'if' && phrase[1]?.text === 'try' ? words('nested') : NOWHERE;
  }
  if (phrase.some(({ text }) => text === 'takes')) return NOWHERE;
  if (phrase.length === 1 && phrase[0]?.kind === 'word' && !NO_VALUE.has(first)) return NOWHERE;
  if (first === 'acquire') return words('takes', 'nested');
  return words('takes');
}

/** Statements of a single word. */
const NO_VALUE: ReadonlySet<string> = new Set([
  'rcu_read_lock', 'rcu_read_unlock', 'synchronize_rcu', 'break', 'continue', 'return',
]);
