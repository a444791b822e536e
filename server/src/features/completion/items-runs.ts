// What stands in scenarios and workloads: threads, settings, what is expected.
import type { Code } from '../../text/problem.ts';
import { callOf, choice, ofDecl, ofSym, phrase, RANK, type Completion } from './item.ts';
import type { DeclOf, Names } from './names.ts';

export function threadItems(names: Names, rank: number = RANK.exact): readonly Completion[] {
  return all(names, 'thread').map((thread) => callOf(thread, names, rank));
}

function all<K extends 'thread' | 'param' | 'lock' | 'struct' | 'shared'>(
  names: Names, kind: K,
): readonly DeclOf<K>[] {
  return [...names.decls.values()].filter((decl): decl is DeclOf<K> => decl.kind === kind);
}

export function paramItems(names: Names): readonly Completion[] {
  return all(names, 'param').map((param) => ({
    ...ofDecl(param, names, RANK.exact), text: `${param.name.text} = `,
    snippet: `${param.name.text} = \${1:value}`,
  }));
}

export function scenarioItems(names: Names): readonly Completion[] {
  const others = names.model.scenarios.map(({ name }) => name.text).filter((text) => text !== '');
  const params = all(names, 'param').map(({ name }) => name.text);
  return [
    ...threadItems(names),
    phrase('with', `with ${choice(1, params, 'PARAM')} = \${2:value}`, RANK.likely),
    phrase('expect safe', 'expect safe', RANK.likely),
    phrase('expect fails', 'expect fails ${1:code}', RANK.likely),
    phrase('expect refines', `expect refines ${choice(1, others, 'other')}`, RANK.possible),
    phrase('expect not refines', `expect not refines ${choice(1, others, 'other')}`, RANK.possible),
    ...['invariant', 'final', 'eventually', 'reachable'].map((word) =>
      phrase(word, `${word} \${1:name}: \${2:condition}`, RANK.word)),
  ];
}

export function workloadItems(names: Names): readonly Completion[] {
  const params = all(names, 'param').map(({ name }) => name.text);
  return [
    ...threadItems(names).map((item) => {
      const call = item.snippet ?? item.text;
      return { ...item, text: `${item.text} at 0s`, snippet: `${call} at \${9:0s}` };
    }),
    phrase('with', `with ${choice(1, params, 'PARAM')} = \${2:value}`, RANK.likely),
    phrase('cpus', 'cpus ${1:4}', RANK.likely),
    phrase('for', 'for ${1:1s}', RANK.likely),
    phrase('seed', 'seed ${1:1}', RANK.word),
  ];
}

type Subjects = 'locks' | 'data' | 'structs' | 'outcomes' | 'threads' | 'none';

/** What can be violated, and what kind of thing each is about: the table of language.md. */
const SUBJECTS: Readonly<Partial<Record<Code, Subjects>>> = {
  data_race: 'data', deadlock: 'locks', use_after_free: 'structs', guard: 'data', range: 'data',
  null_ref: 'structs', double_free: 'structs', pool_exhausted: 'structs',
  forbidden_outcome: 'outcomes', missing_outcome: 'threads', lock_not_held: 'locks',
  lock_held_at_exit: 'locks', lock_order: 'locks', sleep_in_atomic: 'locks', assert: 'none',
};

/** After `expect fails`: the properties of the file, then the codes. */
export function failureItems(names: Names): readonly Completion[] {
  const own = names.model.scenarios.flatMap(({ items }) =>
    items.filter((item) => item.kind === 'property'));
  const properties = [...[...names.decls.values()].filter((d) => d.kind === 'property'), ...own];
  const codes = Object.entries(SUBJECTS).map(([code, about]): Completion => {
    const subjects = subjectItems(names, code).map(({ label }) => label);
    const first = subjects[0];
    return {
      label: code, kind: 'code', detail: first === undefined ? 'a code' : `a code, about ${first}`,
      doc: CODE_TEXTS[code] ?? null, text: code, rank: RANK.likely,
      snippet: about === 'none' || first === undefined ? null
        : `${code}(${choice(1, subjects, 'subject')})`,
    };
  });
  return [...properties.map((decl) => ofDecl(decl, names, RANK.exact)), ...codes];
}

/** In the parentheses behind a code. */
export function subjectItems(names: Names, code: string): readonly Completion[] {
  const about: Subjects | undefined = isCode(code) ? SUBJECTS[code] : undefined;
  const lock = (name: string): Completion =>
    ofSym('lock', name, { sym: null, rank: RANK.exact });
  switch (about) {
    case 'data': return [...all(names, 'shared').map((decl) => ofDecl(decl, names, RANK.exact)),
      ...inStructs(names, 'field')];
    case 'locks': {
      const rcu = code === 'lock_not_held' || code === 'lock_held_at_exit'
        || code === 'sleep_in_atomic' ? [lock('rcu')] : [];
      return [...all(names, 'lock').map((decl) => ofDecl(decl, names, RANK.exact)),
        ...inStructs(names, 'lock'), ...rcu];
    }
    case 'structs': return all(names, 'struct').map((decl) => ofDecl(decl, names, RANK.exact));
    case 'threads': return all(names, 'thread').map((decl) => ofDecl(decl, names, RANK.exact));
    case 'outcomes':
      return all(names, 'thread').flatMap((thread) => thread.outcomes
        .filter(({ never }) => never).map(({ name }) => ofSym('outcome', name.text,
          { sym: names.model.refs.get(name) ?? null, rank: RANK.exact })));
    default: // A code that is about nothing that has a name, or a property.
      return [];
  }
}

function isCode(word: string): word is keyof typeof SUBJECTS {
  return Object.hasOwn(SUBJECTS, word);
}

function inStructs(names: Names, kind: 'field' | 'lock'): readonly Completion[] {
  return all(names, 'struct').flatMap((struct) => struct.members
    .filter((member) => member.kind === kind && member.name.text !== '')
    .map((member) => ofSym(kind, `${struct.name.text}.${member.name.text}`,
      { sym: names.model.refs.get(member.name) ?? null, rank: RANK.exact })));
}

export function scenarioNameItems(names: Names): readonly Completion[] {
  return names.model.scenarios.filter(({ name }) => name.text !== '')
    .map((scenario) => ofDecl(scenario, names, RANK.exact));
}

/** What a code says, in half a line. */
const CODE_TEXTS: Readonly<Record<string, string>> = {
  data_race: 'Two plain accesses at once, one of them a write.',
  deadlock: 'Threads that wait for each other, or a thread that can never go on.',
  use_after_free: 'A field or a lock of a freed object is touched.',
  guard: 'An access without the locks that the declaration asks for.',
  range: 'A value outside its type, an index out of bounds, a division by zero.',
  null_ref: 'A read through `null`.',
  double_free: 'An object is freed twice.',
  pool_exhausted: 'More objects than the struct has.',
  forbidden_outcome: 'A thread ends with an outcome that is declared `never`.',
  missing_outcome: 'A thread ends without an outcome.',
  lock_not_held: 'A lock is given up that is not held, or not in that mode.',
  lock_held_at_exit: 'A thread ends with a lock held.',
  lock_order: 'Locks are nested against a declared `order`.',
  sleep_in_atomic: 'A step that sleeps under a spinning lock or in `rcu_read_lock`.',
  assert: 'An assertion is false.',
};

