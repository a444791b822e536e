// Expressions: syntax tree → AST. Total; an expression that could not be read is a `hole`.
import type { BinaryOp, Domain, Expr, Mode, Name } from './ast.ts';
import {
  childOf, fieldOf, isComment, isTorn, rangeOf, type Shape,
} from './shape.ts';
import {
  emptyName, expected, nameIn, nameOf, nested, report, textOf, type Reader,
} from './reader.ts';
import { assignmentSign } from './tokens.ts';
import { readDuration, readInteger, readString } from './literals.ts';

/**
 * Where an expression stands, for the few that stand in certain places only:
 * `value` the whole right side of `let` or `=`; `init` the whole initial value of `shared`;
 * `condition` the whole condition of `if` or `while`; `part` anywhere else.
 */
export type Role = 'value' | 'init' | 'condition' | 'part';

export function lowerExpr(reader: Reader, node: Shape, role: Role = 'part'): Expr {
  return nested(reader, node, () => lowerHere(reader, node, role), () => hole(node));
}

function hole(at: { readonly start: number; readonly end: number }): Expr {
  return { kind: 'hole', range: rangeOf(at) };
}

/** The expression in `field`; where there is none a hole behind `before`, with a problem. */
export function exprIn(
  reader: Reader, parent: Shape, field: string, lack: Lack = {},
): Expr {
  const node = fieldOf(parent, field);
  if (node !== undefined && isAssignedTo(reader, node, field)) return hole(node);
  if (node !== undefined) return lowerExpr(reader, node, lack.role ?? 'part');
  const before = lack.before ?? parent.children[0] ?? parent;
  if (!isTorn(parent) && lack.what !== undefined) expected(reader, lack.what, before);
  return hole({ start: before.end, end: before.end });
}

/** `if x = 1`: what was to be compared is no condition by itself. */
function isAssignedTo(reader: Reader, node: Shape, field: string): boolean {
  return /^(?:condition|expression|inner)$/.test(field)
    && assignmentSign(reader.text, node.end) !== undefined;
}

export interface Lack {
  readonly role?: Role;
  /** What to ask for where it lacks; without it nothing is said. */
  readonly what?: string;
  readonly before?: Shape | undefined;
}

function lowerHere(reader: Reader, node: Shape, role: Role): Expr {
  const range = rangeOf(node);
  if (node.missing) return { kind: 'hole', range };
  switch (node.type) {
    case 'variable': return lowerVariable(reader, node);
    case 'integer': return lowerInteger(reader, node);
    case 'duration': return lowerDuration(reader, node);
    case 'boolean': return { kind: 'bool', range, value: textOf(reader, node) === 'true' };
    case 'null': return { kind: 'null', range };
    case 'index_expression':
      return {
        kind: 'index', range, base: exprIn(reader, node, 'base'),
        index: exprIn(reader, node, 'index'),
      };
    case 'field_expression':
      return {
        kind: 'field', range, base: exprIn(reader, node, 'base'),
        field: nameIn(reader, node, 'field', { what: 'a field', before: node }),
      };
    case 'unary_expression': return lowerUnary(reader, node, role);
    case 'binary_expression':
      return {
        kind: 'binary', range, op: binaryOp(reader, fieldOf(node, 'operator') ?? node),
        left: exprIn(reader, node, 'left'), right: exprIn(reader, node, 'right'),
      };
    case 'has_expression':
      return {
        kind: 'has', range, base: exprIn(reader, node, 'base'), flag: exprIn(reader, node, 'flag'),
      };
    case 'in_expression': return lowerIn(reader, node);
    case 'parenthesized_lock':
      report(reader, node, 'a lock stands without parentheses, as in `acquire L`');
      return exprIn(reader, node, 'inner');
    case 'parenthesized_expression': return exprIn(reader, node, 'inner', { role });
    case 'string':
      report(reader, node, 'a text is no value; texts stand behind `step` and `assert e,`');
      return { kind: 'hole', range };
    default:
      // The less common ones.
      return lowerSpecial(reader, node, role);
  }
}

