// The expressions that a statement itself evaluates: not those of the statements in its blocks.
import { unreachable } from '../../text/unreachable.ts';
import type { Domain, Expr, Stmt } from '../../syntax/ast.ts';

export function exprsOf(stmt: Stmt): readonly Expr[] {
  switch (stmt.kind) {
    case 'acquire': case 'release': case 'downgrade': case 'try':
      return [stmt.lock];
    case 'assign': case 'write_once':
      return [stmt.target, stmt.value];
    case 'let': case 'free':
      return [stmt.value];
    case 'if': case 'while': case 'await': case 'assert':
      return [stmt.cond];
    case 'for':
      return bounds(stmt.domain);
    case 'call':
      return stmt.args;
    case 'return':
      return stmt.value === null ? [] : [stmt.value];
    case 'choose': case 'step': case 'loop': case 'jump': case 'labelled': case 'goto':
    case 'outcome': case 'rcu': case 'hole':
      return [];
    default:
      return unreachable(stmt);
  }
}

function bounds(domain: Domain): readonly Expr[] {
  return domain.kind === 'range' ? [domain.lo, domain.hi] : [];
}
