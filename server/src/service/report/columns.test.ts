// Runs in columns: who stands where, what is at the side, what goes below.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ToldStep } from '../../analysis/judgement.ts';
import { drawRun, WIDTH } from './columns.ts';

const LANES = ['munmap', 'fault#1'];

function step(lane: number, text: string, changes: ToldStep['changes'] = {}): ToldStep {
  return {
    thread: LANES[lane] ?? '', lane, text, changes, move: 'step', file: 'f',
    range: { start: 0, end: 0 }, state: [],
  };
}

test('a column a thread, a line a step, what changes at the side', () => {
  const steps = [
    step(0, 'acquire write mmap_sem', { mmap_sem: 'W:munmap' }),
    { ...step(1, 'acquire read mmap_sem', { mmap_sem: 'W:munmap, waiting R:fault#1' }),
      move: 'waits' as const },
  ];
  const lines = drawRun({ lanes: ['munmap', 'fault#1'], steps, loop: null });
  assert.match(lines[0] ?? '', /^ {5}munmap +fault#1$/);
  assert.match(lines[1] ?? '', /^ {5}------ +-------$/);
  assert.match(lines[2] ?? '', /^ {2}1 {2}acquire write mmap_sem {2,}mmap_sem = W:munmap$/);
  assert.match(lines[3] ?? '', /^ {2}2 {2,}acquire read mmap_sem {2}\(waits\)/);
  const column = (lines[0] ?? '').indexOf('fault#1');
  assert.equal((lines[3] ?? '').indexOf('acquire'), column);
});

test('what does not fit goes below; nothing is wider than a mail', () => {
  const changes = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`pte[${i}]`, 'none']));
  const lines = drawRun({ lanes: LANES, steps: [step(1, 'zap', changes)], loop: null });
  assert.ok(lines.length > 3);
  assert.ok(lines.every((line) => line.length <= WIDTH), lines.join('\n'));
  for (const name of Object.keys(changes)) assert.ok(lines.some((line) => line.includes(name)));
});

test('the ends of a race have no number, a loop says where it goes on', () => {
  const next = { ...step(0, 'x = 1'), move: 'next' as const };
  assert.match(drawRun({ lanes: LANES, steps: [next], loop: null })[2] ?? '', /^ {2}\* {2}x = 1$/);
  assert.match(drawRun({ lanes: LANES, steps: [step(0, 'a'), step(1, 'b')], loop: 1 }).at(-1) ?? '',
    /step 2 again/);
  assert.match(drawRun({ lanes: LANES, steps: [step(0, 'a')], loop: 1 }).at(-1) ?? '', /stays so/);
});
