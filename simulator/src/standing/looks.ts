// What decides what an instruction does, or whether a property holds: slots of the frame. Between
// two states that agree in these there is no difference to it.
import { unreachable } from '../assert.ts';
import { locksOf, type Layout, type Slot } from '../layout.ts';
import type {
  Access, Expr, Guard, Instr, LockRef, Pc, Program, Target, ThreadIdx,
} from '../program.ts';
import { successors } from '../reduction/flow.ts';
import { readExpr } from '../reduction/reads.ts';
import { stepFlow } from '../wasm/flow.ts';

/** Of two programs that are laid out alike. */
export interface Laid {
  readonly programs: readonly Program[];
  readonly layout: Layout;
}

/**
 * What decides what a thread's instructions at these pcs do; null: there are others among them than
 * such as compute something.
 */
export function looksOfInstrs(
  { programs, layout }: Laid, t: ThreadIdx, pcs: ReadonlySet<Pc>,
): ReadonlySet<Slot> | null {
  const slots = new Set<Slot>();
  for (const program of programs) {
    const looks = new Looks(program, layout, t, slots);
    const { code } = program.threads[t]!;
    for (const pc of pcs) if (!looks.instr(code[pc]!)) return null;
  }
  return slots;
}

/** Those of the step from which it can come to a changed one, with these. */
export function leadingTo(
  code: readonly Instr[], { first, changed }: { first: Pc; changed: ReadonlySet<Pc> },
): ReadonlySet<Pc> {
  const { order } = stepFlow(code, first);
  const leading = new Set(order.filter((pc) => changed.has(pc)));
  for (let before = -1; before !== leading.size;) {
    before = leading.size;
    for (const pc of order) {
      const next = successors(code[pc]!);
      if (next.some((to) => !code[to]!.rest && leading.has(to))) leading.add(pc);
    }
  }
  return leading;
}

/** What a property looks at, whoever is asked. */
export function looksOfProperty({ programs, layout }: Laid, i: number): ReadonlySet<Slot> {
  const slots = new Set<Slot>();
  for (const program of programs) {
    new Looks(program, layout, null, slots).expr(program.properties[i]!.expr);
  }
  return slots;
}

class Looks {
  readonly #program: Program;
  readonly #layout: Layout;
  /** Whose guards are looked at; null: nobody's. */
  readonly #self: ThreadIdx | null;
  readonly #slots: Set<Slot>;

  constructor(program: Program, layout: Layout, self: ThreadIdx | null, slots: Set<Slot>) {
    this.#program = program;
    this.#layout = layout;
    this.#self = self;
    this.#slots = slots;
  }

  /** False where it does more than to compute. */
  instr(instr: Instr): boolean {
    switch (instr.op) {
      case 'nop': case 'choose': return true;
      case 'set':
        this.expr(instr.value);
        return this.#target(instr.target);
      case 'any':
        this.expr(instr.lo);
        this.expr(instr.hi);
        return this.#target(instr.target);
      case 'branch': case 'await': case 'assert':
        this.expr(instr.cond);
        return true;
      case 'cmpxchg':
        this.expr(instr.old);
        this.expr(instr.value);
        return this.#place(instr.access);
      default: // Locks, objects, RCU, the end.
        return false;
    }
  }

  expr(expr: Expr): void {
    readExpr(expr, {
      local: (cell) => { this.#slots.add(cell); },
      load: (access) => this.#access(access),
      lock: (ref) => this.#lock(ref, this.#self),
      held: (ref) => this.#lock(ref, null),
      thread: ({ thread, about }) => {
        const { pc, outcome } = this.#layout.threads[thread]!;
        this.#slots.add(about === 'outcome' ? outcome : pc);
      },
    });
  }

  /** What is written over says whether two that write differ. */
  #target(target: Target): true {
    switch (target.kind) {
      case 'reg': return true;
      case 'local': this.#slots.add(target.cell); return true;
      case 'store': return this.#place(target.access);
      default: return unreachable(target);
    }
  }

  #place(access: Access): true {
    for (const expr of [access.ref, access.index]) if (expr !== null) this.expr(expr);
    this.#access(access);
    return true;
  }

  /** Without what names its object and index. */
  #access({ place, ref, index }: Access): void {
    const { base, count, pool, readGuard, writeGuard } = this.#program.places[place]!;
    const cells = ref === null && index === null ? 1 : count;
    for (let i = 0; i < cells; i++) this.#slots.add(base + i);
    if (ref !== null) this.#objects(pool);
    for (const guard of [readGuard, writeGuard]) if (guard !== null) this.#guard(guard);
  }

  #guard(guard: Guard): void {
    if (this.#self === null) return;
    switch (guard.kind) {
      case 'and': case 'or':
        this.#guard(guard.left);
        this.#guard(guard.right);
        return;
      case 'lock':
        for (const expr of [guard.lock.ref, guard.lock.index]) if (expr !== null) this.expr(expr);
        return this.#lock(guard.lock, this.#self);
      case 'rcu':
        this.#slots.add(this.#layout.threads[this.#self]!.rcu);
        return;
      default: unreachable(guard);
    }
  }

  /** Who holds any of those that may be meant (null: whoever), and whether their objects live. */
  #lock(ref: LockRef, by: ThreadIdx | null): void {
    for (const lock of locksOf(this.#program, ref)) {
      const { writer, readers } = this.#layout.locks[lock]!;
      const slots = by === null ? [...writer, ...readers] : [writer[by]!, readers[by]!];
      for (const slot of slots) if (slot !== -1) this.#slots.add(slot);
    }
    this.#objects(ref.pool);
  }

  #objects(pool: number | null): void {
    if (pool === null) return;
    for (const { status } of this.#layout.objects[pool]!) this.#slots.add(status);
  }
}
