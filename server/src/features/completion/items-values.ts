// The names that make a value: variables, members of what is expected, constants, questions about
// threads and locks.
import { callOf, keyword, ofDecl, ofSym, phrase, RANK, type Completion } from './item.ts';
import {
  sortOfDecl, sortOfField, sortOfType, type DeclOf, type FieldOrLock, type Names, type Sort,
} from './names.ts';
import type { Place } from './place.ts';

type ValuesPlace = Extract<Place, { readonly kind: 'values' }>;

export function valueItems(names: Names, place: ValuesPlace): readonly Completion[] {
  const { expected, where, whole } = place;
  return [
    ...expectedItems(names, expected),
    ...(where === 'const' || where === 'init' ? [] : localItems(names, expected)),
    ...[...names.decls.values()].flatMap((decl) => declItems(decl, names, place)),
    ...wordItems(expected, where),
    ...(whole ? newItems(names, expected) : []),
    ...(whole && where === 'thread' ? callItems(names, expected) : []),
  ];
}

/** What there is by the expected kind alone, whatever is declared besides. */
function expectedItems(names: Names, expected: Sort): readonly Completion[] {
  switch (expected.kind) {
    case 'members': return memberItems(names, expected.of);
    case 'bool': return ['true', 'false'].map((word) => keyword(word, RANK.likely));
    case 'ref': return [keyword('null', RANK.likely)];
    case 'outcome': return outcomeItems(names, expected.thread);
    default: // Numbers and what is not known have no names of their own.
      return [];
  }
}

/** A variable hides a member of its name, which is then written with its type's. */
export function memberItems(
  names: Names, of: DeclOf<'enum'> | DeclOf<'flags'>,
): readonly Completion[] {
  return of.members.filter(({ text }) => text !== '').map((name) => {
    const item = ofSym('member', name.text,
      { sym: names.model.refs.get(name) ?? null, rank: RANK.exact });
    const hidden = names.locals.some((local) => local.name === name.text)
      || names.decls.get(name.text)?.kind === 'shared';
    return hidden ? { ...item, text: `${of.name.text}.${name.text}` } : item;
  });
}

export function outcomeItems(names: Names, thread: DeclOf<'thread'>): readonly Completion[] {
  return thread.outcomes.filter(({ name }) => name.text !== '').map(({ name, never }) => ({
    ...ofSym('outcome', name.text, { sym: names.model.refs.get(name) ?? null, rank: RANK.exact }),
    detail: never ? `never: ${thread.name.text} must not end so` : `of ${thread.name.text}`,
  }));
}

export function localItems(names: Names, expected: Sort): readonly Completion[] {
  return names.locals.map(({ name, kind, sort, sym }) =>
    ofSym(kind, name, { sym, rank: rankOf(sort, expected, RANK.fitting) }));
}

/** Of the kind wanted first; then what leads to it by an index or a field; then the rest. */
function rankOf(sort: Sort, expected: Sort, best: number): number {
  if (sameSort(sort, expected)) return best;
  if (expected.kind === 'unknown' || sort.kind === 'unknown') return RANK.likely;
  if (sort.kind === 'array') return rankOf(sort.element, expected, best);
  if (sort.kind === 'ref' && expected.kind !== 'duration') {
    const leads = sort.struct.members.some((member) => member.kind === 'field');
    return leads ? RANK.possible : RANK.rare;
  }
  return RANK.rare;
}

export function sameSort(a: Sort, b: Sort): boolean {
  if (a.kind === 'members' && b.kind === 'members') return a.of === b.of;
  if (a.kind === 'ref' && b.kind === 'ref') return a.struct === b.struct;
  return a.kind === b.kind && a.kind !== 'unknown';
}

type NamedDecl = Parameters<typeof ofDecl>[0];

function declItems(
  decl: Names['model']['decls'][number]['decl'], names: Names, place: ValuesPlace,
): readonly Completion[] {
  const { where, expected } = place;
  const item = (one: NamedDecl, rank: number): readonly Completion[] =>
    (names.locals.some(({ name }) => name === one.name.text) ? [] : [ofDecl(one, names, rank)]);
  switch (decl.kind) {
    case 'const': case 'param': {
      const fits = sameSort(sortOfDecl(decl, names), expected);
      return fits || expected.kind === 'unknown' ? item(decl, RANK.likely) : [];
    }
    case 'shared': {
      if (where === 'const' || (where === 'init' && isBelow(decl, names))) return [];
      return item(decl, rankOf(sortOfType(decl.type, names.decls), expected, RANK.likely));
    }
    case 'thread':
      return where === 'property' || where === 'condition'
        ? item(decl, expected.kind === 'bool' ? RANK.possible : RANK.rare) : [];
    default: // No value: types, locks, procs.
      return [];
  }
}

/** An initial value may name only shared state that is declared above it. */
function isBelow({ range }: NamedDecl, { model, start }: Names): boolean {
  const own = model.decls.find(({ decl }) => decl.range === range)?.file === model.file;
  return own && range.start >= start;
}

