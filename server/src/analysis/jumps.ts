// Jumps: `break`, `continue`, `goto`, `return`, and whether every path of a proc returns.
import type {
  Block, Else, GotoStmt, JumpStmt, ReturnStmt, Stmt,
} from '../syntax/ast.ts';
import { breakDecl, explained, mayBeUnread, refer, report } from './context.ts';
import { typeOf } from './constants.ts';
import type { BodyCx } from './statements.ts';
import { choices, didYouMean } from './suggest.ts';
import { needValue } from './values.ts';
import { walkStmts } from './walk.ts';

export function checkJump(b: BodyCx, s: JumpStmt): void {
  // The loop may be what could not be read.
  if (b.c.unread.damaged.has(b.owner)) return;
  if (b.loop === 'none') {
    report(b.c, 'type', s.range, `\`${s.jump}\` stands in no loop`);
  } else if (b.loop === 'outside') {
    report(b.c, 'type', s.range,
      `\`${s.jump}\` would jump out of an atomic step; leave the loop after the step`);
  }
}

export function checkGoto(b: BodyCx, s: GotoStmt): void {
  const { c } = b;
  const { label } = s;
  const found = b.labels.get(label.text);
  if (found === undefined) {
    if (mayBeUnread(c, label)) return breakDecl(c);
    const names = [...b.labels.keys()];
    report(c, 'name', label.range, `\`${b.owner.name.text}\` has no label \`${label.text}\``
      + didYouMean(label.text, names, choices('it has', names)));
    return;
  }
  refer(c, label, found, { role: 'read', node: s });
  const related = { file: c.file, range: found.sym.at.range, message: 'the label' };
  if (b.step !== null && found.step !== b.step) {
    const message = '`goto` would jump out of an atomic step';
    report(c, 'type', s.range, explained(message, related));
  } else if (found.step !== b.step) {
    const message = `\`${label.text}\` lies inside an atomic step; no jump goes into it`;
    report(c, 'type', s.range, explained(message, related));
  } else if (found.loop !== null && !b.fors.includes(found.loop)) {
    const message = `\`${label.text}\` lies inside a \`for\`, whose variable would have no value`;
    report(c, 'type', s.range, explained(message, related));
  }
}

export function checkReturn(b: BodyCx, s: ReturnStmt): void {
  const { c, owner } = b;
  if (b.step !== null) {
    report(c, 'type', s.range, '`return` would jump out of an atomic step; set a local and return '
      + 'after the step');
  }
  const name = owner.name.text;
  const x = { c, where: 'thread', scope: b.scope, scenario: null } as const;
  const result = owner.kind === 'proc' ? owner.result : null;
  if (s.value === null) {
    if (result !== null) {
      report(c, 'type', s.range, `\`${name}\` returns a value on every path; write \`return e\``);
    }
    return;
  }
  if (result !== null) return needValue(x, s.value, typeOf(result, c.consts));
  needValue(x, s.value, { kind: 'unknown' });
  if (owner.kind === 'proc' && c.unread.damaged.has(owner)) return;
  report(c, 'type', s.range, owner.kind === 'proc'
    ? `\`${name}\` returns nothing; declare what: \`proc ${name}(...) -> T\``
    : 'a thread returns no value; say how it ended with `outcome NAME`');
}

/** Whether the end of a block can be reached, as far as its shape tells. */
export function completes(block: Block): boolean {
  return block.stmts.every((s, i) => stmtCompletes(s) || laterLabel(block, i));
}

/** After a jump, a label lets the rest be reached again. */
function laterLabel(block: Block, index: number): boolean {
  return block.stmts.slice(index + 1).some((s) =>
    s.kind === 'labelled' || (s.kind === 'step' && s.label !== null));
}

function stmtCompletes(s: Stmt): boolean {
  switch (s.kind) {
    case 'return':
    case 'goto':
    case 'jump':
      return false;
    case 'labelled':
      return stmtCompletes(s.stmt);
    case 'if':
    case 'try':
      return completes(s.then) || elseCompletes(s.otherwise);
    case 'choose':
      return s.branches.some(completes);
    case 'loop':
      return breaks(s.body);
    case 'while':
      return !(s.cond.kind === 'bool' && s.cond.value) || breaks(s.body);
    default:
      // All other statements go on with the next one.
      return true;
  }
}

function elseCompletes(otherwise: Else | null): boolean {
  if (otherwise === null) return true;
  return otherwise.kind === 'block' ? completes(otherwise.block) : stmtCompletes(otherwise);
}

/** Whether a `break` of this loop (not of one inside) stands in its body. */
function breaks(body: Block): boolean {
  const inner = new Set<Stmt>();
  let found = false;
  walkStmts(body, (s) => {
    if (s.kind === 'loop' || s.kind === 'while' || s.kind === 'for') {
      walkStmts(s.body, (nested) => inner.add(nested));
    }
    if (s.kind === 'jump' && s.jump === 'break' && !inner.has(s)) found = true;
  });
  return found;
}
