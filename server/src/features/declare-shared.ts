// Feature: the declaration of a shared variable that statements name and nothing declares, with the
// type that they ask for.
import type { Range } from '../text/range.ts';
import { touches } from '../text/range.ts';
import type { Model, Type } from '../analysis/model.ts';
import { exprsOf } from '../analysis/changes/stmt-exprs.ts';
import { partsOf, walkStmts } from '../analysis/walk.ts';
import { written } from '../analysis/types.ts';
import type { Stmt } from './nodes.ts';

type Expr = ReturnType<typeof exprsOf>[number];
type NameExpr = Extract<Expr, { kind: 'ident' }>;

/** A name that is read or written, and what its place asks of it. */
interface Use {
  readonly name: string;
  readonly range: Range;
  /** As it is written; null: nothing in particular. */
  readonly type: string | null;
  /** Of a number, the largest that is seen. */
  readonly most: number;
}

export interface Undeclared {
  readonly name: string;
  /** As it is written: `pte_state`, `0..3`. */
  readonly type: string;
  /** Where it was pointed at. */
  readonly range: Range;
}

/** The names at the place that nothing declares. */
export function undeclaredAt(model: Model, range: Range): readonly Undeclared[] {
  const uses = model.source.decls.flatMap((decl) => {
    const found: Use[] = [];
    if (decl.kind === 'thread' || decl.kind === 'proc') {
      walkStmts(decl.body, (stmt) => found.push(...usesIn(model, stmt)));
    }
    return found;
  });
  return uses.filter((use) => touches(use.range, range)).map(({ name, range: at }) => {
    const all = uses.filter((use) => use.name === name);
    const most = Math.max(1, ...all.map((use) => use.most));
    return { name, range: at, type: all.find(({ type }) => type !== null)?.type ?? `0..${most}` };
  });
}

/** Locks are no variables. */
const LOCKING: ReadonlySet<Stmt['kind']> = new Set(['acquire', 'release', 'downgrade', 'try']);

function usesIn(model: Model, stmt: Stmt): readonly Use[] {
  if (LOCKING.has(stmt.kind)) return [];
  const found: Use[] = [];
  const note = (e: NameExpr, beside: Expr | null, isCondition: boolean): void => {
    const { text } = e.name;
    if (text === '' || model.refs.has(e) || model.symbols.has(text)) return;
    if (isMember(model, text)) return;
    const type = isCondition ? 'bool' : beside === null ? null : typeOf(model, beside);
    const most = beside?.kind === 'int' ? beside.value : 0;
    found.push({ name: text, range: e.range, type, most });
  };
  const visit = (e: Expr, beside: Expr | null, isCondition: boolean): void => {
    if (e.kind === 'ident') return note(e, beside, isCondition);
    if (e.kind === 'held' || e.kind === 'call' || e.kind === 'index') return;
    if (e.kind === 'read_once') return visit(e.target, beside, isCondition);
    if (e.kind === 'binary') {
      const isLogic = e.op === '&&' || e.op === '||' || e.op === '=>';
      visit(e.left, isLogic ? null : e.right, isLogic);
      return visit(e.right, isLogic ? null : e.left, isLogic);
    }
    if (e.kind === 'cmpxchg') {
      for (const part of [e.old, e.value]) visit(part, null, false);
      return visit(e.target, e.value, false);
    }
    const isNot = e.kind === 'unary' && e.op === '!';
    for (const part of partsOf(e)) visit(part, null, isNot);
  };
  if (stmt.kind === 'assign' || stmt.kind === 'write_once') {
    visit(stmt.target, stmt.value, false);
    visit(stmt.value, stmt.target, false);
  } else {
    const isCondition = ['if', 'while', 'await', 'assert'].includes(stmt.kind);
    for (const e of exprsOf(stmt)) visit(e, null, isCondition);
  }
  return found;
}

function membersOf({ decls }: Model, name: string): readonly string[] {
  return decls.flatMap(({ decl }) => (decl.kind === 'enum'
    && decl.members.some(({ text }) => text === name) ? [decl.name.text] : []));
}

function isMember(model: Model, name: string): boolean {
  return membersOf(model, name).length > 0;
}

/** Of a value beside the name; null: it says nothing, or is a number. */
function typeOf(model: Model, e: Expr): string | null {
  if (e.kind === 'bool') return 'bool';
  const type: Type | undefined = model.types.get(e);
  switch (type?.kind) {
    case 'enum': case 'flags': case 'ref': case 'bool': return written(type);
    default: { // A bare member whose enum nothing says.
      const [only, another] = e.kind === 'ident' ? membersOf(model, e.name.text) : [];
      return another === undefined ? only ?? null : null;
    }
  }
}
