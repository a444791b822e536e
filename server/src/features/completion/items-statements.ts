// What a statement can begin with: words with the rest of their phrase, variables, procs.
import type { Frame } from '../tokens.ts';
import { callOf, choice, keyword, ofDecl, phrase, RANK, type Completion } from './item.ts';
import { hasModes } from './items-locks.ts';
import { localItems } from './items-values.ts';
import { UNKNOWN, type DeclOf, type Names } from './names.ts';

export function statementItems(
  names: Names, frames: readonly Frame[], owner: DeclOf<'thread'> | DeclOf<'proc'> | null,
): readonly Completion[] {
  const decls = [...names.decls.values()];
  const inside = (word: string): boolean => frames.some(({ head }) =>
    head.some(({ text }) => text === word));
  const inLoop = ['while', 'for', 'loop'].some(inside);
  return [
    ...lockPhrases(names, inside('step')),
    ...localItems(names, UNKNOWN),
    ...decls.flatMap((decl) => (decl.kind === 'shared' ? [ofDecl(decl, names, RANK.likely)] : [])),
    ...decls.flatMap((decl) => (decl.kind === 'proc' && decl !== owner
      ? [callOf(decl, names, RANK.likely)] : [])),
    ...flowPhrases(),
    ...accessPhrases(names),
    ...(owner?.kind === 'thread' ? outcomePhrases(owner) : []),
    ...(inLoop ? ['break', 'continue'].map((word) => keyword(word)) : []),
    keyword('return'),
  ];
}

/** Taking and giving up; nothing that waits where a step must not. */
function lockPhrases(names: Names, inStep: boolean): readonly Completion[] {
  const locks = [...names.decls.values()].filter((decl) => decl.kind === 'lock');
  const takes = locks.flatMap((lock) => (hasModes(lock)
    ? [`read ${nameOf(lock)}`, `write ${nameOf(lock)}`] : [nameOf(lock)]));
  const all = locks.map(nameOf);
  const rwsems = locks.filter(({ lockKind }) => lockKind === 'rwsem').map(nameOf);
  const mayWait = inStep ? [] : [
    phrase('acquire', `acquire ${choice(1, takes, 'lock')}`, RANK.fitting),
    ...takes.map((take) => {
      const name = take.replace(/^(read|write) /, '');
      return phrase(`acquire ${take} … release`, `acquire ${take}\n$0\nrelease ${name}`,
        RANK.possible);
    }),
  ];
  return [
    ...mayWait,
    phrase('release', `release ${choice(1, all, 'lock')}`, RANK.fitting),
    ...(rwsems.length > 0
      ? [phrase('downgrade', `downgrade ${choice(1, rwsems, 'lock')}`, RANK.likely)] : []),
    phrase('if try acquire', `if try acquire ${choice(1, takes, 'lock')} {\n\t$0\n} else {\n}`,
      RANK.possible),
    ...['rcu_read_lock', 'rcu_read_unlock'].map((word) => keyword(word, RANK.possible)),
    phrase('rcu_read_lock … rcu_read_unlock', 'rcu_read_lock\n$0\nrcu_read_unlock', RANK.possible),
    ...(inStep ? [] : [keyword('synchronize_rcu', RANK.possible)]),
  ];
}

/** With its index to come, where it is an array. */
function nameOf({ name, count }: DeclOf<'lock'>): string {
  return count === null ? name.text : `${name.text}[0]`;
}

function flowPhrases(): readonly Completion[] {
  return [
    phrase('step', 'step "${1:what happens}"', RANK.fitting),
    phrase('step { }', 'step "${1:what happens}" {\n\t$0\n}', RANK.possible),
    phrase('if', 'if ${1:condition} {\n\t$0\n}', RANK.likely),
    phrase('if else', 'if ${1:condition} {\n\t$0\n} else {\n}', RANK.likely),
    phrase('let', 'let ${1:name} = ${2:value}', RANK.likely),
    phrase('for', 'for ${1:i} in ${2:range} {\n\t$0\n}', RANK.possible),
    phrase('while', 'while ${1:condition} {\n\t$0\n}', RANK.possible),
    phrase('loop', 'loop {\n\t$0\n}', RANK.possible),
    phrase('choose', 'choose {\n\t$0\n} or {\n}', RANK.possible),
    phrase('await', 'await ${1:condition}', RANK.possible),
    phrase('assert', 'assert ${1:condition}, "${2:what must hold}"', RANK.possible),
    phrase('goto', 'goto ${1:label}', RANK.rare),
  ];
}

function accessPhrases(names: Names): readonly Completion[] {
  const marked = [...names.decls.values()].flatMap((decl) =>
    (decl.kind === 'shared' && decl.atomic && decl.type.kind !== 'array' ? [decl.name.text] : []));
  const hasStructs = [...names.decls.values()].some((decl) => decl.kind === 'struct');
  return [
    phrase('WRITE_ONCE', `WRITE_ONCE(${choice(1, marked, 'x')}, \${2:value})`, RANK.possible),
    ...(hasStructs ? [
      phrase('free', 'free ${1:ref}', RANK.possible),
      phrase('free_rcu', 'free_rcu ${1:ref}', RANK.possible),
    ] : []),
  ];
}

function outcomePhrases(owner: DeclOf<'thread'>): readonly Completion[] {
  const outcomes = owner.outcomes.map(({ name }) => name.text).filter((text) => text !== '');
  if (outcomes.length === 0) return [phrase('outcome', 'outcome ${1:name}', RANK.rare)];
  return [phrase('outcome', `outcome ${choice(1, outcomes, 'name')}`, RANK.likely)];
}
