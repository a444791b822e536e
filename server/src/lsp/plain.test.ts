// A client that shows no Markdown is sent none.
import assert from 'node:assert/strict';
import test from 'node:test';
import { plainText } from './plain.ts';
import { createClient } from './testing.ts';

test('the words stay, the signs go', () => {
  const markdown = '**Holds `a` for reading**  \nBeside it: `t`.\n\n---\n\n'
    + '```mmlock\nlock a: rwsem\n```';
  assert.equal(plainText(markdown), 'Holds a for reading\nBeside it: t.\n\nlock a: rwsem');
  assert.equal(plainText('See [the page](https://example.invalid/x).'), 'See the page.');
});

test('a hover without Markdown', async () => {
  const client = await createClient({
    textDocument: { diagnostic: {}, hover: { contentFormat: ['plaintext'] } },
  });
  client.open('/// The **big** one.\nlock m: mutex\nthread t {\n  acquire m\n  release m\n}\n');
  assert.match(await client.hover('release m'), /^Holds m/);
  assert.equal(await client.hover('m: mutex'), 'lock m: mutex\n\nThe big one.');
  await client.stop();
});
