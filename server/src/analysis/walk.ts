// Walks over statements and expressions, in the order of the text.
import { unreachable } from '../text/unreachable.ts';
import type { Block, Else, Expr, Stmt } from '../syntax/ast.ts';

/** The blocks directly inside a statement. */
export function blocksOf(s: Stmt): readonly Block[] {
  switch (s.kind) {
    case 'if':
    case 'try':
      return s.otherwise?.kind === 'block' ? [s.then, s.otherwise.block] : [s.then];
    case 'choose':
      return s.branches;
    case 'step':
      return s.body === null ? [] : [s.body];
    case 'while':
    case 'loop':
    case 'for':
      return [s.body];
    default:
      // Simple statements; a labelled one is no block.
      return [];
  }
}

/** The statement that is part of another without a block: a labelled one, an `else if`. */
export function innerStmt(s: Stmt): Stmt | null {
  if (s.kind === 'labelled') return s.stmt;
  if (s.kind !== 'if' && s.kind !== 'try') return null;
  return elseStmt(s.otherwise);
}

export function elseStmt(otherwise: Else | null): Stmt | null {
  return otherwise === null || otherwise.kind === 'block' ? null : otherwise;
}

/** Visits every statement of a block, also nested ones, outer before inner. */
export function walkStmts(block: Block, visit: (s: Stmt) => void): void {
  for (const s of block.stmts) walkStmt(s, visit);
}

function walkStmt(s: Stmt, visit: (s: Stmt) => void): void {
  visit(s);
  for (const block of blocksOf(s)) walkStmts(block, visit);
  const inner = innerStmt(s);
  if (inner !== null) walkStmt(inner, visit);
}

/** The expressions directly inside an expression. */
export function partsOf(e: Expr): readonly Expr[] {
  switch (e.kind) {
    case 'int': case 'duration': case 'bool': case 'null': case 'ident': case 'at': case 'hole':
      return [];
    case 'index':
      return [e.base, e.index];
    case 'field':
      return [e.base];
    case 'unary':
      return [e.operand];
    case 'binary':
      return [e.left, e.right];
    case 'has':
      return [e.base, e.flag];
    case 'in_set':
      return [e.value, ...e.items];
    case 'in_range':
      return [e.value, e.lo, e.hi];
    case 'quantifier':
      return e.domain.kind === 'range' ? [e.domain.lo, e.domain.hi, e.body] : [e.body];
    case 'set':
    case 'list':
      return e.items;
    case 'new':
      return e.inits.map((init) => init.value);
    case 'any':
      return e.domain.kind === 'range' ? [e.domain.lo, e.domain.hi] : [];
    case 'read_once':
      return [e.target];
    case 'cmpxchg':
      return [e.target, e.old, e.value];
    case 'call':
      return e.args;
    case 'held':
      return [e.lock];
    default:
      return unreachable(e);
  }
}

/** Visits an expression and everything in it, outer before inner. */
export function walkExpr(e: Expr, visit: (e: Expr) => void): void {
  visit(e);
  for (const part of partsOf(e)) walkExpr(part, visit);
}
