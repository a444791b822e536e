// Assignments as WebAssembly.
import { unreachable } from '../assert.ts';
import type { Access, Target } from '../program.ts';
import { checkGuard, withAddress, writeCell } from './access.ts';
import { OP } from './assembler.ts';
import { cutOff, writeSlot, type Unit } from './unit.ts';

/** Puts the value (an i64 local) where the target says. */
export function assign(u: Unit, target: Target, value: number): void {
  switch (target.kind) {
    case 'reg': u.code.get(value).set(u.regs[target.reg]!); return;
    case 'local':
      checkRange(u, target.cell, { value, name: target.name });
      u.code.get(value);
      writeSlot(u, target.cell);
      return;
    case 'store': store(u, target.access, value); return;
    default: unreachable(target);
  }
}

function store(u: Unit, access: Access, value: number): void {
  withAddress(u, access, (at) => {
    checkGuard(u, access, true);
    checkRange(u, at.place.base, { value, name: at.place.name });
    writeCell(u, at, value);
  });
}

/** Ends the run where the value is outside. All cells of one place have one range. */
export function checkRange(u: Unit, cell: number, of: { value: number; name: string }): void {
  const { lo, hi } = u.plan.program.cells[cell]!;
  const { code } = u;
  code.get(of.value).i64(lo).op(OP.i64LtS).get(of.value).i64(hi).op(OP.i64GtS).op(OP.i32Or);
  code.if(() => cutOff(u, 'range', of.name));
}
