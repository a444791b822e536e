// A scenario as a Promela model for SPIN: the same steps, the same checks, readable beside the
// spec.
import type { CellIdx } from '../../../../simulator/src/program.ts';
import type { Lowered } from '../lowered.ts';
import { checksProctype, stateMacros } from './checks.ts';
import { graphCode, graphTables } from './collect-graph.ts';
import { collector } from './collect.ts';
import { canWait, declareSearch, searchInline, waitMacros } from './cycles.ts';
import { header } from './header.ts';
import { enter, type StartError } from './initial.ts';
import { block, comment, type Lines } from './lines.ts';
import { claims, idleProctype } from './liveness.ts';
import { classMacros, declareClass, queueInlines } from './locks.ts';
import {
  checkFor, createModel, declare, literal, tell, type Model, type PromelaOptions,
} from './model.ts';
import { declarePool } from './objects.ts';
import { racesProctype, suspectsOf } from './races.ts';
import { declareThread, proctype, threadMacros } from './threads.ts';

export type { PromelaOptions } from './model.ts';

export function toPromela(lowered: Lowered, options: PromelaOptions): string {
  const model = createModel(lowered, options);
  const threads = model.program.threads.map((_, t) => t);
  const values = new Map(model.program.cells.map(({ init }, cell) => [cell, init]));
  const starts = threads.map((t) => enter(model.program, t, values));
  const impossible = starts.find(({ error }) => error !== null)?.error ?? null;
  const locks = model.classes.flatMap((_, cls) => declareClass(model, cls));
  const objects = model.program.pools.flatMap((_, pool) => declarePool(model, pool));
  const own = threads.flatMap((t) => declareThread(model, t, starts[t]!.pc));
  const shared = declareCells(model, values);
  const macros = [
    ...model.classes.flatMap((_, cls) => classMacros(model, cls)),
    ...threads.flatMap((t) => threadMacros(model, t)), ...stateMacros(model),
    ...(canWait(model) ? threads.flatMap((t) => waitMacros(model, t)) : []),
  ];
  const queues = model.classes.flatMap((_, cls) => queueInlines(model, cls));
  const search = canWait(model) ? [...declareSearch(model), ...searchInline(model)] : [];
  const processes = threads.flatMap((t) => proctype(model, t));
  const checks = checksProctype(model);
  const races = racesProctype(model, suspectsOf(model));
  const never = claims(model);
  const begin = impossible === null ? [] : startError(model, impossible);
  const scratch = [...model.scratch].sort().map((name) => `int ${name};`);
  const lines = [
    ...header(model),
    ...(options.collect ? [...graphTables(model), ...collector(model)] : []),
    ...checkVariables(model),
    '', comment('numbers with a name'), ...members(model), ...STATUS,
    '', comment('shared state and locals'), ...shared,
    ...section(LOCKS, locks),
    ...section('objects, and the readers a free_rcu waits for', objects),
    ...section('threads', own),
    ...section('scratch: 0 between steps', scratch),
    `bool stopped${impossible === null ? '' : ' = true'};`,
    ...(options.collect ? ['int from_state;', ...graphCode(model)] : []),
    '', comment('of a state'), ...macros,
    ...section('queues of rwsems', queues), ...section('circles of waiting threads', search),
    ...begin, ...processes,
    '', '#ifndef EVENTUALLY', ...checks, ...races, '', '#else', ...idleProctype(), ...never,
    '#endif',
  ];
  return `${lines.join('\n')}\n`;
}

const LOCKS = 'locks: the writer is a thread, from 1; in a queue 2 * thread, + 1 to write';

const section = (title: string, lines: Lines): Lines =>
  (lines.length === 0 ? [] : ['', comment(title), ...lines]);

const STATUS: Lines = [
  '#define unused 0', '#define live 1', '#define free_pending 2', '#define freed 3',
];

const members = (model: Model): Lines =>
  [...model.members.values()].map(({ text, value }) => `#define ${text} ${value}`);

/** True where the check is on: an assertion names what it found. */
function checkVariables(model: Model): Lines {
  if (model.options.collect) return [];
  return [
    '', '#if defined(EVENTUALLY)', '#define WATCHED(n, by_default) 0',
    '#elif defined(ONLY)', '#define WATCHED(n, by_default) (ONLY == n)',
    '#else', '#define WATCHED(n, by_default) by_default', '#endif',
    ...[...model.checks.values()].map(({ id, variable, label, witness }) =>
      `hidden byte ${variable} = WATCHED(${id}, ${witness ? 0 : 1}); ${comment(label)}`),
  ];
}

function declareCells(model: Model, values: ReadonlyMap<CellIdx, number>): Lines {
  const { program, names } = model;
  const shared = program.places.map((place, p) => {
    const { lo, hi } = program.cells[place.base]!;
    const cells = Array.from({ length: place.count }, (_, i) => place.base + i);
    const inits = cells.map((cell) => literal(model, values.get(cell) ?? 0, cell));
    const init = new Set(inits).size === 1 ? inits[0]! : `{ ${inits.join(', ')} }`;
    const name = names.places[p]!;
    return `${declare(model, { name, lo, hi, count: place.count })} = ${init}; `
      + comment(place.name);
  });
  const locals = [...names.locals].map(([cell, name]) => {
    const { lo, hi } = program.cells[cell]!;
    return `${declare(model, { name, lo, hi, count: 1 })} = `
      + `${literal(model, values.get(cell) ?? 0, cell)};`;
  });
  return [...shared, ...locals];
}

/** A thread does not even get to its first step: said once, and nothing runs. */
function startError(model: Model, { code, subject }: StartError): Lines {
  return block('active proctype no_start()', [
    ...(model.options.collect ? ['c_code { mm_begin(); };'] : []),
    tell(model, checkFor(model, code, subject)),
  ]);
}
