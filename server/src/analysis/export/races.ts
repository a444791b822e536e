// Data races: in every state the process `races` looks at what the next steps of all threads that
// can go on would touch. Looking executes a step up to its last access and then puts everything
// back, so the process adds no state.
import type {
  Access, Instr, Pc, PlaceIdx, ThreadIdx,
} from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import { scopeOf, valueOf, type Scope } from './expr.ts';
import { block, comment, indent, joined, when, type Lines } from './lines.ts';
import { classVariables } from './locks.ts';
import { bitOf, checkFor, classOf, commentAt, tell, type Model } from './model.ts';
import { graceVariables } from './objects.ts';
import { isLeaf, silentNodes, successors, touches, type Code } from './step-graph.ts';
import { stepBody, type Entry } from './step.ts';
import { restingPcs } from './threads.ts';
import type { Sink } from './walk.ts';

type Kind = 'read' | 'write' | 'marked_read' | 'marked_write';
const KINDS: readonly Kind[] = ['read', 'write', 'marked_read', 'marked_write'];

const kindOf = (access: Access, write: boolean): Kind =>
  (access.marked ? (write ? 'marked_write' : 'marked_read') : write ? 'write' : 'read');

/** What an access of this kind races with. */
function against(kind: Kind): readonly Kind[] {
  switch (kind) {
    case 'read': return ['write', 'marked_write'];
    case 'write': return KINDS;
    case 'marked_read': return ['write'];
    case 'marked_write': return ['read', 'write'];
    default: return unreachable(kind);
  }
}

/** Kinds of access to each place that some thread makes: with how many threads. */
export interface Suspects {
  /** By place: the kinds that must be kept in mind. Places that cannot race are not in it. */
  readonly kinds: ReadonlyMap<PlaceIdx, ReadonlySet<Kind>>;
}

export function suspectsOf(model: Model): Suspects {
  const by = new Map<PlaceIdx, Map<Kind, Set<ThreadIdx>>>();
  model.program.threads.forEach((thread, t) => {
    for (const { access, write } of thread.code.flatMap(touches)) {
      if (model.program.places[access.place]!.atomic) continue;
      const kinds = by.get(access.place) ?? new Map<Kind, Set<ThreadIdx>>();
      const kind = kindOf(access, write);
      kinds.set(kind, (kinds.get(kind) ?? new Set()).add(t));
      by.set(access.place, kinds);
    }
  });
  const races = (kinds: ReadonlyMap<Kind, ReadonlySet<ThreadIdx>>): boolean =>
    [...kinds].some(([kind, threads]) => against(kind).some((other) =>
      [...(kinds.get(other) ?? [])].some((u) => [...threads].some((t) => t !== u))));
  return { kinds: new Map([...by].filter(([, kinds]) => races(kinds))
    .map(([place, kinds]) => [place, new Set(kinds.keys())])) };
}

/** What is put down of a place: by kind of access, by cell, a mask of threads. */
const logName = (model: Model, place: PlaceIdx, kind: Kind): string =>
  `seen_${kind}_${model.names.places[place]!}`;

const kindsOf = (suspects: Suspects, place: PlaceIdx): readonly Kind[] =>
  KINDS.filter((kind) => suspects.kinds.get(place)?.has(kind) === true);

export function racesProctype(model: Model, suspects: Suspects): Lines {
  if (suspects.kinds.size === 0) return [];
  const saved = new Set<string>();
  const looks = model.program.threads.flatMap((_, t) => look(model, suspects, { t, saved }));
  const copies = [...saved].flatMap((name) => copied(model, name));
  const scratch = [...model.scratch].map((name) => `${name} = 0;`);
  const clear = [...suspects.kinds.keys()].flatMap((place) => clearLog(model, suspects, place));
  return [
    '', comment('what all next steps would touch, without taking them; changes nothing'),
    ...declareLog(model, suspects), ...copies.map(({ declaration }) => declaration),
    ...(copies.length === 0 ? [] : block('inline put_back()',
      ['d_step {', ...indent([...copies.map(({ back }) => back), ...scratch]), '}'])),
    ...block('active proctype races() provided (!stopped)', [
      'end:', 'do', ':: atomic { running ->',
      ...indent(indent(indent([
        'd_step {', ...indent([...clear, ...copies.map(({ save }) => save)]), '};',
        ...looks, 'skip;']))), '   }', 'od']),
  ];
}

