// Which constructs of the language appear in a tree: every kind of node there is, and the forms of
// those that have several.
import type {
  Decl, Domain, ExpectItem, Expr, Guard, GuardExpr, ScenarioItem, SourceFile, Stmt, Takes,
  TypeExpr, WorkloadItem,
} from '../../server/src/syntax/ast.ts';

type Kind = (Decl | Domain | Expr | Guard | GuardExpr | ScenarioItem | Stmt | Takes | TypeExpr
  | WorkloadItem)['kind'];

/** All kinds of nodes but holes; the compiler sees to it that none is left out. */
const KINDS: Readonly<Record<Exclude<Kind, 'hole'>, true>> = {
  use: true, const: true, param: true, type: true, enum: true, flags: true, struct: true,
  lock: true, shared: true, order: true, proc: true, thread: true, property: true, scenario: true,
  workload: true, with: true, run: true, expect: true, arrive: true, setting: true,
  by: true, sides: true, and: true, or: true, rcu: true,
  bool: true, range: true, ref: true, array: true, named: true,
  fixed: true, uniform: true, exp: true,
  acquire: true, release: true, downgrade: true, try: true, assign: true, write_once: true,
  let: true, choose: true, step: true, if: true, while: true, loop: true, for: true, jump: true,
  labelled: true, goto: true, call: true, await: true, assert: true, outcome: true, return: true,
  free: true,
  int: true, duration: true, null: true, ident: true, index: true, field: true, unary: true,
  binary: true, has: true, in_set: true, in_range: true, quantifier: true, set: true, list: true,
  new: true, any: true, read_once: true, cmpxchg: true, held: true, at: true,
};

type Expectation = ExpectItem['expect'];
const EXPECTED: readonly Expectation[] = ['safe', 'fails', 'refines'];

/** `kind.key=value` where nodes of a kind differ in a word. */
const FORMS: Readonly<Record<string, readonly (string | boolean | null)[]>> = {
  'acquire.mode': ['read', 'write', null], 'acquire.nested': [true, false],
  'release.mode': ['read', 'write', null], 'try.mode': ['read', 'write', null],
  'try.nested': [true, false],
  'assign.op': ['=', '+=', '-='], 'jump.jump': ['break', 'continue'],
  'free.deferred': [true, false], 'rcu.op': ['lock', 'unlock', 'synchronize'],
  'unary.op': ['!', '-'],
  'binary.op': ['*', '/', '%', '+', '-', '<', '<=', '>', '>=', '==', '!=', '&&', '||', '=>'],
  'quantifier.quantifier': ['forall', 'exists', 'count'],
  'held.who': ['anyone', 'self'], 'held.mode': ['read', 'write', null],
  'property.property': ['invariant', 'final', 'eventually', 'reachable'],
  'expect.expect': EXPECTED, 'expect.negated': [true, false],
  'struct.typesafe': [true, false], 'shared.atomic': [true, false],
  'thread.background': [true, false],
  'lock.lockKind': ['mutex', 'spinlock', 'rwsem', 'rwlock'],
  'int.size': [true, false], 'bool.value': [true, false],
  'setting.setting': ['cpus', 'for', 'seed'],
};

export const EVERYTHING: readonly string[] = [
  ...Object.keys(KINDS),
  ...Object.entries(FORMS).flatMap(([key, values]) => values.map((it) => `${key}=${String(it)}`)),
];

/** Counts what appears in a file. */
export function countConstructs(file: SourceFile, counts: Map<string, number>): void {
  visit(file, counts);
}

function add(counts: Map<string, number>, name: string): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function visit(value: unknown, counts: Map<string, number>): void {
  if (typeof value !== 'object' || value === null) return;
  const entries = Object.entries(value);
  const kind = entries.find(([key]) => key === 'kind')?.[1];
  if (typeof kind === 'string') add(counts, kind);
  for (const [key, part] of entries) {
    const form = `${String(kind)}.${key}`;
    if (FORMS[form] !== undefined) add(counts, `${form}=${String(part)}`);
    visit(part, counts);
  }
}
