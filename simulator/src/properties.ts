// Invariants, finals, reachables and eventuallys, judged on single states; what needs the whole
// graph is in fairness.ts.
import { compileExpr, type Value } from './expr.ts';
import { CUT, type Found, type Machine } from './machine.ts';
import { standAt, type Program, type Property } from './program.ts';
import { isDone } from './step.ts';

export interface Judged {
  readonly property: Property;
  readonly value: Value;
}

export interface Properties {
  readonly invariants: readonly Judged[];
  readonly finals: readonly Judged[];
  readonly reachables: readonly Judged[];
  readonly eventuallys: readonly Judged[];
}

export function compileProperties(program: Program): Properties {
  const of = (kind: Property['kind']): Judged[] =>
    program.properties.filter((property) => property.kind === kind)
      .map((property) => ({ property, value: compileExpr(program, property.expr) }));
  return {
    invariants: of('invariant'),
    finals: of('final'),
    reachables: of('reachable'),
    eventuallys: of('eventually'),
  };
}

/**
 * The property's value in the machine's frame; null where it cannot be had (a `null` read through,
 * an index out of bounds): that is then in `found`.
 */
export function valueOf(m: Machine, judged: Judged): boolean | null {
  m.quiet = true;
  standAt(m, judged.property);
  try {
    return judged.value(m) !== 0;
  } catch (thrown) {
    if (thrown !== CUT) throw thrown;
    return null;
  } finally {
    m.quiet = false;
  }
}

export function propertyFound(
  property: Property, by: { thread: number; step: number } | null,
): Found {
  return {
    code: property.kind, subject: property.name, thread: by?.thread ?? null,
    step: by?.step ?? property.site, site: by?.step ?? property.site, pending: false, others: [],
  };
}

/** All threads but background ones are done. */
export function isOver(m: Machine): boolean {
  return m.program.threads.every((thread, t) => thread.background || isDone(m, t));
}
