// Texts that can be in other languages: the manifest's through package.nls.json, the client's
// through `vscode.l10n.t` and the bundle in l10n/. `UPDATE=1` writes the bundle from the sources.
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import ts from 'typescript';
import manifest from '../package.json' with { type: 'json' };
import texts from '../package.nls.json' with { type: 'json' };
import { ROOT } from './support/checking.ts';

const BUNDLE = join(ROOT, 'l10n/bundle.l10n.json');
/** Options that an editor shows as they are. */
const SHOWN = new Set(['title', 'placeHolder', 'prompt', 'openLabel', 'description', 'detail']);
const ASKED = new Set(['showInformationMessage', 'showWarningMessage', 'showErrorMessage']);
const WORDS = /[A-Za-z]{2,} [A-Za-z]/;

function nodesOf(path: string): readonly ts.Node[] {
  const text = readFileSync(path, 'utf8');
  const file = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true);
  const found: ts.Node[] = [];
  const visit = (node: ts.Node): void => {
    found.push(node);
    ts.forEachChild(node, visit);
  };
  visit(file);
  return found;
}

const client = join(ROOT, 'client/src');
const nodes = readdirSync(client, { recursive: true, encoding: 'utf8' })
  .filter((path) => /(?<!\.test|sample-run)\.ts$/.test(path))
  .flatMap((path) => nodesOf(join(client, path)));
const calls = nodes.filter(ts.isCallExpression);

const isTranslated = (node: ts.Node): node is ts.CallExpression =>
  ts.isCallExpression(node) && node.expression.getText() === 'vscode.l10n.t';

/** Words of ours that nobody could translate. */
function isText(node: ts.Node | undefined): boolean {
  return node !== undefined && (ts.isStringLiteral(node) || ts.isTemplateExpression(node)
    || ts.isNoSubstitutionTemplateLiteral(node)) && WORDS.test(node.getText());
}

const where = (node: ts.Node): string => `${node.getSourceFile().fileName}: ${node.getText()}`;

test('every %key% of the manifest has its text, every text its key', () => {
  const keys = [...JSON.stringify(manifest).matchAll(/"%([\w.]+)%"/g)].map(([, key]) => key);
  assert.deepEqual([...new Set(keys)].sort(), Object.keys(texts).sort());
});

test('the manifest has no words outside of them', () => {
  const { commands, walkthroughs, views, configuration } = manifest.contributes;
  const shown = [
    manifest.description, ...commands.map(({ title }) => title),
    ...walkthroughs.flatMap(({ title, description, steps }) =>
      [title, description, ...steps.flatMap((step) => [step.title, step.description])]),
    ...Object.values(views).flatMap((all) => all.map(({ name }) => name)),
    ...Object.values(configuration.properties).flatMap((setting) => [
      'description' in setting ? setting.description : setting.markdownDescription,
      ...('enumDescriptions' in setting ? setting.enumDescriptions : []),
    ]),
  ];
  for (const text of shown) assert.match(text, /^%[\w.]+%$/);
});

test('the bundle has the texts of the client, and no others', () => {
  const found = calls.filter(isTranslated).map((call) => {
    const [first] = call.arguments;
    assert.ok(first !== undefined && ts.isStringLiteral(first), where(call));
    return first.text;
  });
  const bundle = Object.fromEntries([...new Set(found)].sort().map((text) => [text, text]));
  if (process.env['UPDATE'] === '1') {
    writeFileSync(BUNDLE, `${JSON.stringify(bundle, null, 2)}\n`);
  }
  assert.deepEqual(JSON.parse(readFileSync(BUNDLE, 'utf8')), bundle);
  assert.ok(found.length > 20);
});

test('the places of a text are all filled', () => {
  for (const call of calls.filter(isTranslated)) {
    const [text, ...values] = call.arguments;
    const places = new Set([...text?.getText().matchAll(/\{(\d+)\}/g) ?? []].map(([, n]) => n));
    assert.equal(places.size, values.length, where(call));
  }
});

test('what the client shows goes through it', () => {
  for (const node of nodes) {
    if (ts.isCallExpression(node) && ts.isPropertyAccessExpression(node.expression)
      && ASKED.has(node.expression.name.text)) {
      assert.ok(!isText(node.arguments[0]), where(node));
    }
    if (ts.isPropertyAssignment(node) && SHOWN.has(node.name.getText())) {
      assert.ok(!isText(node.initializer), where(node));
    }
  }
});
