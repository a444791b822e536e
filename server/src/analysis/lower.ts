// From the model to the simulator's program: a scenario, a workload, or one thread alone. Params
// are worked out anew for each; what an error touches is not lowered.
import type {
  Decl, PropertyDecl, RunItem, ScenarioDecl, ScenarioItem, ThreadDecl, WorkloadDecl,
} from '../syntax/ast.ts';
import type { Program, Property, Thread } from '../../../simulator/src/program.ts';
import { areRun, threadsNamed } from './broken.ts';
import { Code } from './code.ts';
import { evaluate, isNumber, typeOf } from './constants.ts';
import type { Consts } from './constants.ts';
import type { Entity, LabelNode } from './entity.ts';
import { defaults, environment } from './environment.ts';
import { Initials } from './initial.ts';
import type { ProgramAtHand } from './kept-programs.ts';
import { layOut, ordersOf } from './layout.ts';
import { bindLocals } from './lower-call.ts';
import { lowerExpr } from './lower-expr.ts';
import { lowerBlock } from './lower-stmt.ts';
import type { Lowered, Passage } from './lowered.ts';
import type { Model } from './model.ts';
import { indexOf, needed } from './needs.ts';
import { programKey } from './program-key.ts';
import { runsOf } from './run-items.ts';
import { addCell, cellRange, createWorld } from './world.ts';
import type { Binding, Instance, World } from './world.ts';

/** The program of a scenario; null where an error touches it or anything it runs. */
export function lowerScenario(model: Model, scenario: ScenarioDecl): Lowered | null {
  if (model.broken.has(scenario)) return null;
  return build(model, scenarioPlan(model, scenario));
}

/** The same, not worked out again if an earlier version of the file had it. */
export function keptScenario(model: Model, scenario: ScenarioDecl): Lowered | null {
  const plan = scenarioPlan(model, scenario);
  const key = programKey(model, rootsOf(model, plan), plan.consts);
  return key && (model.meaning.kept.at(key, () => build(model, plan))?.lowered ?? null);
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
  readonly root: Decl;
}

function build(model: Model, plan: Plan): Lowered | null {
  const { meaning } = model;
  const parts = needed(rootsOf(model, plan), meaning);
  if (parts.some(({ decl }) => model.broken.has(decl))) return null;
  const { entities } = meaning.tables(parts.map(({ decl }) => decl));
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
  return assemble(model, { world, properties: plan.properties });
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

interface Draft {
  readonly code: Code;
  readonly instance: Instance;
}

function assemble(
  model: Model, parts: { readonly world: World; readonly properties: readonly PropertyDecl[] },
): Lowered {
  const { world } = parts;
  const drafts = world.instances.map((instance, i) => draftThread(world, instance, i));
  const properties = parts.properties.map((decl) => lowerProperty(model, world, decl));
  const { threads, passages } = finishThreads(world, drafts);
  const program: Program = {
    cells: world.cells, places: world.places, pools: world.pools, classes: world.classes,
    locks: world.locks, threads, properties, orders: ordersOf(world, model.meaning.parts),
    nRegs: world.nRegs,
  };
  return {
    program, sites: world.sites.sites, cells: world.cellInfos, passages,
    threads: world.instances.map(({ name, decl, runRange }) =>
      ({ name, decl: decl.name.text, runRange })),
  };
}

function draftThread(world: World, instance: Instance, thread: number): Draft {
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
  return { code, instance };
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

function lowerProperty(model: Model, world: World, decl: PropertyDecl): Property {
  const entity: Entity | undefined = world.meaning.entities.get(decl.name);
  const owner = { file: entity?.file ?? model.file, name: decl.name.text };
  const frame = { world, owner, bindings: new Map(), depth: 0, positive: true };
  return {
    kind: decl.property, name: decl.name.text,
    site: world.sites.ofNode(decl, decl.range, owner), expr: lowerExpr(frame, decl.expr),
  };
}

/** Finishes the code and tells those who ask about labels where they are. */
function finishThreads(
  world: World, drafts: readonly Draft[],
): { readonly threads: readonly Thread[]; readonly passages: readonly Passage[] } {
  const passages: Passage[] = [];
  const asked = drafts.map((draft, i) => {
    const requests = world.requests.filter((request) => request.thread === i);
    return requests.map((request) => ({ request, nodes: labelNodes(world, draft, request.label) }));
  });
  const threads = drafts.map(({ code, instance }, i): Thread => {
    for (const { nodes } of asked[i] ?? []) for (const node of nodes) code.peel(node);
    const finished = code.finish();
    for (const { request, nodes } of asked[i] ?? []) {
      request.pcs.push(...new Set(nodes.flatMap((node) => finished.labels(node))));
    }
    for (const passage of finished.passages) passages.push({ ...passage, thread: i });
    const { decl, name } = instance;
    const outcomes = decl.outcomes.map((o) => ({ name: o.name.text, never: o.never }));
    return {
      name, decl: decl.name.text, background: decl.background, outcomes, code: finished.code,
      entry: 0,
    };
  });
  return { threads, passages };
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

