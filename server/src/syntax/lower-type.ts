// Types and guards: syntax tree → AST.
import type { Guard, GuardExpr, TypeExpr } from './ast.ts';
import { childOf, childrenOf, fieldOf, isTorn, rangeOf, type Shape } from './shape.ts';
import { emptyName, expected, nameIn, nameOf, nested, report, type Reader } from './reader.ts';
import { exprIn, modeIn } from './lower-expr.ts';

/** The type in `field`; where there is none a hole, and a problem asks for it. */
export function typeIn(reader: Reader, parent: Shape, field: string): TypeExpr {
  const node = fieldOf(parent, field);
  if (node !== undefined) return lowerType(reader, node);
  const before = childOf(parent, ':') ?? fieldOf(parent, 'name') ?? parent.children[0] ?? parent;
  if (!isTorn(parent)) {
    expected(reader, before.type === ':' ? 'a type' : '`:` and a type', before);
  }
  return { kind: 'hole', range: { start: before.end, end: before.end } };
}

export function lowerType(reader: Reader, node: Shape): TypeExpr {
  const hole: TypeExpr = { kind: 'hole', range: rangeOf(node) };
  return nested(reader, node, () => lowerHere(reader, node, hole), () => hole);
}

function lowerHere(reader: Reader, node: Shape, hole: TypeExpr): TypeExpr {
  const range = rangeOf(node);
  switch (node.type) {
    case 'bool_type': return { kind: 'bool', range };
    case 'range':
      return {
        kind: 'range', range, lo: exprIn(reader, node, 'low'), hi: exprIn(reader, node, 'high'),
      };
    case 'ref_type':
      return { kind: 'ref', range, struct: nameIn(reader, node, 'struct', { what: 'a struct' }) };
    case 'array_type': {
      const element = fieldOf(node, 'element');
      if (element?.type === 'range') {
        report(reader, element, 'an array of a range needs a name for the range: '
          + 'write `type t = ...` and `t[...]`');
      }
      return {
        kind: 'array', range, element: element === undefined ? hole : lowerType(reader, element),
        length: lengthOf(reader, fieldOf(node, 'length') ?? node),
      };
    }
    case 'named_type': {
      const token = node.children.find((child) => child.type === 'identifier');
      if (token === undefined || token.missing) return hole;
      return { kind: 'named', range, name: nameOf(reader, token) };
    }
    default:
      // An ERROR where a type should be.
      return hole;
  }
}

/** The expression of `[N]`. */
export function lengthOf(reader: Reader, node: Shape) {
  return exprIn(reader, node, 'value');
}

export function guardIn(reader: Reader, parent: Shape): Guard | null {
  const node = fieldOf(parent, 'guard');
  if (node === undefined) return null;
  const range = rangeOf(node);
  if (node.type === 'guarded_by') {
    const word = childOf(node, 'guarded');
    if (childOf(node, 'by') === undefined && word !== undefined) expected(reader, '`by`', word);
    return { kind: 'by', range, lock: exprIn(reader, node, 'lock') };
  }
  let read: GuardExpr | null = null;
  let write: GuardExpr | null = null;
  for (const side of childrenOf(node, 'guard_side')) {
    const condition = guardOf(reader, side, 'condition');
    const isRead = fieldOf(side, 'side')?.type === 'read';
    if ((isRead ? read : write) !== null) {
      report(reader, side, `the ${isRead ? 'read' : 'write'} side is guarded twice; join the two `
        + 'with `&&`');
    } else if (isRead) read = condition;
    else write = condition;
  }
  return { kind: 'sides', range, read, write };
}

function guardOf(reader: Reader, parent: Shape, field: string): GuardExpr {
  const node = fieldOf(parent, field);
  if (node === undefined) return { kind: 'hole', range: { start: parent.end, end: parent.end } };
  const hole: GuardExpr = { kind: 'hole', range: rangeOf(node) };
  return nested(reader, node, () => lowerGuard(reader, node, hole), () => hole);
}

function lowerGuard(reader: Reader, node: Shape, hole: GuardExpr): GuardExpr {
  const range = rangeOf(node);
  switch (node.type) {
    case 'guard_binary':
      return {
        kind: fieldOf(node, 'operator')?.type === '||' ? 'or' : 'and', range,
        left: guardOf(reader, node, 'left'), right: guardOf(reader, node, 'right'),
      };
    case 'guard_lock':
      return {
        kind: 'lock', range, mode: modeIn(reader, node), lock: exprIn(reader, node, 'lock'),
      };
    case 'guard_rcu': return { kind: 'rcu', range };
    case 'guard_parenthesized': return guardOf(reader, node, 'inner');
    default:
      // An ERROR where a guard should be.
      return hole;
  }
}

/** Names that stand in `{ }`: the members of an enumeration or of flags. */
export function memberNames(reader: Reader, parent: Shape) {
  const list = fieldOf(parent, 'members');
  if (list === undefined) return [];
  return list.children
    .filter((child) => child.type === 'identifier')
    .map((child) => (child.missing ? emptyName(child.start) : nameOf(reader, child)));
}
