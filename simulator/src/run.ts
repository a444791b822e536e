// One run: by a given schedule, or drawn from a seed. The same program and seed give the same run.
import { moveOf, type Move } from './graph.ts';
import type { Program } from './program.ts';
import {
  compileProperties, isOver, propertyFound, valueOf, type Properties,
} from './properties.ts';
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
  const properties = compileProperties(program);
  const violations: Run['violations'][number][] = [];
  const steps: TraceStep[] = [];
  const keep = (): void => {
    for (const found of m.found) violations.push({ ...found, at: steps.length });
    m.found = [];
  };
  const entered = enter(engine);
  keep();
  const initial = snapshot(m);
  const ended = (end: Run['end']): Run =>
    ({ trace: { initial, steps, loop: null }, violations, end });
  if (!entered) return ended('cut');
  let broken = judgeState(engine, properties, new Set());
  keep();
  const random = options.seed === undefined ? null : createRandom(options.seed);
  const schedule = options.schedule ?? [];
  while (steps.length < options.steps) {
    const scheduled = schedule[steps.length];
    const move = scheduled ?? (random === null ? null : draw(engine, random));
    if (move === null) return ended(whyEnded(engine, random !== null));
    const outcome = takeChosen(engine, move.thread, move.choice);
    if (outcome === null) return ended('schedule_diverged');
    const found = m.found;
    steps.push(traceStep(m, moveOf(move.thread, move.choice), outcome));
    const isCut = outcome === 'cut' || found.some(({ code }) => code === 'deadlock');
    m.found = found;
    if (!isCut) broken = judgeState(engine, properties, broken);
    keep();
    if (isCut) return ended('cut');
  }
  return ended('steps');
}

function whyEnded(engine: Engine, drawn: boolean): Run['end'] {
  if (isOver(engine.machine)) return 'done';
  return drawn ? 'stuck' : 'steps';
}

/** Adds what the state violates to the machine's `found`; returns the invariants that fail. */
function judgeState(
  engine: Engine, properties: Properties, before: ReadonlySet<string>,
): Set<string> {
  const { machine: m } = engine;
  const { began: step, self: thread } = m;
  const broken = new Set<string>();
  for (const judged of properties.invariants) {
    if (valueOf(m, judged) !== false) continue;
    const { name } = judged.property;
    broken.add(name);
    if (!before.has(name)) m.found.push(propertyFound(judged.property, { thread, step }));
  }
  if (!isOver(m)) return broken;
  for (const judged of properties.finals) {
    if (valueOf(m, judged) === false) m.found.push(propertyFound(judged.property, null));
  }
  return broken;
}

/** One of the moves possible now, or null where there is none. */
function draw(
  engine: Engine, random: (n: number) => number,
): { thread: number; choice: number } | null {
  const moves = enabledMoves(engine);
  const threads = [...new Set(moves.map((move) => move.thread))];
  if (threads.length === 0) return null;
  const thread = threads[random(threads.length)]!;
  const own = moves.filter((move) => move.thread === thread);
  return own[random(own.length)]!;
}

/** Every move possible in the machine's state; the state stays as it was. */
export function enabledMoves(engine: Engine): { thread: number; choice: number; move: Move }[] {
  const { machine: m } = engine;
  const base = m.frame.slice();
  const moves: { thread: number; choice: number; move: Move }[] = [];
  engine.program.threads.forEach((_, thread) => {
    m.frame.set(base);
    if (isDone(m, thread)) return;
    m.choices.length = 0;
    let choice = 0;
    do {
      m.frame.set(base);
      if (takeStep(engine, thread) !== 'blocked') {
        moves.push({ thread, choice, move: moveOf(thread, choice) });
        choice++;
      }
    } while (nextChoice(m));
  });
  m.frame.set(base);
  m.found = [];
  return moves;
}
