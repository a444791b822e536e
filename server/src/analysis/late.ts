// What can be judged only when all bodies are known: recursion, procs that block inside an atomic
// step, outcomes that a proc sets for the threads that call it.
import type { ProcDecl } from '../syntax/ast.ts';
import { explained, refer, report, within } from './context.ts';
import type { Ctx } from './context.ts';
import type { Owner } from './entity.ts';
import { MAX_CHAIN, MAX_STATEMENTS } from './limits.ts';
import { didYouMean } from './suggest.ts';
import type { Late } from './statements.ts';
import { reachableOwners, unknownOutcome } from './thread-names.ts';

export function checkLate(c: Ctx, late: Late): void {
  const recursive = checkRecursion(c, late);
  checkBlockingCalls(c, late, recursive);
  checkProcOutcomes(c, late);
  checkSizes(c, late);
}

/** With everything inlined, calls of calls of calls grow beyond measure. */
function checkSizes(c: Ctx, late: Late): void {
  for (const [owner, { size, depth }] of measure(c, late)) {
    if (owner.kind === 'proc') continue;
    const name = `\`${owner.name.text}\``;
    const message = depth > MAX_CHAIN
      ? `${name} calls procs ${depth} deep; ${MAX_CHAIN} is possible`
      : size > MAX_STATEMENTS
        ? `with its procs inlined, ${name} has ${size} statements; ${MAX_STATEMENTS} are possible`
        : null;
    if (message === null) continue;
    inside(c, owner, () => report(c, 'type', owner.name.range, message));
  }
}

interface Size {
  readonly size: number;
  readonly depth: number;
}

/** Of every body that does not recurse: statements with all procs inlined, and how deep they go. */
function measure(c: Ctx, late: Late): ReadonlyMap<Owner, Size> {
  const called = callsOf(late);
  const known = new Map<Owner, Size>();
  const entered = new Set<Owner>();
  const open = [...c.owners.keys()];
  for (let owner = open.pop(); owner !== undefined; owner = open.pop()) {
    if (known.has(owner)) continue;
    const calls = c.owners.get(owner)?.calls ?? [];
    const waits = entered.has(owner) ? [] : calls.filter((proc) => !known.has(proc));
    if (waits.length === 0) {
      known.set(owner, sizeOf(c, owner, { known, called: called.get(owner) ?? [] }));
      continue;
    }
    entered.add(owner);
    open.push(owner, ...waits);
  }
  return known;
}

/** A proc as often as the body calls it. */
function callsOf(late: Late): ReadonlyMap<Owner, readonly ProcDecl[]> {
  const calls = new Map<Owner, ProcDecl[]>();
  for (const { owner, proc } of late.calls) {
    const before = calls.get(owner);
    if (before === undefined) calls.set(owner, [proc]);
    else before.push(proc);
  }
  return calls;
}

function sizeOf(
  c: Ctx, owner: Owner,
  { known, called }: {
    readonly known: ReadonlyMap<Owner, Size>; readonly called: readonly ProcDecl[];
  },
): Size {
  let size = c.owners.get(owner)?.size ?? 0;
  let depth = 0;
  for (const proc of called) {
    const inner = known.get(proc);
    if (inner === undefined) continue;
    size += inner.size;
    depth = Math.max(depth, 1 + inner.depth);
  }
  return { size, depth };
}

/** Inside the declaration `owner`, in its file. */
function inside(c: Ctx, owner: Owner, work: () => void): void {
  const entity = c.entities.get(owner.name);
  if (entity !== undefined) within(c, entity.file, owner, work);
}

function checkRecursion(c: Ctx, late: Late): ReadonlySet<ProcDecl> {
  const recursive = new Set<ProcDecl>();
  if (!someRecursion(c)) return recursive;
  for (const { owner, proc, at } of late.calls) {
    if (owner.kind !== 'proc' || recursive.has(owner)) continue;
    const path = pathTo(c, proc, owner);
    if (path === null) continue;
    // Once for the whole circle; all that are in it are broken.
    for (const other of path) {
      recursive.add(other);
      c.broken.add(other);
    }
    const chain = [owner, ...path].map((p) => `\`${p.name.text}\``).join(' calls ');
    inside(c, owner, () => report(c, 'type', at.range,
      `a proc is inlined and cannot recurse: ${chain}`));
  }
  return recursive;
}

