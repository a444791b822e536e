// Whether threads can go on for ever: every way round in their code must count something up or
// down, which the range of a local ends at last.
import type { CellIdx, Instr, Pc, Program, Thread } from '../program.ts';
import { successors } from './flow.ts';

/** True where every run of the program ends: each thread can only take finitely many steps. */
export function terminates(program: Program): boolean {
  return program.threads.every(({ code }) => !turnsFor(code, () => true));
}

/** True where no thread ever stands before a step that it cannot take. */
export function neverBlocks(program: Program): boolean {
  return !program.threads.some(mayWait);
}

/** True where the thread may come to stand before a step that it cannot take. */
export function mayWait({ code }: Thread): boolean {
  return code.some((instr) => {
    if (instr.op === 'any') {
      return instr.lo.kind !== 'const' || instr.hi.kind !== 'const'
        || instr.lo.value > instr.hi.value;
    }
    return instr.op === 'acquire' || instr.op === 'await' || instr.op === 'synchronize_rcu';
  });
}

/** By thread: whether a single step of it may go round for ever. */
export function mayDiverge(program: Program): readonly boolean[] {
  return program.threads.map(({ code }) => turnsFor(code, (instr) => !instr.rest));
}

/** Whether some way through these instructions may never come to an end. */
function turnsFor(code: readonly Instr[], among: (instr: Instr) => boolean): boolean {
  const pcs = code.flatMap((instr, pc) => (among(instr) ? [pc] : []));
  if (!pcs.some((pc) => successors(code[pc]!).some((to) => to <= pc && among(code[to]!)))) {
    return false; // without a step back there is no way round
  }
  const pending = [pcs];
  for (let part = pending.pop(); part !== undefined; part = pending.pop()) {
    for (const loop of loopsIn(code, part)) {
      const counting = countersOf(code, loop);
      if (counting.size === 0) return true;
      pending.push(loop.filter((pc) => !counting.has(pc)));
    }
  }
  return false;
}

/** Instructions that only ever count one local of the loop in one direction. */
function countersOf(code: readonly Instr[], loop: readonly Pc[]): ReadonlySet<Pc> {
  const counts = new Map<CellIdx, { readonly pcs: Pc[]; readonly signs: Set<number> }>();
  for (const pc of loop) {
    const instr = code[pc]!;
    const cell = localSet(instr);
    if (cell === null) continue;
    const count = counts.get(cell) ?? { pcs: [], signs: new Set() };
    counts.set(cell, count);
    count.pcs.push(pc);
    count.signs.add(Math.sign(incrementOf(instr, cell)));
  }
  const steady = [...counts.values()].filter(({ signs }) => signs.size === 1 && !signs.has(0));
  return new Set(steady.flatMap(({ pcs }) => pcs));
}

function localSet(instr: Instr): CellIdx | null {
  if (instr.op !== 'set' && instr.op !== 'any' && instr.op !== 'new') return null;
  return instr.target.kind === 'local' ? instr.target.cell : null;
}

/** c of `cell = cell + c`; 0 where it is something else. */
function incrementOf(instr: Instr, cell: CellIdx): number {
  if (instr.op !== 'set' || instr.value.kind !== 'binary') return 0;
  const { op, left, right } = instr.value;
  if (op !== '+' && op !== '-') return 0;
  if (left.kind === 'local' && left.cell === cell && right.kind === 'const') {
    return op === '+' ? right.value : -right.value;
  }
  const swapped = op === '+' && right.kind === 'local' && right.cell === cell;
  return swapped && left.kind === 'const' ? left.value : 0;
}

/** The strongly connected parts of these instructions that have a way round (Tarjan 1972). */
function loopsIn(code: readonly Instr[], pcs: readonly Pc[]): readonly (readonly Pc[])[] {
  const inside = new Set(pcs);
  const index = new Map<Pc, number>();
  const low = new Map<Pc, number>();
  const open: Pc[] = [];
  const loops: Pc[][] = [];
  const next = (pc: Pc): readonly Pc[] => successors(code[pc]!).filter((to) => inside.has(to));
  const visit = (root: Pc): void => {
    const path = [enter(root)];
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = top.next[top.edge++];
      if (to === undefined) {
        path.pop();
        const parent = path.at(-1)?.pc;
        if (parent !== undefined) low.set(parent, Math.min(low.get(parent)!, low.get(top.pc)!));
        if (low.get(top.pc) === index.get(top.pc)) close(top.pc);
      } else if (!index.has(to)) path.push(enter(to));
      else if (open.includes(to)) low.set(top.pc, Math.min(low.get(top.pc)!, index.get(to)!));
    }
  };
  const enter = (pc: Pc): { pc: Pc; next: readonly Pc[]; edge: number } => {
    index.set(pc, index.size);
    low.set(pc, index.get(pc)!);
    open.push(pc);
    return { pc, next: next(pc), edge: 0 };
  };
  const close = (pc: Pc): void => {
    const part = open.splice(open.indexOf(pc));
    if (part.length > 1 || next(pc).includes(pc)) loops.push(part);
  };
  for (const pc of pcs) if (!index.has(pc)) visit(pc);
  return loops;
}
