// Locals whose value no one will look at again: a state need not keep them apart. Backward
// data-flow analysis over each thread's code.
import type { CellIdx, Expr, Instr, Program, Thread, ThreadIdx } from '../program.ts';
import { predecessors, successors } from './flow.ts';
import { noEffects } from './operations.ts';
import { addExpr, openView, readExpr } from './reads.ts';

export interface LiveTable {
  /**
   * By thread, by resting place (the last two: done, diverged): the thread's locals that are dead
   * there. They may be set to their cells' `init` when the thread comes there.
   */
  readonly dead: readonly (readonly (readonly CellIdx[])[])[];
}

export function liveTable(program: Program): LiveTable {
  const own = localsOf(program);
  return { dead: program.threads.map((thread, t) => deadIn(thread, own[t]!)) };
}

/** By thread: the cells that only this thread's instructions name, and only as locals. */
export function localsOf(program: Program): readonly (readonly CellIdx[])[] {
  const owner: (ThreadIdx | null | undefined)[] = program.cells.map(() => undefined);
  const claim = (cell: CellIdx, by: ThreadIdx | null): void => {
    owner[cell] = owner[cell] === undefined || owner[cell] === by ? by : null;
  };
  for (const { base, count } of program.places) {
    for (let i = 0; i < count; i++) claim(base + i, null);
  }
  const seen = noEffects(program);
  for (const { expr } of program.properties) addExpr(openView(program), seen, expr);
  program.cells.forEach((_, cell) => {
    if (((seen.reads[cell >>> 5]! >>> (cell & 31)) & 1) !== 0) claim(cell, null);
  });
  program.threads.forEach(({ code }, t) => {
    for (const instr of code) for (const cell of localsIn(instr)) claim(cell, t);
  });
  return program.threads.map((_, t) =>
    owner.flatMap((by, cell) => (by === t ? [cell] : [])));
}

function localsIn(instr: Instr): readonly CellIdx[] {
  const written = writtenBy(instr);
  return written === null ? readBy(instr) : [...readBy(instr), written];
}

/** The local that the instruction sets, whatever comes of it. */
export function writtenBy(instr: Instr): CellIdx | null {
  if (instr.op !== 'set' && instr.op !== 'any' && instr.op !== 'new') return null;
  return instr.target.kind === 'local' ? instr.target.cell : null;
}

function readBy(instr: Instr): readonly CellIdx[] {
  const cells: CellIdx[] = [];
  for (const expr of expressionsOf(instr)) {
    readExpr(expr, { local: (cell) => { cells.push(cell); } });
  }
  return cells;
}

/** The expressions in an instruction, those of its targets included. */
export function expressionsOf(instr: Instr): readonly Expr[] {
  switch (instr.op) {
    case 'set': return [instr.value, ...inTarget(instr.target)];
    case 'any': return [instr.lo, instr.hi, ...inTarget(instr.target)];
    case 'branch': case 'await': case 'assert': return [instr.cond];
    case 'acquire': case 'try': case 'release': case 'downgrade':
      return [instr.lock.ref, instr.lock.index].filter((it) => it !== null);
    case 'cmpxchg': return [instr.old, instr.value, ...inAccess(instr.access)];
    case 'new': return [...instr.inits.map(({ value }) => value), ...inTarget(instr.target)];
    case 'free': return [instr.value];
    default:
      // The others have none.
      return [];
  }
}

const inAccess = ({ ref, index }: Extract<Expr, { kind: 'load' }>['access']): readonly Expr[] =>
  [ref, index].filter((it) => it !== null);

const inTarget = (target: Extract<Instr, { op: 'set' }>['target']): readonly Expr[] =>
  (target.kind === 'store' ? inAccess(target.access) : []);

function deadIn({ code }: Thread, own: readonly CellIdx[]): readonly (readonly CellIdx[])[] {
  const rests = code.flatMap((instr, pc) => (instr.rest ? [pc] : []));
  if (own.length === 0) return [...rests, -1, -1].map(() => []);
  const live = liveBefore(code, own);
  return [
    ...rests.map((pc) => own.filter((_, i) => live[pc]![i] === 0)), own, own,
  ];
}

/** By pc, by own local: 1 where its value may still be looked at. */
function liveBefore(code: readonly Instr[], own: readonly CellIdx[]): readonly Uint8Array[] {
  const numberOf = new Map(own.map((cell, i) => [cell, i]));
  const before = predecessors(code);
  const uses = code.map((instr) => usesOf(instr, numberOf));
  const live = code.map(() => new Uint8Array(own.length));
  const pending = code.map((_, pc) => pc);
  for (let pc = pending.pop(); pc !== undefined; pc = pending.pop()) {
    const row = live[pc]!;
    let changed = false;
    const add = (i: number): void => {
      changed ||= row[i] === 0;
      row[i] = 1;
    };
    for (const to of successors(code[pc]!)) {
      live[to]!.forEach((bit, i) => { if (bit === 1 && i !== uses[pc]!.written) add(i); });
    }
    for (const i of uses[pc]!.read) add(i);
    if (changed) pending.push(...before[pc]!);
  }
  return live;
}

interface Uses {
  readonly read: readonly number[];
  /** -1: none. */
  readonly written: number;
}

function usesOf(instr: Instr, numberOf: ReadonlyMap<CellIdx, number>): Uses {
  const written = writtenBy(instr);
  const read = readBy(instr).flatMap((cell) => numberOf.get(cell) ?? []);
  return { read, written: written === null ? -1 : numberOf.get(written) ?? -1 };
}
