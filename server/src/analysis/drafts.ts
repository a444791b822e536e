// The threads of a program: drafted one after the other, and finished once it is known what is
// asked about their labels.
import type { Pc, Thread } from '../../../simulator/src/program.ts';
import { Code, withCells } from './code.ts';
import { typeOf } from './constants.ts';
import type { LabelNode } from './entity.ts';
import type { KeptThread } from './kept-threads.ts';
import { bindLocals } from './lower-call.ts';
import { lowerBlock } from './lower-stmt.ts';
import type { Passage } from './lowered.ts';
import { addCell, cellRange } from './world.ts';
import type { Binding, Instance, LabelRequest, World } from './world.ts';

export interface Draft {
  readonly kind: 'draft';
  readonly instance: Instance;
  readonly added: Added;
  readonly code: Code | Like;
}

/** The code of another instance, before it is finished, about cells that are so much further. */
interface Like {
  readonly thread: number;
  readonly by: number;
}

/** What a thread has in the world for itself. */
export interface Added {
  readonly firstCell: number;
  readonly endCell: number;
  readonly firstSite: number;
  readonly endSite: number;
  readonly nRegs: number;
  /** It asks about threads, itself perhaps. */
  readonly asksThreads: boolean;
}

export function draftThread(world: World, instance: Instance, thread: number): Draft {
  const { cells, sites, nRegs } = world;
  const [firstCell, firstSite] = [cells.length, sites.sites.length];
  world.nRegs = 0;
  world.asksThreads = false;
  const code = codeOf(world, instance, thread);
  const added = {
    firstCell, firstSite, endCell: cells.length, endSite: sites.sites.length,
    nRegs: world.nRegs, asksThreads: world.asksThreads,
  };
  world.nRegs = Math.max(nRegs, world.nRegs);
  return { kind: 'draft', code, instance, added };
}

/** Of another instance of a thread: the same but for its locals; null where it may not be. */
export function draftLike(
  world: World, { instance: was, added }: Draft,
  { like, instance, thread }: {
    readonly like: number; readonly instance: Instance; readonly thread: number;
  },
): Draft | null {
  if (added.asksThreads || !instance.args.every((arg, i) => arg === was.args[i])) return null;
  const { cells, cellInfos, sites } = world;
  const firstCell = cells.length;
  cells.push(...cells.slice(added.firstCell, added.endCell));
  const infos = cellInfos.slice(added.firstCell, added.endCell);
  cellInfos.push(...infos.map((info) => ({ ...info, thread })));
  const end = sites.sites.length;
  return {
    kind: 'draft', instance, code: { thread: like, by: firstCell - added.firstCell },
    added: { ...added, firstCell, endCell: cells.length, firstSite: end, endSite: end },
  };
}

function codeOf(world: World, instance: Instance, thread: number): Code {
  const { decl, file } = instance;
  const code = new Code();
  const bindings = new Map<object, Binding>();
  bindParams(world, instance, { bindings, thread });
  bindLocals(world, decl, { bindings, thread, prefix: '' });
  const owner = { file, name: decl.name.text };
  const exit = code.mark();
  lowerBlock({
    world, owner, bindings, depth: 0, positive: true, code, body: decl, instance, thread,
    atomic: null, loop: null, exit, result: null, labels: new Map(),
  }, decl.body);
  code.place(exit);
  code.emit({ op: 'end' }, { rest: false, site: endSite(world, instance), next: exit });
  return code;
}

function endSite(world: World, instance: Instance): number {
  const { decl, file } = instance;
  return world.sites.ofNode(decl, decl.name.range, { file, name: decl.name.text });
}

/** A parameter that is not assigned to is its argument; else a cell that starts with it. */
function bindParams(
  world: World, instance: Instance,
  at: { readonly bindings: Map<object, Binding>; readonly thread: number },
): void {
  const { decl, args } = instance;
  const assigned = world.meaning.owners.get(decl)?.assigned;
  decl.params.forEach((param, i) => {
    const arg = args[i] ?? null;
    if (arg !== null && assigned?.has(param) !== true) {
      at.bindings.set(param, { kind: 'value', value: { kind: 'const', value: arg } });
      return;
    }
    const type = typeOf(param.type, world.consts);
    const name = param.name.text;
    const init = arg ?? cellRange(world, type).lo;
    const cell = addCell(world, { type, name, thread: at.thread, init });
    at.bindings.set(param, { kind: 'cell', cell, name });
  });
}

