// Sizes: a function, a file, a line and a list of parameters are short enough to be read at once;
// every file opens with a few lines that say what it is.
import ts from 'typescript';
import { finding, isTest, nodesOf, type Finding, type Source } from './source.ts';

const MAX_FUNCTION_LINES = 60;
const MAX_FILE_LINES = 400;
const MAX_TEST_FILE_LINES = 800;
const MAX_COLUMNS = 100;
const MAX_PARAMETERS = 4;
const MAX_HEADER_LINES = 5;

function linesOf(text: string): readonly string[] {
  return text.replace(/\n$/, '').split('\n');
}

export function checkFileLength(source: Source): readonly Finding[] {
  const limit = isTest(source.path) ? MAX_TEST_FILE_LINES : MAX_FILE_LINES;
  const size = linesOf(source.text).length;
  if (size <= limit) return [];
  const message = `${size} lines in a file; at most ${limit}`;
  return [finding(source, source.tree, { rule: 'file length', message, size })];
}

export function checkLineLength(source: Source): readonly Finding[] {
  return linesOf(source.text).flatMap((text, index) => {
    if (text.length <= MAX_COLUMNS) return [];
    const message = `${text.length} columns; at most ${MAX_COLUMNS}`;
    const name = text.trim().slice(0, 30);
    const { path } = source;
    return [{ rule: 'line length', path, line: index + 1, name, message, size: text.length }];
  });
}

export function checkFunctions(source: Source): readonly Finding[] {
  return [...nodesOf(source.tree)].filter(ts.isFunctionLike)
    .flatMap((node) => [...longFunction(source, node), ...manyParameters(source, node)]);
}

function longFunction(source: Source, node: ts.SignatureDeclaration): readonly Finding[] {
  const { tree } = source;
  const first = tree.getLineAndCharacterOfPosition(node.getStart(tree)).line;
  const size = tree.getLineAndCharacterOfPosition(node.end).line - first + 1;
  if (size <= MAX_FUNCTION_LINES) return [];
  const name = nameOf(node);
  const message = `${name || 'a function'} has ${size} lines; at most ${MAX_FUNCTION_LINES}`;
  return [finding(source, node, { rule: 'function length', name, message, size })];
}

function manyParameters(source: Source, node: ts.SignatureDeclaration): readonly Finding[] {
  const size = node.parameters.filter(({ name }) => name.getText(source.tree) !== 'this').length;
  if (size <= MAX_PARAMETERS) return [];
  const name = nameOf(node);
  const message = `${name || 'a function'} has ${size} parameters; at most ${MAX_PARAMETERS}, `
    + 'then an object that names them';
  return [finding(source, node, { rule: 'parameters', name, message, size })];
}

function nameOf(node: ts.SignatureDeclaration): string {
  if (node.name !== undefined) return node.name.getText();
  const { parent } = node;
  return ts.isVariableDeclaration(parent) || ts.isPropertyAssignment(parent)
    ? parent.name.getText() : '';
}

export function checkHeader(source: Source): readonly Finding[] {
  const text = source.text.replace(/^#!.*\n/, '');
  const size = /^(\/\/[^\n]*\n)+/.exec(text)?.[0].trimEnd().split('\n').length
    ?? /^\/\*[^]*?\*\//.exec(text)?.[0].split('\n').length
    ?? 0;
  if (size >= 1 && size <= MAX_HEADER_LINES) return [];
  const message = size === 0
    ? 'the file does not open with a comment that says what it is'
    : `the comment that opens the file has ${size} lines; at most ${MAX_HEADER_LINES}`;
  return [finding(source, source.tree, { rule: 'header', message, size })];
}
