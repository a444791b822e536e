// The naive checker: everything language.md says of a program, from its whole state graph.
import type { Program, Property, Violation } from '../../simulator/src/index.ts';
import { explore, fewest, type Graph, type Node } from './explore.ts';
import type { WaitsFor } from './lock-rules.ts';
import { canAvoid, stuckNodes } from './liveness.ts';
import { allDone, isAsked, judge } from './properties.ts';
import { classNameOf, nth, threadOf, type State } from './state.ts';
import { toldOnReaching, type Move } from './step.ts';

export interface Finding {
  /** Of the shortest run to it; null: no run, or not compared. */
  length: number | null;
  /** For each place at that distance where it is met, the fewest context switches to there. */
  readonly switches: Set<number>;
}

/** A circle of waiting threads as one step closes it. */
export interface Closing {
  /** By `deadlock|subject{sites}`; one of them is told. */
  readonly names: readonly string[];
  readonly step: number;
  readonly length: number;
  readonly switches: number;
}

export interface Opinion {
  readonly graph: Graph;
  /** By `code|subject|step`. */
  readonly findings: Map<string, Finding>;
  readonly races: Map<string, { readonly race: Race; readonly finding: Finding }>;
  readonly closings: readonly Closing[];
  readonly outcomes: Set<string>;
  readonly states: number;
  readonly transitions: number;
  readonly depth: number;
}

export interface Named {
  readonly code: string;
  readonly subject: string | null;
  readonly step: number;
}
interface Run { readonly length: number; readonly switches: number }

export const keyFor = ({ code, subject, step }: Named): string =>
  [code, subject ?? '-', step].join('|');
export const partiesKey = (sites: readonly number[]): string =>
  [...sites].sort((a, b) => a - b).join(',');

/** The name of a circle of waiting threads, by the sites of all that are in it. */
export const nameOfCircle = ({ code, subject, step, others }: Violation): string =>
  `${code}|${subject ?? '-'}{${partiesKey([step, ...others.map((other) => other.step)])}}`;

type Findings = Map<string, Finding>;

function add(findings: Findings, named: Named, run: Run | null): void {
  addKey(findings, keyFor(named), run);
}

function addKey(findings: Findings, key: string, run: Run | null): Finding {
  const finding = findings.get(key) ?? { length: run?.length ?? null, switches: new Set() };
  findings.set(key, finding);
  if (run === null || finding.length === null || run.length > finding.length) return finding;
  if (run.length < finding.length) finding.switches.clear();
  finding.length = run.length;
  finding.switches.add(run.switches);
  return finding;
}

const here = (node: Node): Run => ({ length: node.depth, switches: fewest(node, null) });
const after = (node: Node, move: Move): Run =>
  ({ length: node.depth + 1, switches: fewest(node, move.thread) });

export const siteNow = (program: Program, state: State, thread: number): number =>
  nth(threadOf(program, thread).code, nth(state.threads, thread).pc).site;

export interface Race {
  readonly subject: string;
  /** The step that writes, and the other with what it does. */
  readonly writer: number;
  readonly other: number;
  readonly access: 'read' | 'write';
}

export const raceKey = ({ subject, writer, other, access }: Race): string =>
  `data_race|${subject}{${writer} and the ${access} of ${other}}`;

/** Pairs of accesses that two threads can both make next; two writes go both ways. */
export function racesAt(program: Program, moves: readonly Move[]): Race[] {
  const touches = moves.flatMap((move) =>
    move.touches.map((touch) => ({ ...touch, thread: move.thread })));
  return touches.flatMap((a) => touches.flatMap((b): Race[] => {
    if (!a.write || a.thread === b.thread || a.cell !== b.cell) return [];
    const place = nth(program.places, a.place);
    if (place.atomic || (a.marked && b.marked)) return [];
    const access = b.write ? 'write' : 'read';
    return [{ subject: place.name, writer: a.step, other: b.step, access }];
  }));
}

