// Statements: syntax tree → AST. Total; what is no statement is a `hole`.
import type { Block, Else, Expr, Stmt, Takes } from './ast.ts';
import {
  childOf, childrenOf, fieldOf, isComment, isTorn, lastWhere, rangeOf, type Shape,
} from './shape.ts';
import {
  emptyName, expected, nameIn, nested, quote, report, textOf, type Reader,
} from './reader.ts';
import {
  argumentsIn, callArguments, domainIn, exprIn, lowerExpr, lowerString, modeIn, stringIn,
} from './lower-expr.ts';
import { lowerType } from './lower-type.ts';
import { sameLine } from './tokens.ts';
import { meantStatement, STATEMENT_WORDS, wantedAfter } from './words.ts';

/** The block in `field`; where there is none an empty one, and a problem asks for it. */
export function blockIn(reader: Reader, parent: Shape, field: string, what: string): Block {
  const node = fieldOf(parent, field);
  if (node !== undefined) return lowerBlock(reader, node);
  // Where the head is damaged it may have swallowed the block.
  if (!parent.damaged) expected(reader, what, parent);
  return { stmts: [], range: { start: parent.end, end: parent.end } };
}

export function lowerBlock(reader: Reader, node: Shape): Block {
  return { stmts: lowerStmts(reader, node.children), range: rangeOf(node) };
}

/** The statements among `nodes`; damage between them is a hole, so that nobody trusts the rest. */
export function lowerStmts(reader: Reader, nodes: readonly Shape[]): Stmt[] {
  const stmts: Stmt[] = [];
  let unknownEnd = -1;
  for (const node of nodes) {
    if (!/^[a-zE]/.test(node.type) || isComment(node)) continue;
    // Words in a row that are no statement are one: `aquire read m`.
    if (node.type === 'unknown_statement') {
      const goesOn = unknownEnd >= 0 && sameLine(reader.text, unknownEnd, node.start);
      if (!goesOn) unknownStatement(reader, node);
      unknownEnd = node.end;
    }
    stmts.push(lowerStmt(reader, node));
  }
  return stmts;
}

function unknownStatement(reader: Reader, node: Shape): void {
  const text = textOf(reader, node);
  const word = /^\w+|^./.exec(text)?.[0] ?? '';
  const start = { start: node.start, end: node.start + word.length };
  switch (node.children[0]?.type) {
    case 'else_clause':
      report(reader, start, '`else` has no `if` right above it');
      return;
    case 'block':
      report(reader, start, 'a block belongs to a `step`, an `if`, a loop or a `choose`');
      return;
    case 'read_once_expression':
    case 'cmpxchg_expression':
      report(reader, start,
        `what ${quote(word)} gives is not used; write \`let v = ${word}(...)\``);
      return;
    default:
      // A place: one word, or a field or element.
      break;
  }
  const open = wantedAfter(text, '');
  const meant = STATEMENT_WORDS.includes(text) ? undefined : meantStatement(text);
  if (meant !== undefined) {
    report(reader, node, `${quote(text)} is no statement; did you mean \`${meant}\`?`);
  } else if (open !== undefined) {
    report(reader, node, `expected ${open} after ${quote(text)}`);
  } else {
    report(reader, node, `${quote(text)} is no statement; say what is done with it `
      + '(`=`, `+=`, `(...)`) or write a `step "..."`');
  }
}

export function lowerStmt(reader: Reader, node: Shape): Stmt {
  return nested(reader, node, () => lowerTimed(reader, node), () => hole(node));
}

function hole(node: Shape): Stmt {
  return { kind: 'hole', range: rangeOf(node), takes: null };
}

const COMPOUND: ReadonlySet<string> = new Set([
  'try', 'choose', 'if', 'while', 'loop', 'for', 'labelled',
]);

function lowerTimed(reader: Reader, node: Shape): Stmt {
  if (node.type !== 'timed_statement') return lowerHere(reader, node);
  const inner = fieldOf(node, 'statement');
  const stmt = inner === undefined ? hole(node) : lowerHere(reader, inner);
  const word = childOf(node, 'takes');
  if (word !== undefined && COMPOUND.has(stmt.kind)) {
    report(reader, { start: word.start, end: node.end },
      'only a simple statement or a `step` may end in `takes`; '
        + 'put it on the statements inside, or make this a `step "..." { ... }`');
    return { ...stmt, range: rangeOf(node) };
  }
  return { ...stmt, range: rangeOf(node), takes: lowerTakes(reader, node) };
}

function lowerTakes(reader: Reader, parent: Shape): Takes | null {
  const node = fieldOf(parent, 'takes');
  if (node === undefined) return null;
  const range = rangeOf(node);
  switch (node.type) {
    case 'range':
      return {
        kind: 'uniform', range, lo: exprIn(reader, node, 'low'), hi: exprIn(reader, node, 'high'),
      };
    case 'exponential': return { kind: 'exp', range, mean: exprIn(reader, node, 'mean') };
    default:
      // Any expression.
      return { kind: 'fixed', range, value: lowerExpr(reader, node) };
  }
}

