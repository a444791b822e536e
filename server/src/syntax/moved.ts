// A declaration at another place of the text: the same AST in new objects, since side tables are
// kept by node. Cheaper than reading it again; of a body even that waits until somebody looks in.
import { renumbered, type Numbered } from '../text/renumbered.ts';
import type { Block, Decl, ProcDecl, Stmt, ThreadDecl } from './ast.ts';

/** The same declaration `by` code units further on, with the comment that stands above it there. */
export function movedDecl(decl: Decl, by: number, doc: string | null): Decl {
  if (decl.kind === 'thread' || decl.kind === 'proc') return movedOwner(decl, by, doc);
  return renumbered({ ...decl, doc }, endsMoved(by));
}

function movedOwner(decl: ThreadDecl | ProcDecl, by: number, doc: string | null): Decl {
  const body = movedBlock(decl.body, by);
  // Out of the way, while the rest is copied.
  const copy = { ...decl, doc, body: { stmts: [], range: body.range } };
  return { ...renumbered(copy, endsMoved(by)), body };
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
      return stmts ??= origin.block.stmts.map((stmt) => renumbered(stmt, endsMoved(origin.by)));
    },
    range: { start: start + by, end: end + by },
  };
  origins.set(copy, origin);
  return copy;
}

/** The numbers in a range are its ends. */
function endsMoved(by: number): Numbered {
  return (key, value) => (key === 'start' || key === 'end' ? value + by : value);
}