/** A circle of waiting threads, by its locks and steps. */
export function nameOfClosing(program: Program, move: Move, cycle: readonly WaitsFor[]): string {
  const names = cycle.flatMap((edge) =>
    edge.lock === null ? [] : [classNameOf(program, edge.lock)]);
  const subject = names.length > 0 ? [...new Set(names)].sort().join(', ') : '-';
  const sites = cycle.map((edge) => siteNow(program, move.to, edge.from));
  return `deadlock|${subject}{${partiesKey(sites)}}`;
}

const closingsAt = (program: Program, node: Node): Closing[] =>
  node.moves.filter(({ move }) => move.cycles.length > 0).map(({ move }) => ({
    names: move.cycles.map((cycle) => nameOfClosing(program, move, cycle)),
    step: move.site, ...after(node, move),
  }));

function addState(program: Program, node: Node, findings: Findings): void {
  for (const told of node.broken) add(findings, told, here(node));
  program.threads.forEach((_, thread) => {
    for (const told of toldOnReaching(program, node.state, thread)) {
      add(findings, told, here(node));
    }
  });
  for (const { move } of node.moves) {
    for (const told of move.told) add(findings, told, after(node, move));
  }
}

function addProperty(graph: Graph, property: Property, findings: Findings): void {
  const { program, nodes } = graph;
  const { kind, name, site } = property;
  const values = nodes.map((node) => judge(program, node.state, property));
  const isTrue = (node: Node): boolean => values[node.id] === true;
  const named = { code: kind, subject: name, step: site };
  for (const node of nodes) {
    const fails = values[node.id] === false && isAsked(program, node.state, property);
    if (kind === 'final' && fails) add(findings, named, here(node));
    if (kind !== 'invariant') continue;
    if (node.id === 0 && fails) add(findings, named, here(node));
    for (const { move, to } of node.moves) {
      if (to === null || !isTrue(node) || values[to] !== false) continue;
      add(findings, { ...named, step: move.site }, after(node, move));
    }
  }
  const broken = (kind === 'reachable' && !nodes.some(isTrue))
    || (kind === 'eventually' && canAvoid(graph, isTrue));
  if (broken) add(findings, named, null);
}

function addStuck(graph: Graph, findings: Findings): void {
  const { program } = graph;
  program.threads.forEach((thread, index) => {
    if (thread.background) return;
    for (const node of stuckNodes(graph, index)) {
      const lock = nth(node.state.threads, index).lock;
      const subject = lock === null ? null : classNameOf(program, lock);
      const step = siteNow(program, node.state, index);
      add(findings, { code: 'deadlock', subject, step }, here(node));
    }
  });
}

function racesOf(graph: Graph): Opinion['races'] {
  const found: Findings = new Map();
  const races = new Map<string, { race: Race; finding: Finding }>();
  for (const node of graph.nodes) {
    for (const race of racesAt(graph.program, node.moves.map((edge) => edge.move))) {
      const key = raceKey(race);
      const finding = addKey(found, key, here(node));
      races.set(key, { race, finding });
    }
  }
  return races;
}

function outcomesOf(graph: Graph): Set<string> {
  const { program, nodes } = graph;
  return new Set(nodes.filter((node) => allDone(program, node.state)).map((node) =>
    JSON.stringify(program.threads.flatMap((thread, i) => {
      if (thread.outcomes.length === 0) return [];
      const outcome = nth(node.state.threads, i).outcome;
      return [outcome === 0 ? null : outcome - 1];
    }))));
}

/** Null where the program has more states than `limit`. */
export function opinionOf(program: Program, limit: number): Opinion | null {
  const graph = explore(program, limit);
  if (graph === null) return null;
  const findings: Findings = new Map();
  for (const told of graph.atStart) add(findings, told, { length: 0, switches: 0 });
  for (const node of graph.nodes) addState(program, node, findings);
  for (const property of program.properties) addProperty(graph, property, findings);
  addStuck(graph, findings);
  return {
    graph, findings, races: racesOf(graph), outcomes: outcomesOf(graph),
    closings: graph.nodes.flatMap((node) => closingsAt(program, node)),
    states: graph.nodes.length,
    transitions: graph.nodes.reduce((sum, node) => sum + node.moves.length, 0),
    depth: graph.nodes.reduce((most, node) => Math.max(most, node.depth), 0),
  };
}
