// Feature: signature help. The parameters of what is being called, and which of them the place is
// in: procs, threads that a scenario runs, and the words of the language with parentheses.
import { namesAt, type DeclOf } from './completion/names.ts';
import { meaningOf } from './keywords.ts';
import { proseAt } from './lexemes.ts';
import type { Snapshot } from './snapshot.ts';
import { lastIndex, openedAt } from './tokens.ts';

export interface Signature {
  readonly label: string;
  /** Each a part of the label, by where it begins and ends in it. */
  readonly parameters: readonly (readonly [start: number, end: number])[];
  /** Markdown. */
  readonly doc: string | null;
  /** Behind the last one: none is marked. */
  readonly active: number;
}

const WORDS: ReadonlyMap<string, readonly string[]> = new Map([
  ['READ_ONCE', ['x']], ['WRITE_ONCE', ['x', 'value']], ['cmpxchg', ['x', 'old', 'new']],
  ['count', ['i in range: condition']], ['exp', ['mean']],
]);

export function signature(snapshot: Snapshot, offset: number): Signature | null {
  const { text, model } = snapshot;
  if (proseAt(text, offset) !== null) return null;
  const opened = openedAt(text.slice(0, offset));
  const at = lastIndex(opened.frames, ({ kind }) => kind === 'call');
  const frame = opened.frames[at];
  const inner = opened.frames[at + 1];
  if (frame === undefined || frame.head[0]?.text === 'expect') return null;
  if (opened.frames.slice(at + 1).some(({ open }) => open.text === '{')) return null;
  const name = frame.head.at(-1)?.text ?? '';
  const active = (inner?.head ?? opened.phrase).filter((token) => token.text === ',').length;
  const parts = WORDS.get(name);
  if (parts !== undefined) return made(`${name}(`, parts, { doc: meaningOf(name), active });
  const decl = namesAt(model, opened).decls.get(name);
  if (decl?.kind !== 'proc' && decl?.kind !== 'thread') return null;
  const parameters = decl.params.map(({ range }) => paramText(snapshot, decl, range));
  const tail = resultOf(snapshot, decl);
  return made(`${name}(`, parameters, { doc: decl.doc, active, tail });
}

type Owner = DeclOf<'proc'> | DeclOf<'thread'>;

function textOf({ model, text }: Snapshot, decl: Owner): string {
  const file = model.decls.find((each) => each.decl === decl)?.file;
  return file === undefined || file === model.file ? text : model.meaning.texts.get(file) ?? '';
}

function paramText(snapshot: Snapshot, decl: Owner, range: Owner['range']): string {
  return textOf(snapshot, decl).slice(range.start, range.end).replace(/\s+/g, ' ');
}

/** ` -> bool`, or the outcomes of a thread. */
function resultOf(snapshot: Snapshot, decl: Owner): string {
  if (decl.kind === 'proc') {
    return decl.result === null ? '' : ` -> ${paramText(snapshot, decl, decl.result.range)}`;
  }
  const outcomes = decl.outcomes.map(({ name, never }) => `${never ? 'never ' : ''}${name.text}`);
  return outcomes.length === 0 ? '' : ` -> ${outcomes.join(' | ')}`;
}

interface Rest {
  readonly doc: string | null;
  readonly active: number;
  readonly tail?: string;
}

function made(head: string, parts: readonly string[], rest: Rest): Signature {
  let label = head;
  const parameters = parts.map((part, i): readonly [number, number] => {
    if (i > 0) label += ', ';
    label += part;
    return [label.length - part.length, label.length];
  });
  return { label: `${label})${rest.tail ?? ''}`, parameters, doc: rest.doc, active: rest.active };
}
