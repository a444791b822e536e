// From the model to the simulator's program: a scenario, a workload, or one thread alone. Params
// are worked out anew for each; what an error touches is not lowered.
import type {
  Decl, PropertyDecl, RunItem, ScenarioDecl, ScenarioItem, ThreadDecl, WorkloadDecl,
} from '../syntax/ast.ts';
import type { Program, Property } from '../../../simulator/src/program.ts';
import { areRun, threadsNamed } from './broken.ts';
import { evaluate, isNumber } from './constants.ts';
import type { Consts } from './constants.ts';
import { draftLike, draftThread, finishThreads, type Draft } from './drafts.ts';
import type { Entity } from './entity.ts';
import { defaults, environment } from './environment.ts';
import { Initials } from './initial.ts';
import type { ProgramAtHand } from './kept-programs.ts';
import {
  keptIn, keepThread, layoutOf, NOTHING_BUILT, takeThread, type Bodies, type KeptBuild,
  type KeptThread,
} from './kept-threads.ts';
import { layOut, ordersOf } from './layout.ts';
import { lowerExpr } from './lower-expr.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { indexOf, needed, type Placed } from './needs.ts';
import { programKey, type ProgramKey } from './program-key.ts';
import { runsOf } from './run-items.ts';
import { createWorld } from './world.ts';
import type { Instance, World } from './world.ts';

/** The program of a scenario; null where an error touches it or anything it runs. */
export function lowerScenario(model: Model, scenario: ScenarioDecl): Lowered | null {
  if (model.broken.has(scenario)) return null;
  return build(model, scenarioPlan(model, scenario));
}

/** The same, not worked out again if an earlier version of the file had it. */
export function keptScenario(model: Model, scenario: ScenarioDecl): Lowered | null {
  const plan = scenarioPlan(model, scenario);
  const key = programKey(model, rootsOf(model, plan), plan.consts);
  return key && (model.meaning.kept.at(key, () => rebuild(model, plan, key))?.lowered ?? null);
}

function scenarioPlan(model: Model, scenario: ScenarioDecl): Plan {
  const runs = runsOf(scenario.items);
  const properties = [
    ...propertiesIn(model, runs),
    ...scenario.items.filter((item): item is PropertyDecl => item.kind === 'property'),
  ];
  return { consts: constantsOf(model, scenario.items), runs, properties, root: scenario };
}

type Threads = ReturnType<typeof threadsNamed>;

const askedOf = new WeakMap<Model, readonly (readonly [PropertyDecl, Threads])[]>();

/** The file's properties that are checked where these threads run. */
function propertiesIn(model: Model, runs: readonly RunItem[]): readonly PropertyDecl[] {
  const { parts } = model.meaning;
  const { entities } = model.meaning.tables([]);
  const all = askedOf.get(model) ?? parts.flatMap(({ decl }) =>
    (decl.kind === 'property' ? [[decl, threadsNamed(decl.expr, entities)] as const] : []));
  askedOf.set(model, all);
  return all.flatMap(([decl, threads]) => (areRun(threads, runs) ? [decl] : []));
}

/**
 * One thread alone, for static dataflow: its parameters are locals that start with the least.
 * Params as the items of a scenario set them, by default to their defaults.
 */
export function lowerThread(
  model: Model, thread: ThreadDecl, items: readonly ScenarioItem[] = [],
): Lowered | null {
  if (model.broken.has(thread)) return null;
  const consts = constantsOf(model, items);
  return build(model, { consts, runs: [], alone: thread, properties: [], root: thread });
}

/** The same, not worked out again if an earlier version of the file had it. */
export function keptThread(
  model: Model, thread: ThreadDecl, items: readonly ScenarioItem[] = [],
): ProgramAtHand | null {
  const key = programKey(model, [thread], constantsOf(model, items));
  return key && model.meaning.kept.at(key, () => lowerThread(model, thread, items));
}

/** The threads of a workload, one instance for each that a line starts at once. */
export function lowerWorkload(model: Model, workload: WorkloadDecl): Lowered | null {
  if (model.broken.has(workload)) return null;
  const consts = constantsOf(model, workload.items);
  const runs = workload.items.flatMap((item) => (item.kind === 'arrive' ? [item.run] : []));
  return build(model, { consts, runs, properties: [], root: workload });
}

