// Types of locals that have none written, and the names of parameters at calls and where scenarios
// run threads.
import type { Range } from '../text/range.ts';
import type { Hint } from './inlay-hints.ts';
import { blocksOf, type Block, type Decl, type Stmt } from './nodes.ts';
import { occurrenceAt } from './references.ts';
import type { Snapshot } from './snapshot.ts';

type Expr = Extract<Stmt, { kind: 'await' }>['cond'];
type Params = Extract<Decl, { kind: 'thread' }>['params'];

/** `let off: 0..3 = 0` where only `let off = 0` is written. */
export function typeHints(snapshot: Snapshot, range: Range): readonly Hint[] {
  return statements(snapshot, range).flatMap((stmt) => {
    if (stmt.kind !== 'let' || stmt.type !== null) return [];
    const detail = occurrenceAt(snapshot, stmt.name.range.start)?.sym.detail ?? '';
    const prefix = `let ${stmt.name.text}: `;
    if (!detail.startsWith(prefix)) return [];
    const label = `: ${detail.slice(prefix.length)}`;
    return [{ offset: stmt.name.range.end, label, kind: 'type', tooltip: null }];
  });
}

/** `fault(p: 0)`. */
export function parameterHints(snapshot: Snapshot, range: Range): readonly Hint[] {
  const calls = statements(snapshot, range).flatMap((stmt) => {
    if (stmt.kind === 'call') return hintsOf(snapshot, 'proc', stmt.proc.text, stmt.args);
    const value = stmt.kind === 'let' || stmt.kind === 'assign' ? stmt.value : null;
    return value?.kind !== 'call' ? [] : hintsOf(snapshot, 'proc', value.proc.text, value.args);
  });
  const runs = snapshot.model.source.decls.flatMap((decl) => {
    if (decl.kind !== 'scenario' && decl.kind !== 'workload') return [];
    return decl.items.flatMap((item) => {
      const run = item.kind === 'run' ? item : item.kind === 'arrive' ? item.run : null;
      return run === null ? [] : hintsOf(snapshot, 'thread', run.thread.text, run.args);
    });
  });
  return [...calls, ...runs].filter(({ offset }) => range.start <= offset && offset <= range.end);
}

function hintsOf(
  snapshot: Snapshot, kind: 'proc' | 'thread', name: string, args: readonly Expr[],
): readonly Hint[] {
  const params = paramsOf(snapshot, kind, name);
  return args.flatMap((arg, i): Hint[] => {
    const param = params[i]?.name.text;
    // A variable of the same name says it itself.
    const said = snapshot.text.slice(arg.range.start, arg.range.end);
    if (param === undefined || said === param) return [];
    return [{ offset: arg.range.start, label: `${param}:`, kind: 'parameter', tooltip: null }];
  });
}

function paramsOf({ model }: Snapshot, kind: 'proc' | 'thread', name: string): Params {
  for (const { decl } of model.decls) {
    if ((decl.kind === 'proc' || decl.kind === 'thread') && decl.kind === kind
      && decl.name.text === name) return decl.params;
  }
  return [];
}

/** Those that touch the range, outer before inner. */
function statements({ model }: Snapshot, range: Range): readonly Stmt[] {
  const touches = (at: Range): boolean => at.start <= range.end && range.start <= at.end;
  const inBlock = (block: Block): readonly Stmt[] =>
    block.stmts.filter((stmt) => touches(stmt.range)).flatMap(inStmt);
  const inStmt = (stmt: Stmt): readonly Stmt[] => (stmt.kind === 'labelled'
    ? inStmt(stmt.stmt) : [stmt, ...blocksOf(stmt).flatMap(inBlock)]);
  return model.source.decls.flatMap((decl) =>
    (decl.kind === 'thread' || decl.kind === 'proc' ? inBlock(decl.body) : []));
}
