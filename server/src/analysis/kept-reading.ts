// A text without mistakes that is edited: which of its bodies mean what they meant before. They are
// not checked again until somebody asks about what is in them.
import type { FileId } from '../text/range.ts';
import type { Decl, ProcDecl, ScenarioDecl } from '../syntax/ast.ts';
import { spread } from './broken.ts';
import type { Ctx } from './context.ts';
import { within } from './context.ts';
import { checkContent } from './declarations.ts';
import { finishInts } from './bounds.ts';
import { isOwner } from './entity.ts';
import type { Owner, OwnerFacts } from './entity.ts';
import type { Placed } from './needs.ts';
import { labelsIn } from './outline.ts';
import { KnownKeys } from './program-key.ts';
import type { Late } from './statements.ts';

/** A version in which nothing was wrong, own or used. */
export interface KeptReading {
  readonly text: string;
  /** Own and used. */
  readonly decls: readonly Placed[];
  readonly deps: ReadonlyMap<Decl, ReadonlySet<Decl>>;
  readonly owners: ReadonlyMap<Owner, OwnerFacts>;
  readonly late: Late;
  readonly keys: KnownKeys;
  readonly soundWith: Ctx['soundWith'];
}

export interface Now {
  readonly own: FileId;
  readonly text: string;
  readonly decls: readonly Placed[];
}

/** What holds of declarations now since it held before. */
export interface Taken {
  readonly bodies: readonly TakenBody[];
  /** Neither they nor anything they name has another text than before. */
  readonly clean: ReadonlySet<Decl>;
  readonly keys: KnownKeys;
  readonly soundWith: Ctx['soundWith'];
}

interface TakenBody {
  readonly file: FileId;
  readonly owner: Owner;
  readonly facts: Omit<OwnerFacts, 'labels'>;
  readonly deps: ReadonlySet<Decl>;
  readonly calls: Late['calls'];
  readonly blocker: ReturnType<Late['blockers']['get']>;
}

/**
 * Declarations with which an edit is no more than itself and what names them: they make no name
 * but their own, and what is told of aliases is compared.
 */
const MAY_CHANGE: ReadonlySet<Decl['kind']> = new Set<Decl['kind']>([
  'const', 'param', 'type', 'lock', 'shared', 'proc', 'thread', 'property', 'scenario', 'workload',
]);

/**
 * null where more than that was edited: then all is to be read. Every name must be declared by the
 * same kind of thing, in the same order. A name then leads to the declaration it led to before, and
 * a body in which nothing was wrong can have become wrong only by what it names.
 */
export function takeOver(before: KeptReading, now: Now): Taken | null {
  if (before.late.outcomes.length > 0 || before.decls.length !== now.decls.length) return null;
  const successors = new Map<Decl, Decl>();
  const changed = new Set<Decl>();
  for (const [i, was] of before.decls.entries()) {
    const is = now.decls[i];
    if (is === undefined || was.file !== is.file) return null;
    successors.set(was.decl, is.decl);
    if (was.decl === is.decl) continue;
    if (is.file !== now.own || !hasSameName(was.decl, is.decl)) return null;
    if (textOf(was.decl, before.text) === textOf(is.decl, now.text)
      && was.decl.doc === is.decl.doc) continue;
    if (!MAY_CHANGE.has(is.decl.kind) || aliasesOf(was.decl) !== aliasesOf(is.decl)) return null;
    changed.add(was.decl);
  }
  return taken(before, now, { successors, touched: spread(changed, before.deps) });
}

function taken(
  before: KeptReading, now: Now,
  { successors, touched }: {
    readonly successors: ReadonlyMap<Decl, Decl>; readonly touched: ReadonlySet<Decl>;
  },
): Taken | null {
  const calls = callsOf(before.late, successors);
  const clean = new Set<Decl>();
  const bodies: TakenBody[] = [];
  const soundWith: Ctx['soundWith'] = new Map();
  for (const [i, { decl: was }] of before.decls.entries()) {
    const is = now.decls[i];
    if (is === undefined || touched.has(was)) continue;
    clean.add(is.decl);
    const sound = before.soundWith.get(was);
    if (sound !== undefined) soundWith.set(is.decl, sound);
    if (!isOwner(was) || !isOwner(is.decl)) continue;
    const facts = factsOf(before.owners.get(was), { was, is: is.decl, successors });
    const deps = [...before.deps.get(was) ?? []].map((decl) => successors.get(decl));
    if (facts === null || !deps.every((decl) => decl !== undefined)) return null;
    bodies.push({
      file: is.file, owner: is.decl, facts, deps: new Set(deps), calls: calls.get(was) ?? [],
      blocker: before.late.blockers.get(was),
    });
  }
  return { clean, bodies, keys: before.keys, soundWith };
}