export interface Finished {
  readonly thread: Thread;
  readonly passages: readonly Passage[];
  /** Where the labels are that somebody asked for, in the order they were first asked for. */
  readonly labels: ReadonlyMap<string, readonly Pc[]>;
}

/**
 * Finishes the code and tells those who ask about labels where they are. null where a thread that
 * was taken over is asked for other labels than before.
 */
export function finishThreads(
  world: World, drafts: readonly (Draft | KeptThread)[],
): readonly Finished[] | null {
  const all = world.requests;
  const asked = drafts.map((_, i) => (all.length === 0 ? all
    : all.filter(({ thread }) => thread === i)));
  // All is asked about the code as it was drafted.
  const codes = drafts.map((draft) => (draft.kind === 'kept' ? null
    : draft.code instanceof Code ? draft.code
    : all.length === 0 ? null : codeLike(drafts, draft.code)));
  const found: Finished[] = [];
  for (const [i, draft] of drafts.entries()) {
    const requests = asked[i] ?? [];
    const code = codes[i] ?? null;
    const finished = draft.kind === 'kept' ? (isAskedFor(draft, requests) ? draft : null)
      : code === null ? finishedLike(found, draft, i)
      : finishThread(world, draft, { code, requests, thread: i });
    if (finished === null) return null;
    for (const { label, pcs } of requests) pcs.push(...finished.labels.get(label) ?? []);
    found.push(finished);
  }
  return found;
}

function codeLike(drafts: readonly (Draft | KeptThread)[], { thread, by }: Like): Code | null {
  const draft = drafts[thread];
  return draft?.kind === 'draft' && draft.code instanceof Code ? draft.code.withCells(by) : null;
}

/** Where nothing is asked about labels: as the other one was finished. */
function finishedLike(
  found: readonly Finished[], { instance: { name }, code: like }: Draft, thread: number,
): Finished | null {
  const was = like instanceof Code ? undefined : found[like.thread];
  if (was === undefined || like instanceof Code) return null;
  const { code } = was.thread;
  return {
    labels: was.labels, passages: was.passages.map((passage) => ({ ...passage, thread })),
    thread: {
      ...was.thread, name,
      code: like.by === 0 ? code : code.map((instr) => withCells(instr, like.by)),
    },
  };
}

/** For the same labels as before, in the same order. */
function isAskedFor({ labels }: KeptThread, requests: readonly LabelRequest[]): boolean {
  if (requests.length === 0) return labels.size === 0;
  const now = [...new Set(requests.map(({ label }) => label))];
  const before = [...labels.keys()];
  return now.length === before.length && now.every((label, i) => label === before[i]);
}

interface Asked {
  readonly code: Code;
  readonly requests: readonly LabelRequest[];
  readonly thread: number;
}

function finishThread(world: World, draft: Draft, { code, requests, thread }: Asked): Finished {
  const { decl, name } = draft.instance;
  const nodes = new Map<string, readonly LabelNode[]>();
  for (const { label } of requests) {
    if (!nodes.has(label)) nodes.set(label, labelNodes(world, draft, label));
  }
  for (const all of nodes.values()) for (const node of all) code.peel(node);
  const finished = code.finish();
  const labels = new Map<string, readonly Pc[]>();
  for (const [label, all] of nodes) {
    labels.set(label, [...new Set(all.flatMap((node) => finished.labels(node)))]);
  }
  const outcomes = decl.outcomes.map((o) => ({ name: o.name.text, never: o.never }));
  return {
    labels, passages: finished.passages.map((passage) => ({ ...passage, thread })),
    thread: {
      name, decl: decl.name.text, background: decl.background, outcomes, code: finished.code,
      entry: 0,
    },
  };
}

/** The thread's own label, else that of every proc it calls which has one of this name. */
function labelNodes(world: World, draft: Draft, label: string): readonly LabelNode[] {
  const { owners } = world.meaning;
  const own = owners.get(draft.instance.decl)?.labels.get(label);
  if (own !== undefined) return [own.node];
  return [...owners].flatMap(([owner, facts]) => {
    const found = owner.kind === 'proc' ? facts.labels.get(label) : undefined;
    return found === undefined ? [] : [found.node];
  });
}
