// Signature help, selection ranges, links: cursor tests, one line each.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot } from '../service/testing.ts';
import { links } from './links.ts';
import { selectionRanges } from './selection.ts';
import { signature } from './signature.ts';

const DECLS = `shared x: 0..3
shared a: 0..1[2]
/// Looks.
proc look(p: 0..1,  deep: bool) -> bool { return x == p }
thread fault(p: 0..1) -> ok | never bad { outcome ok }
`;

/** The label with the active parameter in brackets. */
function checkSignature(marked: string, expected: string | null): void {
  test(marked, () => {
    const { text, offset } = cursor(DECLS + marked);
    const found = signature(freshSnapshot(text), offset);
    const [start, end] = found?.parameters[found.active] ?? [0, 0];
    const label = found?.label ?? '';
    assert.equal(found === null ? null : end === 0 ? label
      : `${label.slice(0, start)}[${label.slice(start, end)}]${label.slice(end)}`, expected);
  });
}

checkSignature('thread t { let b = look(<|>) }', 'look([p: 0..1], deep: bool) -> bool');
checkSignature('thread t { let b = look(a[0], <|>', 'look(p: 0..1, [deep: bool]) -> bool');
checkSignature('thread t { let b = look((1 + <|>', 'look([p: 0..1], deep: bool) -> bool');
checkSignature('thread t { WRITE_ONCE(x, <|>) }', 'WRITE_ONCE(x, [value])');
checkSignature('thread t { if cmpxchg(x, <|>', 'cmpxchg(x, [old], new)');
checkSignature('scenario s { fault(<|>) }', 'fault([p: 0..1]) -> ok | never bad');
checkSignature('workload w { fault(<|>', 'fault([p: 0..1]) -> ok | never bad');
checkSignature('scenario s { fault(0) <|>', null);
checkSignature('scenario s { t expect fails data_race(<|>)', null);
checkSignature('thread t { x = 1 <|>}', null);
checkSignature('// look(<|>', null);

test('a selection grows from word to file, each range larger than the one before', () => {
  const { text, offset } = cursor(
    'thread t {\n  if x == ab<|>c {\n    y = 1\n  }\n}\nlock l: mutex\n');
  const shown = selectionRanges(freshSnapshot(text), offset)
    .map(({ start, end }) => text.slice(start, end).split('\n')[0]);
  assert.deepEqual(shown, ['abc', 'x == abc', 'if x == abc', 'if x == abc {', '{', 'thread t {',
    'thread t {']);
});

test('commits and CVEs in comments are links, and only there', () => {
  const text = `/// Fixes: dd2283f2605e ("mm: mmap: zap pages with read mmap_sem in munmap")
// See CVE-2022-42703 and commit 2555283eb40df89945557273121e9393ef9b542b; not deadbeef0000.
thread t { step "CVE-2022-42703" }
`;
  assert.deepEqual(links(freshSnapshot(text)).map(({ target }) => target), [
    { kind: 'url', url: 'https://git.kernel.org/linus/dd2283f2605e' },
    { kind: 'url', url: 'https://www.cve.org/CVERecord?id=CVE-2022-42703' },
    { kind: 'url', url: 'https://git.kernel.org/linus/2555283eb40df89945557273121e9393ef9b542b' },
  ]);
});
