// The native parser and the wasm one read every input of the corpus alike. Run by test-grammar.sh.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import Native from 'tree-sitter';
import * as Web from 'web-tree-sitter';
import mmlock from './index.js';

const root = new URL('../../', import.meta.url);

/** Type, place and field of every node, so that nothing can differ unseen. */
function told(cursor, depth = 0) {
  const field = cursor.currentFieldName ?? '';
  let text = `${depth} ${field} ${cursor.nodeType} ${cursor.startIndex} ${cursor.endIndex}\n`;
  if (cursor.gotoFirstChild()) {
    do text += told(cursor, depth + 1); while (cursor.gotoNextSibling());
    cursor.gotoParent();
  }
  return text;
}

test('native and wasm agree', async () => {
  await Web.Parser.init();
  const web = new Web.Parser();
  web.setLanguage(await Web.Language.load(readFileSync(new URL('../mmlock.wasm', root))));
  const native = new Native();
  native.setLanguage(mmlock);
  let inputs = 0;
  for (const name of readdirSync(new URL('test/corpus/', root))) {
    const file = readFileSync(new URL(`test/corpus/${name}`, root), 'utf8');
    for (const input of file.split(/^={3,}\n/m)) {
      assert.equal(told(native.parse(input).walk()), told(web.parse(input).walk()), input);
      inputs++;
    }
  }
  assert.ok(inputs > 100);
});
