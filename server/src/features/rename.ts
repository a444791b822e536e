// Feature: rename. Which places a new name goes to, which names can be none, and whether a file
// still means the same when they are there. The service puts the three together over files.
import type { FileId, Range } from '../text/range.ts';
import { FIELD_WORDS, MEMBER_WORDS, RESERVED_WORDS } from '../text/reserved.ts';
import type { Problem } from '../text/problem.ts';
import type { Model, Occurrence, Sym } from '../analysis/model.ts';
import { same } from './references.ts';

/** One file as it is read, also one that is not open. */
export interface View {
  readonly file: FileId;
  readonly text: string;
  readonly model: Model;
  readonly problems: readonly Problem[];
}

export type Views = ReadonlyMap<FileId, View>;

/** Every place that means the symbol, in all of the files. */
export function occurrencesIn(
  views: Views, sym: Sym,
): readonly (Occurrence & { readonly file: FileId })[] {
  return [...views.values()].flatMap(({ file, model }) => model.occurrences
    .filter((each) => same(each.sym, sym)).map((each) => ({ ...each, file })));
}

const MEMBERS: ReadonlySet<Sym['kind']> = new Set(['member', 'outcome']);

/** Why this can be no name of such a thing; null where it can. */
export function wrongName(name: string, sym: Sym): string | null {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    return `\`${name}\` is no name: a name has letters, digits and \`_\`, and begins with no digit`;
  }
  const may = sym.kind === 'field' ? FIELD_WORDS.has(name)
    : MEMBERS.has(sym.kind) && MEMBER_WORDS.has(name);
  return RESERVED_WORDS.has(name) && !may ? `\`${name}\` is a word of the language` : null;
}

/** Where the ranges of a file are when each of `edits`, in order, has got `length` characters. */
function moved(at: number, edits: readonly Range[], length: number): number {
  let by = 0;
  for (const { start, end } of edits) {
    if (end > at) break;
    by += length - (end - start);
  }
  return at + by;
}

export interface Renaming {
  readonly before: Views;
  readonly after: Views;
  /** By file, in the order of the text. */
  readonly edits: ReadonlyMap<FileId, readonly Range[]>;
  readonly name: string;
}

type PlaceAfter = (file: FileId, offset: number) => number;

/** The first mistake that the name brings: a clash before what follows from it. */
function newMistake({ before, after }: Renaming, at: PlaceAfter): string | null {
  const found = [...before.values()].flatMap(({ file, problems }) => {
    const known = new Set(problems.map(({ code, range }) => `${code} ${at(file, range.start)}`));
    const now = after.get(file)?.problems ?? [];
    return now.filter(({ code, range }) => !known.has(`${code} ${range.start}`));
  });
  const first = ['name', 'type'].flatMap((code) => found.find((each) => each.code === code) ?? []);
  return (first[0] ?? found[0])?.message ?? null;
}

/** Why the files would mean something else afterwards; null where they mean the same. */
export function changedMeaning(renaming: Renaming): string | null {
  const { before, after, edits, name } = renaming;
  const at: PlaceAfter = (file, offset) => moved(offset, edits.get(file) ?? [], name.length);
  const mistake = newMistake(renaming, at);
  if (mistake !== null) return mistake;
  for (const view of before.values()) {
    const now = after.get(view.file);
    if (now === undefined) continue;
    const text = (one: Occurrence, place: PlaceAfter): string =>
      [one.sym.kind, one.sym.at.file, place(one.sym.at.file, one.sym.at.range.start),
        place(view.file, one.range.start)].join(' ');
    const then = view.model.occurrences.map((one) => text(one, at));
    const found = new Set(now.model.occurrences.map((one) => text(one, (_, offset) => offset)));
    const lost = then.findIndex((one) => !found.has(one));
    const other = view.model.occurrences[lost];
    if (other !== undefined) {
      const shown = view.text.slice(other.range.start, other.range.end);
      return `\`${shown}\` would mean something else: \`${name}\` hides a name or is hidden`;
    }
    const more = now.model.occurrences.length - then.length;
    if (more !== 0) return `\`${name}\` has a meaning here already`;
  }
  return null;
}
