// One run: by a given schedule, or drawn from a seed. The same program and seed give the same run.
import { moveOf } from './graph.ts';
import { beginChoices } from './machine.ts';
import type { Program } from './program.ts';
import {
  compileProperties, isOver, propertyFound, valueOf, type Properties,
} from './properties.ts';
import {
  clearAccesses, collectAccesses, createNextAccesses, findRaces, type NextAccesses,
} from './races.ts';
import { nextChoice } from './search.ts';
import { snapshot, takeChosen, traceStep } from './replay.ts';
import { createEngine, enter, isDone, takeStep, type Engine } from './step.ts';
import type { Run, TraceStep } from './verdict.ts';

export interface RunOptions {
  /** Steps at most. */
  readonly steps: number;
  /** Taken first; beyond its end the run is drawn (with a seed) or ends (without). */
  readonly schedule?: readonly { readonly thread: number; readonly choice: number }[];
  readonly seed?: number;
}

/** Bob Jenkins' small noncryptographic generator: four words of 32 bits. */
function createRandom(seed: number): (n: number) => number {
  let [a, b, c, d] = [0xf1ea5eed, seed >>> 0, seed >>> 0, seed >>> 0];
  const rotate = (x: number, k: number): number => (x << k) | (x >>> (32 - k));
  const next = (): number => {
    const e = (a - rotate(b, 27)) | 0;
    a = b ^ rotate(c, 17);
    b = (c + d) | 0;
    c = (d + e) | 0;
    d = (e + a) | 0;
    return d >>> 0;
  };
  for (let i = 0; i < 20; i++) next();
  return (n) => next() % n;
}

export function run(program: Program, options: RunOptions): Run {
  const engine = createEngine(program);
  const { machine: m } = engine;
  const met = createMet(engine);
  const steps: TraceStep[] = [];
  const entered = enter(engine);
  keep(met, 0);
  const initial = snapshot(m);
  const ended = (end: Run['end']): Run =>
    ({ trace: { initial, steps, loop: null }, violations: met.violations, end });
  if (!entered || judgeState(met, null, 0)) return ended('cut');
  const random = options.seed === undefined ? null : createRandom(options.seed);
  while (steps.length < options.steps) {
    const scheduled = options.schedule?.[steps.length];
    const move = scheduled ?? (random === null ? null : draw(engine, random));
    if (move === null) return ended(whyEnded(engine, random !== null));
    const outcome = takeChosen(engine, move.thread, move.choice);
    if (outcome === null) return ended('schedule_diverged');
    steps.push(traceStep(m, moveOf(move.thread, move.choice), outcome));
    const isCut = outcome === 'cut' || m.found.some(({ code }) => code === 'deadlock');
    const by = { thread: move.thread, step: m.began };
    keep(met, steps.length);
    if (isCut || judgeState(met, by, steps.length)) return ended('cut');
  }
  return ended('steps');
}

/** What a run has met so far. */
interface Met {
  readonly engine: Engine;
  readonly properties: Properties;
  readonly violations: Run['violations'][number][];
  /** Invariants that do not hold now. */
  broken: ReadonlySet<string>;
  /** Races told already, by step and subject. */
  readonly races: Set<string>;
  readonly next: NextAccesses;
}

function createMet(engine: Engine): Met {
  return {
    engine, properties: compileProperties(engine.program), violations: [], broken: new Set(),
    races: new Set(), next: createNextAccesses(),
  };
}

function keep(met: Met, at: number): void {
  const { machine: m } = met.engine;
  for (const found of m.found) met.violations.push({ ...found, at });
  m.found = [];
}

function whyEnded(engine: Engine, drawn: boolean): Run['end'] {
  if (isOver(engine.machine)) return 'done';
  return drawn ? 'stuck' : 'steps';
}

/** Tells what the state violates. True where the run is not followed past it. */
function judgeState(
  met: Met, by: { thread: number; step: number } | null, at: number,
): boolean {
  const { engine: { machine: m }, properties } = met;
  const { invariants, finals, reachables, eventuallys } = properties;
  const broken = new Set<string>();
  let isCut = false;
  for (const judged of invariants) {
    const value = valueOf(m, judged);
    isCut ||= value === null;
    if (value !== false) continue;
    const { name } = judged.property;
    broken.add(name);
    if (!met.broken.has(name)) m.found.push(propertyFound(judged.property, by));
  }
  for (const judged of [...reachables, ...eventuallys]) {
    isCut = valueOf(m, judged) === null || isCut;
  }
  for (const judged of isOver(m) ? finals : []) {
    const value = valueOf(m, judged);
    isCut ||= value === null;
    if (value === false) m.found.push(propertyFound(judged.property, null));
  }
  met.broken = broken;
  keep(met, at);
  if (!isCut) tellRaces(met, at);
  return isCut;
}

function tellRaces(met: Met, at: number): void {
  const { engine, next, races, violations } = met;
  const { places } = engine.program;
  clearAccesses(next);
  enabledMoves(engine, next);
  findRaces(next, (place) => places[place]!.name, (race) => {
    const key = `${race.step} ${race.subject ?? ''}`;
    if (!races.has(key)) violations.push({ ...race, at });
    races.add(key);
  });
}

/** One of the moves possible now, or null where there is none. */
function draw(
  engine: Engine, random: (n: number) => number,
): { thread: number; choice: number } | null {
  const moves = enabledMoves(engine, null);
  const threads = [...new Set(moves.map((move) => move.thread))];
  if (threads.length === 0) return null;
  const thread = threads[random(threads.length)]!;
  const own = moves.filter((move) => move.thread === thread);
  return own[random(own.length)]!;
}

/** Every move possible in the machine's state, which stays as it was; their accesses in `next`. */
function enabledMoves(
  engine: Engine, next: NextAccesses | null,
): { thread: number; choice: number }[] {
  const { machine: m } = engine;
  const base = m.frame.slice();
  const moves: { thread: number; choice: number }[] = [];
  engine.program.threads.forEach((_, thread) => {
    m.frame.set(base);
    if (isDone(m, thread)) return;
    beginChoices(m);
    let choice = 0;
    do {
      m.frame.set(base);
      if (takeStep(engine, thread) !== 'blocked') {
        moves.push({ thread, choice });
        if (next !== null) collectAccesses(next, m, thread);
        choice++;
      }
    } while (nextChoice(m));
  });
  m.frame.set(base);
  m.found = [];
  return moves;
}
