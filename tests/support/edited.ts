// Random programs, and small edits of them, for what is kept from one version to the next.
import assert from 'node:assert/strict';
import type { Expr, Instr, Program, Property, Thread } from '../../simulator/src/index.ts';
import { lockProgram } from '../../simulator/src/reduction/lock-programs.ts';
import type { Random } from '../oracle/random.ts';
import { randomProgram } from '../oracle/random-program.ts';

/** The instruction with one of its numbers, its lock or its mode another one. */
function changed(instr: Instr, { program, random }: { program: Program; random: Random }): Instr {
  if (instr.op === 'acquire' || instr.op === 'try') {
    const { cls } = program.locks[instr.lock.base]!;
    const isShared = ['rwsem', 'rwlock'].includes(program.classes[cls]!.kind);
    const isSingle = instr.lock.ref === null && instr.lock.index === null;
    const others = program.locks.flatMap((lock, base) =>
      (lock.object === null && lock.cls !== cls ? [base] : []));
    if (isSingle && others.length > 0 && random.chance(50)) {
      return { ...instr, mode: 'write', lock: { ...instr.lock, base: random.pick(others) } };
    }
    return isShared ? { ...instr, mode: instr.mode === 'read' ? 'write' : 'read' } : instr;
  }
  let left = random.below(3);
  const other = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(other);
    if (typeof value !== 'object' || value === null) return value;
    if ('kind' in value && value.kind === 'const' && 'value' in value && left-- === 0) {
      return { ...value, value: Number(value.value) === 0 ? 1 : Number(value.value) - 1 };
    }
    return Object.fromEntries(Object.entries(value).map(([key, field]) => [key, other(field)]));
  };
  return isInstr(other(instr), instr);
}

/** What `other` makes has the same fields. */
function isInstr(made: unknown, instr: Instr): Instr {
  const same = (value: unknown): value is Instr =>
    typeof value === 'object' && value !== null && 'op' in value && value.op === instr.op;
  assert.ok(same(made));
  return made;
}

/** One instruction changed, of those that can be. */
export function edited(program: Program, random: Random): Program {
  const can = program.threads.flatMap((thread, t) => thread.code.flatMap((instr, pc) => {
    const made = changed(instr, { program, random });
    return JSON.stringify(made) === JSON.stringify(instr) ? [] : [{ t, pc, made }];
  }));
  if (can.length === 0) return program;
  const { t, pc, made } = random.pick(can);
  const threads = program.threads.map((thread, u): Thread => (u !== t ? thread
    : { ...thread, code: thread.code.map((instr, at) => (at === pc ? made : instr)) }));
  return { ...program, threads };
}

/** A condition, of an instruction or a property, made with another one of the program. */
export function reworded(program: Program, random: Random): Program {
  const { threads, properties } = program;
  const conds = [
    ...threads.flatMap(({ code }) =>
      code.flatMap((instr) => ('cond' in instr ? [instr.cond] : []))),
    ...properties.map(({ expr }) => expr),
  ];
  if (conds.length === 0) return program;
  const at = random.below(conds.length);
  let left = at;
  const anew = (expr: Expr, suits: (other: Expr) => boolean): Expr => {
    const others = conds.filter(suits);
    return left-- === 0 && others.length > 0 ? mixed(expr, random.pick(others), random) : expr;
  };
  return {
    ...program,
    threads: threads.map((thread): Thread => ({
      ...thread,
      code: thread.code.map((instr): Instr => (!('cond' in instr) ? instr
        : { ...instr, cond: anew(instr.cond, isPlain) })),
    })),
    properties: properties.map((property): Property => ({
      ...property, expr: anew(property.expr, (other) => isPlain(other) && !isOwn(other)),
    })),
  };
}

/** A scratch register means something in its own step only. */
const isPlain = (expr: Expr): boolean => !JSON.stringify(expr).includes('"kind":"reg"');
/** Only a thread can ask that. */
const isOwn = (expr: Expr): boolean => /"kind":"(holds|local)"/.test(JSON.stringify(expr));

function mixed(expr: Expr, other: Expr, random: Random): Expr {
  const not = (operand: Expr): Expr => ({ kind: 'not', operand });
  const both = (op: '&&' | '||' | '=>', left: Expr, right: Expr): Expr =>
    ({ kind: 'binary', op, left, right });
  const always = both('||', not(other), other);
  return random.pick([
    other, not(expr), both('&&', expr, other), both('||', expr, other), both('=>', other, expr),
    both('&&', expr, always), both('&&', always, expr), not(not(expr)),
  ]);
}

export const programOf = (seed: number): Program =>
  (seed % 2 === 1 ? randomProgram(seed) : lockProgram(seed));
