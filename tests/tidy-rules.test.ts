// Each house rule, both ways: what breaks it and what does not.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { broken, idle } from './tidy/check.ts';
import { checkImports } from './tidy/imports.ts';
import { checkFileLength, checkFunctions, checkHeader, checkLineLength } from './tidy/sizes.ts';
import { sourceOf, type Rule } from './tidy/source.ts';
import { checkAny, checkAs, checkSteady, checkSwitches, checkTestsRun } from './tidy/types.ts';

/** The rule says just this about the text, each as `line: message` (or a part of it). */
function check(rule: Rule, path: string, text: string, expected: readonly string[] = []): void {
  const found = rule(sourceOf(path, text)).map(({ line, message }) => `${line}: ${message}`);
  assert.equal(found.length, expected.length, found.join('\n'));
  for (const [i, part] of expected.entries()) assert.ok(found[i]?.includes(part), found[i]);
}

const checkImport = (path: string, text: string, expected?: string) =>
  check(checkImports, path, text, expected === undefined ? [] : [expected]);

const HOVER = 'server/src/features/hover.ts';

test('a room may import the rooms of its row', () => {
  checkImport(HOVER, `import { model } from '../analysis/model.ts';`);
  checkImport(HOVER, `import { x } from './x.ts';`);
});
test('and no other', () => {
  checkImport(HOVER, `import { x } from '../service/x.ts';`, 'features may not import service');
  checkImport(HOVER, `export * from '../lsp/x.ts';`, 'features may not import lsp');
  checkImport(HOVER, `const x = import('../lsp/x.ts');`, 'features may not import lsp');
  checkImport(HOVER, `type X = import('../lsp/x.ts').X;`, 'features may not import lsp');
  checkImport('simulator/src/a.ts', `import type { R } from '../../server/src/text/range.ts';`,
    'simulator may not import text');
});
test('where types alone are allowed, types alone', () => {
  const from = `from '../../../simulator/src/verdict.ts'`;
  checkImport(HOVER, `import type { Verdict } ${from};`);
  checkImport(HOVER, `import { type Verdict, type Trace } ${from};`);
  checkImport(HOVER, `import { type Verdict, check } ${from};`, 'only types of simulator');
});
test('a package is for the room that needs it', () => {
  checkImport('server/src/syntax/a.ts', `import { Parser } from 'web-tree-sitter';`);
  checkImport('server/src/analysis/a.ts', `import { Parser } from 'web-tree-sitter';`,
    'analysis may not import web-tree-sitter');
  checkImport('server/src/host/a.ts', `import x from 'left-pad';`, 'may not import left-pad');
});
test('Node is for mains that run in it, and for tests', () => {
  const text = `import { readFile } from 'node:fs/promises';`;
  checkImport('server/src/host/node.ts', text);
  checkImport('server/src/host/cli/read.ts', text);
  checkImport('server/src/features/hover.test.ts', text);
  checkImport('server/src/host/browser.ts', text, 'only mains that run in Node');
  checkImport(HOVER, text, 'only mains that run in Node');
  checkImport('server/src/host/node.ts', `import { join } from 'path';`, `as 'node:path'`);
});
test('the client knows the protocol module and no more of the server', () => {
  checkImport('client/src/a.ts', `import { RUN } from '../../server/src/lsp/protocol.ts';`);
  checkImport('client/src/a.ts', `import { x } from '../../server/src/lsp/server.ts';`,
    'client may not import lsp');
});
test('an import says its extension', () => {
  checkImport(HOVER, `import { x } from './x.js';`, `'./x.js' wants its extension: './x.ts'`);
  checkImport('tests/a.test.ts', `import { x } from './x';`, `'./x.ts'`);
});

const lines = (count: number) => 'x;\n'.repeat(count);

test('a file has at most 400 lines, a test 800', () => {
  check(checkFileLength, HOVER, lines(400));
  check(checkFileLength, HOVER, lines(401), ['401 lines in a file; at most 400']);
  check(checkFileLength, 'server/src/a.test.ts', lines(800));
  check(checkFileLength, 'server/src/a.test.ts', lines(801), ['801 lines in a file; at most 800']);
});
test('a line has at most 100 columns', () => {
  check(checkLineLength, HOVER, `${'x'.repeat(100)}\n`);
  check(checkLineLength, HOVER, `\n${'x'.repeat(101)}\n`, ['2: 101 columns']);
});
test('a function has at most 60 lines', () => {
  check(checkFunctions, HOVER, `function f() {\n${lines(58)}}`);
  check(checkFunctions, HOVER, `function f() {\n${lines(59)}}`, ['f has 61 lines']);
  check(checkFunctions, HOVER, `const f = () => {\n${lines(59)}};`, ['f has 61 lines']);
  check(checkFunctions, HOVER, `class C { m() {\n${lines(59)}} }`, ['m has 61 lines']);
});
test('a comment above a function is not part of it', () =>
  check(checkFunctions, HOVER, `/**\n * x\n * y */\nfunction f() {\n${lines(58)}}`));
