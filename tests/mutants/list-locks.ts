// Mutants of the locks, as the interpreter has them: queues, modes, circles, what is checked on
// arrival.
import type { MutantList } from './mutant.ts';

export const LOCKS: MutantList = {
  title: 'locks',
  modes: ['plain'],
  mutants: [{
    name: 'a reader passes waiting writers',
    find: 'if (kind === \'rwsem\') mask |= ahead(m, lock, t, mode);',
    replace: 'if (kind === \'rwsem\' && mode === \'write\') mask |= ahead(m, lock, t, mode);',
    kills: ['plain r19', 'plain made:queue-4'],
  }, {
    name: 'a writer passes all who wait',
    find: 'if (kind === \'rwsem\') mask |= ahead(m, lock, t, mode);',
    replace: 'if (kind === \'rwsem\' && mode === \'read\') mask |= ahead(m, lock, t, mode);',
    kills: ['plain r93', 'plain made:queue-4'],
  }, {
    name: 'a reader waits for readers ahead of it',
    find: 'if (mode === \'write\' || wantedMode(m, u) === \'write\') mask |= 1 << u;',
    replace: 'mask |= 1 << u;',
    kills: ['plain r49', 'plain made:queue-4'],
  }, {
    name: 'those behind in the queue count as ahead',
    find: '(own !== 0 && place > own)',
    replace: 'false',
    kills: ['plain r36', 'plain made:queue-4'],
  }, {
    name: 'a newcomer does not see the queue',
    find: '(own !== 0 && place > own)',
    replace: 'place > own',
    kills: ['plain r19', 'plain made:queue-4'],
  }, {
    name: 'a writer of an rwlock passes its readers',
    find: 'if (mode === \'write\' && kind !== \'mutex\' && kind !== \'spinlock\')',
    replace: 'if (mode === \'write\' && kind === \'rwsem\')',
    kills: ['plain r67', 'plain r34'],
  }, {
    name: 'a downgrade keeps the lock for writing',
    find: '  drop(m, lock, t, \'write\');\n',
    replace: '',
    kills: ['plain r32', 'plain made:queue-4'],
  }, {
    name: 'a downgrade lets go',
    find: '  drop(m, lock, t, \'write\');\n  addReader(m, lock, t);',
    replace: '  drop(m, lock, t, \'write\');',
    kills: ['plain r32', 'plain made:queue-4'],
  }, {
    name: 'all who join have the first place',
    find: 'if (placeOf(m, lock, u) !== 0) place++;',
    replace: ';',
    kills: ['plain r36', 'plain made:queue-4'],
  }, {
    name: 'nobody moves up when a waiter leaves',
    find: 'if (placeOf(m, lock, u) > own) m.frame[wait[u]!]!--;',
    replace: ';',
    kills: ['plain r36', 'plain made:queue-4'],
  }, {
    name: 'one release drops all reads of a thread',
    find: 'm.frame[slot]!--;',
    replace: 'm.frame[slot] = 0;',
    kills: ['plain r29', 'plain r34'],
  }, {
    name: 'a release may name the wrong mode',
    find: '(mode !== null && held !== mode)',
    replace: 'false',
    kills: [
      'plain tests/semantics/lock_balance.mmlock:read_of_write',
      'plain tests/semantics/lock_balance.mmlock:write_of_read',
    ],
  }, {
    name: 'trying to write succeeds beside readers',
    find: 'const free = blockers(m, lock, m.self, mode) === 0;',
    replace: 'const free = blockers(m, lock, m.self, \'read\') === 0;',
    kills: ['plain r80', 'plain l18'],
  }, {
    name: 'a waiter is granted a lock that is held',
    find: 'if (blockers(m, lock, m.self, mode) !== 0) return BLOCKED;',
    replace: '',
    kills: ['plain made:circle-3', 'plain made:queue-4'],
  }, {
    name: 'a lock that is freed while waited for',
    find: 'if (gone) cut(',
    replace: 'if (false) cut(',
    kills: ['plain tests/semantics/lock_in_object.mmlock:waiter_in_freed'],
  }, {
    name: 'a release does not check who holds',
    find: 'if (held === null || (mode',
    replace: 'if ((mode',
    kills: ['plain r62', 'plain r1'],
  }, {
    name: 'a circle of three goes unseen',
    find: 'if (cycle === null) return \'wait\';',
    replace: 'if (cycle === null || cycle.length > 2) return \'wait\';',
    kills: ['plain tests/semantics/deadlock.mmlock:circle_of_three', 'plain made:circle-3'],
  }, {
    name: 'no circle through a grace period',
    find: 'return maskOf(m, m.layout.threads[t]!.grace);',
    replace: 'return 0;',
    kills: ['plain r54', 'plain r48'],
  }, {
    name: 'an order is checked the wrong way round',
    find: 'order.outer === cls && order.inner === held',
    replace: 'order.inner === cls && order.outer === held',
    kills: ['plain tests/semantics/lock_order.mmlock:declared', 'plain r40'],
  }, {
    name: 'sleeping for a lock under a spinlock',
    find: 'if (!spins(m.program.classes[cls]!.kind)) checkSleep(m, t, instr);',
    replace: '',
    kills: ['plain r1', 'plain r18'],
  }, {
    name: 'sleeping inside rcu_read_lock',
    find: 'if (m.frame[m.layout.threads[t]!.rcu]! > 0) told.push(\'rcu\');',
    replace: '',
    kills: ['plain r35', 'plain r18'],
  }, {
    name: 'a recursive read is noted for any read',
    find: ' || readsOf(m, lock, m.self) === 0) return;',
    replace: ') return;',
    kills: ['plain r1', 'plain made:queue-4'],
  }],
};