function lowerSpecial(reader: Reader, node: Shape, role: Role): Expr {
  const range = rangeOf(node);
  switch (node.type) {
    case 'quantifier_expression':
      return {
        kind: 'quantifier', range,
        quantifier: fieldOf(node, 'quantifier')?.type === 'forall' ? 'forall' : 'exists',
        name: nameIn(reader, node, 'name', { what: 'a name' }),
        domain: domainIn(reader, node),
        body: exprIn(reader, node, 'body', { what: '`:` and an expression', before: node }),
      };
    case 'count_expression':
      return {
        kind: 'quantifier', range, quantifier: 'count',
        name: nameIn(reader, node, 'name', { what: 'a name' }),
        domain: domainIn(reader, node), body: exprIn(reader, node, 'body'),
      };
    case 'set_expression': return { kind: 'set', range, items: lowerItems(reader, node) };
    case 'list_expression':
      return { kind: 'list', range, items: lowerItems(reader, node, role) };
    case 'new_expression': return lowerNew(reader, node, role);
    case 'any_expression':
      if (role !== 'value') {
        report(reader, node, '`any` must be the whole right side of `let` or `=`');
      }
      return { kind: 'any', range, domain: domainIn(reader, node) };
    case 'read_once_expression': {
      const [target] = argumentsIn(reader, node, ['a place']);
      const lack = hole({ start: node.end, end: node.end });
      return { kind: 'read_once', range, target: target ?? lack };
    }
    case 'cmpxchg_expression': return lowerCmpxchg(reader, node, role);
    case 'call_expression': return lowerCall(reader, node, role);
    case 'held_expression':
      return {
        kind: 'held', range, who: fieldOf(node, 'who')?.type === 'holds' ? 'self' : 'anyone',
        mode: modeIn(reader, node), lock: exprIn(reader, node, 'lock'),
      };
    case 'at_expression':
      return {
        kind: 'at', range, thread: nameIn(reader, node, 'thread', { what: 'a thread' }),
        label: nameIn(reader, node, 'label', { what: 'a label', before: node }),
      };
    default:
      // An ERROR where an expression should be.
      return { kind: 'hole', range };
  }
}

function lowerVariable(reader: Reader, node: Shape): Expr {
  const token = node.children.find((child) => !isComment(child)) ?? node;
  if (token.missing || token.type === 'ERROR') return hole(node);
  return { kind: 'ident', range: rangeOf(node), name: nameOf(reader, token) };
}

function lowerInteger(reader: Reader, node: Shape): Expr {
  const read = readInteger(textOf(reader, node));
  if (read.ok) return { kind: 'int', range: rangeOf(node), ...read.value };
  report(reader, node, read.message);
  return hole(node);
}

function lowerDuration(reader: Reader, node: Shape): Expr {
  const read = readDuration(textOf(reader, node));
  if (read.ok) return { kind: 'duration', range: rangeOf(node), ns: read.value };
  report(reader, node, read.message);
  return hole(node);
}

function lowerUnary(reader: Reader, node: Shape, role: Role): Expr {
  const op = fieldOf(node, 'operator')?.type === '-' ? '-' : '!';
  // `if !cmpxchg(...)` is still a whole condition.
  const inner: Role = op === '!' && role === 'condition' ? 'condition' : 'part';
  return {
    kind: 'unary', range: rangeOf(node), op,
    operand: exprIn(reader, node, 'operand', { role: inner }),
  };
}

const BINARY_OPS: readonly BinaryOp[] = [
  '*', '/', '%', '+', '-', '<', '<=', '>', '>=', '==', '!=', '&&', '||', '=>',
];
function binaryOp(reader: Reader, operator: Shape): BinaryOp {
  if (operator.type === '&' || operator.type === '|') {
    const meant = operator.type === '&' ? '&&' : '||';
    report(reader, operator, `there is no \`${operator.type}\`; write \`${meant}\`, `
      + 'and for flags `f has FLAG`, `f += FLAG`');
    return meant;
  }
  return BINARY_OPS.find((op) => op === operator.type) ?? '&&';
}

function lowerIn(reader: Reader, node: Shape): Expr {
  const range = rangeOf(node);
  const value = exprIn(reader, node, 'value');
  const domain = fieldOf(node, 'domain');
  if (domain?.type === 'range') {
    return {
      kind: 'in_range', range, value,
      lo: exprIn(reader, domain, 'low'), hi: exprIn(reader, domain, 'high'),
    };
  }
  const items = domain === undefined ? [] : lowerItems(reader, domain);
  return { kind: 'in_set', range, value, items };
}

function lowerItems(reader: Reader, list: Shape, role: Role = 'part'): Expr[] {
  return list.children.filter(isItem).map((child) => lowerExpr(reader, child, within(role)));
}

/** Inside the initial value of `shared` is still the initial value. */
function within(role: Role): Role {
  return role === 'init' ? 'init' : 'part';
}

