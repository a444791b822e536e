// A whole tree → AST and problems. Declarations the parser took over from the tree before, at the
// place where they were, are taken over here too.
import type { Tree } from 'web-tree-sitter';
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Decl, SourceFile } from './ast.ts';
import { copyShape, type Shape } from './shape.ts';
import type { Reader } from './reader.ts';
import { damage } from './damage.ts';
import { docAbove } from './doc.ts';
import { lowerTopLevel } from './lower.ts';

/** By the parser's id of the node, which a node that is taken over keeps. */
export type Known = ReadonlyMap<number, KnownDecl>;

interface KnownDecl {
  readonly decl: Decl;
  readonly problems: readonly Problem[];
}

interface Source {
  readonly text: string;
  readonly file: FileId;
  readonly known: Known;
}

export interface ReadTree {
  readonly file: SourceFile;
  readonly problems: readonly Problem[];
  readonly known: Known;
}

export function readTree(tree: Tree, source: Source): ReadTree {
  const cursor = tree.walk();
  const decls: Decl[] = [];
  const problems: Problem[] = [];
  const known = new Map<number, KnownDecl>();
  if (cursor.gotoFirstChild()) {
    do {
      const id = cursor.nodeId;
      const kept = takenOver(source, id, cursor.startIndex);
      if (kept !== undefined) {
        decls.push(kept.decl);
        problems.push(...kept.problems);
        known.set(id, kept);
        continue;
      }
      const shape = copyShape(cursor);
      const read = readTopLevel(source, shape);
      decls.push(...read.decls);
      problems.push(...read.problems);
      const [decl] = read.decls;
      if (decl !== undefined && shape.type.endsWith('_declaration') && !shape.damaged) {
        known.set(id, { decl, problems: read.problems });
      }
    } while (cursor.gotoNextSibling());
  }
  cursor.delete();
  const file = { decls, range: { start: 0, end: source.text.length } };
  return { file, problems: onePerLine(problems, source.text), known };
}

function takenOver(source: Source, id: number, start: number): KnownDecl | undefined {
  const kept = source.known.get(id);
  if (kept === undefined || kept.decl.range.start !== start) return undefined;
  // The comment above is no part of the node.
  const doc = docAbove(source.text, start);
  return kept.decl.doc === doc ? kept : { ...kept, decl: { ...kept.decl, doc } };
}

function readTopLevel(source: Source, shape: Shape) {
  const reader: Reader = { text: source.text, file: source.file, problems: [], depth: 0 };
  damage(reader, shape);
  const decls = lowerTopLevel(reader, shape);
  return { decls, problems: reader.problems };
}

/** A second problem on a line is mostly an echo of the first. */
function onePerLine(problems: readonly Problem[], text: string): Problem[] {
  const sorted = [...problems].sort((a, b) => a.range.start - b.range.start);
  const kept: Problem[] = [];
  for (const problem of sorted) {
    const last = kept[kept.length - 1];
    const from = last?.range.start ?? 0;
    const sameLine = last !== undefined && !text.slice(from, problem.range.start).includes('\n');
    if (!sameLine) kept.push(problem);
  }
  return kept;
}
