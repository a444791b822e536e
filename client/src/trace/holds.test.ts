// Reading who holds a lock from its printed state.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { holdsOf } from './holds.ts';

const THREADS = ['munmap', 'fault#1', 'fault#2'];

function check(value: string, expected: readonly string[] | undefined): void {
  const found = holdsOf(value, THREADS)?.map(({ thread, mode }) => `${thread} ${mode}`);
  assert.deepEqual(found, expected);
}

test('a free lock', () => check('free', []));
test('a writer', () => check('W:munmap', ['munmap write']));
test('readers', () => check('R:fault#1 R:fault#2', ['fault#1 read', 'fault#2 read']));
test('a lock without modes', () => check('munmap', ['munmap write']));
test('waiters of a held lock', () =>
  check('R:fault#1, waiting W:munmap R:fault#2',
    ['fault#1 read', 'munmap waits', 'fault#2 waits']));
test('a waiter of a free lock', () => check('free, waiting munmap', ['munmap waits']));
test('an enum is no lock', () => check('attached', undefined));
test('a number is no lock', () => check('4', undefined));
test('a set of flags is no lock', () => check('{VM_DEAD, VM_LOCKED}', undefined));
