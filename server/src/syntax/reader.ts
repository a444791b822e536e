// What every lowering function is given: the text it reads and the list it reports to.
import type { FileId, Range } from '../text/range.ts';
import { ownText } from '../text/own.ts';
import type { Problem, Related } from '../text/problem.ts';
import type { Name } from './ast.ts';
import { fieldOf, isTorn, lastToken, rangeOf, type Shape } from './shape.ts';

/**
 * How deep statements, expressions, types and guards may nest in each other. People stay below
 * ten; the bound keeps every recursion over an AST, here and elsewhere, off the stack's end.
 */
export const MAX_NESTING = 200;

export class Reader {
  readonly text: string;
  readonly file: FileId;
  readonly found: Found[] = [];
  depth = 0;

  constructor(text: string, file: FileId) {
    this.text = text;
    this.file = file;
  }

  /** Something lacks or is misplaced in what could be read. */
  gap(range: Range, message: string): void {
    this.found.push({ rank: 1, problem: syntaxProblem(range, message) });
  }

  /** What the parser could not read, with a reason: the best there is to say about its line. */
  damage(range: Range, message: string, related: readonly Related[] = []): void {
    this.found.push({ rank: 0, problem: syntaxProblem(range, message, related) });
  }

  /** What the parser could not read, without a reason. */
  vague(range: Range, message: string): void {
    this.found.push({ rank: 2, problem: syntaxProblem(range, message) });
  }
}

/** Of several problems on a line the one of the lowest rank is shown. */
export interface Found {
  readonly rank: 0 | 1 | 2;
  readonly problem: Problem;
}

export function textOf(reader: Reader, range: Range): string {
  return ownText(reader.text.slice(range.start, range.end));
}

export function syntaxProblem(
  range: Range, message: string, related: readonly Related[] = [],
): Problem {
  return { code: 'syntax', severity: 'error', message, range: rangeOf(range), related };
}

export function report(reader: Reader, range: Range, message: string): void {
  reader.gap(range, message);
}

/** Something lacks behind `before`, a node or token that is there. */
export function expected(reader: Reader, what: string, before: Shape): void {
  const token = lastToken(before);
  report(reader, token, `expected ${what} after ${quote(textOf(reader, token))}`);
}

/** A piece of the user's text inside a message: one line, not too long. */
export function quote(text: string): string {
  const line = text.split(/\r?\n/, 1)[0] ?? '';
  const shown = line.length > MAX_QUOTED ? `${line.slice(0, MAX_QUOTED)}...` : line;
  return `\`${shown}\``;
}
const MAX_QUOTED = 40;

/** Runs `body` one level deeper, or `beyond` where the nesting is past the bound. */
export function nested<T>(reader: Reader, node: Shape, body: () => T, beyond: () => T): T {
  if (reader.depth >= MAX_NESTING) {
    report(reader, { start: node.start, end: Math.min(node.end, node.start + 1) },
      `nested more than ${MAX_NESTING} levels deep; what is deeper is not read`);
    return beyond();
  }
  reader.depth++;
  const value = body();
  reader.depth--;
  return value;
}

export function emptyName(at: number): Name {
  return { kind: 'name', text: '', range: { start: at, end: at } };
}

export function nameOf(reader: Reader, node: Shape): Name {
  return { kind: 'name', text: textOf(reader, node), range: rangeOf(node) };
}

/** The name in `field`, or an empty one behind `before` with a problem that says what lacks. */
export function nameIn(reader: Reader, parent: Shape, field: string, lacks: Lacks): Name {
  const node = fieldOf(parent, field);
  if (node !== undefined) return nameOf(reader, node);
  const before = lacks.before ?? parent.children[0] ?? parent;
  if (!isTorn(parent)) expected(reader, lacks.what, before);
  return emptyName(before.end);
}

export interface Lacks {
  readonly what: string;
  readonly before?: Shape | undefined;
}
