// Declarations but scenarios and workloads: syntax tree → AST.
import type {
  Decl, FieldDecl, LockDecl, LockKind, OutcomeDecl, Param, PropertyDecl, PropertyKind, TypeExpr,
} from './ast.ts';
import {
  childOf, childrenOf, fieldOf, fieldsOf, isTorn, rangeOf, type Shape,
} from './shape.ts';
import { expected, nameIn, quote, report, textOf, type Reader } from './reader.ts';
import { exprIn, lowerExpr, lowerString } from './lower-expr.ts';
import { guardIn, lengthOf, lowerType, memberNames, typeIn } from './lower-type.ts';
import { blockIn } from './lower-stmt.ts';
import { docAbove } from './doc.ts';
import { LOCK_KINDS, nearest } from './words.ts';

type Base = { readonly range: { start: number; end: number }; readonly doc: string | null };

/** undefined for what is none of these declarations. */
export function lowerDecl(reader: Reader, node: Shape): Decl | undefined {
  const base: Base = { range: rangeOf(node), doc: docAbove(reader.text, node.start) };
  switch (node.type) {
    case 'use_declaration': return lowerUse(reader, node, base);
    case 'const_declaration':
      return {
        ...base, kind: 'const', name: nameIn(reader, node, 'name', { what: 'a name' }),
        value: valueIn(reader, node),
      };
    case 'param_declaration': return lowerParamDecl(reader, node, base);
    case 'type_declaration':
      return {
        ...base, kind: 'type', name: nameIn(reader, node, 'name', { what: 'a name' }),
        type: aliasedType(reader, node),
      };
    case 'enum_declaration':
    case 'flags_declaration': return lowerMembers(reader, node, base);
    case 'struct_declaration': return lowerStruct(reader, node, base);
    case 'lock_declaration': return lowerLock(reader, node);
    case 'shared_declaration':
      return {
        ...base, kind: 'shared', atomic: fieldOf(node, 'atomic') !== undefined,
        name: nameIn(reader, node, 'name', { what: 'a name' }), type: typeIn(reader, node, 'type'),
        init: initIn(reader, node, 'init'), guard: guardIn(reader, node),
      };
    case 'order_declaration':
      return {
        ...base, kind: 'order',
        classes: fieldsOf(node, 'class').map((lock) => lowerExpr(reader, lock)),
      };
    case 'proc_declaration': return lowerProc(reader, node, base);
    case 'thread_declaration': return lowerThread(reader, node, base);
    case 'property_declaration': return lowerProperty(reader, node);
    default:
      // A scenario, a workload, or an ERROR.
      return undefined;
  }
}

function valueIn(reader: Reader, node: Shape) {
  const named = fieldOf(node, 'name') !== undefined;
  return exprIn(reader, node, 'value', {
    before: node, ...(named ? { what: '`=` and a value' } : {}),
  });
}

function initIn(reader: Reader, node: Shape, role: 'init' | 'part') {
  const value = fieldOf(node, 'value');
  return value === undefined ? null : lowerExpr(reader, value, role);
}

function lowerUse(reader: Reader, node: Shape, base: Base): Decl {
  const target = fieldOf(node, 'target');
  if (target === undefined || target.missing) {
    const targetRange = { start: node.end, end: node.end };
    if (!isTorn(node)) expected(reader, 'a module (`mm`) or a file (`"./x.mmlock"`)', node);
    return { ...base, kind: 'use', module: null, path: null, targetRange };
  }
  const targetRange = rangeOf(target);
  if (target.type === 'string') {
    return { ...base, kind: 'use', module: null, path: lowerString(reader, target), targetRange };
  }
  const words = childrenOf(target, 'identifier').map((word) => textOf(reader, word));
  return { ...base, kind: 'use', module: words.join('.'), path: null, targetRange };
}

function lowerParamDecl(reader: Reader, node: Shape, base: Base): Decl {
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  const range = fieldOf(node, 'range');
  const before = fieldOf(node, 'name');
  if (range === undefined && before !== undefined && !isTorn(node)) {
    expected(reader, '`:` and a range `lo..hi`', before);
  }
  const at = range ?? { ...node, start: node.end, children: [], damaged: true };
  return {
    ...base, kind: 'param', name, lo: exprIn(reader, at, 'low'), hi: exprIn(reader, at, 'high'),
    value: valueIn(reader, node),
  };
}

function aliasedType(reader: Reader, node: Shape): TypeExpr {
  const type = fieldOf(node, 'type');
  if (type !== undefined) return lowerType(reader, type);
  const name = fieldOf(node, 'name');
  if (name !== undefined && !isTorn(node)) expected(reader, '`=` and a type', name);
  return { kind: 'hole', range: { start: node.end, end: node.end } };
}

function lowerMembers(reader: Reader, node: Shape, base: Base): Decl {
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  if (fieldOf(node, 'members') === undefined && name.text !== '' && !isTorn(node)) {
    expected(reader, 'its members `{ a, b }`', node);
  }
  const kind = node.type === 'enum_declaration' ? 'enum' : 'flags';
  return { ...base, kind, name, members: memberNames(reader, node) };
}

