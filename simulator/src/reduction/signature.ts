// Programs with some of their threads exchanged, compared: code and properties written out as text
// that is the same where they mean the same.
import type { Access, CellIdx, Expr, Instr, Program, ThreadIdx } from '../program.ts';
import { operandsOf, readExpr } from './reads.ts';

/** Another name for each local cell and each thread; what is not named stays as it is. */
export interface Renaming {
  readonly cells: ReadonlyMap<CellIdx, CellIdx | string>;
  readonly threads: ReadonlyMap<ThreadIdx, ThreadIdx>;
}

/** What the expression means under the renaming; operands whose order is no matter are sorted. */
export function textOf(expr: Expr, names: Renaming, inCode: boolean): string {
  const of = (it: Expr): string => textOf(it, names, inCode);
  if (expr.kind === 'binary' && (expr.op === '&&' || expr.op === '||' || expr.op === '+')) {
    const chain = chainOf(expr, expr.op);
    const texts = chain.map(of);
    if (chain.every((it) => isQuiet(it, inCode))) texts.sort();
    return `(${texts.join(` ${expr.op} `)})`;
  }
  const parts = operandsOf(expr).map(of).join(' ');
  return `(${headOf(expr, names)} ${parts})`;
}

function chainOf(expr: Expr, op: '&&' | '||' | '+'): readonly Expr[] {
  if (expr.kind !== 'binary' || expr.op !== op) return [expr];
  return [...chainOf(expr.left, op), ...chainOf(expr.right, op)];
}

/** Can be looked at or not, sooner or later: breaks nothing and, in code, makes no access. */
function isQuiet(expr: Expr, inCode: boolean): boolean {
  let quiet = true;
  readExpr(expr, {
    load: ({ ref, index }) => {
      quiet &&= !inCode && ref === null && (index === null || index.kind === 'const');
    },
    lock: (ref) => {
      quiet &&= ref.ref === null && (ref.index === null || ref.index.kind === 'const');
    },
    divides: () => { quiet = false; },
  });
  return quiet;
}

function headOf(expr: Expr, names: Renaming): string {
  switch (expr.kind) {
    case 'const': return `${expr.value}`;
    case 'local': return `local ${names.cells.get(expr.cell) ?? expr.cell}`;
    case 'reg': return `reg ${expr.reg}`;
    case 'load': return accessHead(expr.access);
    case 'binary': return expr.op;
    case 'quantifier': return `${expr.quantifier} ${expr.reg}`;
    case 'held': case 'holds': return `${expr.kind} ${expr.mode ?? ''} ${lockHead(expr.lock)}`;
    case 'done': case 'outcome': return `${expr.kind} ${threadName(names, expr.thread)}`;
    case 'at': return `at ${threadName(names, expr.thread)} ${expr.pcs.join(',')}`;
    default:
      // Told by their kind alone.
      return expr.kind;
  }
}

const threadName = (names: Renaming, t: ThreadIdx): ThreadIdx => names.threads.get(t) ?? t;

const accessHead = ({ place, marked, site, ref, index }: Access): string =>
  `cell ${place} ${String(marked)} ${site} ${String(ref !== null)} ${String(index !== null)}`;

const lockHead = (ref: Extract<Expr, { kind: 'held' }>['lock']): string =>
  `${ref.base} ${ref.count} ${String(ref.ref !== null)} ${String(ref.index !== null)}`;

/** An instruction as a text, with every expression in it. */
function instrText(instr: Instr, names: Renaming): string {
  return JSON.stringify(instr, (key: string, value: unknown) => {
    if (isExpr(value)) return textOf(value, names, true);
    return key === 'cell' && typeof value === 'number' ? names.cells.get(value) ?? value : value;
  });
}

const EXPRESSIONS: ReadonlySet<unknown> = new Set<Expr['kind']>([
  'const', 'reg', 'load', 'not', 'neg', 'binary', 'one_of', 'between', 'quantifier', 'held',
  'holds', 'done', 'at', 'outcome', 'self_ref', 'self_index',
]);

/** Targets have kinds of their own, but for `local`, which has a name, and `reg`: no matter. */
function isExpr(value: unknown): value is Expr {
  if (typeof value !== 'object' || value === null || !('kind' in value)) return false;
  return EXPRESSIONS.has(value.kind) || (value.kind === 'local' && !('name' in value));
}

export function codeText(program: Program, t: ThreadIdx, names: Renaming): string {
  const { code, entry, background, outcomes, decl } = program.threads[t]!;
  const head = JSON.stringify([entry, background, outcomes, decl]);
  return `${head}\n${code.map((instr) => instrText(instr, names)).join('\n')}`;
}

/** What is asked of the whole: all properties, in their order. */
export function propertiesText(program: Program, names: Renaming): string {
  return program.properties.map(({ expr }) => textOf(expr, names, false)).join('\n');
}
