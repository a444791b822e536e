// What every part of the exporter shares: the program with its names, which thread uses which lock
// how, the table of checks, what scratch variables were needed.
import type {
  ClassIdx, Expr, Instr, LockKind, LockRef, Program, ThreadIdx,
} from '../../../../simulator/src/program.ts';
import type { Lowered, Site } from '../lowered.ts';
import { boundsOf } from './bounds.ts';
import { nameAll, type Names } from './names.ts';

export interface PromelaOptions {
  /** First line of the header: the file and the scenario. */
  readonly title: string;
  /** `munmap.mmlock:31`; null where it is not known. */
  readonly where: (site: Site) => string | null;
  /**
   * Instead of assertions: what is violated is gathered while the whole state space is searched,
   * and printed in lines that begin with `mm ` (for tests; needs nothing but pan).
   */
  readonly collect: boolean;
}

export interface ClassUse {
  readonly name: string;
  readonly kind: LockKind;
  /** The locks of the class are `base` to `base + count - 1` of the program. */
  readonly base: number;
  readonly count: number;
  /** Threads that may ever hold it for reading, for writing; that may stand in its queue. */
  readonly readers: readonly ThreadIdx[];
  readonly writers: readonly ThreadIdx[];
  readonly waiters: readonly ThreadIdx[];
}

export interface Model {
  readonly lowered: Lowered;
  readonly program: Program;
  readonly options: PromelaOptions;
  readonly names: Names;
  readonly classes: readonly ClassUse[];
  /** By `code(subject)`: the variable that stands for it, in the order needed. */
  readonly checks: Map<string, Check>;
  /** Of the variables declared so far: how many elements. */
  readonly sizes: Map<string, number>;
  /** Scratch variables that some step needs, all 0 between steps. */
  readonly scratch: Set<string>;
  /** Enum members by name, as far as they are unique. */
  readonly members: ReadonlyMap<string, { readonly text: string; readonly value: number }>;
}

export interface Check {
  readonly id: number;
  readonly label: string;
  readonly variable: string;
  /** A run that shows it is wanted, not feared (`reachable`). */
  readonly witness: boolean;
}

export function createModel(lowered: Lowered, options: PromelaOptions): Model {
  const { program } = lowered;
  const names = nameAll(lowered);
  return {
    lowered, program, options, names,
    classes: program.classes.map((_, cls) => classUse(program, cls)),
    checks: new Map(), sizes: new Map(), scratch: new Set(),
    members: enumMembers(lowered, names),
  };
}

export const labelOf = (code: string, subject: string | null): string =>
  (subject === null ? code : `${code}(${subject})`);

export function checkFor(
  model: Model, code: string, subject: string | null, witness = false,
): Check {
  const label = labelOf(code, subject);
  const known = model.checks.get(label);
  if (known !== undefined) return known;
  const variable = model.names.fresh(subject === null ? code : `${code}_${subject}`);
  const check = { id: model.checks.size + 1, label, variable, witness };
  model.checks.set(label, check);
  return check;
}

/** The statement that tells of a violation; the run goes on. */
export function tell(model: Model, check: Check): string {
  return model.options.collect ? `c_code { mm_see(${check.id}); };`
    : `assert(!${check.variable});`;
}

export function usesLock(instr: Instr): LockRef | null {
  switch (instr.op) {
    case 'acquire': case 'try': case 'release': case 'downgrade': return instr.lock;
    default:
      // The others name no lock.
      return null;
  }
}

function classUse(program: Program, cls: ClassIdx): ClassUse {
  const own = program.locks.flatMap((lock, i) => (lock.cls === cls ? [i] : []));
  const base = own[0] ?? 0;
  const threadsThat = (does: (instr: Instr) => boolean): ThreadIdx[] =>
    program.threads.flatMap((thread, t) => (thread.code.some((instr) =>
      does(instr) && program.locks[usesLock(instr)?.base ?? -1]?.cls === cls) ? [t] : []));
  const takes = (instr: Instr, mode: 'read' | 'write'): boolean =>
    (instr.op === 'acquire' || instr.op === 'try') && instr.mode === mode;
  const { name, kind } = program.classes[cls]!;
  return {
    name, kind, base, count: own.length,
    readers: threadsThat((instr) => instr.op === 'downgrade' || takes(instr, 'read')),
    writers: threadsThat((instr) => takes(instr, 'write')),
    waiters: threadsThat((instr) => instr.op === 'acquire'),
  };
}

export const classOf = (model: Model, ref: LockRef): ClassIdx =>
  model.program.locks[ref.base]!.cls;

function enumMembers(lowered: Lowered, names: Names): Model['members'] {
  const values = new Map<string, Set<number>>();
  for (const { print } of lowered.cells) {
    if (print.kind !== 'enum') continue;
    print.members.forEach((member, value) => {
      values.set(member, (values.get(member) ?? new Set()).add(value));
    });
  }
  return new Map([...values].flatMap(([member, [value, ...others]]) =>
    (value === undefined || others.length > 0 ? []
      : [[member, { text: names.fresh(member), value }]])));
}

/** How a number is written where a value of the cell is meant. */
export function literal(model: Model, value: number, cell: number | null): string {
  const print = cell === null ? undefined : model.lowered.cells[cell]?.print;
  const member = print?.kind === 'enum' ? print.members[value] : undefined;
  const known = member === undefined ? undefined : model.members.get(member);
  return known?.text ?? (value < 0 ? `(${value})` : `${value}`);
}

/** A cell whose values are of the expression's type, or null. */
export function cellLike(model: Model, expr: Expr): number | null {
  if (expr.kind === 'local') return expr.cell;
  if (expr.kind === 'load') return model.program.places[expr.access.place]!.base;
  return null;
}

export interface Variable {
  readonly name: string;
  readonly lo: number;
  readonly hi: number;
  /** More than 1: an array. */
  readonly count: number;
}

/** `byte x`, `short y[4]`: the smallest type that holds lo..hi. */
export function declare(model: Model, { name, lo, hi, count }: Variable): string {
  model.sizes.set(name, count);
  const array = count > 1 ? `[${count}]` : '';
  const type = lo >= 0 && hi <= 1 && count === 1 ? 'bit' : lo >= 0 && hi <= 255 ? 'byte'
    : lo >= -32768 && hi <= 32767 ? 'short' : 'int';
  return `${type} ${name}${array}`;
}

/** Whether every value of the expression lies in the range, for all we can tell. */
export function fits(model: Model, expr: Expr, range: { lo: number; hi: number }): boolean {
  const { lo, hi } = boundsOf(model.program, expr);
  return range.lo <= lo && hi <= range.hi;
}

/** The bit of a thread in a mask; bit 0 is nobody's. */
export const bitOf = (t: ThreadIdx): number => 2 ** (t + 1);

export const commentAt = (model: Model, site: number): string => {
  const found = model.lowered.sites[site];
  if (found === undefined) return `site ${site}`;
  const where = model.options.where(found);
  return where === null ? found.text : `${where}: ${found.text}`;
};