function lowerStruct(reader: Reader, node: Shape, base: Base): Decl {
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  const count = fieldOf(node, 'count');
  const body = fieldOf(node, 'body');
  const nameNode = fieldOf(node, 'name') ?? node;
  if (count === undefined && name.text !== '' && !isTorn(node)) {
    report(reader, nameNode, `say how many objects there are at most: \`${name.text}[2]\``);
  } else if (body === undefined && name.text !== '' && !isTorn(node)) {
    expected(reader, 'the fields `{ ... }`', node);
  }
  const members: (FieldDecl | LockDecl)[] = [];
  for (const member of body?.children ?? []) {
    if (member.type === 'lock_declaration') members.push(lowerLock(reader, member));
    if (member.type === 'field_declaration') members.push(lowerField(reader, member));
  }
  return {
    ...base, kind: 'struct', name, typesafe: fieldOf(node, 'typesafe') !== undefined, members,
    count: count === undefined
      ? { kind: 'hole', range: { start: nameNode.end, end: nameNode.end } }
      : lengthOf(reader, count),
  };
}

export function lowerField(reader: Reader, node: Shape): FieldDecl {
  return {
    kind: 'field', range: rangeOf(node), doc: docAbove(reader.text, node.start),
    name: nameIn(reader, node, 'name', { what: 'a name' }), type: typeIn(reader, node, 'type'),
    init: initIn(reader, node, 'part'), guard: guardIn(reader, node),
  };
}

export function lowerLock(reader: Reader, node: Shape): LockDecl {
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  const count = fieldOf(node, 'count');
  const kind = fieldOf(node, 'kind');
  return {
    kind: 'lock', range: rangeOf(node), doc: docAbove(reader.text, node.start), name,
    count: count === undefined ? null : lengthOf(reader, count),
    lockKind: lockKind(reader, node),
    lockKindRange: kind === undefined ? { start: node.end, end: node.end } : rangeOf(kind),
  };
}

function lockKind(reader: Reader, node: Shape): LockKind | null {
  const kind = fieldOf(node, 'kind');
  const kinds = LOCK_KINDS.join(', ');
  if (kind === undefined) {
    const colon = childOf(node, ':');
    if (isTorn(node) || fieldOf(node, 'name') === undefined) return null;
    if (colon !== undefined) expected(reader, `a lock kind (${kinds})`, colon);
    else expected(reader, `\`:\` and a lock kind (${kinds})`, node);
    return null;
  }
  const text = textOf(reader, kind);
  if (text === 'mutex' || text === 'spinlock' || text === 'rwsem' || text === 'rwlock') return text;
  const meant = nearest(text, LOCK_KINDS);
  report(reader, kind, `${quote(text)} is no lock kind; `
    + (meant === undefined ? `the kinds are ${kinds}` : `did you mean \`${meant}\`?`));
  return null;
}

export function lowerParams(reader: Reader, node: Shape): Param[] {
  const list = fieldOf(node, 'parameters');
  return list === undefined ? [] : childrenOf(list, 'parameter').map((param) => ({
    name: nameIn(reader, param, 'name', { what: 'a name' }),
    type: typeIn(reader, param, 'type'),
    range: rangeOf(param),
  }));
}

function lowerProc(reader: Reader, node: Shape, base: Base): Decl {
  const result = fieldOf(node, 'result');
  return {
    ...base, kind: 'proc', name: nameIn(reader, node, 'name', { what: 'a name' }),
    params: lowerParams(reader, node),
    result: result === undefined ? null : lowerType(reader, result),
    body: blockIn(reader, node, 'body', 'a body `{ ... }`'),
  };
}

function lowerThread(reader: Reader, node: Shape, base: Base): Decl {
  return {
    ...base, kind: 'thread', background: fieldOf(node, 'background') !== undefined,
    name: nameIn(reader, node, 'name', { what: 'a name', before: childOf(node, 'thread') }),
    params: lowerParams(reader, node),
    outcomes: lowerOutcomes(reader, node),
    body: blockIn(reader, node, 'body', 'a body `{ ... }`'),
  };
}

export function lowerOutcomes(reader: Reader, node: Shape): OutcomeDecl[] {
  const list = fieldOf(node, 'outcomes');
  return list === undefined ? [] : childrenOf(list, 'outcome').map((outcome) => ({
    name: nameIn(reader, outcome, 'name', { what: 'a name' }),
    never: fieldOf(outcome, 'never') !== undefined,
    range: rangeOf(outcome),
  }));
}

export function lowerProperty(reader: Reader, node: Shape): PropertyDecl {
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  return {
    kind: 'property', range: rangeOf(node), doc: docAbove(reader.text, node.start), name,
    property: propertyKind(fieldOf(node, 'kind')?.type ?? ''),
    expr: exprIn(reader, node, 'expression', {
      before: node, ...(name.text === '' ? {} : { what: '`:` and an expression' }),
    }),
  };
}

function propertyKind(token: string): PropertyKind {
  switch (token) {
    case 'final':
    case 'eventually':
    case 'reachable': return token;
    default:
      // `invariant`; the grammar has no other word here.
      return 'invariant';
  }
}
