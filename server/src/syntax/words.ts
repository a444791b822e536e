// The words of the language, for messages: what must follow which, and which was probably meant.
import {
  DECLARATION_WORDS, LOCK_KINDS, OTHER_WORDS, STATEMENT_WORDS,
} from '../text/reserved.ts';

export {
  DECLARATION_WORDS, LOCK_KINDS, RESERVED_WORDS, STATEMENT_WORDS,
} from '../text/reserved.ts';

/** `acquire` for `mutex_lock`, `aquire`: the statement that was probably meant. */
export function meantStatement(word: string): string | undefined {
  return OTHER_WORDS.get(word) ?? nearest(word, STATEMENT_WORDS);
}

const LOCK = 'a lock';
const NAME = 'a name';
const EXPRESSION = 'an expression';
const BLOCK = 'a block `{ ... }`';
const CONDITION = 'a condition';

const OPERATORS = [
  '+=', '-=', '+', '-', '*', '/', '%', '<', '<=', '>', '>=', '==', '!=', '&&', '||', '=>', '!',
];

const FOLLOWS: ReadonlyMap<string, string> = new Map([
  ...OPERATORS.map((operator): [string, string] => [operator, EXPRESSION]),
  ['=', EXPRESSION], ['(', 'something or `)`'], ['[', 'an index'], [',', 'one more'],
  ['.', 'a field'], ['..', 'the end of the range'], ['->', 'an outcome or a type'],
  ['|', 'an outcome'], [':', 'a type'],
  ['acquire', LOCK], ['release', LOCK], ['downgrade', LOCK], ['read', LOCK], ['write', LOCK],
  ['by', LOCK], ['held', LOCK], ['holds', LOCK], ['under', LOCK], ['order', LOCK],
  ['try', '`acquire`'], ['if', CONDITION], ['while', CONDITION], ['await', CONDITION],
  ['assert', CONDITION], ['else', BLOCK], ['choose', BLOCK], ['or', BLOCK], ['loop', BLOCK],
  ['in', 'a range `a..b`, a set or a type'], ['has', 'a flag'], ['goto', 'a label'],
  ['outcome', 'an outcome'], ['free', 'a reference'], ['free_rcu', 'a reference'],
  ['step', 'a text in quotes'], ['takes', 'a duration'], ['at', 'a label or a time'],
  ['every', 'a duration'], ['cpus', 'a number'], ['seed', 'a number'],
  ['with', 'the name of a param'], ['refines', 'a scenario'],
  ['expect', '`safe`, `fails` or `refines`'], ['not', '`refines`'], ['new', 'a struct'],
  ['any', 'a range `a..b` or a type'], ['forall', NAME], ['exists', NAME], ['ref', 'a struct'],
  ['READ_ONCE', '`(`'], ['WRITE_ONCE', '`(`'], ['cmpxchg', '`(`'], ['guarded', '`by`'],
  ['background', '`thread`'], ['let', NAME], ['for', NAME],
  ...DECLARATION_WORDS.filter((word) => !['use', 'order', 'background'].includes(word))
    .map((word): [string, string] => [word, NAME]),
  ['use', 'a module or a file'],
]);

/**
 * What must stand behind a token that ends no phrase; undefined for one that may end it.
 * `first` is the first word of its line, which tells a type's `:` from a lock kind's.
 */
export function wantedAfter(token: string, first: string): string | undefined {
  if (token === ':') return wantedAfterColon(first);
  if (token === '=' && first === 'type') return 'a type';
  if (token === '->' && first === 'order') return LOCK;
  if (token === '->' && first === 'proc') return 'a type';
  if (token === '->') return 'an outcome';
  if (token === '[' && (first === 'lock' || first === 'struct')) return 'a number';
  if (token === '(' && (first === 'thread' || first === 'proc' || first === 'background')) {
    return 'a parameter or `)`';
  }
  return FOLLOWS.get(token);
}

function wantedAfterColon(first: string): string {
  switch (first) {
    case 'lock': return `a lock kind (${LOCK_KINDS.join(', ')})`;
    case 'param': return 'a range `lo..hi`';
    case 'invariant': case 'final': case 'eventually': case 'reachable': case 'assert':
    case 'await': return EXPRESSION;
    default:
      // `shared`, `let`, a field, a parameter.
      return 'a type';
  }
}

/** The word of `words` that is at most two slips away from `text`, the nearest of them. */
export function nearest(text: string, words: readonly string[]): string | undefined {
  const limit = text.length <= 3 ? 1 : 2;
  let best: string | undefined;
  let bestDistance = limit + 1;
  for (const word of words) {
    const distance = slips(text.toLowerCase(), word.toLowerCase(), limit);
    if (distance < bestDistance) {
      best = word;
      bestDistance = distance;
    }
  }
  return best;
}

/** Letters put in, left out, changed or swapped with their neighbour; above `limit` all is one. */
function slips(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1,
        (last[j - 1] ?? 0) + (same ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      }
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? limit + 1;
}
