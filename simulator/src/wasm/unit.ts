// What the emitters of one function work on: its code, the locals that hold the state, where to
// branch when something is out of the ordinary. And fields of the packed state, read and written.
import { assert } from '../assert.ts';
import type { Layout } from '../layout.ts';
import type { Program, SiteId, ThreadIdx } from '../program.ts';
import type { HeldTable } from '../reduction/held.ts';
import type { Reduction } from '../reduction/reduction.ts';
import { I32, I64, OP, type Code, type Label } from './assembler.ts';
import type { Quotient } from './quotient.ts';
import type { Sleep } from './sleep.ts';
import { toldAt, type Registry } from './registry.ts';

/** Shared by all functions of a module. */
export interface Plan {
  readonly program: Program;
  readonly layout: Layout;
  readonly held: HeldTable;
  readonly registry: Registry;
  /** 64-bit words of a state. */
  readonly nWords: number;
  /** How a lean search keeps states; null: all states and transitions are kept. */
  readonly lean: LeanPlan | null;
  /** Where it is said which steps lead to known states, see rows.ts; null: of none. */
  readonly rowsAt: number | null;
}

export interface LeanPlan {
  /** null: whole states are kept, since they are wider than a slot can tell. */
  readonly quotient: Quotient | null;
  readonly reduction: Reduction | null;
  /** The threads of which it is then asked whether they can go on; see progress.ts. */
  readonly asked: readonly ThreadIdx[];
  /** Threads that share the states; 1: none is another's. */
  readonly shares: number;
  /** Whose steps lead to known states; null: every successor is looked up. */
  readonly sleep: Sleep | null;
}

export interface Unit {
  readonly plan: Plan;
  readonly code: Code;
  /** The i64 locals with the state that is read and changed. */
  readonly words: readonly number[];
  /** By register of the program: its i64 local. */
  readonly regs: readonly number[];
  readonly self: ThreadIdx;
  /** The site of the instruction that is emitted, and the step it belongs to. */
  step: SiteId;
  within: SiteId;
  /** The accessed object and index, while a guard is emitted: i64 locals, or null. */
  selfRef: number | null;
  selfIndex: number | null;
  /** A property or the naming of a guard's lock: no access is made. */
  quiet: boolean;
  /** The run is cut off here, all is told already (of a property: it cannot be judged). */
  readonly cut: Label;
  /** The interpreter shall take this state. */
  readonly slow: Label;
  /** The step is not enabled. */
  readonly blocked: Label;
  readonly scratch: Scratch;
}

/** Locals for passing values, reused once they are given back. */
export interface Scratch {
  readonly free: Map<number, number[]>;
}

export const createScratch = (): Scratch => ({ free: new Map([[I32, []], [I64, []]]) });

/** A unit that makes no access and stands in no thread's step: of properties, and of searches. */
export function quietUnit(plan: Plan, of: Pick<Unit, 'code' | 'words' | 'regs' | 'cut'>): Unit {
  const { cut } = of;
  return {
    ...of, plan, self: 0, step: 0, within: 0, selfRef: null, selfIndex: null, quiet: true,
    slow: cut, blocked: cut, scratch: createScratch(),
  };
}

/** Nothing branches there. */
export const NO_LABEL: Label = { name: 'none' };

/** Runs `body` with a local of its own. */
export function withLocal(
  u: Unit, type: typeof I32 | typeof I64, body: (local: number) => void,
): void {
  const free = u.scratch.free.get(type)!;
  const local = free.pop() ?? u.code.local(type);
  body(local);
  free.push(local);
}

/** Addresses of the byte tables, in the order of memory; see memory.ts. */
export const TOLD_AT = 1024;
export const MAX_TOLD = 16_384;
export const EVENTS_AT = TOLD_AT + MAX_TOLD;
export const MAX_EVENTS = 262_144;

interface Field {
  readonly word: number;
  readonly shift: number;
  readonly mask: bigint;
  readonly lo: number;
}

