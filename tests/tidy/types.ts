// What would let a mistake past the compiler: `any`, `as`, a switch that does not say what happens
// to the rest; in the engine, what would make two runs of it differ; in tests, what is left out.
import ts from 'typescript';
import { finding, isTest, nodesOf, type Finding, type Source } from './source.ts';

export function checkAny(source: Source): readonly Finding[] {
  return [...nodesOf(source.tree)]
    .filter((node) => node.kind === ts.SyntaxKind.AnyKeyword)
    .map((node) => finding(source, node, { rule: 'any', message: 'no `any`: say what it is' }));
}

/** Allowed: `as const`; at the protocol's edge; and in a function that does nothing else. */
export function checkAs(source: Source): readonly Finding[] {
  if (source.path.startsWith('server/src/lsp/')) return [];
  return [...nodesOf(source.tree)]
    .filter((node) => ts.isAsExpression(node) || ts.isTypeAssertionExpression(node))
    .filter((node) => !ts.isConstTypeReference(node.type) && !isBrandConstructor(node))
    .map((node) => finding(source, node, {
      rule: 'as', message: 'no `as`: let a check or a type show it',
    }));
}

/** `(n: number) => n as SiteId`, or the same with a block that only returns. */
function isBrandConstructor(node: ts.AsExpression | ts.TypeAssertion): boolean {
  if (!ts.isIdentifier(node.expression)) return false;
  const { parent } = node;
  if (ts.isArrowFunction(parent)) return parent.body === node;
  if (!ts.isReturnStatement(parent) || !ts.isBlock(parent.parent)) return false;
  return ts.isFunctionLike(parent.parent.parent)
    && parent.parent.statements.every((each) => each === parent || isAssertion(each));
}

function isAssertion(node: ts.Statement): boolean {
  return ts.isExpressionStatement(node) && ts.isCallExpression(node.expression)
    && node.expression.expression.getText() === 'assert';
}

/** The rest is impossible (`unreachable`), or a comment says what becomes of it. */
export function checkSwitches(source: Source): readonly Finding[] {
  return [...nodesOf(source.tree)].filter(ts.isSwitchStatement).flatMap((node) => {
    const rest = node.caseBlock.clauses.find(ts.isDefaultClause);
    const text = rest?.getText(source.tree) ?? '';
    if (/\bunreachable\(/.test(text) || /\/\/|\/\*/.test(text)) return [];
    const message = rest === undefined
      ? 'a switch without a default'
      : 'a default is `unreachable(x)`, or a comment in it says what may fall there';
    return [finding(source, node, { rule: 'switch', message })];
  });
}

export function checkTestsRun(source: Source): readonly Finding[] {
  if (!isTest(source.path)) return [];
  return [...nodesOf(source.tree)].flatMap((node) => {
    const left = ts.isPropertyAccessExpression(node)
      && /^(test|it|describe|suite|t)$/.test(node.expression.getText(source.tree))
      && /^(only|skip|todo)$/.test(node.name.text)
      ? node.getText(source.tree) : undefined;
    if (left === undefined) return [];
    return [finding(source, node, { rule: 'all tests run', message: `${left} leaves tests out` })];
  });
}

const UNSTEADY = new Set(['Date', 'performance', 'crypto', 'setTimeout', 'Intl']);

/** The same program gives the same verdict, on every host and at any time. */
export function checkSteady(source: Source): readonly Finding[] {
  if (!source.path.startsWith('simulator/src/') || isTest(source.path)) return [];
  return [...nodesOf(source.tree)].flatMap((node) => {
    const text = ts.isIdentifier(node) && UNSTEADY.has(node.text) && !isMemberName(node)
      ? node.text
      : ts.isPropertyAccessExpression(node) && node.getText(source.tree) === 'Math.random'
        ? 'Math.random' : undefined;
    if (text === undefined) return [];
    return [finding(source, node, { rule: 'steady', message: `no ${text} in the simulator` })];
  });
}

function isMemberName(node: ts.Identifier): boolean {
  const { parent } = node;
  return (ts.isPropertyAccessExpression(parent) && parent.name === node)
    || (ts.isPropertySignature(parent) && parent.name === node)
    || (ts.isPropertyAssignment(parent) && parent.name === node);
}
