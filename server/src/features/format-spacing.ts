// What stands between two leaves on one line. A table of the pairs that are not one space apart.
import type { Leaf } from '../syntax/leaves.ts';

/**
 * `wide`: two spaces, or as many more as whoever aligns columns has put there. `kept`: whatever
 * spaces there are, two where there are none.
 */
export type Spacing = 'none' | 'one' | 'wide' | 'kept';

/** Where a bracket belongs to the name before it. */
const CALLS: ReadonlySet<string> = new Set([
  'arguments', 'parameters', 'count_expression', 'exponential', 'failure',
]);
const INDEXES: ReadonlySet<string> = new Set(['length', 'index_expression']);
/** Lists whose members are wide apart; the others have commas. */
const WIDE_LISTS: ReadonlySet<string> = new Set([
  'source_file', 'block', 'struct_body', 'scenario_body', 'workload_body', 'initializers',
]);
const ARITHMETIC: ReadonlySet<string> = new Set(['+', '-', '*', '/', '%']);
const NO_SPACE_BEFORE: ReadonlySet<string> = new Set([',', ';', ':', ')', ']']);
/** Around these there is nothing: `a.b`, `0..N`. */
const TIGHT: ReadonlySet<string> = new Set(['.', '..', '++', '--']);

/** What has braces around lines of its own. */
export const BODIES: ReadonlySet<string> = new Set([
  'block', 'struct_body', 'member_list', 'scenario_body', 'workload_body',
]);

export function isComment({ type }: Leaf): boolean {
  return type.endsWith('_comment');
}

export function spacing(before: Leaf, after: Leaf): Spacing {
  if (isComment(after)) return after.type === 'block_comment' ? 'one' : 'kept';
  if (isComment(before)) return 'one';
  if (before.type === '{' || after.type === '}') return insideBraces(before, after);
  if (isTight(before, after)) return 'none';
  if (before.type === ',' || before.type === ';') return 'one';
  if (after.begins !== null) return WIDE_LISTS.has(after.begins) ? 'wide' : 'one';
  return beginsPart(after) ? 'kept' : 'one';
}

function insideBraces(before: Leaf, after: Leaf): Spacing {
  const isSet = before.type === '{' ? before.parent === 'set_expression'
    : after.parent === 'set_expression';
  if (isSet) return 'none';
  const isEmpty = before.type === '{' && after.type === '}';
  return isEmpty && before.parent === 'initializers' ? 'none' : 'one';
}

function isTight(before: Leaf, after: Leaf): boolean {
  if (NO_SPACE_BEFORE.has(after.type)) return true;
  if (after.type === '(' && CALLS.has(after.parent)) return true;
  if (after.type === '[' && INDEXES.has(after.parent)) return true;
  if (before.type === '(' || before.type === '[') return true;
  if (before.parent === 'unary_expression' && /^\W+$/.test(before.type)) return true;
  if (before.parent === 'binary_expression' && after.parent === 'unary_expression') return false;
  return TIGHT.has(before.type) || TIGHT.has(after.type)
    || isPartOfBound(before) || isPartOfBound(after);
}

/** `0..N-1` */
function isPartOfBound({ type, parent, context }: Leaf): boolean {
  return parent === 'binary_expression' && ARITHMETIC.has(type) && context === 'range';
}

/** What follows a statement or a declaration proper: its cost, its guard. */
function beginsPart({ type, parent }: Leaf): boolean {
  return (type === 'takes' && parent === 'timed_statement')
    || (type === 'guarded' && parent === 'guarded_by')
    || (parent === 'guard_side' && (type === 'read' || type === 'write'));
}