function declareLog(model: Model, suspects: Suspects): Lines {
  return [...suspects.kinds.keys()].flatMap((place) => {
    const { count } = model.program.places[place]!;
    return kindsOf(suspects, place).map((kind) =>
      `hidden int ${logName(model, place, kind)}${count > 1 ? `[${count}]` : ''};`);
  });
}

function clearLog(model: Model, suspects: Suspects, place: PlaceIdx): Lines {
  const { count } = model.program.places[place]!;
  return kindsOf(suspects, place).flatMap((kind) => {
    const name = logName(model, place, kind);
    return count === 1 ? [`${name} = 0;`]
      : Array.from({ length: count }, (_, i) => `${name}[${i}] = 0;`);
  });
}

interface Looking {
  readonly t: ThreadIdx;
  readonly saved: Set<string>;
}

/** Everything that the thread's next step touches, wherever it rests. */
function look(model: Model, suspects: Suspects, looking: Looking): Lines {
  const { t } = looking;
  const names = model.names.threads[t]!;
  const { code } = model.program.threads[t]!;
  const matters = (pc: Pc): boolean => touches(code[pc]!).some(({ access }) =>
    suspects.kinds.has(access.place));
  const parts = restingPcs(model, t).flatMap((pc) => {
    if (![pc, ...silentNodes(code, pc)].some(matters)) return [];
    const instr = code[pc]!;
    const waiting = instr.op === 'acquire' ? names.waits
      : instr.op === 'synchronize_rcu' ? names.grace : null;
    const at = `${names.pc} == ${pc}`;
    const entries: readonly { entry: Entry; guard: string }[] = waiting === null
      ? [{ entry: 'first', guard: `(${at})` }]
      : [{ entry: 'first', guard: `(${at} && ${waiting} == 0)` },
        { entry: 'again', guard: `(${at} && ${waiting} != 0)` }];
    return entries.flatMap(({ entry, guard }) => {
      const lines = lookAt(model, suspects, { ...looking, pc, entry, matters });
      return lines.length === 0 ? [] : [comment(commentAt(model, instr.site)),
        ...when(guard, lines)];
    });
  });
  return when(names.canGo, parts);
}

function lookAt(
  model: Model, suspects: Suspects,
  at: Looking & { pc: Pc; entry: Entry; matters: (pc: Pc) => boolean },
): Lines {
  const { t, pc, entry, saved } = at;
  const { code } = model.program.threads[t]!;
  const label = `look_${model.names.threads[t]!.name}_${entry}_${pc}`;
  let leaves = false;
  const leave = (): Lines => { leaves = true; return [`goto ${label}_end_of_look;`]; };
  const needed = reaching(code, at.matters);
  const sink: Sink = {
    cut: leave,
    access: (access, write, scope) => (scope.quiet ? []
      : touch(model, suspects, { access, kind: kindOf(access, write), scope })),
  };
  const lines = stepBody({
    scope: scopeOf(model, t), thread: t, start: pc, entry, label, sink, needed,
    rest: () => [], stop: leave,
  });
  const executed = [pc, ...silentNodes(code, pc).filter(needed)].filter((node) =>
    successors(code, node).some(needed) || ALWAYS_EXECUTED.has(code[node]!.op));
  const changed = executed.flatMap((node) => changedBy(model, t, code[node]!));
  for (const name of changed) saved.add(name);
  const tail = leaves ? [`${label}_end_of_look: skip;`] : [];
  const usesScratch = /\b(?:pick|r[0-9]+|value_[0-9]+) = /.test(lines.join('\n'));
  const back = changed.length > 0 ? ['put_back();']
    : usesScratch ? [...model.scratch].map((name) => `${name} = 0;`) : [];
  return [...lines, ...tail, ...back];
}

