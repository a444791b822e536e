// Data races of a state as WebAssembly: of every pair of steps that can race by their code, whether
// two threads stand before them. Then the interpreter looks at the accesses they really make.
import type { Pc, PlaceIdx, ThreadIdx } from '../program.ts';
import { holdingsAt, NOT_HELD, READ } from '../reduction/held.ts';
import { accessesOf, isSteady, type StepAccess } from './accesses.ts';
import { Code, I32, I64, OP } from './assembler.ts';
import { emitNumber } from './expr.ts';
import { toldAt } from './registry.ts';
import {
  bitOf, createScratch, readRest, slotIs, TOLD_AT, type Plan, type Unit,
} from './unit.ts';

/** An access of the step that begins at `pc`. */
interface Side {
  readonly t: ThreadIdx;
  readonly pc: Pc;
  readonly access: StepAccess;
}
interface Pair {
  readonly a: Side;
  readonly b: Side;
}

/** All accesses of a thread's steps that may race with others: in order, and by place. */
export interface Sides {
  readonly all: readonly Side[];
  readonly at: ReadonlyMap<PlaceIdx, readonly Side[]>;
}

export function sidesOf(
  { program, layout }: Pick<Plan, 'program' | 'layout'>, t: ThreadIdx,
): Sides {
  const all = layout.rests[t]!.flatMap((pc) =>
    accessesOf(program, t, pc).map((access): Side => ({ t, pc, access })));
  const at = new Map<PlaceIdx, Side[]>();
  for (const side of all) {
    const { place } = side.access.access;
    const known = at.get(place);
    if (known === undefined) at.set(place, [side]);
    else known.push(side);
  }
  return { all, at };
}

/**
 * Words in; 1 where the state may have a race that is not told. null: no two steps can race.
 * `sides`: by thread, as above.
 */
export function emitRaces(plan: Plan, sides: readonly Sides[]): Code | null {
  const pairs = racyPairs(plan, sides);
  if (pairs.length === 0) return null;
  const words = Array.from({ length: plan.nWords }, (_, k) => k);
  const code = new Code(words.map(() => I64), [I32]);
  code.block('found', (found) => {
    const u: Unit = {
      plan, code, words, regs: [], self: 0, step: 0, within: 0, selfRef: null, selfIndex: null,
      quiet: true, cut: found, slow: found, blocked: found, scratch: createScratch(),
    };
    for (const group of byThreads(pairs)) {
      const { a, b } = group[0]!;
      standsAt(u, a.t, group.map((pair) => pair.a.pc));
      standsAt(u, b.t, group.map((pair) => pair.b.pc));
      code.op(OP.i32And).if(() => {
        for (const pair of group) {
          meets(u, pair);
          code.brIf(found);
        }
      });
    }
    code.i32(0).op(OP.return);
  });
  return code.i32(1);
}

function standsAt(u: Unit, t: ThreadIdx, pcs: readonly Pc[]): void {
  readRest(u, t);
  bitOf(u, new Set(pcs.map((pc) => u.plan.layout.restOf[t]![pc]!)));
}

/** Leaves an i32: both threads stand there, at one location, and it is not told. */
function meets(u: Unit, { a, b }: Pair): void {
  const { code, plan } = u;
  const { layout } = plan;
  slotIs(u, layout.threads[a.t]!.pc, layout.restOf[a.t]![a.pc]!);
  slotIs(u, layout.threads[b.t]!.pc, layout.restOf[b.t]![b.pc]!);
  const told = toldAt(plan.registry, keyOf(plan, a.access, b.access));
  code.op(OP.i32And).i32(0).memory(OP.i32Load8, TOLD_AT + told).op(OP.i32Eqz).op(OP.i32And);
  const [left, right] = [whichCell(a), whichCell(b)];
  const comparable = left !== null && right !== null
    && isSteady(plan.program, a, left) && isSteady(plan.program, b, right);
  if (!comparable) return;
  emitNumber(u, left);
  emitNumber(u, right);
  code.op(OP.i64Eq).op(OP.i32And);
}

const whichCell = ({ access: { access } }: Side) => access.ref ?? access.index;

/** As the ledger calls it: told at the write; of two writes at the plain one, else the later. */
function keyOf(plan: Plan, a: StepAccess, b: StepAccess): string {
  const rank = ({ write, access }: StepAccess): number => (write ? 2 : 0) + (access.marked ? 0 : 1);
  const atA = rank(a) > rank(b) || (rank(a) === rank(b) && a.access.site > b.access.site);
  const { name } = plan.program.places[a.access.place]!;
  return `data_race ${name} ${(atA ? a : b).step}`;
}

function byThreads(pairs: readonly Pair[]): Pair[][] {
  const groups = new Map<string, Pair[]>();
  for (const pair of pairs) {
    const key = `${pair.a.t} ${pair.b.t}`;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [pair]);
    else group.push(pair);
  }
  return [...groups.values()];
}

function racyPairs(plan: Plan, sides: readonly Sides[]): Pair[] {
  const found: Pair[] = [];
  for (let t = 0; t < sides.length; t++) {
    for (let v = t + 1; v < sides.length; v++) {
      for (const a of sides[t]!.all) {
        for (const b of sides[v]!.at.get(a.access.access.place) ?? []) {
          if (canRace(plan, a, b)) found.push({ a, b });
        }
      }
    }
  }
  return found;
}

/** Of two at one place. */
function canRace(plan: Plan, a: Side, b: Side): boolean {
  const [x, y] = [a.access, b.access];
  if (!(x.write || y.write)) return false;
  if (x.access.marked && y.access.marked) return false;
  const [left, right] = [whichCell(a), whichCell(b)];
  if (left?.kind === 'const' && right?.kind === 'const' && left.value !== right.value) return false;
  return !excluded(plan, a, b);
}

/** Both hold one lock whenever they stand there, in modes that exclude each other. */
function excluded({ held }: Plan, a: Side, b: Side): boolean {
  for (let lock = 0; lock < held.nLocks; lock++) {
    const [x, y] = [a, b].map(({ t, pc }) => holdingsAt(held, { t, pc, lock }));
    if (x === 0 || y === 0) return true; // nobody ever comes there
    if ((x! & NOT_HELD) !== 0 || (y! & NOT_HELD) !== 0) continue;
    if ((x! & READ) === 0 || (y! & READ) === 0) return true;
  }
  return false;
}

