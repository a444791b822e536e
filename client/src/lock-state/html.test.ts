// "Lock state here": what it says in each case, and that no text of a file can break out of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LockStateView } from '../../../server/src/lsp/protocol.ts';
import { renderLockState } from './html.ts';
import { fromPage } from './messages.ts';

const CLAIM = { scenario: 's', claim: '{"wanted":[]}' };
const STATE: LockStateView = {
  uri: 'file:///a.mmlock', version: 3, pending: false, statement: 'vma = detached', line: 20,
  threads: ['munmap'], summary: 'Holds mmap_sem for writing', notes: [],
  locks: [
    { text: 'mmap_sem for writing', always: true, path: '', withIt: null, withoutIt: null },
    { text: 'ptl', always: false, path: '(by line 3, not by line 5)', withIt: CLAIM,
      withoutIt: CLAIM },
  ],
  others: [{
    name: 'fault', can: [{ text: 'can be done', claim: CLAIM }],
    cannot: [{ text: 'cannot be at lines 32–40', why: 'mmap_sem is held for writing here' }],
  }],
  values: [{ name: 'vma', values: [{ text: 'attached', claim: CLAIM }], narrowed: true }],
  scenarios: [{ text: 's gets here', claim: CLAIM }, { text: 'b never gets here', claim: null }],
};

function rendered(otherwise: Partial<LockStateView> = {}): string {
  return renderLockState({ kind: 'state', state: { ...STATE, ...otherwise } });
}

test('the locks come first, then the others, then the values', () => {
  const html = rendered();
  const order = ['<h1>', 'class="summary"', '>Locks<', '>The others<', '>Values<', '>Scenarios<'];
  const at = order.map((part) => html.indexOf(part));
  assert.ok(at.every((place, i) => place > (at[i - 1] ?? -1)), html);
  assert.match(html, /sometimes \(by line 3, not by line 5\)<\/span> <button/);
  assert.match(html, /class="cannot">cannot be at lines 32–40<span class="why">: mmap_sem is held/);
});

test('what can be is a button with a run, what cannot be is none', () => {
  const html = rendered();
  assert.equal(html.split('<button').length - 1, 5);
  assert.match(html, /data-claim="\{&quot;wanted&quot;:\[\]\}"[^>]*>can be done<\/button>/);
  assert.match(html, /<li>b never gets here<\/li>/);
});

test('the same of the same, and nothing where there is nothing', () => {
  assert.equal(rendered(), rendered());
  const html = rendered({ locks: [], others: [], values: [], scenarios: [] });
  assert.doesNotMatch(html, /<section>/);
  assert.match(rendered({ pending: true, notes: ['Not all.'] }),
    /Not all\..*Looking at all states/);
  assert.equal(renderLockState({ kind: 'none', reason: 'no <b>' }),
    '<p class="none">no &lt;b&gt;</p>');
});

test('no text breaks out', () => {
  const evil = '<img src=x onerror=alert(1)>"\'&';
  const html = rendered({
    statement: evil, threads: [evil], summary: evil, notes: [evil],
    others: [{ name: evil, can: [{ text: evil, claim: { scenario: evil, claim: evil } }],
      cannot: [{ text: evil, why: evil }] }],
    values: [{ name: evil, values: [{ text: evil, claim: null }], narrowed: false }],
  });
  assert.doesNotMatch(html, /<img|"'&/);
});

test('only what the page may say is heard', () => {
  assert.deepEqual(fromPage({ do: 'run', scenario: 's', claim: 'c', x: 1 }),
    { do: 'run', scenario: 's', claim: 'c' });
  for (const other of [null, 3, {}, { do: 'run' }, { do: 'run', scenario: 1, claim: 'c' }]) {
    assert.equal(fromPage(other), undefined);
  }
});
