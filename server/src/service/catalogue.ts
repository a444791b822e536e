// The files of the workspace that are in no editor: found through the client when a question is
// asked that they belong to, never before; read once for each text; and which takes in which.
import type { FileId, Range } from '../text/range.ts';
import type { Sym } from '../analysis/model.ts';
import type { Views } from '../features/rename.ts';
import { declared } from '../features/workspace-symbols.ts';
import type { UseDecl } from '../features/nodes.ts';
import type { SourceFile } from '../syntax/ast.ts';
import type { SyntaxParser } from '../syntax/parse.ts';
import type { Files, Sources } from './files.ts';
import { readFile } from './front.ts';
import { sliced } from './sliced.ts';
import { readViews } from './views.ts';
import type { Clock } from './workspace.ts';

/** Which files a question is about. */
export interface Around {
  /** This file, and those that take it in, directly or not. */
  readonly file: FileId;
  /** Of files that are not open, those whose text has one of these. */
  readonly names: readonly string[];
}

export interface Catalogue {
  /** Looks for the files if need be, and reads what is not read yet. */
  ready(): Promise<void>;
  /** There are more files than are looked at; as of the last `ready`. */
  readonly cut: boolean;
  /** All that were found, open or not. */
  readonly found: ReadonlySet<FileId>;
  /** A file is there now, or is no longer. */
  appeared(file: FileId): void;
  vanished(file: FileId): void;
  /** Each file as it is read, with some texts in place of theirs. */
  views(changed: ReadonlyMap<FileId, string>, around: Around): Views;
  /** What all files declare. */
  symbols(): Promise<readonly Sym[]>;
  /** The `use` declarations that name the file. */
  usersOf(file: FileId): readonly { readonly file: FileId; readonly range: Range }[];
  /** What it takes in, directly or not, there or not. */
  closure(file: FileId): ReadonlySet<FileId>;
  /** null: neither open nor read. */
  textOf(file: FileId): string | null;
  /** Whether the text that is not open is still what lies there; else it is read again. */
  holds(file: FileId): Promise<boolean>;
}

export interface CatalogueOptions {
  readonly parser: SyntaxParser;
  readonly sources: Sources;
  readonly files: Files;
  readonly clock: Clock;
  /** Open files with all that they take in. */
  readonly open: () => ReadonlyMap<FileId, ReadonlySet<FileId>>;
}

/** A workspace of protocols has hundreds; more text than this is not held for questions. */
export const TEXT_MAX = 64 * 2 ** 20;

/** Files that are read at a time: each may be asked of another machine. */
const AT_ONCE = 32;

/** What is known of one text. */
interface Known {
  readonly text: string;
  readonly uses: readonly UseDecl[];
  /** null: not asked for yet. */
  symbols: readonly Sym[] | null;
}

export function createCatalogue(options: CatalogueOptions): Catalogue {
  return new WorkspaceCatalogue(options);
}

class WorkspaceCatalogue implements Catalogue {
  cut = false;
  readonly found = new Set<FileId>();
  readonly #options: CatalogueOptions;
  readonly #known = new Map<FileId, Known>();
  #looked: Promise<void> | null = null;

  constructor(options: CatalogueOptions) {
    this.#options = options;
  }

