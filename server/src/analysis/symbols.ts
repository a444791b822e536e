// What is shown of a symbol: its kind, its place, and one line of text as in the language.
import type { FileId, Range } from '../text/range.ts';
import { ownText } from '../text/own.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Decl, FieldDecl, Guard, LockDecl, Name } from '../syntax/ast.ts';
import type { MutableSym } from './entity.ts';
import type { SymKind } from './model.ts';

export interface SymPlace {
  readonly kind: SymKind;
  readonly file: FileId;
  readonly name: Name;
  readonly full: Range;
  readonly detail: string;
  readonly doc?: string | null;
  readonly container?: string | null;
  readonly guard?: string | null;
}

export function makeSym(place: SymPlace): MutableSym {
  return {
    kind: place.kind,
    name: place.name.text,
    at: { file: place.file, range: place.name.range },
    full: place.full,
    doc: place.doc ?? null,
    container: place.container ?? null,
    detail: place.detail,
    guard: place.guard ?? null,
  };
}

/** Longer texts are cut: they are for one line of a list, a hover or a trace. */
export const MAX_LINE = 60;
const MAX_DETAIL = 120;

/** A part of the text on one line: comments out, white space as single blanks. */
export function oneLine(text: string, range: Range, max: number): string {
  // A long body is not read to its end for a short line.
  const part = text.slice(range.start, Math.min(range.end, range.start + 20 * max));
  const plain = !/["/\t\r\n]|  /.test(part) ? part.trim() : part
    .replace(/"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g, (s) =>
      s.startsWith('"') ? s : ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return plain.length <= max ? ownText(plain) : `${plain.slice(0, max - 1).trimEnd()}…`;
}

/** The head of a declaration: without its body and its guard. */
export function headOf(decl: Decl | FieldDecl, text: string): string {
  const head = { start: decl.range.start, end: headEnd(decl) };
  return oneLine(text, head, MAX_DETAIL);
}

function headEnd(decl: Decl | FieldDecl): number {
  switch (decl.kind) {
    case 'shared':
    case 'field':
      return decl.guard === null ? decl.range.end : decl.guard.range.start;
    case 'thread':
    case 'proc':
      return decl.body.range.start;
    case 'scenario':
    case 'workload':
    case 'struct':
      return decl.range.end;
    case 'use': case 'const': case 'param': case 'type': case 'enum': case 'flags': case 'lock':
    case 'order': case 'property': case 'hole':
      return decl.range.end;
    default:
      return unreachable(decl);
  }
}

/** A head that ends before its first brace (struct, scenario, workload). */
export function headToBrace(decl: Decl, text: string): string {
  const source = text.slice(decl.range.start, decl.range.end);
  const plain = source.replace(/"(?:[^"\\\n]|\\.)*"/g, (s) => '"'.repeat(s.length));
  const brace = plain.indexOf('{');
  const end = brace < 0 ? decl.range.end : decl.range.start + brace;
  return oneLine(text, { start: decl.range.start, end }, MAX_DETAIL);
}

/** `guarded by ptl`, or both sides on one line. */
export function guardText(guard: Guard | null, text: string): string | null {
  return guard === null ? null : oneLine(text, guard.range, MAX_DETAIL);
}

/** A lock as declared; in a struct with its struct's name. */
export function lockDetail(decl: LockDecl, struct: string | null, text: string): string {
  const head = headOf(decl, text);
  return struct === null ? head : `${head} (in struct ${struct})`;
}