/** Also where nothing follows that touches anything. */
const ALWAYS_EXECUTED: ReadonlySet<Instr['op']> =
  new Set(['new', 'free', 'rcu_lock', 'rcu_unlock', 'synchronize_rcu']);

/** Whether something that matters is done at the instruction or silently after it. */
function reaching(code: Code, matters: (pc: Pc) => boolean): (pc: Pc) => boolean {
  return (pc) => !isLeaf(code, pc)
    && [pc, ...silentNodes(code, pc)].some((node) => matters(node));
}

/** Puts the access down, and tells of a race with what other threads would do. */
function touch(
  model: Model, suspects: Suspects,
  { access, kind, scope }: { access: Access; kind: Kind; scope: Scope },
): Lines {
  const kinds = kindsOf(suspects, access.place);
  if (kinds.length === 0) return [];
  const { name, count } = model.program.places[access.place]!;
  const index = access.ref !== null ? `${valueOf(access.ref, scope)} - 1`
    : access.index === null ? '0' : valueOf(access.index, scope);
  const log = (of: Kind): string =>
    `${logName(model, access.place, of)}${count > 1 ? `[${index}]` : ''}`;
  const own = bitOf(scope.thread ?? 0);
  const others = against(kind).filter((other) => kinds.includes(other)).map(log);
  const race = tell(model, checkFor(model, 'data_race', name));
  return [
    ...(others.length === 0 ? []
      : when(`((${joined(others, '|', '0')} & ~${own}) != 0)`, [race])),
    `${log(kind)} = ${log(kind)} | ${own};`,
  ];
}

/** The variables that the instruction changes. */
function changedBy(model: Model, t: ThreadIdx, instr: Instr): readonly string[] {
  const { names } = model;
  const own = names.threads[t]!;
  switch (instr.op) {
    case 'set': case 'any': return targetName(model, instr);
    case 'new': return [...targetName(model, instr), names.pools[instr.pool]!.status,
      ...model.program.pools[instr.pool]!.fields.map(({ place }) => names.places[place]!),
      ...instr.inits.map(({ place }) => names.places[place]!)];
    case 'cmpxchg': return [names.places[instr.access.place]!];
    case 'acquire': return [...classVariables(model, classOf(model, instr.lock)), own.waits];
    case 'try': case 'release': case 'downgrade':
      return classVariables(model, classOf(model, instr.lock));
    case 'outcome': return [own.outcome];
    case 'free': return [names.pools[instr.pool]!.status, ...graceVariables(model)];
    case 'rcu_lock': return [own.rcu];
    case 'rcu_unlock': return [own.rcu, ...graceVariables(model)];
    case 'synchronize_rcu': return [own.grace];
    case 'nop': case 'branch': case 'choose': case 'await': case 'assert': case 'end': return [];
    default: return unreachable(instr);
  }
}

function targetName(
  model: Model, { target }: Extract<Instr, { op: 'set' | 'any' | 'new' }>,
): readonly string[] {
  switch (target.kind) {
    case 'reg': return [];
    case 'local': return [model.names.locals.get(target.cell)!];
    case 'store': return [model.names.places[target.access.place]!];
    default: return unreachable(target);
  }
}

/** A copy of a variable: declared, filled, put back. */
function copied(
  model: Model, name: string,
): readonly { declaration: string; save: string; back: string }[] {
  const count = model.sizes.get(name) ?? 1;
  const copy = `saved_${name}`;
  return Array.from({ length: count }, (_, i) => {
    const [from, to] = count === 1 ? [name, copy] : [`${name}[${i}]`, `${copy}[${i}]`];
    return {
      declaration: i > 0 ? '' : `hidden int ${copy}${count > 1 ? `[${count}]` : ''};`,
      save: `${to} = ${from};`, back: `${from} = ${to};`,
    };
  });
}