function lowerHere(reader: Reader, node: Shape): Stmt {
  const base = { range: rangeOf(node), takes: null };
  switch (node.type) {
    case 'acquire_statement':
      return {
        ...base, kind: 'acquire', mode: modeIn(reader, node), lock: exprIn(reader, node, 'lock'),
        nested: fieldOf(node, 'nested') !== undefined,
      };
    case 'release_statement':
      return {
        ...base, kind: 'release', mode: modeIn(reader, node), lock: exprIn(reader, node, 'lock'),
      };
    case 'downgrade_statement':
      return { ...base, kind: 'downgrade', lock: exprIn(reader, node, 'lock') };
    case 'assignment': return lowerAssignment(reader, node);
    case 'write_once_statement': {
      const [target, value] = argumentsIn(reader, node, ['a place', 'a value']);
      const lack: Expr = { kind: 'hole', range: { start: node.end, end: node.end } };
      return { ...base, kind: 'write_once', target: target ?? lack, value: value ?? lack };
    }
    case 'let_statement': return lowerLet(reader, node);
    case 'goto_statement':
      return { ...base, kind: 'goto', label: nameIn(reader, node, 'label', { what: 'a label' }) };
    case 'jump_statement':
      return { ...base, kind: 'jump', jump: childOf(node, 'break') ? 'break' : 'continue' };
    case 'call_statement':
      return {
        ...base, kind: 'call', proc: nameIn(reader, node, 'proc', { what: 'a name' }),
        args: callArguments(reader, node),
      };
    case 'await_statement':
      return { ...base, kind: 'await', cond: exprIn(reader, node, 'condition') };
    case 'assert_statement':
      return {
        ...base, kind: 'assert', cond: exprIn(reader, node, 'condition'),
        text: stringIn(reader, node, 'text'),
      };
    case 'outcome_statement':
      return { ...base, kind: 'outcome', name: nameIn(reader, node, 'name', { what: 'a name' }) };
    default:
      // The less common ones.
      return lowerOther(reader, node);
  }
}

function lowerOther(reader: Reader, node: Shape): Stmt {
  const base = { range: rangeOf(node), takes: null };
  switch (node.type) {
    case 'return_statement': {
      const value = fieldOf(node, 'value');
      const lowered = value === undefined ? null : lowerExpr(reader, value);
      return { ...base, kind: 'return', value: lowered };
    }
    case 'free_statement':
      return {
        ...base, kind: 'free', deferred: childOf(node, 'free_rcu') !== undefined,
        value: exprIn(reader, node, 'value'),
      };
    case 'rcu_statement': {
      const none = childOf(node, 'no_arguments');
      if (none !== undefined) report(reader, none, 'this word stands alone, without `()`');
      return { ...base, kind: 'rcu', op: rcuOp(node) };
    }
    case 'try_statement': return lowerTry(reader, node);
    case 'if_statement': return lowerIf(reader, node);
    case 'choose_statement': {
      const blocks = childrenOf(node, 'block');
      return { ...base, kind: 'choose', branches: blocks.map((b) => lowerBlock(reader, b)) };
    }
    case 'step_statement': return lowerStep(reader, node);
    case 'while_statement':
      return {
        ...base, kind: 'while', head: headOf(node, 'body'),
        cond: exprIn(reader, node, 'condition', { role: 'condition', what: 'a condition' }),
        body: blockIn(reader, node, 'body', 'a block `{ ... }`'),
      };
    case 'loop_statement':
      return {
        ...base, kind: 'loop', head: headOf(node, 'body'),
        body: blockIn(reader, node, 'body', 'a block `{ ... }`'),
      };
    case 'for_statement': return lowerFor(reader, node);
    case 'labelled_statement': return lowerLabelled(reader, node);
    default:
      // An ERROR, or words that are no statement.
      return hole(node);
  }
}

function rcuOp(node: Shape): 'lock' | 'unlock' | 'synchronize' {
  if (childOf(node, 'rcu_read_lock') !== undefined) return 'lock';
  return childOf(node, 'rcu_read_unlock') === undefined ? 'synchronize' : 'unlock';
}

function lowerAssignment(reader: Reader, node: Shape): Stmt {
  const operator = fieldOf(node, 'operator');
  const op = operator === undefined ? '=' : assignmentOp(reader, operator, node);
  return {
    kind: 'assign', range: rangeOf(node), takes: null, op,
    target: exprIn(reader, node, 'target'),
    value: exprIn(reader, node, 'value', { role: op === '=' ? 'value' : 'part' }),
  };
}

function assignmentOp(reader: Reader, operator: Shape, node: Shape): '=' | '+=' | '-=' {
  switch (operator.type) {
    case '+=': case '-=': return operator.type;
    case '==':
      report(reader, operator, '`==` compares; a statement assigns with `=`');
      return '=';
    case '++': case '--': {
      const op = operator.type === '++' ? '+=' : '-=';
      const target = fieldOf(node, 'target') ?? node;
      report(reader, operator, `there is no \`${operator.type}\`; `
        + `write \`${textOf(reader, target)} ${op} 1\``);
      return op;
    }
    default:
      // `=`; the grammar has no other word here.
      return '=';
  }
}

