// The grammar's corpus, run through the same wasm as the product: no other tool is needed.
// UPDATE=1 writes the trees it found into the files; read the difference before it is committed.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { before, test } from 'node:test';
import { Language, Parser, type Tree } from 'web-tree-sitter';

const CORPUS = new URL('../grammars/tree-sitter-mmlock/test/corpus/', import.meta.url);
const UPDATE = process.env['UPDATE'] === '1';

let parser: Parser;
before(async () => {
  await Parser.init();
  parser = new Parser();
  const wasm = readFileSync(new URL('../grammars/mmlock.wasm', import.meta.url));
  parser.setLanguage(await Language.load(wasm));
});

for (const name of readdirSync(CORPUS)) {
  const url = new URL(name, CORPUS);
  const file = readFileSync(url, 'utf8');
  test(`corpus: ${name}`, () => {
    const actual = retold(file);
    if (UPDATE) writeFileSync(url, actual);
    else assert.equal(actual, file);
  });
}

/** The file with the trees that its inputs have now. A file is nothing, title, body, title, ... */
function retold(file: string): string {
  const [, ...parts] = file.split(/^={3,}\n/m);
  let told = '';
  for (let i = 0; i + 1 < parts.length; i += 2) {
    const head = parts[i] ?? '';
    const [input = '', tree = ''] = (parts[i + 1] ?? '').split(/^---\n/m);
    const line = `${'='.repeat(18)}\n`;
    told += `${line}${head}${line}${input}---\n${treeAfter(head, input, tree)}`;
  }
  return told;
}

function treeAfter(head: string, input: string, tree: string): string {
  const parsed = parser.parse(input.slice(1, -2));
  assert.ok(parsed !== null);
  if (!head.includes(':error')) return `\n${layOut(parsed)}\n\n`;
  // Only that there is damage is promised here, not what the tree looks like.
  assert.ok(parsed.rootNode.hasError, `no error: ${head}`);
  return tree;
}

/** A field's name, a token the parser made up or stumbled over, or the brackets of a node. */
const PIECE = /\w+:|\((?:MISSING|UNEXPECTED) (?:"[^"]*"|'[^']*'|\w+)\)+|[^ ]+/g;

/** As tree-sitter's own test command writes it: a node a line, two spaces a level. */
function layOut(tree: Tree): string {
  let depth = 0;
  let text = '';
  for (const piece of tree.rootNode.toString().match(PIECE) ?? []) {
    if (text !== '' && !text.endsWith(': ')) text += `\n${'  '.repeat(depth)}`;
    text += piece.endsWith(':') ? `${piece} ` : piece;
    depth += piece.startsWith('(') ? 1 : 0;
    depth -= /\)*$/.exec(piece)?.[0].length ?? 0;
  }
  return text;
}
