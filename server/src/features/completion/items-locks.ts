// Locks where they are taken, given up, asked about or named by a guard.
import { LOCK_KINDS } from '../../text/reserved.ts';
import type { Opened } from '../tokens.ts';
import { keyword, ofDecl, ofSym, RANK, type Completion } from './item.ts';
import type { DeclOf, Names } from './names.ts';
import type { LockVerb, Place } from './place.ts';

const MODED: ReadonlySet<string> = new Set(['rwsem', 'rwlock']);

export function hasModes(lock: DeclOf<'lock'>): boolean {
  return lock.lockKind === null || MODED.has(lock.lockKind);
}

/** Whether the lock can stand behind the verb and mode. */
function fits(lock: DeclOf<'lock'>, verb: LockVerb, mode: string | null): boolean {
  if (verb === 'downgrade') return lock.lockKind === 'rwsem' || lock.lockKind === null;
  if (mode !== null) return hasModes(lock);
  return true;
}

/** Without a mode a lock that has modes can be given up or asked about, but not taken. */
function rankOf(lock: DeclOf<'lock'>, verb: LockVerb, mode: string | null): number {
  return verb === 'acquire' && mode === null && hasModes(lock) ? RANK.likely : RANK.exact;
}

export function lockItems(
  names: Names, { verb, mode }: Extract<Place, { readonly kind: 'locks' }>,
): readonly Completion[] {
  const locks = [...names.decls.values()].filter((decl) => decl.kind === 'lock')
    .filter((lock) => fits(lock, verb, mode));
  const modes = mode === null && verb !== 'downgrade' && anyModed(names)
    ? ['read', 'write'].map((word) => keyword(word, RANK.fitting)) : [];
  const whole = verb === 'acquire' && mode === null ? locks.filter(hasModes) : [];
  const rest = locks.filter((lock) => !whole.includes(lock));
  return [
    ...rest.map((lock) => ofDecl(lock, names, rankOf(lock, verb, mode))),
    ...whole.flatMap((lock) => ['read', 'write'].map((word) => ({
      ...ofDecl(lock, names, RANK.exact), label: `${word} ${lock.name.text}`,
      text: `${word} ${lock.name.text}`,
    }))),
    ...modes,
    ...refItems(names, (lock) => fits(lock, verb, mode)),
  ];
}

function anyModed(names: Names): boolean {
  const inStructs = [...names.decls.values()].flatMap((decl) =>
    (decl.kind === 'struct' ? decl.members : []));
  return [...names.decls.values(), ...inStructs]
    .some((each) => each.kind === 'lock' && hasModes(each));
}

/** Refs to objects that have such a lock: `acquire v.vm_lock`. */
function refItems(
  names: Names, wanted: (lock: DeclOf<'lock'>) => boolean,
): readonly Completion[] {
  const shared = [...names.decls.values()].flatMap((decl) => {
    const type = decl.kind === 'shared' ? decl.type : null;
    const inner = type?.kind === 'array' ? type.element : type;
    if (decl.kind !== 'shared' || inner?.kind !== 'ref') return [];
    const struct = names.decls.get(inner.struct.text);
    return struct?.kind === 'struct' ? [{ name: decl.name.text, kind: decl.kind, struct,
      sym: names.model.refs.get(decl.name) ?? null }] : [];
  });
  const locals = names.locals.flatMap(({ name, kind, sort, sym }) =>
    (sort.kind === 'ref' ? [{ name, kind, struct: sort.struct, sym }] : []));
  return [...locals, ...shared].flatMap(({ name, kind, struct, sym }) =>
    struct.members.flatMap((member) => {
      if (member.kind !== 'lock' || !wanted(member)) return [];
      const label = `${name}.${member.name.text}`;
      const lock = names.model.refs.get(member.name) ?? sym;
      return [{ ...ofSym(kind, label, { sym: lock, rank: RANK.exact }), kind: 'lock' as const }];
    }));
}

/** In a guard: own siblings first, in any mode. */
export function guardItems(
  names: Names, { declaration }: Opened, modes: boolean,
): readonly Completion[] {
  const inStruct = declaration[0]?.text === 'struct';
  const struct = names.decls.get(declaration[1]?.text ?? '');
  const members = struct?.kind === 'struct' ? struct.members : [];
  const siblings = declaration.flatMap(({ kind, text }, i) => {
    if (!inStruct || kind !== 'word' || declaration[i - 1]?.text !== 'lock') return [];
    const member = members.find(({ name }) => name.text === text);
    const sym = member === undefined ? null : names.model.refs.get(member.name) ?? null;
    return [ofSym('lock', text, { sym, rank: RANK.exact })];
  });
  const locks = [...names.decls.values()].filter((decl) => decl.kind === 'lock')
    .map((lock) => ofDecl(lock, names, RANK.fitting));
  const words = modes ? ['read', 'write', 'rcu'] : [];
  return [...siblings, ...locks, ...words.map((word) => keyword(word, RANK.likely))];
}

/** Lock classes: locks, and the locks of structs. */
export function orderItems(names: Names): readonly Completion[] {
  return [...names.decls.values()].flatMap((decl) => {
    if (decl.kind === 'lock') return [ofDecl(decl, names, RANK.exact)];
    if (decl.kind !== 'struct') return [];
    return decl.members.flatMap((member) => (member.kind === 'lock'
      ? [ofSym('lock', `${decl.name.text}.${member.name.text}`,
        { sym: names.model.refs.get(member.name) ?? null, rank: RANK.exact })] : []));
  });
}

export function lockKindItems(): readonly Completion[] {
  return LOCK_KINDS.map((word) => keyword(word, RANK.exact));
}