/** What the params come to in a scenario or workload: for `cpus`, `at`, `every` and `for`. */
export function constantsOf(
  model: Model, items: readonly ScenarioItem[] | WorkloadDecl['items'],
): Consts {
  return environment(defaults(model.meaning.tables([])), items);
}

interface Plan {
  readonly consts: Consts;
  readonly runs: readonly RunItem[];
  readonly alone?: ThreadDecl;
  readonly properties: readonly PropertyDecl[];
  readonly root: ThreadDecl | ScenarioDecl | WorkloadDecl;
}

function build(model: Model, plan: Plan): Lowered | null {
  const parts = needed(rootsOf(model, plan), model.meaning);
  if (parts.some(({ decl }) => model.broken.has(decl))) return null;
  return assemble(model, worldOf(model, plan, parts), { plan, before: null })?.lowered ?? null;
}

/** The same; threads that are as they were in the scenario's last program are taken from there. */
function rebuild(model: Model, plan: Plan, { parts }: ProgramKey): Lowered | null {
  const { kept } = model.meaning;
  const scenario = plan.root.name.text;
  for (const before of [kept.buildOf(scenario), NOTHING_BUILT]) {
    if (before === null) continue;
    const world = worldOf(model, plan, parts);
    const made = assemble(model, world, { plan, before });
    if (made === null) continue;
    kept.keepBuild(scenario, { layout: layoutOf(world), threads: made.threads });
    return made.lowered;
  }
  return null;
}

/** All but what its threads have for themselves. */
function worldOf(model: Model, plan: Plan, parts: readonly Placed[]): World {
  const { meaning } = model;
  const { entities } = meaning.tables([]);
  const { structs, enums } = indexOf(meaning.parts);
  const initials = new Initials(plan.consts, structs);
  for (const { decl } of parts) if (decl.kind === 'shared') initials.add(decl);
  const instances = plan.alone === undefined
    ? instancesOf(model, plan, initials) : [aloneOf(model, plan.alone)];
  const { owners, texts } = meaning;
  const world = createWorld({
    meaning: { entities, owners, texts }, consts: plan.consts, initials, structs, enums, instances,
  });
  layOut(world, parts);
  return world;
}

function rootsOf({ meaning }: Model, plan: Plan): readonly Decl[] {
  const { entities } = meaning.tables([]);
  const threads = plan.runs.flatMap((run) => {
    const entity = entities.get(run);
    return entity?.kind === 'thread' ? [entity.decl] : [];
  });
  return [plan.root, ...threads, ...plan.properties];
}

function aloneOf(model: Model, decl: ThreadDecl): Instance {
  const file = model.meaning.tables([]).entities.get(decl.name)?.file ?? model.file;
  return {
    name: decl.name.text, decl, file, alias: null, item: null, runRange: null,
    args: decl.params.map(() => null),
  };
}

/** Every instance that is run, named by alias or thread, with `#1`, `#2` where several are. */
function instancesOf(model: Model, plan: Plan, initials: Initials): readonly Instance[] {
  const found: Instance[] = [];
  const { entities } = model.meaning.tables([]);
  for (const item of plan.runs) {
    const entity = entities.get(item);
    if (entity?.kind !== 'thread') continue;
    const args = item.args.map((arg) => {
      const value = evaluate(arg, initials.consts);
      return isNumber(value) ? value : null;
    });
    const count = item.count === null ? 1 : evaluate(item.count, plan.consts);
    const alias = item.alias?.text ?? null;
    for (let i = 0; i < (isNumber(count) ? count : 0); i++) {
      found.push({
        name: alias ?? entity.decl.name.text, decl: entity.decl, file: entity.file, alias, item,
        runRange: item.range, args,
      });
    }
  }
  const counts = new Map<string, number>();
  for (const { name } of found) counts.set(name, (counts.get(name) ?? 0) + 1);
  const numbers = new Map<string, number>();
  return found.map((instance) => {
    const { name } = instance;
    if (counts.get(name) === 1) return instance;
    const number = (numbers.get(name) ?? 0) + 1;
    numbers.set(name, number);
    return { ...instance, name: `${name}#${number}` };
  });
}