export function fieldOf(layout: Layout, slot: number): Field {
  const word = layout.word[slot]!;
  return {
    word: word >> 1,
    shift: (word & 1) * 32 + layout.shift[slot]!,
    mask: BigInt(layout.mask[slot]! >>> 0),
    lo: layout.lo[slot]!,
  };
}

/** Where a slot lies; no slot is in both halves of its word. */
interface Bits {
  readonly word: number;
  readonly isHigh: boolean;
  /** Within the half. */
  readonly shift: number;
  /** 0: the slot has one value, and no bits. */
  readonly mask: number;
  readonly lo: number;
}

function bitsOf({ layout }: Plan, slot: number): Bits {
  const word = layout.word[slot]!;
  return {
    word: word >> 1, isHigh: (word & 1) === 1, shift: layout.shift[slot]!,
    mask: layout.mask[slot]!, lo: layout.lo[slot]!,
  };
}

/** A constant with these bits where the slot is, and no others. */
function only(code: Code, { isHigh, shift }: Bits, bits: number): Code {
  const placed = bits << shift;
  return isHigh ? code.i64Halves(0, placed) : code.i64Halves(placed, 0);
}

/** A constant with all bits but those of the slot. */
function others(code: Code, { isHigh, shift, mask }: Bits): Code {
  const placed = ~(mask << shift);
  return isHigh ? code.i64Halves(-1, placed) : code.i64Halves(placed, -1);
}

/** Leaves the slot's value, an i64. */
export function readSlot(u: Unit, slot: number): void {
  const { word, isHigh, shift, mask, lo } = bitsOf(u.plan, slot);
  const { code } = u;
  if (mask === 0) {
    code.i64(lo);
    return;
  }
  const by = isHigh ? shift + 32 : shift;
  code.get(u.words[word]!);
  if (by !== 0) code.i64(by).op(OP.i64ShrU);
  code.i64(mask >>> 0).op(OP.i64And);
  if (lo !== 0) code.i64(lo).op(OP.i64Add);
}

/** Takes an i64 that is in the slot's range. */
export function writeSlot(u: Unit, slot: number): void {
  const bits = bitsOf(u.plan, slot);
  const { word, isHigh, shift, mask, lo } = bits;
  const { code } = u;
  if (mask === 0) {
    code.op(OP.drop);
    return;
  }
  const by = isHigh ? shift + 32 : shift;
  if (lo !== 0) code.i64(lo).op(OP.i64Sub);
  if (by !== 0) code.i64(by).op(OP.i64Shl);
  others(code.get(u.words[word]!), bits).op(OP.i64And);
  code.op(OP.i64Or).set(u.words[word]!);
}

export function writeConstant(u: Unit, slot: number, value: number): void {
  const bits = bitsOf(u.plan, slot);
  const { word, mask, lo } = bits;
  if (mask === 0) return;
  const { code } = u;
  const own = (value - lo) | 0;
  code.get(u.words[word]!);
  if (own !== mask) others(code, bits).op(OP.i64And);
  if (own !== 0) only(code, bits, own).op(OP.i64Or);
  code.set(u.words[word]!);
}

/** Leaves an i32: 1 where any of these slots (-1: left out) is not 0. Each must begin at 0. */
export function anySet(u: Unit, slots: readonly number[]): void {
  const { code, plan } = u;
  const masks = new Int32Array(2 * plan.nWords);
  for (const slot of slots) {
    if (slot === -1) continue;
    masks[plan.layout.word[slot]!]! |= plan.layout.mask[slot]! << plan.layout.shift[slot]!;
  }
  let parts = 0;
  for (let k = 0; k < plan.nWords; k++) {
    const [low, high] = [masks[2 * k]!, masks[2 * k + 1]!];
    if ((low | high) === 0) continue;
    code.get(u.words[k]!).i64Halves(low, high).op(OP.i64And);
    if (parts++ > 0) code.op(OP.i64Or);
  }
  if (parts === 0) code.i32(0);
  else code.i64(0).op(OP.i64Ne);
}

