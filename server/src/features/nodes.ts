// The syntax tree as the model shows it: names for its node types, and walks over them.
import { contains, type Range } from '../text/range.ts';
import type { Model } from '../analysis/model.ts';

export type Decl = Model['source']['decls'][number];
export type ThreadDecl = Model['threads'][number];
export type ScenarioDecl = Model['scenarios'][number];
export type Block = ThreadDecl['body'];
export type Stmt = Block['stmts'][number];
export type UseDecl = Extract<Decl, { kind: 'use' }>;

/** The blocks directly inside a statement, in the order of the text. */
export function blocksOf(stmt: Stmt): readonly Block[] {
  switch (stmt.kind) {
    case 'if':
    case 'try': {
      const rest = stmt.otherwise;
      if (rest === null) return [stmt.then];
      return rest.kind === 'block' ? [stmt.then, rest.block] : [stmt.then, ...blocksOf(rest)];
    }
    case 'choose':
      return stmt.branches;
    case 'while':
    case 'loop':
    case 'for':
      return [stmt.body];
    case 'step':
      return stmt.body === null ? [] : [stmt.body];
    case 'labelled':
      return blocksOf(stmt.stmt);
    default: // Simple statements, which have none.
      return [];
  }
}

/** The `if` or `try` statements chained by `else if`, from the first. */
function chained(stmt: Stmt): readonly Stmt[] {
  const found: Stmt[] = [stmt];
  for (let at = stmt; at.kind === 'if' || at.kind === 'try';) {
    if (at.otherwise === null || at.otherwise.kind === 'block') break;
    at = at.otherwise;
    found.push(at);
  }
  return found;
}

/** The innermost statement that covers the offset, or null. */
export function statementAt(block: Block, offset: number): Stmt | null {
  for (const stmt of block.stmts) {
    if (!contains(stmt.range, offset)) continue;
    return innermost(stmt, offset);
  }
  return null;
}

function innermost(stmt: Stmt, offset: number): Stmt {
  if (stmt.kind === 'labelled' && contains(stmt.stmt.range, offset)) {
    return innermost(stmt.stmt, offset);
  }
  for (const block of blocksOf(stmt)) {
    const inside = contains(block.range, offset) ? statementAt(block, offset) : null;
    if (inside !== null) return inside;
  }
  // `else if` is a statement of its own with no block around it.
  const parts = chained(stmt).filter((each) => contains(each.range, offset));
  return parts[parts.length - 1] ?? stmt;
}

/** What a statement does first: of a compound one its head, else all of it. */
export function headOf(stmt: Stmt): Range {
  switch (stmt.kind) {
    case 'if':
    case 'try':
    case 'while':
    case 'loop':
    case 'for':
    case 'step':
      return stmt.head;
    default: // Simple statements, and `choose` and labels, which do nothing themselves.
      return stmt.range;
  }
}
