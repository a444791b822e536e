// The panel's page: what it says in each case, and that no text of a file can break out of it.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escape, page, renderNone, renderRun } from './html.ts';
import { RACE, sampleRun } from './sample-run.ts';

const count = (text: string, part: string | RegExp) => text.split(part).length - 1;

test('the page allows our script alone, and nothing from elsewhere', () => {
  const html = page({
    nonce: 'n0', cspSource: 'https://x', script: 's.js', style: 's.css', title: 'the run',
  });
  assert.match(html, /default-src &#39;none&#39;; style-src https:\/\/x; script-src &#39;nonce-n0/);
  assert.match(html, /<script nonce="n0" src="s.js">/);
  assert.doesNotMatch(html, /unsafe|style=/);
});

test('a violation stands at the top with its code', () => {
  const html = renderRun(sampleRun());
  assert.match(html, /class="outcome bad"><code class="code">data_race<\/code>/);
  assert.match(html, /<code>pte\[0\]<\/code> is written here while fault#1 reads it/);
  assert.ok(html.indexOf('outcome bad') < html.indexOf('<table'));
});

test('an expected violation is said to be one', () => {
  const html = renderRun(sampleRun({ violations: [{ ...RACE, expected: true }] }));
  assert.match(html, /class="outcome wanted"/);
  assert.match(html, />as expected:<.*<table role="grid" class="wanted"/s);
});

test('a row can be selected, and says in words what happens in it', () => {
  const html = renderRun(sampleRun());
  assert.equal(count(html, '<tr class="row '), 8);
  assert.equal(count(html, 'aria-selected="false"'), 8);
  assert.match(html, /aria-label="Step 2, fault#1 waits: acquire read mmap_sem; mmap_sem becomes/);
});

test('what is only about to happen is no step', () => {
  const html = renderRun(sampleRun());
  assert.match(html, /aria-label="Next, munmap: pte\[0\] = none; here it is violated"/);
  assert.match(html, /<th scope="row" class="number"><\/th>/);
});

test('waits, granted and next are words and classes', () => {
  const html = renderRun(sampleRun());
  for (const move of ['waits', 'granted', 'next']) {
    assert.match(html, new RegExp(`<tr class="row ${move}`));
    assert.match(html, new RegExp(`<span class="move">${move}</span>`));
  }
  assert.doesNotMatch(html, /<span class="move"><\/span>/);
});

test('a random run says its seed and offers another', () => {
  const html = renderRun(sampleRun({ violations: [], shown: null, seed: 7 }));
  assert.match(html, /A random run, seed 7: nothing is violated/);
  assert.match(html, />Another run</);
  assert.doesNotMatch(html, /<select/);
});

test('a random run that meets a violation says both', () => {
  const html = renderRun(sampleRun({ seed: 7 }));
  assert.match(html, /A random run, seed 7, meets<\/span> <code class="code">data_race/);
  assert.match(html, /a random run<\/option><option value="0">1 of 1/);
});

test('one violation needs no choice, several do', () => {
  assert.doesNotMatch(renderRun(sampleRun()), /<select/);
  const html = renderRun(sampleRun({ violations: [RACE, { ...RACE, code: 'guard' }], shown: 1 }));
  assert.match(html, /<option value="1" selected>2 of 2: guard\(pte\)/);
  assert.match(html, /data-to="0" aria-label="Previous violation" title="Previous violation">/);
  assert.match(html, /data-to="2" aria-label="Next violation" title="Next violation" disabled>/);
});

test('from a random run one comes back to the violation', () => {
  const html = renderRun(sampleRun({ shown: null, seed: 1 }));
  assert.match(html, /a random run<\/option><option value="0">1 of 1/);
});

test('a run without end says where it goes on', () => {
  assert.match(renderRun(sampleRun({ loop: 2 })), /goes on with step 3 again, for ever/);
  assert.match(renderRun(sampleRun({ loop: 7 })), /So it stays for ever/);
});

test('nothing to run: the reason, and a way to try again', () =>
  assert.match(renderNone('no <such> scenario'), /no &lt;such&gt; scenario.*data-do="again"/));

test('every word of a file is escaped', () => {
  const evil = '<img src=x onerror="alert(1)">';
  const [first] = sampleRun().steps;
  assert.ok(first !== undefined);
  const html = renderRun(sampleRun({
    scenario: evil, title: evil, verdictText: evil, lanes: [evil, 'b'],
    violations: [{ ...RACE, code: evil, subject: evil, message: evil }, RACE],
    initialState: [{ name: evil, value: evil }, { name: `${evil}2`, value: evil }],
    steps: [{ ...first, text: evil, thread: evil, changes: { [evil]: evil } }],
  }));
  assert.doesNotMatch(html, /<img|"alert/);
});

test('escape leaves ordinary text alone', () =>
  assert.equal(escape(`a < b && c`), 'a &lt; b &amp;&amp; c'));

test('what the outcome and the choice say is not said once more', () => {
  assert.doesNotMatch(renderRun(sampleRun()), /class="verdict"/);
  assert.match(renderRun(sampleRun({ shown: null, seed: 1 })), /class="verdict">fails: data_race/);
  const unknown = renderRun(sampleRun({ verdictText: 'unknown: 60 s passed' }));
  assert.match(unknown, /class="verdict">unknown/);
});

test('violations of one name are told apart by their lines', () => {
  const html = renderRun(sampleRun({ violations: [RACE, { ...RACE, line: 20 }] }));
  assert.match(html, /1 of 2: data_race\(pte\), line 9<.*2 of 2: data_race\(pte\), line 21</s);
});

test('a random run without an end says where it was cut', () => {
  const html = renderRun(sampleRun({ violations: [], shown: null, seed: 1, cut: true }));
  assert.match(html, /Drawn no further than 7 steps\./);
});

test('a run that was looked for says what it shows', () => {
  const shows = 'fault at line 3, x < 2';
  const html = renderRun(sampleRun({ violations: [], shown: null, shows }));
  assert.match(html, /A shortest run to: fault at line 3, x &lt; 2\./);
  assert.doesNotMatch(html, /nothing is violated/);
});