test('a function has at most 4 parameters', () => {
  check(checkFunctions, HOVER, 'function f(a, b, c, d) {}');
  check(checkFunctions, HOVER, 'function f(a, b, c, d, e) {}', ['f has 5 parameters']);
  check(checkFunctions, HOVER, 'class C { constructor(a, b, c, d, e) {} }', ['has 5 parameters']);
});
test('a file opens with one to five lines of comment', () => {
  check(checkHeader, HOVER, '// What it is.\nx;');
  check(checkHeader, HOVER, '#!/usr/bin/env node\n// What it is.\nx;');
  check(checkHeader, HOVER, '/* What it is. */\nx;');
  check(checkHeader, HOVER, 'x; // not at the top', ['does not open with a comment']);
  check(checkHeader, HOVER, `${'// x\n'.repeat(6)}y;`, ['has 6 lines']);
});

test('any is named', () => {
  check(checkAny, HOVER, 'const x: unknown = 1; const any = 2;');
  check(checkAny, HOVER, 'const x: any = 1;\nlet y: Map<string, any>;', ['1: no `any`', '2: ']);
});
test('as is for constants, brands and the protocol', () => {
  check(checkAs, HOVER, `const x = 'a' as const;`);
  check(checkAs, HOVER, 'const siteId = (n: number) => n as SiteId;');
  check(checkAs, HOVER, 'function siteId(n: number) { assert(n >= 0); return n as SiteId; }');
  check(checkAs, 'server/src/lsp/server.ts', 'const x = y as Z;');
  check(checkAs, HOVER, 'const x = y as Z;', ['no `as`']);
  check(checkAs, HOVER, 'const f = () => g() as Z;', ['no `as`']);
  check(checkAs, HOVER, 'function f(n: number) { n++; return n as SiteId; }', ['no `as`']);
});
test('a switch says what becomes of the rest', () => {
  check(checkSwitches, HOVER, 'switch (x) { case 1: break; default: return unreachable(x); }');
  check(checkSwitches, HOVER, 'switch (x) { case 1: break; default: // An ERROR node.\n break; }');
  check(checkSwitches, HOVER, 'switch (x) { case 1: break; }', ['a switch without a default']);
  check(checkSwitches, HOVER, 'switch (x) { case 1: break; default: break; }', ['unreachable(x)']);
});
test('every test runs', () => {
  check(checkTestsRun, 'a.test.ts', `test('a', () => {});`);
  check(checkTestsRun, 'a.test.ts', `test.only('a', () => {});`, ['test.only leaves tests out']);
  check(checkTestsRun, 'a.test.ts', `describe.skip('a', () => {});`, ['describe.skip']);
});
test('the simulator knows no time and no chance', () => {
  check(checkSteady, 'simulator/src/a.ts', 'const x = Math.max(a.performance, 1);');
  check(checkSteady, 'simulator/src/a.ts', 'const x = Date.now();', ['no Date']);
  check(checkSteady, 'simulator/src/a.ts', 'const x = new Date();', ['no Date']);
  check(checkSteady, 'simulator/src/a.ts', 'const x = Math.random();', ['no Math.random']);
  check(checkSteady, 'simulator/src/a.ts', 'const x = performance.now();', ['no performance']);
  check(checkSteady, 'server/src/host/node.ts', 'const x = Date.now();');
});

test('an exception covers exactly what it says, and only while it is there', () => {
  const sources = [sourceOf(HOVER, lines(402))];
  const allowed = (size: number) => [{ rule: 'file length', path: HOVER, name: '', size, why: '' }];
  assert.deepEqual(broken(checkFileLength, sources, allowed(402)), []);
  assert.equal(broken(checkFileLength, sources, allowed(401)).length, 1);
  assert.equal(broken(checkFileLength, sources, allowed(500)).length, 1);
  assert.deepEqual(idle(sources, allowed(402)), []);
  assert.equal(idle(sources, allowed(500)).length, 1);
});
