// Types as values: what fits where, and how a type is called in a message.
import { unreachable } from '../text/unreachable.ts';
import type { Type } from './model.ts';

export const UNKNOWN: Type = { kind: 'unknown' };
export const BOOL: Type = { kind: 'bool' };
export const DURATION: Type = { kind: 'duration' };
export const NULL: Type = { kind: 'null' };
/** A number whose bounds are worked out later (`intervals.ts`). */
export const INT: Type = { kind: 'int', lo: 0, hi: 0 };

/** Whether a value of type `from` may stand where `to` is wanted. Bounds are judged at run time. */
export function fits(from: Type, to: Type): boolean {
  if (from.kind === 'unknown' || to.kind === 'unknown') return true;
  if (from.kind === 'null') return to.kind === 'ref' || to.kind === 'null';
  if (from.kind !== to.kind) return false;
  switch (from.kind) {
    case 'enum':
    case 'flags':
      return to.kind === from.kind && to.name === from.name;
    case 'ref':
      return to.kind === 'ref' && to.struct === from.struct;
    case 'array':
      return to.kind === 'array' && fits(from.element, to.element);
    case 'outcome':
      return to.kind === 'outcome';
    case 'bool':
    case 'int':
    case 'duration':
    case 'lock':
      return true;
    default:
      return unreachable(from);
  }
}

/** Whether values of the two types may be compared with `==`. */
export function comparable(a: Type, b: Type): boolean {
  return fits(a, b) || fits(b, a);
}

/** As it reads in a sentence: "a number", "`pte_state`", "`ref vma`". */
export function describe(type: Type): string {
  switch (type.kind) {
    case 'bool':
      return '`bool`';
    case 'int':
      return 'a number';
    case 'duration':
      return 'a duration';
    case 'enum':
    case 'flags':
      return `\`${type.name}\``;
    case 'ref':
      return `\`ref ${type.struct}\``;
    case 'null':
      return '`null`';
    case 'array':
      return 'an array';
    case 'lock':
      return type.length === null ? `a ${type.lockKind}` : `an array of ${type.lockKind}s`;
    case 'outcome':
      return `an outcome of \`${type.thread}\``;
    case 'unknown':
      return 'something unknown';
    default:
      return unreachable(type);
  }
}

/** As it is written in the language: `0..3`, `ref vma`. */
export function written(type: Type): string {
  switch (type.kind) {
    case 'int':
      return `${type.lo}..${type.hi}`;
    case 'bool':
    case 'duration':
    case 'null':
      return type.kind;
    case 'enum':
    case 'flags':
      return type.name;
    case 'ref':
      return `ref ${type.struct}`;
    case 'array':
      return `${written(type.element)}[${type.length}]`;
    case 'lock':
      return type.lockKind;
    case 'outcome':
      return `${type.thread}.outcome`;
    case 'unknown':
      return '?';
    default:
      return unreachable(type);
  }
}
