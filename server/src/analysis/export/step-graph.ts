// One step as a graph: the resting instruction it begins with, the silent ones that follow, and
// where it comes to rest. Says where branches meet again.
import type { Access, Expr, Instr, Pc, Target } from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';

export type Code = readonly Instr[];

/** Where the thread comes to rest; also a circle in which it turns for ever, doing nothing. */
export const isLeaf = (code: Code, pc: Pc): boolean =>
  code[pc]!.rest || code[pc]!.op === 'end' || turnsForEver(code, pc);

function turnsForEver(code: Code, start: Pc): boolean {
  const seen = new Set<Pc>();
  const stays = (pc: Pc): boolean => {
    const { op, rest } = code[pc]!;
    if (seen.has(pc)) return true;
    seen.add(pc);
    return !rest && (op === 'nop' || op === 'branch') && touches(code[pc]!).length === 0
      && successors(code, pc).every(stays);
  };
  return stays(start);
}

export function successors(code: Code, pc: Pc): readonly Pc[] {
  const instr = code[pc]!;
  switch (instr.op) {
    case 'branch': return [instr.next, instr.otherwise];
    case 'choose': return instr.targets;
    case 'end': return [];
    case 'nop': case 'set': case 'any': case 'acquire': case 'try': case 'release':
    case 'downgrade': case 'cmpxchg': case 'await': case 'assert': case 'outcome': case 'new':
    case 'free': case 'rcu_lock': case 'rcu_unlock': case 'synchronize_rcu':
      return [instr.next];
    default: return unreachable(instr);
  }
}

/** The silent instructions of the step that begins at `start`, without `start`. */
export function silentNodes(code: Code, start: Pc): readonly Pc[] {
  const seen = new Set<Pc>();
  const visit = (pc: Pc): void => {
    if (isLeaf(code, pc) || seen.has(pc)) return;
    seen.add(pc);
    successors(code, pc).forEach(visit);
  };
  successors(code, start).forEach(visit);
  return [...seen];
}

/** Whether the step can turn in a circle. */
export function isCyclic(code: Code, start: Pc): boolean {
  const state = new Map<Pc, 'open' | 'closed'>();
  const visit = (pc: Pc): boolean => {
    if (isLeaf(code, pc)) return false;
    const known = state.get(pc);
    if (known !== undefined) return known === 'open';
    state.set(pc, 'open');
    const found = successors(code, pc).some(visit);
    state.set(pc, 'closed');
    return found;
  };
  return successors(code, start).some(visit);
}

/** Where all ways from these instructions meet first, or null. For steps without circles. */
export function meeting(code: Code, from: readonly Pc[]): Pc | null {
  const known = new Map<Pc, ReadonlySet<Pc>>();
  const all = common(code, from, known);
  let nearest: Pc | null = null;
  for (const pc of all) {
    if (nearest === null || known.get(pc)!.size > known.get(nearest)!.size) nearest = pc;
  }
  return nearest;
}

/** The instructions that every way from these goes through. */
function common(
  code: Code, from: readonly Pc[], known: Map<Pc, ReadonlySet<Pc>>,
): ReadonlySet<Pc> {
  const [first, ...others] = from.map((pc) => passed(code, pc, known));
  if (first === undefined) return new Set();
  return new Set([...first].filter((pc) => others.every((other) => other.has(pc))));
}

function passed(code: Code, pc: Pc, known: Map<Pc, ReadonlySet<Pc>>): ReadonlySet<Pc> {
  const before = known.get(pc);
  if (before !== undefined) return before;
  const after = isLeaf(code, pc) ? [] : common(code, successors(code, pc), known);
  const whole = new Set([pc, ...after]);
  known.set(pc, whole);
  return whole;
}

export interface Touch {
  readonly access: Access;
  readonly write: boolean;
}

/** Every access that the instruction may make. */
export function touches(instr: Instr): readonly Touch[] {
  const reads = expressions(instr).flatMap(readsOf);
  switch (instr.op) {
    case 'set': case 'any': case 'new': return [...reads, ...targetTouches(instr.target)];
    case 'cmpxchg': return [...reads, ...inside(instr.access),
      { access: instr.access, write: false }, { access: instr.access, write: true }];
    case 'nop': case 'branch': case 'choose': case 'acquire': case 'try': case 'release':
    case 'downgrade': case 'await': case 'assert': case 'outcome': case 'free': case 'rcu_lock':
    case 'rcu_unlock': case 'synchronize_rcu': case 'end':
      return reads;
    default: return unreachable(instr);
  }
}

function expressions(instr: Instr): readonly Expr[] {
  switch (instr.op) {
    case 'set': return [instr.value];
    case 'any': return [instr.lo, instr.hi];
    case 'branch': case 'await': case 'assert': return [instr.cond];
    case 'acquire': case 'try': case 'release': case 'downgrade':
      return [instr.lock.ref, instr.lock.index].filter((part) => part !== null);
    case 'cmpxchg': return [instr.old, instr.value];
    case 'new': return instr.inits.map(({ value }) => value);
    case 'free': return [instr.value];
    case 'nop': case 'choose': case 'outcome': case 'rcu_lock': case 'rcu_unlock':
    case 'synchronize_rcu': case 'end':
      return [];
    default: return unreachable(instr);
  }
}

const inside = (access: Access): readonly Touch[] =>
  [access.ref, access.index].flatMap((part) => (part === null ? [] : readsOf(part)));

const targetTouches = (target: Target): readonly Touch[] => (target.kind === 'store'
  ? [...inside(target.access), { access: target.access, write: true }] : []);

function readsOf(expr: Expr): readonly Touch[] {
  switch (expr.kind) {
    case 'load': return [...inside(expr.access), { access: expr.access, write: false }];
    case 'not': case 'neg': return readsOf(expr.operand);
    case 'binary': return [...readsOf(expr.left), ...readsOf(expr.right)];
    case 'one_of': return [expr.value, ...expr.items].flatMap(readsOf);
    case 'between': return [expr.value, expr.lo, expr.hi].flatMap(readsOf);
    case 'quantifier': return [expr.lo, expr.hi, expr.body].flatMap(readsOf);
    case 'held': case 'holds':
      return [expr.lock.ref, expr.lock.index].flatMap((part) =>
        (part === null ? [] : readsOf(part)));
    case 'const': case 'local': case 'reg': case 'done': case 'at': case 'outcome':
    case 'self_ref': case 'self_index':
      return [];
    default: return unreachable(expr);
  }
}