/** Leaves an i32: 1 where the slot has the value. */
export function slotIs(u: Unit, slot: number, value: number): void {
  const bits = bitsOf(u.plan, slot);
  const { word, mask, lo } = bits;
  const { code } = u;
  const own = value - lo;
  if (mask === 0 || own < 0 || own > mask >>> 0) {
    code.i32(mask === 0 && own === 0 ? 1 : 0);
    return;
  }
  only(code.get(u.words[word]!), bits, mask).op(OP.i64And);
  only(code, bits, own).op(OP.i64Eq);
}

/** Takes an i32 index; leaves 1 where that bit of the constant set is set. */
export function bitOf(u: Unit, set: ReadonlySet<number>): void {
  const { code } = u;
  const most = Math.max(0, ...set);
  if (most < 64) {
    const bits = [...set].reduce((mask, i) => mask | (1n << BigInt(i)), 0n);
    withLocal(u, I32, (index) => {
      code.set(index).i64(bits).get(index).op(OP.i64ExtendI32U).op(OP.i64ShrU);
      code.i64(1).op(OP.i64And).op(OP.i32WrapI64);
      code.get(index).i32(64).op(OP.i32LtU).op(OP.i32And);
    });
    return;
  }
  withLocal(u, I32, (index) => {
    code.set(index).i32(0);
    for (const i of set) code.get(index).i32(i).op(OP.i32Eq).op(OP.i32Or);
  });
}

/** Leaves a thread's resting place, an i32 index into `Layout.rests`. */
export function readRest(u: Unit, t: ThreadIdx): void {
  readSlot(u, u.plan.layout.threads[t]!.pc);
  u.code.op(OP.i32WrapI64);
}

/** Leaves an i32: 1 where the thread stands in some queue or waits for a grace period. */
export function isWaiting(u: Unit, t: ThreadIdx): void {
  const { layout } = u.plan;
  const slots = layout.waitable[t]!.map((lock) => layout.locks[lock]!.wait[t]!);
  anySet(u, [...slots, layout.threads[t]!.begun]);
}

/** Goes to the interpreter unless the violation is told already; what follows runs when it is. */
export function unlessTold(u: Unit, code: string, subject: string | null, step: SiteId): void {
  const at = toldAt(u.plan.registry, `${code} ${subject ?? ''} ${step}`);
  u.code.i32(0).memory(OP.i32Load8, TOLD_AT + at).op(OP.i32Eqz).brIf(u.slow);
}

/** The step ends the run with this violation. */
export function cutOff(u: Unit, code: string, subject: string | null): void {
  if (!u.quiet) unlessTold(u, code, subject, u.within);
  u.code.br(u.cut);
}

/** Sets an event's byte. */
export function note(u: Unit, at: number): void {
  assert(at < MAX_EVENTS, 'events fit their table');
  u.code.i32(0).i32(1).memory(OP.i32Store8, EVENTS_AT + at);
}

/** One of several cases by an i32 on the stack, each emitted by `body`; others fall to the end. */
export function cases(u: Unit, n: number, body: (i: number, end: Label) => void): void {
  const { code } = u;
  if (n === 1) {
    code.op(OP.drop);
    code.block('only', (end) => body(0, end));
    return;
  }
  withLocal(u, I32, (index) => {
    code.set(index);
    code.block('end of cases', (end) => {
      const labels: Label[] = [];
      const nest = (i: number): void => {
        if (i === 0) {
          code.get(index).brTable(labels, end);
          return;
        }
        code.block(`case ${i - 1}`, (label) => {
          labels[i - 1] = label;
          nest(i - 1);
        });
        body(i - 1, end);
        code.br(end);
      };
      nest(n);
    });
  });
}
