// Mutants of objects, grace periods, expressions and guards, as the interpreter has them.
import type { MutantList } from './mutant.ts';

export const OBJECTS: MutantList = {
  title: 'objects',
  modes: ['plain'],
  mutants: [{
    name: 'synchronize_rcu ends too early',
    find: 'if (maskOf(m, grace) !== 0) return BLOCKED;',
    replace: '',
    kills: ['plain r59', 'plain r54'],
  }, {
    name: 'synchronize_rcu waits for nobody',
    find: 'if (!markReaders(m, grace)) return next;',
    replace: 'return next;',
    kills: ['plain r48', 'plain r18'],
  }, {
    name: 'the inner rcu_read_unlock ends the reader',
    find: 'if (m.frame[rcu] === 0) endReader(m, m.self);',
    replace: 'endReader(m, m.self);',
    kills: [
      'plain tests/semantics/rcu.mmlock:deferred',
      'plain tests/semantics/rcu.mmlock:synchronized',
    ],
  }, {
    name: 'one reader ends the grace period of an object',
    find: 'if (maskOf(m, slots.grace) === 0) m.frame[slots.status] = FREED;',
    replace: 'm.frame[slots.status] = FREED;',
    kills: ['plain tests/semantics/more_rcu.mmlock:late_reader_is_not_waited_for', 'plain r37'],
  }, {
    name: 'a reader that leaves is not noticed by synchronize_rcu',
    find: 'for (const slots of m.layout.threads) clear(m, slots.grace[t]!);',
    replace: '',
    kills: ['plain r59', 'plain r61'],
  }, {
    name: 'free_rcu frees at once',
    find: 'const waits = deferred && markReaders(m, slots.grace);',
    replace: 'const waits = false;',
    kills: ['plain r37', 'plain r18'],
  }, {
    name: 'free waits like free_rcu',
    find: 'const waits = deferred && markReaders(m, slots.grace);',
    replace: 'const waits = markReaders(m, slots.grace);',
    kills: ['plain r54', 'plain r103'],
  }, {
    name: 'a second free while the first is pending',
    find: 'if (m.frame[slots.status] !== LIVE) cut(',
    replace: 'if (m.frame[slots.status] === FREED) cut(',
    kills: ['plain tests/semantics/double_free.mmlock:before_grace_period_ends'],
  }, {
    name: 'a pending slot is handed out again',
    find: 'if (status === FREED && spec.typesafe)',
    replace: 'if (status === PENDING && spec.typesafe)',
    kills: [
      'plain tests/semantics/more_rcu.mmlock:slot_is_pending',
      'plain tests/semantics/more_rcu.mmlock:slot_is_free',
    ],
  }, {
    name: 'a freed slot is never handed out again',
    find: 'if (status === FREED && spec.typesafe) candidates.unshift(ref);',
    replace: '',
    kills: [
      'plain tests/semantics/typesafe.mmlock:lock_state_kept',
      'plain tests/semantics/more_rcu.mmlock:slot_is_free',
    ],
  }, {
    name: 'a new object keeps its old fields',
    find: 'm.frame[m.program.places[field.place]!.base + ref - 1] = field.init;',
    replace: '',
    kills: ['plain tests/semantics/typesafe.mmlock:same_slot'],
  }, {
    name: 'no use after free',
    find: 'if (statusOf(m, pool, ref) === FREED) cut(m, \'use_after_free\', spec.name, site);',
    replace: '',
    kills: ['plain r54', 'plain r18'],
  }, {
    name: 'use while a free is pending',
    find: 'if (statusOf(m, pool, ref) === FREED) cut(m, \'use_after_free\', spec.name, site);',
    replace: 'if (statusOf(m, pool, ref) >= PENDING) cut(m, \'use_after_free\', spec.name, site);',
    kills: ['plain r37', 'plain r59'],
  }, {
    name: 'use after free of what is typesafe',
    find: 'if (m.quiet || spec.typesafe) return;',
    replace: 'if (m.quiet) return;',
    kills: ['plain tests/semantics/typesafe.mmlock:stale_use', 'plain r119'],
  }, {
    name: 'null is read through',
    find: 'if (ref === 0) cut(m, \'null_ref\', spec.name, site);',
    replace: 'if (ref === 0) return;',
    kills: ['plain r5', 'plain r11'],
  }, {
    name: 'values below a range',
    find: 'if (value < lo || value > hi) cut(',
    replace: 'if (value > hi) cut(',
    kills: ['plain tests/semantics/ranges.mmlock:below', 'plain r66'],
  }, {
    name: 'values above a range',
    find: 'if (value < lo || value > hi) cut(',
    replace: 'if (value < lo) cut(',
    kills: ['plain r50', 'plain r75'],
  }, {
    name: 'the index right behind an array',
    find: 'if (i < 0 || i >= count) cut(',
    replace: 'if (i < 0 || i > count) cut(',
    kills: [
      'plain tests/semantics/ranges.mmlock:outside',
      'plain tests/semantics/ranges.mmlock:read_outside',
    ],
  }, {
    name: 'division by zero',
    find: 'if (value === 0) cut(m, \'range\', null, m.step);',
    replace: '',
    kills: ['plain r38', 'plain r13'],
  }, {
    name: 'holding for reading is enough for a writing guard',
    find: 'return held !== null && (!guard.write || held === \'write\');',
    replace: 'return held !== null;',
    kills: [
      'plain tests/semantics/guards.mmlock:read_mode_writes',
      'plain examples/munmap/brk.mmlock:published_late',
    ],
  }, {
    name: 'either side of a guard must hold',
    find: 'return (m) => a(m) || b(m);',
    replace: 'return (m) => a(m) && b(m);',
    kills: ['plain r84', 'plain r108'],
  }, {
    name: 'a guard inside rcu always holds',
    find: 'case \'rcu\': return (m) => m.frame[m.layout.threads[m.self]!.rcu]! > 0;',
    replace: 'case \'rcu\': return () => true;',
    kills: ['plain r38', 'plain r28'],
  }, {
    name: 'holds is the same for both modes',
    find: 'return held !== null && (mode === null || held === mode) ? 1 : 0;',
    replace: 'return held !== null ? 1 : 0;',
    kills: ['plain tests/semantics/locks_asked.mmlock:own'],
  }, {
    name: 'held in any mode means for writing',
    find: 'if (mode === null) return written || read ? 1 : 0;',
    replace: 'if (mode === null) return written ? 1 : 0;',
    kills: ['plain l37', 'plain tests/semantics/locks_asked.mmlock:own'],
  }, {
    name: 'a quantifier leaves out its last value',
    find: 'for (let i = lo(m); i <= last; i++) {',
    replace: 'for (let i = lo(m); i < last; i++) {',
    kills: ['plain r24', 'plain r56'],
  }, {
    name: 'cmpxchg stores what differs',
    find: 'const matches = m.frame[cell] === expected;',
    replace: 'const matches = m.frame[cell] !== expected;',
    kills: ['plain r38', 'plain r2'],
  }, {
    name: 'the last of several choices is left out',
    find: 'if (m.choices[at]! + 1 < m.options[at]!) {',
    replace: 'if (m.choices[at]! + 2 < m.options[at]!) {',
    kills: ['plain r10', 'plain r4'],
  }],
};