function hasSameName(was: Decl, is: Decl): boolean {
  if (was.kind !== is.kind) return false;
  return nameOf(was) === nameOf(is);
}

function nameOf(decl: Decl): string {
  return 'name' in decl ? decl.name.text : '';
}

function textOf({ range }: Decl, text: string): string {
  return text.slice(range.start, range.end);
}

/** A property may name them, and what they stand for is no declaration. */
function aliasesOf(decl: Decl): string {
  if (decl.kind !== 'scenario') return '';
  const { items }: ScenarioDecl = decl;
  return items.flatMap((item) => (item.kind === 'run' && item.alias !== null
    ? [`${item.alias.text}: ${item.thread.text}`] : [])).join();
}

interface Moved {
  readonly was: Owner;
  readonly is: Owner;
  readonly successors: ReadonlyMap<Decl, Decl>;
}

function factsOf(
  facts: OwnerFacts | undefined, { was, is, successors }: Moved,
): TakenBody['facts'] | null {
  if (facts === undefined) return null;
  const calls: ProcDecl[] = [];
  for (const proc of facts.calls) {
    const now = successors.get(proc);
    if (now?.kind !== 'proc') return null;
    calls.push(now);
  }
  const assigned = is.params.filter((_, i) => {
    const before = was.params[i];
    return before !== undefined && facts.assigned.has(before);
  });
  return { calls, assigned: new Set(assigned), size: facts.size };
}

/** By who called before, as they are now. Where the names stand is of no more use. */
function callsOf(
  late: Late, successors: ReadonlyMap<Decl, Decl>,
): ReadonlyMap<Owner, Late['calls']> {
  const byOwner = new Map<Owner, Late['calls']>();
  for (const call of late.calls) {
    const owner = successors.get(call.owner);
    const proc = successors.get(call.proc);
    if (owner === undefined || !isOwner(owner) || proc?.kind !== 'proc') continue;
    const now = { ...call, owner, proc };
    const known = byOwner.get(call.owner);
    if (known === undefined) byOwner.set(call.owner, [now]);
    else known.push(now);
  }
  return byOwner;
}

/** Before anything is checked: what is known of the bodies without looking at them. */
export function defer(c: Ctx, late: Late, { bodies, clean, keys, soundWith }: Taken): void {
  c.clean = clean;
  c.soundWith = soundWith;
  c.keys = new KnownKeys(keys, clean);
  for (const { file, owner, facts, deps, calls, blocker } of bodies) {
    c.deferred.set(owner, file);
    let labels: OwnerFacts['labels'] | null = null;
    c.owners.set(owner, {
      ...facts,
      get labels() {
        if (labels === null) within(c, file, owner, () => { labels = labelsIn(c, owner); });
        return labels ?? new Map();
      },
    });
    if (deps.size > 0) c.deps.set(owner, new Set(deps));
    late.calls.push(...calls);
    if (blocker !== undefined) late.blockers.set(owner, blocker);
  }
}

/** Checks what was put off of one declaration: its nodes are in the tables afterwards. */
export function ensure(c: Ctx, decl: Decl): void {
  const file = c.deferred.get(decl);
  if (file === undefined) return;
  c.deferred.delete(decl);
  const pending = c.pendingInts;
  c.pendingInts = [];
  within(c, file, decl, () => {
    checkContent(c, decl, { blockers: new Map(), calls: [], outcomes: [] });
    finishInts(c, new Map());
  });
  c.pendingInts = pending;
}

export function ensureAll(c: Ctx): void {
  for (const decl of [...c.deferred.keys()]) ensure(c, decl);
}
