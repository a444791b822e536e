// What a protocol might do without: for each lock step, re-check, RCU step and guard, the text with
// it taken out or weakened. A scenario that then fails is what it is there for.
import type { Range } from '../../text/range.ts';
import type { Block, Guard } from '../../syntax/ast.ts';
import type { Owner } from '../entity.ts';
import { ordered, type Change } from './change.ts';
import { inMode, placeName, removed, told, without, withoutDowngrade } from './locking.ts';
import { moved } from './moves.ts';
import type { Section } from './sections.ts';
import { sharedIn, sharedOf, siblingsOf, type Spot } from './spots.ts';
import { spotsIn, withCalls, type Source } from './source.ts';

/** One statement or guard, and what is tried with it. */
export interface Pillar {
  /** Where it stands. */
  readonly range: Range;
  /** As written. */
  readonly text: string;
  /** The thread, proc or variable. */
  readonly owner: string;
  /** The first takes it out; the others weaken it. */
  readonly tried: readonly Change[];
}

/** Of one thread with the procs it calls, or of the whole file; in the order of the text. */
export function pillarsOf(source: Source, thread: string | null): readonly Pillar[] {
  const owners = ownersOf(source, thread);
  const spots = spotsIn(source, owners);
  const found = [
    ...source.sections.flatMap((section) => ofSection(source, section, owners)),
    ...spots.flatMap((spot) => ofStatement(source, spot)),
    ...guards(source, spots),
  ];
  return found.flatMap((pillar): readonly Pillar[] => {
    const tried = pillar.tried.flatMap((change): readonly Change[] => {
      const splices = ordered(change.splices);
      return splices === null ? [] : [{ ...change, splices }];
    });
    return tried.length === 0 ? [] : [{ ...pillar, tried }];
  }).sort((a, b) => a.range.start - b.range.start);
}

function ownersOf({ model, spots }: Source, thread: string | null): ReadonlySet<Owner> {
  if (thread === null) return new Set(spots.map(({ owner }) => owner));
  return withCalls(model, model.threads.filter(({ name }) => name.text === thread));
}

function pillar(source: Source, spot: Spot, tried: readonly (Change | null)[]): Pillar {
  return {
    range: 'head' in spot.stmt ? spot.stmt.head : spot.stmt.range,
    text: told(source, spot), owner: placeName(spot),
    tried: tried.flatMap((change) => change ?? []),
  };
}

function ofSection(
  source: Source, section: Section, owners: ReadonlySet<Owner>,
): readonly Pillar[] {
  const [first] = section.acquires;
  const own = (spot: Spot): boolean => owners.has(spot.owner);
  if (first === undefined || !section.acquires.some(own)) return [];
  return [
    pillar(source, first, [
      without(source, section), inMode(source, section, 'read'), later(source, first),
    ]),
    ...section.releases.filter(own).map((spot) => pillar(source, spot, [earlier(source, spot)])),
    ...section.downgrades.filter(own).map((spot) => pillar(source, spot, [
      withoutDowngrade(source, spot, section), earlier(source, spot),
    ])),
  ];
}

/** Past the statement in front of it: what comes before is then no longer under the lock. */
function earlier(source: Source, spot: Spot): Change | null {
  const before = siblingsOf(source.spots, spot).find(({ index }) => index === spot.index - 1);
  if (before === undefined || before.stmt.kind === 'acquire') return null;
  return moved(source, spot, before, 'above');
}

function later(source: Source, spot: Spot): Change | null {
  const after = siblingsOf(source.spots, spot).find(({ index }) => index === spot.index + 1);
  if (after === undefined || spot.stmt.kind !== 'acquire') return null;
  return after.stmt.kind === 'release' ? null : moved(source, spot, after, 'below');
}

function ofStatement(source: Source, spot: Spot): readonly Pillar[] {
  const { stmt } = spot;
  const { page } = source;
  if (stmt.kind === 'rcu' && stmt.op === 'synchronize') {
    return [pillar(source, spot, [{
      title: `Do not wait for readers in ${placeName(spot)}`, family: 'synchronize',
      splices: [removed(source, spot)],
    }])];
  }
  if (stmt.kind === 'free' && stmt.deferred) {
    const { start } = stmt.range;
    return [pillar(source, spot, [{
      title: `Free at once in ${placeName(spot)}`, family: 'free',
      splices: [page.replace({ start, end: start + 'free_rcu'.length }, 'free')],
    }])];
  }
  if (stmt.kind !== 'if' || !asksAgain(source, spot)) return [];
  const { then, otherwise } = stmt;
  const last = otherwise?.kind === 'block' ? otherwise.block : null;
  const values = [true, false].filter((value) => !beginsAgain(source, spot, value ? then : last));
  return [pillar(source, spot, values.map((value): Change => ({
    title: `Take \`${page.source(stmt.cond.range)}\` to be ${String(value)} in ${placeName(spot)}`,
    family: `assume ${String(value)}`, splices: [page.replace(stmt.cond.range, String(value))],
  })))];
}

/** Always taken, the branch would go round for ever, whatever the condition is there for. */
function beginsAgain({ spots }: Source, spot: Spot, branch: Block | null): boolean {
  const last = branch?.stmts.at(-1);
  if (last?.kind === 'jump') return last.jump === 'continue' && loopAround(spot) === 'loop';
  return last?.kind === 'goto' && spots.some(({ block, whole }) => block !== null
    && whole.kind === 'labelled' && whole.label.text === last.label.text
    && whole.range.start < last.range.start);
}

function loopAround({ up }: Spot): 'loop' | 'while' | 'for' | null {
  if (up === null) return null;
  const { kind } = up.stmt;
  return kind === 'loop' || kind === 'while' || kind === 'for' ? kind : loopAround(up);
}

/** Shared state that the thread or proc has looked at before. */
function asksAgain({ model, spots }: Source, spot: Spot): boolean {
  if (spot.stmt.kind !== 'if') return false;
  const asked = sharedOf(model, spot.stmt.cond);
  return spots.some((it) => it.owner === spot.owner && it.stmt.range.start < spot.stmt.range.start
    && [...sharedIn(model, it)].some((name) => asked.has(name)));
}

/** The guards of what the statements touch. */
function guards({ model, page }: Source, spots: readonly Spot[]): readonly Pillar[] {
  const touched = new Set(spots.flatMap((spot) => [...sharedIn(model, spot)]));
  const of = (name: string, guard: Guard | null): readonly Pillar[] => {
    if (guard === null || !touched.has(name)) return [];
    const text = page.source(guard.range).replace(/\s+/g, ' ');
    return [{
      range: guard.range, text, owner: name,
      tried: [{
        title: `Without \`${text}\` of ${name}`, family: 'guard',
        splices: [page.replace(guard.range, '')],
      }],
    }];
  };
  return model.decls.filter(({ file }) => file === model.file).flatMap(({ decl }) => {
    if (decl.kind === 'shared') return of(decl.name.text, decl.guard);
    if (decl.kind !== 'struct') return [];
    return decl.members.flatMap((member) => (member.kind === 'field'
      ? of(`${decl.name.text}.${member.name.text}`, member.guard) : []));
  });
}
