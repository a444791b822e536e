// What the server asks its client about files. Part of protocol.ts, which is long enough.

/** Server → client. */
export const READ_FILE = 'mmlock/readFile';
/** Server → client: asked when a question needs them, and then once. */
export const FIND_FILES = 'mmlock/findFiles';

/** The text of a file, read by the client: it may be on no disk. */
export interface ReadFileParams {
  readonly uri: string;
}
/** null: there is no such file, or it cannot be read. */
export type ReadFileResult = { readonly text: string } | null;

export interface FindFilesResult {
  /** The `.mmlock` files of the workspace, without what the user excludes. */
  readonly files: readonly string[];
  /** There are more. */
  readonly more: boolean;
}
