// A thread's code with what its branches ask of its locals kept apart: a spot is an instruction and
// the values of these locals before it, and which spots can follow it is worked out. So a thread
// that took a lock and noted that in a local is not taken for one that did not.
import type { CellIdx, Expr, Instr, Pc, Program, Thread, ThreadIdx } from '../program.ts';
import { successors } from './flow.ts';
import { calculated } from './calculated.ts';
import { writtenBy } from './live.ts';
import { readExpr } from './reads.ts';

export interface Spot {
  readonly pc: Pc;
  /** The spots that can follow, by number. */
  readonly to: readonly number[];
}

/** Spots beyond which the locals are not looked at: then each instruction is one. */
const SPOTS_MAX = 1_024;
/** Values of an `any` beyond which it counts as unknown. */
const VALUES_MAX = 16;

/** By number; where the thread begins is the first. */
export function spotsOf(program: Program, t: ThreadIdx): readonly Spot[] {
  const thread = program.threads[t]!;
  const watched = watchedBy(program, t);
  return (watched.length === 0 ? null : unfolded({ program, thread, watched }))
    ?? unfolded({ program, thread, watched: [] }, Infinity)!;
}

/** The locals that branches ask for and nobody else sets, if the thread has what might depend. */
function watchedBy(program: Program, t: ThreadIdx): readonly CellIdx[] {
  const { code } = program.threads[t]!;
  if (!code.some(({ op }) => op === 'acquire' || op === 'try' || op === 'rcu_lock')) return [];
  const asked = new Set<CellIdx>();
  for (const instr of code) {
    if (instr.op !== 'branch') continue;
    readExpr(instr.cond, { local: (cell) => { asked.add(cell); } });
  }
  const isShared = (cell: CellIdx): boolean =>
    program.places.some(({ base, count }) => base <= cell && cell < base + count);
  const isOthers = (cell: CellIdx): boolean => program.threads.some((other, u) =>
    u !== t && other.code.some((instr) => writtenBy(instr) === cell));
  return [...asked].filter((cell) => !isShared(cell) && !isOthers(cell));
}

/** What the watched locals are, in their order; null: any value. */
type Values = readonly (number | null)[];

interface Scope {
  readonly program: Program;
  readonly thread: Thread;
  readonly watched: readonly CellIdx[];
}

/** null: there are too many. */
function unfolded(scope: Scope, most = SPOTS_MAX): readonly Spot[] | null {
  const { program, thread, watched } = scope;
  const known = new Map<string, number>();
  const pending: { pc: Pc; values: Values }[] = [];
  const numberOf = (pc: Pc, values: Values): number => {
    const key = `${pc} ${values.join()}`;
    const number = known.get(key) ?? pending.push({ pc, values }) - 1;
    known.set(key, number);
    return number;
  };
  numberOf(thread.entry, watched.map((cell) => program.cells[cell]!.init));
  const spots: Spot[] = [];
  for (const { pc, values } of pending) {
    if (pending.length > most) return null;
    const to = new Set<number>();
    const instr = thread.code[pc]!;
    for (const after of outcomesOf(scope, instr, values)) {
      for (const next of nextOf(scope, instr, values)) to.add(numberOf(next, after));
    }
    spots.push({ pc, to: [...to] });
  }
  return spots;
}

/** Where a condition is settled by the locals it leads one way. */
function nextOf(scope: Scope, instr: Instr, values: Values): readonly Pc[] {
  const answer = instr.op === 'branch' ? valueOf(scope, instr.cond, values) : null;
  if (instr.op !== 'branch' || answer === null) return successors(instr);
  return [answer === 0 ? instr.otherwise : instr.next];
}

/** What the locals can be afterwards. */
function outcomesOf(scope: Scope, instr: Instr, values: Values): readonly Values[] {
  const at = scope.watched.indexOf(writtenBy(instr) ?? -1);
  if (at === -1) return [values];
  const { lo, hi } = scope.program.cells[scope.watched[at]!]!;
  return writings(scope, instr, values).map((written) => {
    const value = written !== null && lo <= written && written <= hi ? written : null;
    return values.map((old, i) => (i === at ? value : old));
  });
}

function writings(scope: Scope, instr: Instr, values: Values): readonly (number | null)[] {
  if (instr.op === 'set') return [valueOf(scope, instr.value, values)];
  if (instr.op !== 'any') return [null];
  const [lo, hi] = [valueOf(scope, instr.lo, values), valueOf(scope, instr.hi, values)];
  if (lo === null || hi === null || hi - lo >= VALUES_MAX) return [null];
  return Array.from({ length: Math.max(0, hi - lo + 1) }, (_, i) => lo + i);
}

function valueOf({ watched }: Scope, expr: Expr, values: Values): number | null {
  return calculated(expr, (cell) => values[watched.indexOf(cell)] ?? null);
}
