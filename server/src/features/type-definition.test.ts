// Type definition and linked editing: cursor tests, one line each.
import assert from 'node:assert/strict';
import test from 'node:test';
import { cursor, freshSnapshot } from '../service/testing.ts';
import { linkedPlaces } from './references.ts';
import { typeDefinition } from './type-definition.ts';

const DECLS = `type page = 0..3
enum st { there, gone }
struct vma[2] { lock vm_lock: rwsem  state: st = there }
shared map: ref vma
shared pte: st[page]
`;

function checkType(marked: string, expected: string | null): void {
  test(`the type at ${marked}`, () => {
    const { text, offset } = cursor(DECLS + marked);
    assert.equal(typeDefinition(freshSnapshot(text), offset)?.detail ?? null, expected);
  });
}

const [PAGE, ST, VMA] = ['type page = 0..3', 'enum st { there, gone }', 'struct vma[2]'];
checkType('thread t(p: page) { pte[<|>p] = gone }', PAGE);
checkType('thread t(p: page) { <|>pte[p] = gone }', ST);
checkType('thread t(p: page) { pte[p] = <|>gone }', ST);
checkType('thread t { let <|>v = map }', VMA);
checkType('thread t { let v = map  free <|>v }', VMA);
checkType('thread t { map.<|>state = gone }', ST);
checkType('thread t { acquire read map.<|>vm_lock }', null);
checkType('thread t { let n = 1  await <|>n == 1 }', null);
checkType('thread <|>t { step }', null);

function checkLinked(marked: string, expected: readonly string[] | null): void {
  test(`typed at once with ${marked}`, () => {
    const { text, offset } = cursor(DECLS + marked);
    const found = linkedPlaces(freshSnapshot(text), offset);
    assert.deepEqual(found?.map(({ start }) => text.slice(start - 1, start + 3)) ?? null, expected);
  });
}

checkLinked('thread t { let <|>vv = 1  await vv == 1 }', [' vv ', ' vv ']);
checkLinked('thread t(p: page) { pte[<|>p] = gone }', ['(p: ', '[p] ']);
checkLinked('thread t { let <|>alone = 1 }', null);
checkLinked('thread t { <|>map = null }', null);
checkLinked('thread t { <|>again: step  goto again }', null);
