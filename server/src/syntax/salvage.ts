// Declarations out of an ERROR: the parser gave up on them, but their heads and many of their
// statements can still be told, so that names in the rest of the file keep their meaning.
import { errorOf, type Shape } from './shape.ts';

/** The word a declaration starts with, and what the grammar calls it. */
const STARTS: ReadonlyMap<string, string> = new Map([
  'const', 'param', 'type', 'enum', 'flags', 'struct', 'lock', 'shared', 'proc', 'thread',
  'scenario', 'workload',
].map((word) => [word, `${word}_declaration`]));

const FIELDS: ReadonlyMap<string, string> = new Map([
  ['parameters', 'parameters'], ['outcomes', 'outcomes'], ['length', 'count'],
  ['lock_kind', 'kind'], ['member_list', 'members'], ['bool_type', 'type'], ['ref_type', 'type'],
  ['array_type', 'type'], ['named_type', 'type'], ['struct_body', 'body'],
  ['scenario_body', 'body'], ['workload_body', 'body'],
]);

/** Empty where nothing in the ERROR looks like a declaration's head. */
export function salvage(error: Shape): Shape[] {
  const found: Shape[] = [];
  let group: Shape[] = [];
  for (const child of error.children) {
    if (STARTS.has(child.type)) {
      found.push(...declarationOf(group));
      group = [];
    }
    group.push(child);
  }
  return [...found, ...declarationOf(group)];
}

function declarationOf(group: readonly Shape[]): Shape[] {
  const [word, name, ...rest] = group;
  const type = word === undefined ? undefined : STARTS.get(word.type);
  if (word === undefined || type === undefined || name?.type !== 'identifier') return [];
  const children = [word, { ...name, field: 'name' }];
  for (const child of rest) {
    const field = FIELDS.get(child.type);
    if (field !== undefined && children.every((other) => other.field !== field)) {
      children.push({ ...child, field });
    }
  }
  if (word.type === 'thread' || word.type === 'proc') children.push(...bodyOf(rest));
  const whole = errorOf(children);
  return [{ ...whole, type, end: group[group.length - 1]?.end ?? whole.end }];
}

/** What stands behind the first brace, and a hole that says it is not all. */
function bodyOf(rest: readonly Shape[]): Shape[] {
  const brace = rest.findIndex((child) => child.type === '{');
  const inside = rest.slice(brace);
  const last = inside[inside.length - 1];
  if (brace < 0 || last === undefined) return [];
  const gap = { ...errorOf([]), start: last.end, end: last.end };
  return [{ ...errorOf([...inside, gap]), type: 'block', field: 'body' }];
}