  async ready(): Promise<void> {
    await (this.#looked ??= this.#look());
    const { files, clock } = this.#options;
    const all = [...this.found];
    for (let size = 0, at = 0; at < all.length; at += AT_ONCE) {
      if (size > TEXT_MAX) {
        this.cut = true;
        break;
      }
      const texts = await Promise.all(all.slice(at, at + AT_ONCE).map((file) => files.load(file)));
      for (const text of texts) size += text?.length ?? 0;
    }
    await sliced(clock, this.found, (file) => void this.#of(file));
    for (;;) {
      const waits = [...this.found].flatMap((file) => this.#pendingIn(file));
      if (waits.length === 0) return;
      await Promise.all(waits);
    }
  }

  appeared(file: FileId): void {
    if (this.#looked !== null) this.found.add(file); // Else it will be found.
  }

  vanished(file: FileId): void {
    this.found.delete(file);
    this.#known.delete(file);
  }

  views(changed: ReadonlyMap<FileId, string>, { file: target, names }: Around): Views {
    const { parser, files } = this.#options;
    const texts = new Map<FileId, string>();
    for (const file of this.#atHand().add(target)) {
      const before = this.textOf(file);
      if (before === null) continue;
      const isNamed = this.#isOpen(file) || names.some((name) => before.includes(name));
      if (file !== target && !(isNamed && this.closure(file).has(target))) continue;
      texts.set(file, changed.get(file) ?? before);
    }
    return readViews({ parser, files, texts });
  }

  async symbols(): Promise<readonly Sym[]> {
    const all: Sym[] = [];
    await sliced(this.#options.clock, this.#atHand(), (file) => {
      const known = this.#of(file);
      if (known === null) return;
      known.symbols ??= this.#declaredIn(file, known.text);
      all.push(...known.symbols);
    });
    return all;
  }

  usersOf(target: FileId): readonly { readonly file: FileId; readonly range: Range }[] {
    const { files } = this.#options;
    return [...this.#atHand()].flatMap((file) => (this.#of(file)?.uses ?? [])
      .filter((decl) => files.target(file, decl) === target)
      .map((decl) => ({ file, range: decl.targetRange })));
  }

  closure(file: FileId): ReadonlySet<FileId> {
    const { files } = this.#options;
    const all = new Set<FileId>();
    const visit = (from: FileId, uses: readonly UseDecl[]): void => {
      for (const decl of uses) {
        const target = files.target(from, decl);
        if (target === null || all.has(target)) continue;
        all.add(target);
        const used = files.use(from, decl);
        if (!('failure' in used)) visit(target, usesIn(used.source));
      }
    };
    visit(file, this.#of(file)?.uses ?? []);
    return all;
  }

  textOf(file: FileId): string | null {
    return this.#options.files.textOf(file);
  }

  async holds(file: FileId): Promise<boolean> {
    if (this.#isOpen(file)) return true;
    const { files, sources } = this.#options;
    const text = await sources.read(file);
    if (text === this.textOf(file)) return true;
    files.forget(file);
    if (text === null) this.vanished(file);
    return false;
  }

  async #look(): Promise<void> {
    const { files, more } = await this.#options.sources.find?.() ?? { files: [], more: false };
    for (const file of files) this.found.add(file);
    this.cut = more;
  }

  #isOpen(file: FileId): boolean {
    return this.#options.open().has(file);
  }

  /** Those that a person can open: the open and the found ones, and what they take in. */
  #atHand(): Set<FileId> {
    const { open, sources: { isOpenable } } = this.#options;
    const all = new Set([...open()].flatMap(([file, uses]) => [file, ...uses]));
    for (const file of this.found) for (const each of [file, ...this.closure(file)]) all.add(each);
    for (const file of all) if (isOpenable?.(file) === false) all.delete(file);
    return all;
  }

  /** null: its text is not known. */
  #of(file: FileId): Known | null {
    const text = this.textOf(file);
    if (text === null) return null;
    const before = this.#known.get(file);
    if (before?.text === text) return before;
    const syntax = this.#options.parser.parse(text, file);
    syntax.dispose();
    const known: Known = { text, uses: usesIn(syntax.file), symbols: null };
    this.#known.set(file, known);
    return known;
  }

  #declaredIn(file: FileId, text: string): readonly Sym[] {
    const { parser, files } = this.#options;
    const syntax = parser.parse(text, file);
    syntax.dispose();
    return declared(readFile({ file, syntax, use: files.use }).model);
  }

  /** Of what it takes in, what is still on its way. */
  #pendingIn(file: FileId): readonly Promise<void>[] {
    return [...this.closure(file)].flatMap((used) => this.#options.files.pending(used) ?? []);
  }
}

function usesIn({ decls }: SourceFile): readonly UseDecl[] {
  return decls.filter((decl): decl is UseDecl => decl.kind === 'use');
}
