// Circles of lock classes, on hand-made edges.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LockKind } from '../../../simulator/src/program.ts';
import { cycleText, lockCycles } from './lock-order.ts';
import type { Edge } from './lock-order.ts';

let place = 0;

/** `a->b`, reading marked `a.r->b.r`. */
function edge(text: string): Edge {
  const [from = '', to = ''] = text.split('->');
  const side = (part: string): { name: string; mode: 'read' | 'write' } => {
    const [name = '', mode] = part.split('.');
    return { name, mode: mode === 'r' ? 'read' : 'write' };
  };
  const start = place++;
  const [outer, inner] = [side(from), side(to)];
  return {
    outer: outer.name, outerMode: outer.mode, inner: inner.name, innerMode: inner.mode,
    file: 'f', range: { start, end: start }, thread: 't',
  };
}

function cycles(edges: string, kind: LockKind = 'mutex'): readonly string[] {
  return lockCycles(edges.split(' ').map(edge), { kindOf: () => kind })
    .map((cycle) => cycle.map((it) => it.outer).join(''));
}

test('none in an order', () => assert.deepEqual(cycles('a->b b->c a->c'), []));
test('two', () => assert.deepEqual(cycles('a->b b->a'), ['ab']));
test('three', () => assert.deepEqual(cycles('a->b b->c c->a'), ['abc']));
test('one', () => assert.deepEqual(cycles('a->a'), ['a']));
test('each distinct one once, only the smallest', () => {
  assert.deepEqual(cycles('a->b b->a b->c c->a'), ['ab']);
  assert.deepEqual(cycles('a->b b->a c->d d->c a->b'), ['ab', 'cd']);
});
test('readers of an rwlock wait for no reader', () => {
  assert.deepEqual(cycles('a.r->b.r b.r->a.r', 'rwlock'), []);
  assert.deepEqual(cycles('a.r->b b.r->a', 'rwlock'), ['ab']);
  assert.deepEqual(cycles('a->b.r b.r->a', 'rwlock'), []);
});
test('readers of an rwsem do, behind a writer between them', () => {
  assert.deepEqual(cycles('a.r->b.r b.r->a.r', 'rwsem'), ['ab']);
});
test('the modes of one class are told apart along a path', () => {
  assert.deepEqual(cycles('a.r->b b->a.r a->b', 'rwlock'), ['ba']);
});
test('as lockdep says it', () => {
  assert.equal(cycleText([edge('a->b'), edge('b->a')]),
    'possible circular locking dependency: a -> b in t, b -> a in t');
  assert.match(cycleText([edge('a->a')]), /^possible recursive locking: a -> a in t; /);
});