interface Made {
  readonly lowered: Lowered;
  /** For the scenario's next program. */
  readonly threads: KeptBuild['threads'];
}

interface Making {
  readonly plan: Plan;
  /** What threads may be taken over from; null where none are kept. */
  readonly before: KeptBuild | null;
}

/** null where what was taken over does not fit. */
function assemble(model: Model, world: World, { plan, before }: Making): Made | null {
  const keys = before === null ? [] : keysOf(model, world, plan.consts);
  const inside = insideOf(world, keys);
  const kept = before === null ? [] : keptIn(before, world, { keys, inside });
  const drafts = draftThreads(model, world, kept);
  const properties = plan.properties.map((decl) => lowerProperty(model, world, decl));
  const finished = finishThreads(world, drafts);
  if (finished === null || world.sites.clash) return null;
  const program: Program = {
    cells: world.cells, places: world.places, pools: world.pools, classes: world.classes,
    locks: world.locks, threads: finished.map(({ thread }) => thread), properties,
    orders: ordersOf(world, model.meaning.parts), nRegs: world.nRegs,
  };
  const threads = drafts.map((draft, i) => {
    const [made, key] = [finished[i], keys[i]];
    if (draft.kind === 'kept' || made === undefined || key == null) return draft;
    return keepThread(world, draft, { ...made, ...key, bodies: inside(draft.instance) });
  });
  return {
    threads: threads.map((it) => (it?.kind === 'kept' ? it : null)),
    lowered: {
      program, sites: world.sites.sites, cells: world.cellInfos,
      passages: finished.flatMap(({ passages }) => passages),
      threads: world.instances.map(({ name, decl, runRange }) =>
        ({ name, decl: decl.name.text, runRange })),
    },
  };
}

/** By instance, what its thread is made of. */
function keysOf(
  model: Model, { instances }: World, consts: Consts,
): readonly (ProgramKey | null)[] {
  const byDecl = new Map<ThreadDecl, ProgramKey | null>();
  return instances.map(({ decl }) => {
    let key = byDecl.get(decl);
    if (key === undefined) byDecl.set(decl, key = programKey(model, [decl], consts));
    return key;
  });
}

/** By what its key says it is made of. */
function insideOf(world: World, keys: readonly (ProgramKey | null)[]): Bodies['inside'] {
  return (instance) => {
    const parts = keys[world.instances.indexOf(instance)]?.parts ?? [];
    return new Set([instance.decl.name.text, ...parts.flatMap(({ decl }) =>
      (decl.kind === 'proc' ? [decl.name.text] : []))]);
  };
}

/** `kept`: by instance, what is taken over as long as all comes to the same place as before. */
function draftThreads(
  model: Model, world: World, kept: readonly (KeptThread | null)[],
): readonly (Draft | KeptThread)[] {
  const { meaning } = model;
  const firsts = new Map<ThreadDecl, { readonly draft: Draft; readonly like: number }>();
  let isThere = true;
  return world.instances.map((instance, i) => {
    const taken = kept[i] ?? null;
    isThere &&= taken === null || takeThread(world, taken);
    if (taken !== null && isThere) return taken;
    const { decl } = instance;
    const first = firsts.get(decl);
    if (first === undefined) meaning.tables(needed([decl], meaning).map((it) => it.decl));
    const copy = first && draftLike(world, first.draft, { like: first.like, instance, thread: i });
    if (copy != null) return copy;
    const draft = draftThread(world, instance, i);
    if (first === undefined) firsts.set(decl, { draft, like: i });
    return draft;
  });
}

function lowerProperty(model: Model, world: World, decl: PropertyDecl): Property {
  const entity: Entity | undefined = world.meaning.entities.get(decl.name);
  const owner = { file: entity?.file ?? model.file, name: decl.name.text };
  const frame = { world, owner, bindings: new Map(), depth: 0, positive: true };
  return {
    kind: decl.property, name: decl.name.text,
    site: world.sites.ofNode(decl, decl.range, owner), expr: lowerExpr(frame, decl.expr),
  };
}