function wordItems(expected: Sort, where: ValuesPlace['where']): readonly Completion[] {
  if (where === 'const' || where === 'init') return [];
  const bool = expected.kind === 'bool' || expected.kind === 'unknown';
  return [
    phrase('READ_ONCE', 'READ_ONCE(${1:x})', RANK.word),
    ...(bool ? [
      phrase('forall', 'forall ${1:i} in ${2:range}: ${0:condition}', RANK.word),
      phrase('exists', 'exists ${1:i} in ${2:range}: ${0:condition}', RANK.word),
      ...(where === 'thread' ? [keyword('holds')] : [keyword('held')]),
      ...(where === 'condition' ? [keyword('holds')] : []),
    ] : []),
    ...(expected.kind === 'int' || bool
      ? [phrase('count', 'count(${1:i} in ${2:range}: ${3:condition})', RANK.rare)] : []),
  ];
}

/** As the whole right side of `=`. */
function newItems(names: Names, expected: Sort): readonly Completion[] {
  const structs = [...names.decls.values()].filter((decl) => decl.kind === 'struct');
  const wanted = expected.kind === 'ref' ? structs.filter((decl) => decl === expected.struct)
    : expected.kind === 'unknown' ? structs : [];
  return wanted.map((struct) =>
    phrase(`new ${struct.name.text}`, newSnippet(struct), RANK.fitting));
}

/** As the whole right side of `=` or `let`. */
function callItems(names: Names, expected: Sort): readonly Completion[] {
  return [
    ...[...names.decls.values()].flatMap((decl) => {
      if (decl.kind !== 'proc' || decl.result === null) return [];
      const fits = sameSort(sortOfType(decl.result, names.decls), expected);
      return fits || expected.kind === 'unknown' ? [callOf(decl, names, RANK.likely)] : [];
    }),
    ...(expected.kind === 'int' || expected.kind === 'unknown'
      ? [phrase('any', 'any ${1:0}..${2:1}', RANK.word)] : []),
    ...(expected.kind === 'bool' || expected.kind === 'unknown'
      ? [phrase('cmpxchg', 'cmpxchg(${1:x}, ${2:old}, ${3:new})', RANK.word)] : []),
  ];
}

export function newSnippet(struct: DeclOf<'struct'>): string {
  const fields = struct.members.filter((member) => member.kind === 'field');
  const inits = fields.map(({ name }, i) => `${name.text} = \${${i + 1}:value}`);
  return `new ${struct.name.text} { ${inits.join(', ')}${inits.length > 0 ? ' ' : ''}}`;
}

/** What can be read or written: `WRITE_ONCE(`. */
export function variableItems(names: Names): readonly Completion[] {
  const shared = [...names.decls.values()].filter((decl) => decl.kind === 'shared');
  const refs = names.locals.filter(({ sort }) => sort.kind === 'ref');
  return [
    ...shared.map((decl) => ofDecl(decl, names, decl.atomic ? RANK.exact : RANK.likely)),
    ...refs.map(({ name, kind, sym }) => ofSym(kind, name, { sym, rank: RANK.fitting })),
  ];
}

/** Behind a dot. */
export function dotItems(names: Names, of: Sort, locks: boolean): readonly Completion[] {
  switch (of.kind) {
    case 'ref': return fieldItems(of.struct.members, names, locks);
    case 'type':
      return of.of.kind === 'struct' ? fieldItems(of.of.members, names, true)
        : memberItems(names, of.of).map((item) => ({ ...item, text: item.label }));
    case 'thread': {
      const has = of.thread.outcomes.length > 0 ? ['outcome'] : [];
      return ['done', ...has].map((word) => ({
        ...keyword(word, RANK.exact),
        detail: word === 'done' ? 'has taken its last step' : 'what it ended with',
      }));
    }
    default: // Has no members.
      return [];
  }
}

function fieldItems(
  members: readonly FieldOrLock[], names: Names, locks: boolean,
): readonly Completion[] {
  return members.filter(({ kind, name }) => name.text !== '' && (kind === 'lock' || !locks))
    .filter(({ kind }) => locks || kind === 'field')
    .map((member) => ofSym(member.kind, member.name.text,
      { sym: names.model.refs.get(member.name) ?? null, rank: RANK.exact }));
}

/** In `new S { }`: fields that have no value there yet. */
export function initItems(
  names: Names, struct: DeclOf<'struct'>, given: ReadonlySet<string>,
): readonly Completion[] {
  return struct.members.flatMap((member) => {
    if (member.kind === 'lock' || given.has(member.name.text) || member.name.text === '') return [];
    const sym = names.model.refs.get(member.name) ?? null;
    const name = member.name.text;
    const options = sortOfField(member, names).kind === 'members' ? memberNames(member, names) : [];
    const value = options.length > 0 ? `\${1|${options.join(',')}|}` : '${1:value}';
    return [{ ...ofSym('field', name, { sym, rank: RANK.exact }), text: `${name} = `,
      snippet: `${name} = ${value}` }];
  });
}

function memberNames(member: FieldOrLock, names: Names): readonly string[] {
  const sort = sortOfField(member, names);
  return sort.kind === 'members' && sort.of.kind === 'enum'
    ? sort.of.members.map(({ text }) => text).filter((text) => text !== '') : [];
}
