// Whether an expression reads shared state: then it takes a step.
import type { Expr } from '../syntax/ast.ts';
import type { Meaning } from './entity.ts';
import { walkExpr } from './walk.ts';

/** As written, whatever it comes to; `holds` asks only about the thread itself. */
export function readsShared(meaning: Pick<Meaning, 'entities'>, e: Expr): boolean {
  let reads = false;
  walkExpr(e, (part) => {
    const kind = meaning.entities.get(part)?.kind;
    if (kind === 'shared' || kind === 'field' || kind === 'thread' || kind === 'alias') {
      reads = true;
    }
    if (part.kind === 'read_once' || part.kind === 'at') reads = true;
    if (part.kind === 'held' && part.who === 'anyone') reads = true;
  });
  return reads;
}
