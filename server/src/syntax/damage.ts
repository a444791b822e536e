// What the parser could not read: each ERROR and each missing token becomes one problem, and so do
// braces that are never closed. A walk in a loop, over damaged branches only.
import type { Range } from '../text/range.ts';
import type { Related } from '../text/problem.ts';
import { lackingClose, lastToken, rangeOf, type Shape } from './shape.ts';
import { quote, type Reader } from './reader.ts';
import {
  ASSIGNS, asksOnLine, explainError, isReserved, isUnclosedText, TEXT_NOT_CLOSED,
} from './explain.ts';
import {
  assignmentSign, firstOfLine, lineStart, sameLine, tokenBefore, tokensIn, type Token,
} from './tokens.ts';
import { RESERVED_WORDS, wantedAfter } from './words.ts';

interface Visit {
  readonly node: Shape;
  readonly parent: Shape | undefined;
}

export function damage(reader: Reader, root: Shape): void {
  const visits: Visit[] = [{ node: root, parent: undefined }];
  const unclosed: Shape[] = [];
  let lastError = -1;
  for (;;) {
    const visit = visits.pop();
    if (visit === undefined) break;
    const { node, parent } = visit;
    if (!node.damaged) continue;
    if (node.missing) {
      reportMissing(reader, node, parent);
    } else if (node.type === 'ERROR') {
      // An ERROR right behind another is its echo.
      const echo = lastError >= 0 && reader.text.slice(lastError, node.start).trim() === '';
      if (!echo) explainError(reader, node, parent);
      lastError = node.end;
    } else if (!isSwallowedBlock(reader, node)) {
      if (lackingClose(node) !== undefined) unclosed.push(node);
      for (let i = node.children.length - 1; i >= 0; i--) {
        const child = node.children[i];
        if (child !== undefined) visits.push({ node: child, parent: node });
      }
    }
  }
  if (unclosed.length > 0) reportUnclosed(reader, unclosed);
}

/** `for i in 0.. {` and statements: the parser took the block for a set. Reported here if so. */
function isSwallowedBlock(reader: Reader, node: Shape): boolean {
  if (node.type !== 'set_expression' || sameLine(reader.text, node.start, node.end)) return false;
  const before = tokenBefore(reader.text, node.start);
  const what = before === undefined ? undefined : wanted(reader, before);
  if (before === undefined || what === undefined) return false;
  reader.damage(before, `expected ${what} after ${quote(before.text)}`);
  return true;
}

/** A missing token: the parser knew what has to stand there. */
function reportMissing(reader: Reader, node: Shape, parent: Shape | undefined): void {
  const { text } = reader;
  const before = tokenBefore(text, node.start);
  if (before === undefined) {
    reader.damage(rangeOf(node), `expected ${missingName(node, parent)}`);
    return;
  }
  const assigns = assignmentInCondition(reader, node, parent);
  if (assigns !== undefined) {
    reader.damage(assigns, ASSIGNS);
    return;
  }
  // `x =`, and `y = 3` on the next line: the parser took y for the value.
  const above = lineStart(text, before.start) === lineStart(text, node.start)
    && text.slice(lineStart(text, before.start), before.start).trim() === ''
    ? tokenBefore(text, before.start) : undefined;
  const wantedAbove = above === undefined ? undefined : wanted(reader, above);
  if (above !== undefined && wantedAbove !== undefined) {
    reader.damage(above, `expected ${wantedAbove} after ${quote(above.text)}`);
    return;
  }
  const what = /^[A-Za-z]/.test(node.type)
    ? wanted(reader, before) ?? missingName(node, parent) : quote(node.type);
  const message = `expected ${what} after ${quote(before.text)}`;
  reader.damage(before, message, opening(reader, node, parent));
}

/** `if x = 1`: the parser took what begins with `=` for an assignment to nothing. */
function assignmentInCondition(
  reader: Reader, node: Shape, parent: Shape | undefined,
): Range | undefined {
  if (parent?.type !== 'variable') return undefined;
  const sign = assignmentSign(reader.text, node.start);
  return sign !== undefined && asksOnLine(reader.text, sign.start) ? sign : undefined;
}

