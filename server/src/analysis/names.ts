// Collects what a file and the files it takes in declare: the flat space, members, fields,
// outcomes.
import type { FileId } from '../text/range.ts';
import type {
  Decl, EnumDecl, FlagsDecl, HoleDecl, Name, OrderDecl, StructDecl, ThreadDecl, UseDecl,
} from '../syntax/ast.ts';
import type { SourceFile } from '../syntax/ast.ts';
import { breakDecl, explained, refer, report, within } from './context.ts';
import type { Ctx } from './context.ts';
import type {
  Entity, FieldEntity, FlatEntity, LockEntity, MemberEntity, MutableSym, OutcomeEntity,
} from './entity.ts';
import { guardText, headOf, headToBrace, lockDetail, makeSym } from './symbols.ts';
import { targetText } from './uses.ts';

type Named = Exclude<Decl, UseDecl | OrderDecl | HoleDecl>;

/** Declares everything in one file; files must come in the order in which they are taken in. */
export function declareFile(c: Ctx, file: FileId, source: SourceFile): void {
  for (const decl of source.decls) {
    if (decl.kind === 'use' || decl.kind === 'order' || decl.kind === 'hole') continue;
    if ((decl.kind === 'scenario' || decl.kind === 'workload') && file !== c.own) continue;
    within(c, file, decl, () => declare(c, decl));
  }
}

function declare(c: Ctx, decl: Named): void {
  if (decl.name.text === '') breakDecl(c);
  const sym = declSym(c, decl);
  if (decl.kind === 'scenario') {
    const entity = { kind: decl.kind, decl, file: c.file, sym } as const;
    declareUnique(c, c.scenarios, decl.name, entity);
    return;
  }
  if (decl.kind === 'workload') {
    const entity = { kind: decl.kind, decl, file: c.file, sym } as const;
    declareUnique(c, c.workloads, decl.name, entity);
    return;
  }
  declareFlat(c, decl, flatEntity(c, decl, sym));
  if (decl.kind === 'enum' || decl.kind === 'flags') declareMembers(c, decl);
  if (decl.kind === 'struct') declareFields(c, decl);
  if (decl.kind === 'thread') declareOutcomes(c, decl);
}

function declSym(c: Ctx, decl: Named): MutableSym {
  return new DeclSym(decl, c.file, c.texts.get(c.file) ?? '');
}

/** Its texts are for whoever looks at them, which after most edits is nobody. */
class DeclSym implements MutableSym {
  readonly kind;
  readonly name;
  readonly at;
  readonly full;
  readonly doc;
  readonly container = null;
  readonly #decl: Named;
  readonly #text: string;

  constructor(decl: Named, file: FileId, text: string) {
    this.kind = decl.kind;
    this.name = decl.name.text;
    this.at = { file, range: decl.name.range };
    this.full = decl.range;
    this.doc = decl.doc;
    this.#decl = decl;
    this.#text = text;
  }

