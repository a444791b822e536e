// A declaration at another place of the text: the same AST in new objects, since side tables are
// kept by node. Cheaper than reading it again; of a body even that waits until somebody looks in.
import type { Block, Decl, ProcDecl, Stmt, ThreadDecl } from './ast.ts';

/** The same declaration `by` code units further on, with the comment that stands above it there. */
export function movedDecl(decl: Decl, by: number, doc: string | null): Decl {
  if (decl.kind === 'thread' || decl.kind === 'proc') return movedOwner(decl, by, doc);
  const copy: Decl = { ...decl, doc };
  if (isFields(copy)) moveFields(copy, by);
  return copy;
}

function movedOwner(decl: ThreadDecl | ProcDecl, by: number, doc: string | null): Decl {
  const body = movedBlock(decl.body, by);
  // Out of the way, while the rest is copied.
  const copy = { ...decl, doc, body: { stmts: [], range: body.range } };
  if (isFields(copy)) moveFields(copy, by);
  return { ...copy, body };
}

interface Origin {
  readonly block: Block;
  readonly by: number;
}

/** Of blocks that were moved: moving one again, its statements are copied once. */
const origins = new WeakMap<Block, Origin>();

function movedBlock(block: Block, by: number): Block {
  const before = origins.get(block);
  const origin = before === undefined ? { block, by } : { ...before, by: before.by + by };
  const { start, end } = block.range;
  let stmts: readonly Stmt[] | null = null;
  const copy: Block = {
    get stmts() {
      return stmts ??= origin.block.stmts.map((stmt) => movedStmt(stmt, origin.by));
    },
    range: { start: start + by, end: end + by },
  };
  origins.set(copy, origin);
  return copy;
}

function movedStmt(stmt: Stmt, by: number): Stmt {
  const copy: Stmt = { ...stmt };
  if (isFields(copy)) moveFields(copy, by);
  return copy;
}

type Fields = Record<string, unknown>;

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Of plain data, no deeper than `MAX_NESTING` lets it be; the numbers in a range are its ends. */
function moveFields(fields: Fields, by: number): void {
  for (const key in fields) {
    const value = fields[key];
    if (typeof value === 'object' && value !== null) fields[key] = moved(value, by);
    else if (typeof value === 'number' && (key === 'start' || key === 'end')) {
      fields[key] = value + by;
    }
  }
}

function moved(value: object, by: number): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown) =>
      (typeof item === 'object' && item !== null ? moved(item, by) : item));
  }
  const copy: Fields = { ...value };
  moveFields(copy, by);
  return copy;
}