function lowerLet(reader: Reader, node: Shape): Stmt {
  const type = fieldOf(node, 'type');
  const name = nameIn(reader, node, 'name', { what: 'a name' });
  return {
    kind: 'let', range: rangeOf(node), takes: null, name,
    type: type === undefined ? null : lowerType(reader, type),
    value: exprIn(reader, node, 'value', {
      role: 'value', before: node, ...(name.text === '' ? {} : { what: '`=` and a value' }),
    }),
  };
}

/** From the first token to the last before the block in `field`. */
function headOf(node: Shape, field: string) {
  const block = node.children.findIndex((child) => child.field === field);
  const head = block < 0 ? node.children : node.children.slice(0, block);
  const last = lastWhere(head, (child) => !isComment(child)) ?? node;
  return { start: node.start, end: last.end };
}

function lowerTry(reader: Reader, node: Shape): Stmt & { kind: 'try' } {
  const word = childOf(node, 'try');
  if (childOf(node, 'acquire') === undefined && word !== undefined && !isTorn(node)) {
    expected(reader, '`acquire`', word);
  }
  return {
    kind: 'try', range: rangeOf(node), takes: null, mode: modeIn(reader, node),
    lock: exprIn(reader, node, 'lock'), nested: fieldOf(node, 'nested') !== undefined,
    head: headOf(node, 'then'),
    then: blockIn(reader, node, 'then', 'a block `{ ... }`'),
    otherwise: lowerElse(reader, node),
  };
}

function lowerIf(reader: Reader, node: Shape): Stmt & { kind: 'if' } {
  return {
    kind: 'if', range: rangeOf(node), takes: null, head: headOf(node, 'then'),
    cond: exprIn(reader, node, 'condition', { role: 'condition', what: 'a condition' }),
    then: blockIn(reader, node, 'then', 'a block `{ ... }`'),
    otherwise: lowerElse(reader, node),
  };
}

function lowerElse(reader: Reader, parent: Shape): Else | null {
  const clause = fieldOf(parent, 'otherwise');
  if (clause === undefined) return null;
  const empty: Else = {
    kind: 'block', block: { stmts: [], range: { start: clause.end, end: clause.end } },
  };
  const block = childOf(clause, 'block');
  if (block !== undefined) return { kind: 'block', block: lowerBlock(reader, block) };
  const chained = childOf(clause, 'if_statement');
  if (chained !== undefined) {
    return nested<Else>(reader, chained, () => lowerIf(reader, chained), () => empty);
  }
  const tried = childOf(clause, 'try_statement');
  if (tried === undefined) return empty;
  return nested<Else>(reader, tried, () => lowerTry(reader, tried), () => empty);
}

function lowerStep(reader: Reader, node: Shape): Stmt {
  const label = fieldOf(node, 'label');
  const body = fieldOf(node, 'body');
  const text = fieldOf(node, 'text');
  if (text === undefined && !isTorn(node)) {
    const before = label ?? childOf(node, 'step') ?? node;
    expected(reader, 'a text in quotes that says what the step does', before);
  }
  return {
    kind: 'step', range: rangeOf(node), takes: null, head: headOf(node, 'body'),
    label: label === undefined ? null : nameIn(reader, node, 'label', { what: 'a label' }),
    text: text === undefined || text.missing ? null : lowerString(reader, text),
    body: body === undefined ? null : lowerBlock(reader, body),
  };
}

function lowerFor(reader: Reader, node: Shape): Stmt {
  const before = childOf(node, 'in') ?? fieldOf(node, 'name');
  if (fieldOf(node, 'domain') === undefined && before !== undefined && !isTorn(node)) {
    const what = before.type === 'in' ? '' : '`in` and ';
    expected(reader, `${what}a range \`a..b\` or a type`, before);
  }
  return {
    kind: 'for', range: rangeOf(node), takes: null, head: headOf(node, 'body'),
    name: nameIn(reader, node, 'name', { what: 'a name' }),
    domain: domainIn(reader, node),
    body: blockIn(reader, node, 'body', 'a block `{ ... }`'),
  };
}

function lowerLabelled(reader: Reader, node: Shape): Stmt {
  const inner = fieldOf(node, 'statement');
  if (inner === undefined && !isTorn(node)) expected(reader, 'a statement', node);
  const label = fieldOf(node, 'label');
  const end: Shape = { ...node, start: node.end };
  return {
    kind: 'labelled', range: rangeOf(node), takes: null,
    label: label === undefined ? emptyName(node.start)
      : { kind: 'name', text: textOf(reader, label), range: rangeOf(label) },
    stmt: inner === undefined ? hole(end) : lowerStmt(reader, inner),
  };
}