/** Not punctuation, not a comment, not damage. */
function isItem(node: Shape): boolean {
  return /^[a-z]/.test(node.type) && !isComment(node);
}

function lowerNew(reader: Reader, node: Shape, role: Role): Expr {
  if (role !== 'value' && role !== 'init') {
    report(reader, node,
      '`new` must be the whole right side of `let`, `=` or a `shared` declaration');
  }
  const body = fieldOf(node, 'body');
  const inits = body === undefined ? [] : body.children.filter((c) => c.type === 'initializer');
  return {
    kind: 'new', range: rangeOf(node),
    struct: nameIn(reader, node, 'struct', { what: 'a struct' }),
    inits: inits.map((init) => ({
      field: nameIn(reader, init, 'field', { what: 'a field' }),
      value: exprIn(reader, init, 'value', { role: within(role) }),
      range: rangeOf(init),
    })),
  };
}

function lowerCmpxchg(reader: Reader, node: Shape, role: Role): Expr {
  if (role !== 'value' && role !== 'condition') {
    report(reader, node, '`cmpxchg` must be the whole condition of `if` or `while`, '
      + 'or the whole right side of `let` or `=`');
  }
  const [target, old, value] = argumentsIn(
    reader, node, ['a place', 'the value expected there', 'the new value'],
  );
  const end = hole({ start: node.end, end: node.end });
  return {
    kind: 'cmpxchg', range: rangeOf(node), target: target ?? end, old: old ?? end,
    value: value ?? end,
  };
}

function lowerCall(reader: Reader, node: Shape, role: Role): Expr {
  const proc = nameIn(reader, node, 'proc', { what: 'a name' });
  if (role !== 'value') {
    report(reader, node, `a call stands alone or is the whole right side of \`let\` or \`=\`; `
      + `write \`let v = ${proc.text}(...)\` first`);
  }
  return { kind: 'call', range: rangeOf(node), proc, args: callArguments(reader, node) };
}

/** The arguments of a call; how many there should be is for the analysis. */
export function callArguments(reader: Reader, node: Shape): Expr[] {
  const list = fieldOf(node, 'arguments');
  return list === undefined ? [] : lowerItems(reader, list);
}

/** The arguments of a word of the language, which takes exactly `wanted`. */
export function argumentsIn(reader: Reader, node: Shape, wanted: readonly string[]): Expr[] {
  const args = callArguments(reader, node);
  if (args.length !== wanted.length && !isTorn(node)) {
    const word = textOf(reader, node.children[0] ?? node);
    report(reader, fieldOf(node, 'arguments') ?? node,
      `\`${word}\` takes ${wanted.join(', ')} in its parentheses; here are ${args.length}`);
  }
  return args;
}

export function modeIn(reader: Reader, node: Shape): Mode | null {
  const mode = fieldOf(node, 'mode');
  if (mode === undefined) return null;
  return textOf(reader, mode) === 'write' ? 'write' : 'read';
}

/** `a..b` or a type's name, in field `domain`. */
export function domainIn(reader: Reader, parent: Shape): Domain {
  const node = fieldOf(parent, 'domain');
  if (node === undefined) {
    const before = childOf(parent, 'in') ?? fieldOf(parent, 'name') ?? parent.children[0] ?? parent;
    const what = before.type === 'in' ? 'a range `a..b` or a type' : '`in` and a range or a type';
    if (!isTorn(parent) && parent.type === 'quantifier_expression') expected(reader, what, before);
    const name: Name = emptyName(before.end);
    return { kind: 'named', name, range: name.range };
  }
  return lowerDomain(reader, node);
}

export function lowerDomain(reader: Reader, node: Shape): Domain {
  const range = rangeOf(node);
  if (node.type === 'range') {
    return {
      kind: 'range', range, lo: exprIn(reader, node, 'low'), hi: exprIn(reader, node, 'high'),
    };
  }
  const token = node.children.find((child) => child.type === 'identifier' && !child.missing);
  const name = token === undefined ? emptyName(node.start) : nameOf(reader, token);
  return { kind: 'named', name, range };
}

/** The text of a string in `field`; null where there is none. Says where it is not closed. */
export function stringIn(reader: Reader, parent: Shape, field: string): string | null {
  const node = fieldOf(parent, field);
  return node === undefined || node.missing ? null : lowerString(reader, node);
}

export function lowerString(reader: Reader, node: Shape): string {
  const { value, closed } = readString(textOf(reader, node));
  if (!closed) report(reader, node, 'this text is not closed; put a `"` at its end');
  return value;
}
