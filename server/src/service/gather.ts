// A file with all that it takes in, read for one question: what is open as it stands in the editor,
// the rest from where the texts come from.
import type { FileId } from '../text/range.ts';
import { openFile, type CheckInput, type Opened, type SyntaxParser } from './check-file.ts';
import type { Sources } from './files.ts';

export interface Gathering {
  readonly parser: SyntaxParser;
  readonly sources: Sources;
  /** null: not open. */
  readonly textOf: (file: FileId) => string | null;
}

export interface Gathered {
  readonly input: CheckInput;
  readonly opened: Opened;
  /** All that was looked for, whether it is there or not. */
  readonly files: readonly FileId[];
}

/** `scenario`: the only one to be judged; null: all. null: the file cannot be read. */
export async function gather(
  { parser, sources, textOf }: Gathering, file: FileId, scenario: string | null,
): Promise<Gathered | null> {
  const known = new Map<FileId, string | null>();
  const read = async (each: FileId): Promise<string | null> => {
    const text = textOf(each) ?? await sources.read(each);
    known.set(each, text);
    return text;
  };
  const text = await read(file);
  if (text === null) return null;
  for (;;) {
    const missing = new Set<FileId>();
    const texts: CheckInput['texts'] = {
      resolve: sources.resolve, library: sources.library, modules: sources.modules,
      read(each) {
        if (!known.has(each)) missing.add(each);
        return known.get(each) ?? null;
      },
    };
    const input = { parser, texts, file, text, scenario };
    const opened = openFile(input);
    if (missing.size === 0) return { input, opened, files: [...known.keys()] };
    await Promise.all([...missing].map(read));
  }
}