/** Whether procs remain when those that call none are taken away again and again. */
function someRecursion(c: Ctx): boolean {
  if (![...c.owners].some(([{ kind }, { calls }]) => kind === 'proc' && calls.length > 0)) {
    return false;
  }
  const callers = new Map<Owner, Owner[]>();
  const left = new Map<Owner, number>();
  for (const [owner, { calls }] of c.owners) {
    left.set(owner, calls.length);
    for (const proc of calls) {
      const known = callers.get(proc);
      if (known === undefined) callers.set(proc, [owner]);
      else known.push(owner);
    }
  }
  const free = [...left].flatMap(([owner, calls]) => (calls === 0 ? [owner] : []));
  for (const owner of free) {
    for (const caller of callers.get(owner) ?? []) {
      const calls = (left.get(caller) ?? 0) - 1;
      left.set(caller, calls);
      if (calls === 0) free.push(caller);
    }
  }
  return free.length < left.size;
}

/** The procs from `start` to `goal`, both included, along calls; null where there is no way. */
function pathTo(c: Ctx, start: ProcDecl, goal: ProcDecl): readonly ProcDecl[] | null {
  const from = new Map<ProcDecl, ProcDecl | null>([[start, null]]);
  for (const proc of from.keys()) {
    if (proc === goal) break;
    for (const next of c.owners.get(proc)?.calls ?? []) if (!from.has(next)) from.set(next, proc);
  }
  if (!from.has(goal)) return null;
  const path: ProcDecl[] = [];
  for (let at: ProcDecl | null = goal; at !== null; at = from.get(at) ?? null) path.unshift(at);
  return path;
}

function checkBlockingCalls(c: Ctx, late: Late, recursive: ReadonlySet<ProcDecl>): void {
  for (const { owner, proc, at, step } of late.calls) {
    if (!step || recursive.has(proc)) continue;
    const blocking = reachableOwners(c, proc).find((o) => late.blockers.has(o));
    const stmt = blocking === undefined ? undefined : late.blockers.get(blocking);
    if (blocking === undefined || stmt === undefined) continue;
    const file = c.entities.get(blocking.name)?.file ?? c.own;
    const message = `\`${proc.name.text}\` can block, and nothing inside an atomic step may; `
      + 'call it outside';
    const related = { file, range: stmt.range, message: 'blocks here' };
    inside(c, owner, () => report(c, 'type', at.range, explained(message, related)));
  }
}

function checkProcOutcomes(c: Ctx, late: Late): void {
  if (late.outcomes.length === 0) return;
  const threads = [...c.scope.values()].flatMap((e) => (e.kind === 'thread' ? [e] : []));
  const callers = new Map<ProcDecl, typeof threads>();
  for (const thread of threads) {
    for (const owner of reachableOwners(c, thread.decl)) {
      if (owner.kind === 'proc') callers.set(owner, [...(callers.get(owner) ?? []), thread]);
    }
  }
  for (const { proc, stmt } of late.outcomes) {
    const missing = [];
    for (const thread of callers.get(proc) ?? []) {
      const outcome = c.outcomes.get(thread.decl)?.get(stmt.name.text);
      if (outcome === undefined) missing.push(thread);
      else if (!c.entities.has(stmt)) {
        inside(c, proc, () =>
          refer(c, stmt.name, outcome, { role: 'write', node: stmt, loose: true }));
      }
    }
    for (const thread of missing) reportMissing(c, { late, proc, stmt, thread: thread.decl });
  }
}

interface MissingOutcome {
  readonly late: Late;
  readonly proc: ProcDecl;
  readonly stmt: Late['outcomes'][number]['stmt'];
  readonly thread: Extract<Owner, { kind: 'thread' }>;
}

/** At the outcome statement; where that is in a used file, at the call in this file's thread. */
function reportMissing(c: Ctx, missing: MissingOutcome): void {
  const { late, proc, stmt, thread } = missing;
  const name = stmt.name.text;
  const file = c.entities.get(proc.name)?.file ?? c.own;
  if (file === c.own) {
    inside(c, proc, () => unknownOutcome(c, stmt.name, thread));
    inside(c, thread, () => c.broken.add(thread));
    return;
  }
  const call = late.calls.find((l) => l.owner === thread
    && reachableOwners(c, l.proc).includes(proc));
  if (call === undefined) return;
  const hint = didYouMean(name, c.outcomes.get(thread)?.keys() ?? [], '; declare it');
  const message = `\`${proc.name.text}\` sets the outcome \`${name}\`, which `
    + `\`${thread.name.text}\` does not have${hint}`;
  const related = { file, range: stmt.range, message: 'set here' };
  inside(c, thread, () => report(c, 'name', call.at.range, explained(message, related)));
}
