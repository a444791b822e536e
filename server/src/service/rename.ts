// Renaming over files: the edits, made only where everything means the same with them.
import type { FileId, Range } from '../text/range.ts';
import { occurrenceAt } from '../features/references.ts';
import { changedMeaning, occurrencesIn, wrongName, type Views } from '../features/rename.ts';
import type { Snapshot } from '../features/snapshot.ts';

export type Renamed =
  | { readonly kind: 'edits'; readonly edits: ReadonlyMap<FileId, readonly Range[]> }
  | { readonly kind: 'refused'; readonly why: string };

export interface RenameQuestion {
  readonly snapshot: Pick<Snapshot, 'model'>;
  readonly offset: number;
  readonly name: string;
  /** All files that may have the name, with some texts in the place of theirs. */
  readonly views: (changed: ReadonlyMap<FileId, string>) => Views;
  /** Whether a person can edit it. */
  readonly isOpenable: (file: FileId) => boolean;
}

/** What would be renamed at a place; why nothing can be. */
export function renamable(
  { snapshot, offset, isOpenable }: Omit<RenameQuestion, 'name' | 'views'>,
): { readonly range: Range } | { readonly why: string } {
  const found = occurrenceAt(snapshot, offset);
  if (found === null) return { why: 'there is no name here' };
  if (!isOpenable(found.sym.at.file)) {
    return { why: `\`${found.sym.name}\` is declared in the library, which cannot be changed` };
  }
  return { range: found.range };
}

export function renamed(question: RenameQuestion): Renamed {
  const { snapshot, offset, name, views } = question;
  const may = renamable(question);
  if ('why' in may) return { kind: 'refused', why: may.why };
  const found = occurrenceAt(snapshot, offset);
  const wrong = found === null ? null : wrongName(name, found.sym);
  if (found === null || wrong !== null) return { kind: 'refused', why: wrong ?? '' };
  const before = views(new Map());
  const edits = new Map<FileId, Range[]>();
  for (const { file, range } of occurrencesIn(before, found.sym)) {
    const known = edits.get(file) ?? [];
    if (!known.some(({ start }) => start === range.start)) known.push(range);
    edits.set(file, known);
  }
  const texts = new Map([...edits].map(([file, ranges]) =>
    [file, withName(before.get(file)?.text ?? '', ranges, name)] as const));
  const why = changedMeaning({ before, after: views(texts), edits, name });
  return why === null ? { kind: 'edits', edits } : { kind: 'refused', why };
}

function withName(text: string, ranges: readonly Range[], name: string): string {
  return [...ranges].reverse().reduce((all, { start, end }) =>
    all.slice(0, start) + name + all.slice(end), text);
}
