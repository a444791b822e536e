// The lists of words agree: grammar, messages, TextMate grammar, highlighting queries.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';
import { meantStatement, nearest, RESERVED_WORDS, wantedAfter } from './words.ts';

const GRAMMARS = new URL('../../../grammars/', import.meta.url);

function read(path: string): string {
  return readFileSync(new URL(path, GRAMMARS), 'utf8');
}

/** The generated grammar on one line. */
function grammar(): string {
  return JSON.stringify(JSON.parse(read('tree-sitter-mmlock/src/grammar.json')));
}

/** Every literal word in the grammar. */
function keywords(): Set<string> {
  const words = grammar().matchAll(/"type":"STRING","value":"([A-Za-z_]+)"/g);
  return new Set([...words].map(([, word = '']) => word));
}

test('reserved words are those of the grammar', () => {
  const [, list = ''] = /"reserved":\{"global":\[(.*?)\]/.exec(grammar()) ?? [];
  const words = [...list.matchAll(/"value":"(\w+)"/g)].map(([, word]) => word);
  assert.deepEqual(words.sort(), [...RESERVED_WORDS].sort());
});

test('every word of the grammar is coloured', () => {
  const colours = read('mmlock.tmLanguage.json');
  const queries = read('tree-sitter-mmlock/queries/highlights.scm');
  // Whole nodes of which the query names the node and not the word.
  const byNode = new Set(['read', 'write', 'rcu', 'safe', 'break', 'continue', 'true', 'false',
    'null', 'bool', 'mutex', 'spinlock', 'rwsem', 'rwlock', 'rcu_read_lock', 'rcu_read_unlock',
    'synchronize_rcu']);
  for (const word of keywords()) {
    assert.match(colours, new RegExp(`[^A-Za-z_]${word}[^A-Za-z_]`), word);
    if (!byNode.has(word)) assert.ok(queries.includes(`"${word}"`), word);
  }
});

test('the nearest word', () => {
  assert.equal(nearest('aquire', ['acquire', 'release']), 'acquire');
  assert.equal(nearest('realese', ['acquire', 'release']), 'release');
  assert.equal(nearest('fi', ['if', 'for']), 'if');
  assert.equal(nearest('something', ['acquire', 'release']), undefined);
});

test('the statement that was meant', () => {
  assert.equal(meantStatement('down_read'), 'acquire read');
  assert.equal(meantStatement('asert'), 'assert');
  assert.equal(meantStatement('content'), undefined);
});

test('what must follow', () => {
  assert.equal(wantedAfter('=', 'type'), 'a type');
  assert.equal(wantedAfter('=', 'let'), 'an expression');
  assert.match(wantedAfter(':', 'lock') ?? '', /lock kind/);
  assert.equal(wantedAfter('x', 'x'), undefined);
});
