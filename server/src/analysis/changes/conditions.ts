// Conditions that a protocol speaks in already: those it tests, and those that a thread makes true
// or false. A lock held over them makes them lasting.
import type { Expr } from '../../syntax/ast.ts';
import type { Owner } from '../entity.ts';
import { walkExpr } from '../walk.ts';
import type { Change } from './change.ts';
import { placeName, told } from './locking.ts';
import { localsIn, sharedOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

export interface Condition {
  readonly text: string;
  /** The shared state it asks about. */
  readonly about: ReadonlySet<string>;
}

/** About shared state alone, as `text` and as its opposite, each once. */
export function conditionsIn(source: Source, spots: readonly Spot[]): readonly Condition[] {
  const found = new Map<string, Condition>();
  const add = (text: string, about: ReadonlySet<string>): void => {
    if (!found.has(text)) found.set(text, { text, about });
  };
  for (const { stmt } of spots) {
    if (stmt.kind === 'if' && isPlain(source, stmt.cond)) {
      const text = source.page.source(stmt.cond.range);
      const about = sharedOf(source.model, stmt.cond);
      add(text, about);
      add(opposite(stmt.cond, text), about);
    }
  }
  for (const { stmt } of spots) {
    if (stmt.kind !== 'assign' && stmt.kind !== 'write_once') continue;
    if (stmt.target.kind !== 'ident' || !isPlain(source, stmt.target)) continue;
    const text = notWritten(source, stmt);
    if (text !== null) add(text, sharedOf(source.model, stmt.target));
  }
  return [...found.values()];
}

function isPlain({ model }: Source, cond: Expr): boolean {
  let plain = !localsIn(model, cond) && sharedOf(model, cond).size > 0;
  walkExpr(cond, (part) => {
    if (part.kind === 'cmpxchg' || part.kind === 'call' || part.kind === 'index') plain = false;
  });
  return plain;
}

/** That the state is not what the assignment makes it. */
function notWritten(
  { page }: Source, stmt: Extract<Spot['stmt'], { kind: 'assign' | 'write_once' }>,
): string | null {
  const target = page.source(stmt.target.range);
  const { value } = stmt;
  const op = stmt.kind === 'assign' ? stmt.op : '=';
  if (op === '+=' || op === '-=') {
    if (value.kind !== 'ident') return null;
    const has = `${target} has ${page.source(value.range)}`;
    return op === '+=' ? `!(${has})` : has;
  }
  if (value.kind === 'bool') return value.value ? `!${target}` : target;
  const constant = value.kind === 'null' || value.kind === 'ident' || value.kind === 'int';
  return constant ? `${target} != ${page.source(value.range)}` : null;
}

const OPPOSITES: Readonly<Record<string, string>> = {
  '==': '!=', '!=': '==', '<': '>=', '>=': '<', '>': '<=', '<=': '>',
};

/** `!x` for `x`, `a != b` for `a == b`. */
export function opposite(cond: Expr, text: string): string {
  if (cond.kind === 'unary' && cond.op === '!') return text.slice(1).replace(/^\((.*)\)$/, '$1');
  const bare = cond.kind === 'ident' || cond.kind === 'field' || cond.kind === 'read_once';
  if (bare) return `!${text}`;
  const other = cond.kind === 'binary' ? OPPOSITES[cond.op] : undefined;
  if (cond.kind !== 'binary' || other === undefined) return `!(${text})`;
  const { start } = cond.range;
  const [end, next] = [cond.left.range.end - start, cond.right.range.start - start];
  return text.slice(0, end) + text.slice(end, next).replace(cond.op, other) + text.slice(next);
}

/**
 * The downgrade only where the condition holds. Where nobody writes what it asks about, it says in
 * which situation the protocol runs, and may well never hold in a scenario.
 */
export function onlyIf(source: Source, spot: Spot, condition: Condition): Change {
  const written = source.spots.some(({ stmt }) =>
    (stmt.kind === 'assign' || stmt.kind === 'write_once')
    && [...sharedOf(source.model, stmt.target)].some((name) => condition.about.has(name)));
  return {
    title: `${sentence(told(source, spot))} in ${placeName(spot)} only if \`${condition.text}\``,
    family: `only if ${condition.text} ${spot.stmt.range.start}`,
    splices: source.page.wrap(spot.stmt.range, `if ${condition.text}`),
    ...(written ? { keeps: [spot.stmt.range] } : {}),
  };
}

function sentence(statement: string): string {
  return statement.slice(0, 1).toUpperCase() + statement.slice(1);
}

/** The statements that lead to an offset: itself, those around it, the calls of its proc. */
export function leadingTo(
  spots: readonly Spot[], offset: number, depth = 0,
): readonly Spot[] {
  const around = spots.filter(({ whole, block }) => block !== null
    && whole.range.start <= offset && offset < whole.range.end);
  const owner: Owner | undefined = around[0]?.owner;
  if (owner === undefined || owner.kind === 'thread' || depth > 3) return around;
  const calls = spots.filter(({ stmt }) => callsProc(stmt, owner.name.text));
  return [...around, ...calls.flatMap(({ stmt }) =>
    leadingTo(spots, stmt.range.start, depth + 1))];
}

function callsProc(stmt: Spot['stmt'], name: string): boolean {
  if (stmt.kind === 'call') return stmt.proc.text === name;
  if (stmt.kind !== 'let' && stmt.kind !== 'assign') return false;
  return stmt.value.kind === 'call' && stmt.value.proc.text === name;
}
