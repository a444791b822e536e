// What `for`, quantifiers and `any` run over: `a..b`, or the name of a range type.
import type { Domain } from '../syntax/ast.ts';
import { refer, report } from './context.ts';
import { typeOf } from './constants.ts';
import { need } from './expr.ts';
import { kindName, lookupKind, reportUnknown, visibleNames } from './scope.ts';
import type { ExprCx } from './scope.ts';
import { INT, UNKNOWN, describe } from './types.ts';
import type { Type } from './model.ts';

/** Checks a domain; the type of what runs over it. `any` may also run over an enum. */
export function checkDomain(x: ExprCx, domain: Domain, use: 'turns' | 'any' = 'turns'): Type {
  if (domain.kind === 'named') return checkNamed(x, domain, use);
  need(x, domain.lo, INT);
  need(x, domain.hi, INT);
  return INT;
}

function checkNamed(
  x: ExprCx, domain: Extract<Domain, { kind: 'named' }>, use: 'turns' | 'any',
): Type {
  const { c } = x;
  const { name } = domain;
  const entity = lookupKind(x, name.text, use === 'any' ? ['type', 'enum'] : ['type']);
  if (entity === null) {
    const types = visibleNames(x, (e) => e.kind === 'type');
    reportUnknown(c, name, types, 'range type');
    return UNKNOWN;
  }
  refer(c, name, entity, { role: entity.kind === 'thread' ? 'read' : 'type', node: domain });
  if (entity.kind === 'type') {
    const type = typeOf(entity.decl.type, c.consts);
    if (type.kind === 'int') return INT;
    if (type.kind === 'enum' && use === 'any') return type;
    if (type.kind === 'unknown') return UNKNOWN;
    report(c, 'type', name.range,
      `\`${name.text}\` is ${describe(type)}, not a range; write \`a..b\``);
    return UNKNOWN;
  }
  if (entity.kind === 'enum' && use === 'any') return { kind: 'enum', name: name.text };
  report(c, 'type', name.range,
    `\`${name.text}\` is ${kindName(entity)}, not a range type; write \`a..b\``);
  return UNKNOWN;
}
