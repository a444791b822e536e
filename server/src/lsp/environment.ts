// What a host gives the server: its parts, its clock, files where it can read them, and a checker.
import type { Checker } from '../service/checker.ts';
import type { Shelf } from '../service/store.ts';
import type { Clock } from '../service/workspace.ts';
import type { BrowserParts } from './protocol.ts';

export interface Environment {
  readonly clock: Clock;
  /** The bytes of web-tree-sitter.wasm and mmlock.wasm. */
  grammar(parts: BrowserParts | null): Promise<GrammarBytes>;
  checker(parts: BrowserParts | null): Checker;
  /** Where verdicts are kept after the session; null: nowhere. */
  keeping(options: KeepingOptions): Keeping | null;
  /**
   * The text of a file that the host can read itself, null where there is none such; undefined
   * where only the client can know.
   */
  readFile(uri: string): Promise<string | null | undefined>;
}

export interface KeepingOptions {
  /** The URI of a folder that is the client's to give; null where it gave none. */
  readonly storage: string | null;
  readonly parts: BrowserParts | null;
}
export interface Keeping {
  readonly shelf: Shelf;
  /** As in `StoredOptions`. */
  readonly engine: Promise<string>;
}

export interface GrammarBytes {
  readonly runtime: Uint8Array;
  readonly grammar: Uint8Array;
}
