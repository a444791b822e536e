// The values that the cells of a program can come to hold, so that a wider range, or one more
// member of an enum, is no other program where nothing uses it. A store that may not fit its
// declared range leaves that range as it is, for there it is the range that decides.
import type {
  Cell, CellIdx, Expr, Instr, PlaceIdx, Program, Target,
} from '../../../simulator/src/program.ts';
import { cellsOf } from './bearing.ts';

interface Interval {
  readonly lo: number;
  readonly hi: number;
}

/** More rounds than any program needs that settles at all. */
const ROUNDS_MAX = 64;
const BOOL: Interval = { lo: 0, hi: 1 };

/** The cells with the ranges they need; the same state space, in fewer bits. */
export function narrowCells(program: Program): readonly Cell[] {
  const narrow = new Narrowing(program);
  for (let round = 0; round < ROUNDS_MAX; round++) {
    narrow.changed = false;
    for (const { code } of program.threads) for (const instr of code) narrow.run(instr);
    if (!narrow.changed) return narrow.cells();
  }
  return program.cells;
}

class Narrowing {
  changed = false;
  readonly #program: Program;
  /** By cell; the cells of a place share what they hold. */
  readonly #held: Interval[];
  readonly #firstOf: CellIdx[];

  constructor(program: Program) {
    this.#program = program;
    this.#held = program.cells.map(({ init }) => ({ lo: init, hi: init }));
    this.#firstOf = [...program.cells.keys()];
    program.places.forEach((place, index) => {
      const cells = cellsOf(program, index);
      const first = cells[0];
      if (first === undefined) return;
      for (const cell of cells) {
        this.#firstOf[cell] = first;
        this.#hold(first, this.#held[cell] ?? BOOL);
      }
      const fields = place.pool === null ? [] : program.pools[place.pool]?.fields ?? [];
      for (const field of fields) {
        if (field.place === index) this.#hold(first, { lo: field.init, hi: field.init });
      }
    });
  }

  cells(): readonly Cell[] {
    return this.#program.cells.map((cell, i) =>
      ({ ...cell, ...(this.#held[this.#firstOf[i] ?? i] ?? cell) }));
  }

  run(instr: Instr): void {
    switch (instr.op) {
      case 'set': return this.#store(instr.target, this.#value(instr.value));
      case 'any': {
        const [lo, hi] = [this.#value(instr.lo), this.#value(instr.hi)];
        return this.#store(instr.target,
          lo === null || hi === null ? null : { lo: lo.lo, hi: Math.max(lo.lo, hi.hi) });
      }
      case 'cmpxchg': return this.#assign(instr.access.place, this.#value(instr.value));
      case 'new':
        for (const { place, value } of instr.inits) this.#assign(place, this.#value(value));
        return this.#store(instr.target,
          { lo: 1, hi: this.#program.pools[instr.pool]?.count ?? 1 });
      default: // The others write no cell.
        return;
    }
  }

  #store(target: Target, value: Interval | null): void {
    if (target.kind === 'local') this.#put(target.cell, value);
    else if (target.kind === 'store') this.#assign(target.access.place, value);
  }

  #assign(place: PlaceIdx, value: Interval | null): void {
    const base = this.#program.places[place]?.base;
    if (base !== undefined) this.#put(base, value);
  }

  /** null: nothing is known of the value. */
  #put(cell: CellIdx, value: Interval | null): void {
    const declared = this.#program.cells[cell];
    if (declared === undefined) return;
    const fits = value !== null && declared.lo <= value.lo && value.hi <= declared.hi;
    this.#hold(cell, fits ? value : declared);
  }

  #hold(cell: CellIdx, { lo, hi }: Interval): void {
    const before = this.#held[cell];
    if (before === undefined || (before.lo <= lo && hi <= before.hi)) return;
    this.#held[cell] = { lo: Math.min(lo, before.lo), hi: Math.max(hi, before.hi) };
    this.changed = true;
  }

  #value(expr: Expr): Interval | null {
    switch (expr.kind) {
      case 'const': return { lo: expr.value, hi: expr.value };
      case 'local': return this.#held[this.#firstOf[expr.cell] ?? expr.cell] ?? null;
      case 'load': {
        const base = this.#program.places[expr.access.place]?.base;
        return base === undefined ? null : this.#held[base] ?? null;
      }
      case 'binary': return this.#binary(expr);
      case 'not':
      case 'one_of':
      case 'between':
      case 'held':
      case 'holds':
      case 'done':
      case 'at': return BOOL;
      default: // Arithmetic, registers: the declared range stays.
        return null;
    }
  }

  #binary({ op, left, right }: Extract<Expr, { kind: 'binary' }>): Interval | null {
    switch (op) {
      case '|':
      case '&':
      case '&~': {
        const [a, b] = [this.#value(left), this.#value(right)];
        if (a === null || b === null || a.lo < 0 || b.lo < 0) return null;
        if (op === '|') return { lo: 0, hi: 2 ** bits(Math.max(a.hi, b.hi)) - 1 };
        return { lo: 0, hi: op === '&' ? Math.min(a.hi, b.hi) : a.hi };
      }
      case '+':
      case '-':
      case '*':
      case '/':
      case '%': return null;
      default: // Comparisons and what joins conditions.
        return BOOL;
    }
  }
}

/** How many bits a number from 0 up takes. */
function bits(n: number): number {
  return n === 0 ? 0 : Math.floor(Math.log2(n)) + 1;
}
