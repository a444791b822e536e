// No feature throws, whatever the text and wherever one points: prefixes of a sample, garbage, a
// hundred thousand braces, ten thousand scenarios, an endless loop.
import assert from 'node:assert/strict';
import test from 'node:test';
import {
  createBench, FILE, freshSnapshot, settledSnapshot, surveyor,
} from '../service/testing.ts';
import { codeLenses } from './code-lens.ts';
import { completions } from './completion.ts';
import { diagnostics } from './diagnostics.ts';
import { documentSymbols } from './document-symbols.ts';
import { fileStatus } from './file-status.ts';
import { hover } from './hover.ts';
import { inlayHints } from './inlay-hints.ts';
import { placeView } from './lock-state-view.ts';
import { definition, foldings, references } from './references.ts';
import { callableAt } from './calls.ts';
import { links } from './links.ts';
import { selectionRanges } from './selection.ts';
import { signature } from './signature.ts';
import { scenarioViews } from './scenarios.ts';
import { semanticTokens } from './semantic-tokens.ts';
import type { Snapshot } from './snapshot.ts';
import { SAMPLE } from './testing.ts';

function askEverything(snapshot: Snapshot, offsets: readonly number[]): void {
  codeLenses(snapshot);
  diagnostics(snapshot);
  documentSymbols(snapshot);
  fileStatus(snapshot);
  foldings(snapshot);
  links(snapshot);
  scenarioViews(snapshot);
  inlayHints(snapshot, { start: 0, end: snapshot.text.length },
    { lockState: 'all', types: true, parameterNames: true });
  semanticTokens(snapshot);
  const surveys = surveyor();
  for (const offset of offsets) {
    hover(snapshot, offset, surveys);
    placeView(snapshot, offset, surveys);
    definition(snapshot, offset);
    references(snapshot, offset);
    completions(snapshot, offset, ['mm']);
    signature(snapshot, offset);
    selectionRanges(snapshot, offset);
    callableAt(snapshot, offset);
  }
}

/** The same numbers each time. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

test('no feature throws at any offset of any prefix of the sample', () => {
  const { workspace } = createBench({ atOnce: false });
  const random = numbers(1);
  for (let length = 0; length <= SAMPLE.length; length += 1 + random(20)) {
    workspace.open(FILE, length, SAMPLE.slice(0, length));
    const snapshot = workspace.snapshot(FILE);
    assert.ok(snapshot !== null);
    askEverything(snapshot, [0, length, length + 9, ...Array.from({ length: 12 },
      () => random(length + 1))]);
  }
});

test('no feature throws at any offset of the sample when it is judged', async () => {
  const snapshot = await settledSnapshot(SAMPLE);
  askEverything(snapshot, Array.from({ length: SAMPLE.length + 1 }, (_, i) => i));
});

test('no feature throws on a sample with any one line left out', () => {
  const lines = SAMPLE.split('\n');
  const { workspace } = createBench({ atOnce: false });
  lines.forEach((_, i) => {
    workspace.open(FILE, i, lines.filter((__, j) => j !== i).join('\n'));
    const snapshot = workspace.snapshot(FILE);
    assert.ok(snapshot !== null);
    askEverything(snapshot, Array.from({ length: 40 }, (__, j) => j * 31));
  });
});

function garbage(length: number): string {
  const random = numbers(7);
  let text = '';
  while (text.length < length) text += String.fromCharCode(random(0x2ff) + 1);
  return text;
}

test('a mebibyte of garbage is one clear problem', () => {
  const snapshot = freshSnapshot(garbage(2 ** 20));
  askEverything(snapshot, [0, 1000, 2 ** 19, 2 ** 20]);
  const found = diagnostics(snapshot);
  assert.ok(found.length >= 1 && found.length <= 1000);
  assert.ok(found.every(({ code }) => code === 'syntax'));
});

test('less garbage is read, and is as harmless', () => {
  const snapshot = freshSnapshot(garbage(100_000));
  askEverything(snapshot, [0, 1000, 50_000]);
});

test('a hundred thousand braces', () => {
  for (const text of ['{'.repeat(100_000), `thread t ${'{ loop '.repeat(20_000)}`,
    `invariant i: ${'('.repeat(100_000)}`]) {
    askEverything(freshSnapshot(text), [0, 10, 50_000]);
  }
});

test('ten thousand scenarios are listed at once', () => {
  const text = `thread t { step "x" }\n${Array.from({ length: 10_000 },
    (_, i) => `scenario s${i} { t }\n`).join('')}`;
  const snapshot = freshSnapshot(text);
  assert.equal(codeLenses(snapshot).length, 20_000);
  assert.equal(documentSymbols(snapshot).length, 10_001);
});

test('an endless loop has an end', async () => {
  const snapshot = await settledSnapshot('thread t { loop { } }\nscenario s { t }\n');
  assert.equal(snapshot.checks.length, 1);
  askEverything(snapshot, [0, 12, 20, 40]);
});
