// Scenarios and workloads: syntax tree → AST.
import type {
  Decl, ExpectItem, Expr, FailItem, Name, RunItem, ScenarioItem, WithItem, WorkloadItem,
} from './ast.ts';
import {
  childOf, childrenOf, fieldOf, fieldsOf, isComment, isTorn, lastWhere, rangeOf, type Shape,
} from './shape.ts';
import { emptyName, expected, nameIn, nameOf, report, textOf, type Reader } from './reader.ts';
import { callArguments, exprIn, lowerExpr, lowerString, stringIn } from './lower-expr.ts';
import { lowerProperty } from './lower-decl.ts';
import { docAbove } from './doc.ts';

export function lowerScenario(reader: Reader, node: Shape): Decl {
  const body = bodyOf(reader, node);
  const items: ScenarioItem[] = [];
  for (const child of body) items.push(...scenarioItem(reader, child));
  expectsLast(reader, items);
  return {
    kind: 'scenario', range: rangeOf(node), doc: docAbove(reader.text, node.start),
    name: nameIn(reader, node, 'name', { what: 'a name' }),
    title: stringIn(reader, node, 'title'), items,
  };
}

export function lowerWorkload(reader: Reader, node: Shape): Decl {
  const items: WorkloadItem[] = [];
  for (const child of bodyOf(reader, node)) items.push(...workloadItem(reader, child));
  return {
    kind: 'workload', range: rangeOf(node), doc: docAbove(reader.text, node.start),
    name: nameIn(reader, node, 'name', { what: 'a name' }),
    title: stringIn(reader, node, 'title'), items,
  };
}

function bodyOf(reader: Reader, node: Shape): readonly Shape[] {
  const body = fieldOf(node, 'body');
  if (body === undefined && !isTorn(node)) expected(reader, 'a body `{ ... }`', node);
  return (body?.children ?? []).filter((child) => !isComment(child));
}

/** No item for punctuation. */
export function scenarioItem(reader: Reader, node: Shape): ScenarioItem[] {
  switch (node.type) {
    case 'with': return [lowerWith(reader, node)];
    case 'run': return [lowerRun(reader, node)];
    case 'property_declaration': return [lowerProperty(reader, node)];
    case 'expect': return [lowerExpect(reader, node)];
    case 'ERROR': return [{ kind: 'hole', range: rangeOf(node), doc: null }];
    default:
      // Braces and commas.
      return [];
  }
}

export function workloadItem(reader: Reader, node: Shape): WorkloadItem[] {
  switch (node.type) {
    case 'with': return [lowerWith(reader, node)];
    case 'setting': return [lowerSetting(reader, node)];
    case 'arrival': return [lowerArrival(reader, node)];
    case 'ERROR': return [{ kind: 'hole', range: rangeOf(node), doc: null }];
    default:
      // Braces and commas.
      return [];
  }
}

/** `expect` lines come last; each one with something else behind it is reported. */
function expectsLast(reader: Reader, items: readonly ScenarioItem[]): void {
  const last = lastWhere(items, (item) => item.kind !== 'expect' && item.kind !== 'hole');
  for (const item of last === undefined ? [] : items) {
    if (item === last) return;
    if (item.kind !== 'expect') continue;
    report(reader, item.range, '`expect` comes last in a scenario; move it to the end');
  }
}

function lowerWith(reader: Reader, node: Shape): WithItem {
  const name = nameIn(reader, node, 'name', { what: 'the name of a param' });
  return {
    kind: 'with', range: rangeOf(node), name,
    value: exprIn(reader, node, 'value', {
      before: node, ...(name.text === '' ? {} : { what: '`=` and a value' }),
    }),
  };
}

export function lowerRun(reader: Reader, node: Shape): RunItem {
  const alias = fieldOf(node, 'alias');
  const count = fieldOf(node, 'count');
  return {
    kind: 'run', range: rangeOf(node),
    alias: alias === undefined ? null : nameOf(reader, alias),
    thread: nameIn(reader, node, 'thread', { what: 'a thread', before: childOf(node, ':') }),
    args: callArguments(reader, node),
    count: count === undefined ? null : lowerExpr(reader, count),
  };
}

function lowerExpect(reader: Reader, node: Shape): ExpectItem {
  const range = rangeOf(node);
  if (present(node, 'fails')) {
    const items = childrenOf(node, 'failure').map((item) => lowerFailure(reader, item));
    return { kind: 'expect', expect: 'fails', items, range };
  }
  if (present(node, 'refines')) {
    return {
      kind: 'expect', expect: 'refines', negated: present(node, 'not'), range,
      other: nameIn(reader, node, 'other', { what: 'a scenario', before: node }),
    };
  }
  return { kind: 'expect', expect: present(node, 'safe') ? 'safe' : 'hole', range };
}

function present(node: Shape, token: string): boolean {
  const child = childOf(node, token);
  return child !== undefined && !child.missing;
}

function lowerFailure(reader: Reader, node: Shape): FailItem {
  return {
    name: nameIn(reader, node, 'name', { what: 'a name' }),
    subjects: fieldsOf(node, 'subject').map((subject) => subjectName(reader, subject)),
    range: rangeOf(node),
  };
}

/** `vma.flags` is one name; `"text"` (of an assert) is the text without its quotes. */
function subjectName(reader: Reader, node: Shape): Name {
  const range = rangeOf(node);
  if (node.missing) return emptyName(node.start);
  if (node.type === 'string') return { kind: 'name', text: lowerString(reader, node), range };
  const words = childrenOf(node, 'identifier').map((word) => textOf(reader, word));
  return { kind: 'name', text: words.join('.'), range };
}

function lowerSetting(reader: Reader, node: Shape): WorkloadItem {
  const word = fieldOf(node, 'setting')?.type;
  return {
    kind: 'setting', range: rangeOf(node), value: exprIn(reader, node, 'value'),
    setting: word === 'for' || word === 'seed' ? word : 'cpus',
  };
}

function lowerArrival(reader: Reader, node: Shape): WorkloadItem {
  return {
    kind: 'arrive', range: rangeOf(node), run: lowerRun(reader, fieldOf(node, 'run') ?? node),
    at: clauseOf(reader, node, 'at'), every: clauseOf(reader, node, 'every'),
  };
}

function clauseOf(reader: Reader, node: Shape, field: 'at' | 'every'): Expr | null {
  const clauses = node.children.filter((child) => child.field === field);
  const [first, second] = clauses;
  if (second !== undefined) report(reader, second, `\`${field}\` is given twice`);
  return first === undefined ? null : lowerExpr(reader, first);
}