function wanted(reader: Reader, token: Token): string | undefined {
  return wantedAfter(token.text, firstOfLine(reader.text, token.start)?.text ?? '');
}

function missingName(node: Shape, parent: Shape | undefined): string {
  if (node.type === 'string') return 'a text in quotes';
  if (node.type !== 'identifier') return quote(node.type);
  return parent?.type === 'variable' ? 'an expression' : 'a name';
}

function opening(reader: Reader, node: Shape, parent: Shape | undefined): Related[] {
  const open = node.type === ')' ? '(' : node.type === ']' ? '[' : undefined;
  const token = parent?.children.find((child) => child.type === open);
  if (open === undefined || token === undefined) return [];
  const message = `this ${quote(open)} is not closed`;
  return [{ file: reader.file, range: rangeOf(token), message }];
}

function reportUnclosed(reader: Reader, unclosed: readonly Shape[]): void {
  const [outer] = unclosed;
  if (outer === undefined) return;
  const related = unclosed.map((node): Related => ({
    file: reader.file, range: { start: node.start, end: node.start + 1 },
    message: `this ${quote(reader.text.charAt(node.start))} is not closed`,
  }));
  const suspect = suspectBrace(reader, outer);
  if (suspect !== undefined) {
    related.push({
      file: reader.file, range: suspect,
      message: 'by the indentation this `{` is the one that is not closed',
    });
  }
  const close = quote(lackingClose(outer) ?? '}');
  const many = unclosed.length === 1 ? close : `${unclosed.length} times ${close}`;
  const last = lastToken(outer);
  const lastText = reader.text.slice(last.start, last.end);
  if (isUnclosedText(lastText)) {
    // It swallowed the brace.
    reader.damage(last, TEXT_NOT_CLOSED);
    return;
  }
  const reserved = reservedBehind(reader, last, lastText);
  if (reserved !== undefined) {
    reader.damage(reserved, isReserved(reserved));
    return;
  }
  const after = quote(lastText);
  const message = after === close
    ? `expected one more ${close}: something that was opened above is not closed`
    : `expected ${many} after ${after}`;
  reader.damage(last, message, related);
}

/** `enum e { modified, shared }`: the parser took the word for the next declaration. */
function reservedBehind(reader: Reader, { end }: Range, before: string): Token | undefined {
  if (before !== ',') return undefined;
  const [next, sign] = tokensIn(reader.text, { start: end, end: end + MAX_AHEAD });
  const isMember = sign !== undefined && /^[,}]$/.test(sign.text);
  return next !== undefined && isMember && RESERVED_WORDS.has(next.text) ? next : undefined;
}
/** Further on the next word is not looked for. */
const MAX_AHEAD = 200;

/** The innermost block whose `}` stands further left than the line it was opened on. */
function suspectBrace(reader: Reader, outer: Shape): Range | undefined {
  const { text } = reader;
  const visits: Shape[] = [...outer.children];
  let suspect: Range | undefined;
  for (;;) {
    const node = visits.pop();
    if (node === undefined) return suspect;
    for (const child of node.children) visits.push(child);
    const brace = node.children[node.children.length - 1];
    if (node.type !== 'block' || brace?.type !== '}') continue;
    const own = indentation(text, brace.start);
    if (own === undefined || own >= (indentation(text, node.start, true) ?? 0)) continue;
    if (suspect === undefined || node.start > suspect.start) {
      suspect = { start: node.start, end: node.start + 1 };
    }
  }
}

/** The width of the white space a line starts with; undefined where other text comes first. */
function indentation(text: string, offset: number, anywhere = false): number | undefined {
  const start = lineStart(text, offset);
  const line = text.slice(start, offset);
  const width = line.length - line.trimStart().length;
  return anywhere || width === line.length ? width : undefined;
}
