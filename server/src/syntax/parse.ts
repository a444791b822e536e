// Text → AST and problems, from scratch or from the parse before an edit. The only file that runs
// tree-sitter; it hands out plain data and keeps the trees to itself.
import { Edit, Language, Parser, type Tree } from 'web-tree-sitter';
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import { changeBetween } from '../text/edit.ts';
import type { SourceFile } from './ast.ts';
import { leavesOf, type Leaf } from './leaves.ts';
import {
  knownByNode, knownByText, NOTHING_KNOWN, readTree, type Known, type KnownDecl,
} from './read-tree.ts';
import { syntaxProblem } from './reader.ts';
import type { Shape } from './shape.ts';

/** Longer texts are refused with one problem: ten thousand scenarios still fit. */
export const MAX_TEXT_LENGTH = 1024 * 1024;

/**
 * Texts longer than this that hold a NUL or a character that could not be decoded are refused too:
 * no sketch is so, and recovery from noise takes up to 3 s of processor time a mebibyte.
 */
export const MAX_NOISE_LENGTH = 64 * 1024;
const NOISE = /[\0\uFFFD]/;

/** The bytes of web-tree-sitter.wasm and of mmlock.wasm. */
export interface SyntaxWasm {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}

/** One version of one file. Plain data; stays valid when its tree is gone. */
export interface Syntax {
  readonly fileId: FileId;
  readonly text: string;
  readonly file: SourceFile;
  /** All of code `syntax`, in the order of the text, at most one a line. */
  readonly problems: readonly Problem[];
  /** Frees the tree that `reparse` would start from. */
  dispose(): void;
}

interface Held {
  readonly tree: Tree;
  readonly known: ReadonlyMap<number, KnownDecl>;
  readonly tops: () => readonly Shape[];
}

export class SyntaxParser {
  readonly #parser: Parser;
  readonly #held = new WeakMap<Syntax, Held>();

  constructor(parser: Parser) {
    this.#parser = parser;
  }

  /** Never throws on any text. `fileId` only names the file in related places of problems. */
  parse(text: string, fileId: FileId = ''): Syntax {
    if (isRefused(text)) return refused(text, fileId);
    return this.#finish(text, fileId, this.#parser.parse(text), NOTHING_KNOWN);
  }

  /**
   * Equal to `parse(text)` but quick where little changed since `previous`, whose tree is freed:
   * each `Syntax` is the start of at most one incremental parse (a second one is a fresh parse).
   */
  reparse(previous: Syntax, text: string): Syntax {
    const held = this.#held.get(previous);
    const { fileId } = previous;
    if (held === undefined || isRefused(text)) {
      previous.dispose();
      return this.parse(text, fileId);
    }
    const edit = editBetween(previous.text, text);
    if (edit !== null) held.tree.edit(edit);
    const tree = this.#parser.parse(text, held.tree);
    if (tree?.rootNode.hasError === true) {
      // How the parser gets over an error may depend on what it took over. (Undamaged trees have
      // been equal in all of many thousand random edits.) What is said must depend on the text.
      tree.delete();
      const known = knownByText(held.known, previous.text);
      const syntax = this.#finish(text, fileId, this.#parser.parse(text), known);
      previous.dispose();
      return syntax;
    }
    const syntax = this.#finish(text, fileId, tree, knownByNode(held.known));
    previous.dispose();
    return syntax;
  }

  /** None where the text was refused, or `syntax` is disposed. */
  leaves(syntax: Syntax): readonly Leaf[] {
    return leavesOf(this.#held.get(syntax)?.tops() ?? []);
  }

  dispose(): void {
    this.#parser.delete();
  }

  #finish(text: string, fileId: FileId, tree: Tree | null, known: Known): Syntax {
    // Null only without a language or with a progress callback that cancels; we have no such.
    if (tree === null) throw new Error('the parser was not given its language');
    const read = readTree(tree, { text, file: fileId, known });
    const syntax: Syntax = {
      fileId, text, file: read.file, problems: read.problems, dispose: () => this.#free(syntax),
    };
    this.#held.set(syntax, { tree, known: read.known, tops: read.tops });
    return syntax;
  }

  #free(syntax: Syntax): void {
    this.#held.get(syntax)?.tree.delete();
    this.#held.delete(syntax);
  }
}

export async function createParser(wasm: SyntaxWasm): Promise<SyntaxParser> {
  await Parser.init({ wasmBinary: wasm.runtime.slice().buffer });
  const parser = new Parser();
  parser.setLanguage(await Language.load(wasm.grammar));
  return new SyntaxParser(parser);
}

function isRefused(text: string): boolean {
  return text.length > MAX_TEXT_LENGTH || (text.length > MAX_NOISE_LENGTH && NOISE.test(text));
}

function refused(text: string, fileId: FileId): Syntax {
  const range = { start: 0, end: text.length };
  const firstLine = { start: 0, end: Math.min(text.length, 1) };
  const message = text.length > MAX_TEXT_LENGTH
    ? `this file is too long to be read (${text.length} characters; at most `
      + `${MAX_TEXT_LENGTH}); split it and take in the parts with \`use\``
    : 'this is no text in UTF-8, so it is not read';
  return {
    fileId, text, dispose: () => {}, problems: [syntaxProblem(firstLine, message)],
    file: { decls: [{ kind: 'hole', range, doc: null }], range },
  };
}

function editBetween(before: string, after: string): Edit | null {
  const change = changeBetween(before, after);
  if (change === null) return null;
  return new Edit({
    startIndex: change.start,
    oldEndIndex: change.oldEnd,
    newEndIndex: change.newEnd,
    startPosition: pointAt(before, change.start),
    oldEndPosition: pointAt(before, change.oldEnd),
    newEndPosition: pointAt(after, change.newEnd),
  });
}

function pointAt(text: string, offset: number): { row: number; column: number } {
  let row = 0;
  let lineStart = 0;
  for (;;) {
    const newline = text.indexOf('\n', lineStart);
    if (newline < 0 || newline >= offset) return { row, column: offset - lineStart };
    lineStart = newline + 1;
    row++;
  }
}
