// Schedules: short, unambiguous, and read back as they were.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Program } from '../../../simulator/src/program.ts';
import { parseSchedule, printSchedule, shortNames } from './schedule.ts';

function program(...names: readonly string[]): Program {
  const threads = names.map((name) => ({
    name, decl: name, background: false, outcomes: [], code: [], entry: 0,
  }));
  return {
    threads, cells: [], places: [], pools: [], classes: [], locks: [], properties: [], orders: [],
    nRegs: 0,
  };
}

const short = (...names: readonly string[]): string => shortNames(program(...names)).join(' ');

test('a letter where that is enough', () => {
  assert.equal(short('munmap', 'fault#1', 'fault#2'), 'm f1 f2');
  assert.equal(short('munmap', 'mmap'), 'mu mm');
});
test('the whole name where it begins another', () => {
  assert.equal(short('fault', 'fault_around'), 'fault fault_');
});
test('no short name is another thread\'s name', () => {
  assert.equal(short('fault#1', 'f1'), 'fa1 f1');
});
test('what is printed is read back', () => {
  const it = program('munmap', 'fault#1', 'fault#2');
  const turns = [{ thread: 0, choice: 0 }, { thread: 2, choice: 3 }, { thread: 1, choice: 0 }];
  assert.equal(printSchedule(it, turns), 'm f2:3 f1');
  assert.deepEqual(parseSchedule(it, 'm f2:3 f1'), { kind: 'turns', turns });
  assert.deepEqual(parseSchedule(it, ' munmap, fault#2:3\nfault#1 '), { kind: 'turns', turns });
});
test('a word that names no thread is said', () => {
  const it = program('munmap');
  assert.deepEqual(parseSchedule(it, 'm x'), { kind: 'unknown', word: 'x' });
  assert.deepEqual(parseSchedule(it, 'm:a'), { kind: 'unknown', word: 'm:a' });
});
