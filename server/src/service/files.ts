// The texts and trees of the files at hand: open documents (whose text wins), library modules, and
// files read from the host because a `use` names them. Parsed once for each version of a text.
import type { FileId } from '../text/range.ts';
import type { UsedFile, UseFailure } from '../analysis/input.ts';
import type { Decl } from '../syntax/ast.ts';
import type { Syntax, SyntaxParser } from '../syntax/parse.ts';
import { edited, type TextEdit } from './edits.ts';

type UseDecl = Extract<Decl, { kind: 'use' }>;

/** Where texts come from. */
export interface Sources {
  /** What `use "path"` in `from` means; null where no file can be named so. */
  resolve(from: FileId, path: string): FileId | null;
  /** null: there is no such file. Never rejects. */
  read(file: FileId): Promise<string | null>;
  /** A bundled module; null where there is none of that name. */
  library(module: string): { readonly file: FileId; readonly text: string } | null;
  readonly modules: readonly string[];
  /** Equal for two names of one file: clients escape differently. */
  readonly plain?: (file: FileId) => string;
  /** Whether a person can open and edit it: not so a bundled module. */
  readonly isOpenable?: (file: FileId) => boolean;
  /** The files of the workspace, as far as there are not more than anybody has. Never rejects. */
  readonly find?: () => Promise<{ readonly files: readonly FileId[]; readonly more: boolean }>;
}

export interface OpenFile {
  readonly file: FileId;
  readonly version: number;
  readonly text: string;
  /** Parses if need be: only what changed since the last time. */
  syntax(): Syntax;
  edit(version: number, edits: readonly TextEdit[]): void;
  dispose(): void;
}

export interface Files {
  open(file: FileId, version: number, text: string): OpenFile;
  /** What a `use` takes in. What was not read yet is asked for, and is `pending` until then. */
  use(from: FileId, decl: UseDecl): UsedFile | UseFailure;
  target(from: FileId, decl: UseDecl): FileId | null;
  /** Text of a file that is open, bundled or was read. */
  textOf(file: FileId): string | null;
  pending(file: FileId): Promise<void> | null;
  /** Its text, read if it is not at hand; null: it is not there. */
  load(file: FileId): Promise<string | null>;
  /** Forgets what was read of it, so that it is read again; by which names that was. */
  forget(file: FileId): readonly FileId[];
}

interface ReadFile {
  /** null: it is not there. undefined: on its way. */
  text: string | null | undefined;
  used: UsedFile | null;
  readonly arrived: Promise<void>;
}

export function createFiles(
  parser: SyntaxParser, sources: Sources, onArrival: (file: FileId) => void,
): Files {
  const opened = new Map<FileId, OpenFile>();
  const read = new Map<FileId, ReadFile>();

  const ask = (file: FileId): ReadFile => {
    const entry: ReadFile = readFrom(sources, file, () => {
      if (read.get(file) === entry) onArrival(file);
    });
    read.set(file, entry);
    return entry;
  };
  const known = (file: FileId, text: string): UsedFile => {
    const entry = read.get(file);
    if (entry?.used != null && entry.used.text === text) return entry.used;
    const used = parsedOnce(parser, file, text);
    read.set(file, { text, used, arrived: Promise.resolve() });
    return used;
  };
  const target = (from: FileId, decl: UseDecl): FileId | null => {
    if (decl.module !== null) return sources.library(decl.module)?.file ?? null;
    return decl.path === null ? null : sources.resolve(from, decl.path);
  };
  const textOf = (file: FileId): string | null =>
    opened.get(file)?.text ?? read.get(file)?.text ?? null;
  return {
    target, textOf,
    async load(file) {
      if (!opened.has(file)) await (read.get(file) ?? ask(file)).arrived;
      return textOf(file);
    },
    open(file, version, text) {
      const document = openFile(parser, { file, version, text }, () => opened.delete(file));
      opened.set(file, document);
      return document;
    },
    use(from, decl) {
      if (decl.module !== null) {
        const found = sources.library(decl.module);
        if (found === null) return { failure: 'no_module', candidates: sources.modules };
        return known(found.file, found.text);
      }
      const file = target(from, decl);
      if (file === null) return { failure: 'no_file' };
      const document = opened.get(file);
      if (document !== undefined) return asUsed(document);
      const { text } = read.get(file) ?? ask(file);
      if (text == null) return { failure: 'no_file' };
      return known(file, text);
    },
    pending(file) {
      const entry = read.get(file);
      return entry !== undefined && entry.text === undefined ? entry.arrived : null;
    },
    forget: (file) => forgotten(read, file, sources.plain),
  };
}

/** `file` first, then its other names among `read`. */
function forgotten(
  read: Map<FileId, ReadFile>, file: FileId, plain: Sources['plain'],
): readonly FileId[] {
  const names = [file];
  for (const each of plain === undefined ? [] : read.keys()) {
    if (each !== file && plain?.(each) === plain?.(file)) names.push(each);
  }
  for (const each of names) read.delete(each);
  return names;
}

function readFrom(sources: Sources, file: FileId, onArrival: () => void): ReadFile {
  const entry: Omit<ReadFile, 'arrived'> = { text: undefined, used: null };
  const arrived = sources.read(file).then((text) => {
    entry.text = text;
    onArrival();
  });
  return Object.assign(entry, { arrived });
}

function asUsed(document: OpenFile): UsedFile {
  const syntax = document.syntax();
  const { file, text } = document;
  return { file, text, source: syntax.file, syntaxProblems: syntax.problems };
}

/** Only the AST is kept: nobody edits this text here. */
function parsedOnce(parser: SyntaxParser, file: FileId, text: string): UsedFile {
  const syntax = parser.parse(text, file);
  syntax.dispose();
  return { file, text, source: syntax.file, syntaxProblems: syntax.problems };
}

function openFile(
  parser: SyntaxParser, start: Pick<OpenFile, 'file' | 'version' | 'text'>, onDispose: () => void,
): OpenFile {
  let { version, text } = start;
  let syntax: Syntax | null = null;
  return {
    file: start.file,
    get version() { return version; },
    get text() { return text; },
    syntax() {
      if (syntax === null) syntax = parser.parse(text, start.file);
      else if (syntax.text !== text) syntax = parser.reparse(syntax, text);
      return syntax;
    },
    edit(newVersion, more) {
      version = newVersion;
      text = edited(text, more);
    },
    dispose() {
      syntax?.dispose();
      onDispose();
    },
  };
}
