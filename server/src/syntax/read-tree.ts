// A whole tree → AST and problems. Declarations the parser took over from the tree before are taken
// over here too, moved to where they are now.
import type { Tree, TreeCursor } from 'web-tree-sitter';
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Decl, SourceFile } from './ast.ts';
import { copyShape, errorOf, isComment, movedShape, type Shape } from './shape.ts';
import { Reader, syntaxProblem, type Found } from './reader.ts';
import { withoutBraceEchoes } from './brace-echoes.ts';
import { damage } from './damage.ts';
import { docAbove } from './doc.ts';
import { lowerTopLevel } from './lower.ts';
import { movedDecl } from './moved.ts';

/** What was read before of the node under the cursor, by its id; undefined: it has to be read. */
export type Known = (id: number, cursor: TreeCursor, text: string) => KnownDecl | undefined;

export const NOTHING_KNOWN: Known = () => undefined;

/** By the parser's id of the node, which a node that is taken over keeps. */
export function knownByNode(known: ReadonlyMap<number, KnownDecl>): Known {
  return (id) => known.get(id);
}

/**
 * By its text, for a tree made anew, as it was before in `text`. All that is known is undamaged,
 * and what the parser could read without damage is the same wherever it stands.
 */
export function knownByText(known: ReadonlyMap<number, KnownDecl>, text: string): Known {
  const byText = new Map<string, KnownDecl>();
  for (const it of known.values()) {
    byText.set(text.slice(it.start, it.start + it.shape.end - it.shape.start), it);
  }
  return (_, cursor, now) => {
    const it = byText.get(now.slice(cursor.startIndex, cursor.endIndex));
    const isSame = it !== undefined && it.shape.type === cursor.nodeType
      && !cursor.currentNode.hasError;
    return isSame ? it : undefined;
  };
}

export interface KnownDecl {
  /** As it was copied; it may have moved since. */
  readonly shape: Shape;
  /** Where it starts. */
  readonly start: number;
  readonly decls: readonly Decl[];
  readonly found: readonly Found[];
}

interface Source {
  readonly text: string;
  readonly file: FileId;
  readonly known: Known;
}

export interface ReadTree {
  readonly file: SourceFile;
  readonly problems: readonly Problem[];
  /** By the parser's id of the node. */
  readonly known: ReadonlyMap<number, KnownDecl>;
  /** What stands at file level. */
  tops(): readonly Shape[];
}

export function readTree(tree: Tree, source: Source): ReadTree {
  const decls: Decl[] = [];
  const found: Found[] = unclosedComment(tree, source.text);
  const known = new Map<number, KnownDecl>();
  const tops = topLevel(tree, source);
  for (const { id, read } of tops) {
    decls.push(...read.decls);
    found.push(...read.found);
    const { type, damaged } = read.shape;
    if (!damaged && (type.endsWith('_declaration') || isComment(read.shape))) known.set(id, read);
  }
  const file = { decls, range: { start: 0, end: source.text.length } };
  return {
    file, known, problems: withoutBraceEchoes(onePerLine(found, source.text), source.text),
    tops: () => tops.map(({ read: { shape, start } }) => placed(shape, start)),
  };
}

interface Top {
  readonly id: number;
  readonly read: KnownDecl;
}

/** The root's children. Where the root itself is an ERROR its loose tokens are gathered in one. */
function topLevel(tree: Tree, source: Source): Top[] {
  const cursor = tree.walk();
  const tops: Top[] = [];
  const loose: Shape[] = [];
  const broken = cursor.nodeType === 'ERROR';
  const gather = (): void => {
    if (loose.length > 0) tops.push({ id: -1, read: readTop(source, errorOf(loose.splice(0))) });
  };
  if (cursor.gotoFirstChild()) {
    do {
      const id = cursor.nodeId;
      const before = source.known(id, cursor, source.text);
      const shape = before?.shape ?? copyShape(cursor);
      if (broken && !shape.type.endsWith('_declaration') && !isComment(shape)) loose.push(shape);
      else {
        gather();
        const read = before === undefined
          ? readTop(source, shape) : takenOver(source, before, cursor.startIndex);
        tops.push({ id, read });
      }
    } while (cursor.gotoNextSibling());
  }
  gather();
  cursor.delete();
  return tops;
}

/** What was read from the same node; at the same place its objects stay the same too. */
function takenOver(source: Source, known: KnownDecl, start: number): KnownDecl {
  // The comment above is no part of the node.
  const doc = known.decls.length === 0 ? null : docAbove(source.text, start);
  if (known.start === start && known.decls.every((decl) => decl.doc === doc)) return known;
  const { shape, found, decls } = known;
  if (found.length > 0) return readTop(source, placed(shape, start));
  const by = start - known.start;
  return { shape, start, found, decls: decls.map((decl) => movedDecl(decl, by, doc)) };
}

function placed(shape: Shape, start: number): Shape {
  return shape.start === start ? shape : movedShape(shape, start - shape.start);
}

function readTop(source: Source, shape: Shape): KnownDecl {
  const reader = new Reader(source.text, source.file);
  damage(reader, shape);
  const decls = lowerTopLevel(reader, shape);
  return { shape, start: shape.start, decls, found: reader.found };
}

/** A comment that is not closed is the text's last token. */
function unclosedComment(tree: Tree, text: string): Found[] {
  if (!text.includes('/*')) return [];
  const cursor = tree.walk();
  while (cursor.gotoLastChild());
  const { nodeType, startIndex, endIndex } = cursor;
  cursor.delete();
  const closed = endIndex - startIndex >= '/**/'.length && text.slice(0, endIndex).endsWith('*/');
  if (nodeType !== 'block_comment' || closed) return [];
  const range = { start: startIndex, end: startIndex + '/*'.length };
  const problem = syntaxProblem(range, 'this comment is not closed; put `*/` at its end');
  return [{ rank: 0, problem }];
}

/** A second problem on a line is mostly an echo of the first. */
function onePerLine(found: readonly Found[], text: string): Problem[] {
  const sorted = [...found].sort((a, b) => a.problem.range.start - b.problem.range.start);
  const kept: Found[] = [];
  let lineEnd = -1;
  for (const one of sorted) {
    const { start } = one.problem.range;
    const last = kept[kept.length - 1];
    if (last === undefined || start > lineEnd) {
      kept.push(one);
      const newline = text.indexOf('\n', start);
      lineEnd = newline < 0 ? text.length : newline;
    } else if (one.rank < last.rank) kept[kept.length - 1] = one;
  }
  return kept.map((one) => one.problem);
}