  get detail(): string {
    const decl = this.#decl;
    const braced = decl.kind === 'struct' || decl.kind === 'scenario' || decl.kind === 'workload';
    return braced ? headToBrace(decl, this.#text) : headOf(decl, this.#text);
  }

  get guard(): string | null {
    return this.#decl.kind === 'shared' ? guardText(this.#decl.guard, this.#text) : null;
  }
}

type Flat = Exclude<Named, { kind: 'scenario' | 'workload' }>;

function flatEntity(c: Ctx, decl: Flat, sym: MutableSym): FlatEntity {
  const { file } = c;
  switch (decl.kind) {
    case 'const': return { file, sym, kind: decl.kind, decl };
    case 'param': return { file, sym, kind: decl.kind, decl };
    case 'type': return { file, sym, kind: decl.kind, decl };
    case 'enum': return { file, sym, kind: decl.kind, decl };
    case 'flags': return { file, sym, kind: decl.kind, decl };
    case 'struct': return { file, sym, kind: decl.kind, decl };
    case 'lock': return { file, sym, kind: decl.kind, decl, struct: null };
    case 'shared': return { file, sym, kind: decl.kind, decl, rank: c.scope.size };
    case 'proc': return { file, sym, kind: decl.kind, decl };
    case 'thread': return { file, sym, kind: decl.kind, decl };
    default:
      // `property`.
      return { file, sym, kind: decl.kind, decl };
  }
}

/** Adds to a space of its own (scenarios, members, fields, labels); reports a second one. */
export function declareUnique<E extends Entity>(
  c: Ctx, space: Map<string, E>, name: Name, entity: E,
): boolean {
  refer(c, name, entity, { role: 'declaration' });
  if (name.text === '') return false;
  const earlier = space.get(name.text);
  if (earlier === undefined) {
    space.set(name.text, entity);
    return true;
  }
  reportDuplicate(c, name, earlier);
  return false;
}

export function reportDuplicate(c: Ctx, name: Name, earlier: Entity): void {
  const { file, sym } = earlier;
  const message = `\`${name.text}\` is already declared; choose another name`;
  const related = { file, range: sym.at.range, message: 'declared here first' };
  report(c, 'name', name.range, explained(message, related));
}

function declareFlat(c: Ctx, decl: Flat, entity: FlatEntity): void {
  refer(c, decl.name, entity, { role: 'declaration' });
  if (decl.name.text === '') return;
  const earlier = c.scope.get(decl.name.text);
  if (earlier === undefined) {
    c.scope.set(decl.name.text, entity);
    return;
  }
  c.broken.add(earlier.decl);
  if (c.file === c.own && earlier.file === c.own) reportDuplicate(c, decl.name, earlier);
  else reportClash(c, decl.name, earlier);
}

/** Two files declare one name: said where this file can do something about it. */
function reportClash(c: Ctx, name: Name, earlier: Entity): void {
  const first = c.via.get(earlier.file);
  const related = { file: earlier.file, range: earlier.sym.at.range, message: 'declared here' };
  const text = `\`${name.text}\``;
  if (c.file === c.own) {
    const from = first === undefined ? 'a used file' : `\`use ${targetText(first)}\``;
    const message = `${text} is already declared by ${from}; names are one flat space, choose `
      + 'another';
    report(c, 'name', name.range, explained(message, related));
    return;
  }
  const later = c.via.get(c.file);
  if (later === undefined || first === undefined || later === first) {
    reportDuplicate(c, name, earlier);
    return;
  }
  breakDecl(c);
  const message = `${text} is declared by both \`${targetText(first)}\` and `
    + `\`${targetText(later)}\`; names are one flat space, use only one of them`;
  within(c, c.own, later, () =>
    report(c, 'name', later.targetRange, explained(message, related)));
}

function declareMembers(c: Ctx, decl: EnumDecl | FlagsDecl): void {
  const space = new Map<string, MemberEntity>();
  c.members.set(decl, space);
  decl.members.forEach((name, index) => {
    const sym = makeSym({
      kind: 'member', file: c.file, name, full: name.range, container: decl.name.text,
      detail: `${decl.name.text}.${name.text}`,
    });
    const entity = { kind: 'member', file: c.file, sym, decl, index } as const;
    if (!declareUnique(c, space, name, entity)) return;
    const same = c.membersByName.get(name.text);
    if (same === undefined) c.membersByName.set(name.text, [entity]);
    else same.push(entity);
  });
}

function declareFields(c: Ctx, struct: StructDecl): void {
  const space = new Map<string, FieldEntity | LockEntity>();
  c.fields.set(struct, space);
  const text = c.texts.get(c.file) ?? '';
  const container = struct.name.text;
  for (const decl of struct.members) {
    const isLock = decl.kind === 'lock';
    const sym = makeSym({
      kind: decl.kind, file: c.file, name: decl.name, full: decl.range, doc: decl.doc, container,
      detail: isLock ? lockDetail(decl, container, text) : headOf(decl, text),
      guard: isLock ? null : guardText(decl.guard, text),
    });
    const base = { file: c.file, sym, struct };
    const entity = isLock
      ? { ...base, kind: 'lock', decl } as const
      : { ...base, kind: 'field', decl } as const;
    declareUnique(c, space, decl.name, entity);
  }
}

function declareOutcomes(c: Ctx, thread: ThreadDecl): void {
  const space = new Map<string, OutcomeEntity>();
  c.outcomes.set(thread, space);
  thread.outcomes.forEach((outcome, index) => {
    const { name } = outcome;
    const sym = makeSym({
      kind: 'outcome', file: c.file, name, full: outcome.range, container: thread.name.text,
      detail: `${outcome.never ? 'never ' : ''}${name.text} (an outcome of ${thread.name.text})`,
    });
    const entity = { kind: 'outcome', file: c.file, sym, decl: thread, index } as const;
    declareUnique(c, space, name, entity);
  });
}
