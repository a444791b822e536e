// Mutants of what is judged: races, properties, fairness, stuck threads, runs, facts.
import type { MutantList } from './mutant.ts';

export const JUDGING: MutantList = {
  title: 'judging',
  modes: ['plain'],
  mutants: [{
    name: 'one marked access is no race',
    find: '(a.marked && b.marked)',
    replace: '(a.marked || b.marked)',
    kills: ['plain r12', 'plain r10'],
  }, {
    name: 'a read and a write are no race',
    find: '!(a.write || b.write)',
    replace: '!(a.write && b.write)',
    kills: ['plain r10', 'plain r1'],
  }, {
    name: 'any two elements of an array race',
    find: 'if (a.cell !== b.cell || a.thread === b.thread) continue;',
    replace: 'if (a.place !== b.place || a.thread === b.thread) continue;',
    kills: ['plain tests/semantics/data_race.mmlock:other_elements', 'plain r56'],
  }, {
    name: 'a race is told at the earlier of two sites',
    find: '(rank(a) === rank(b) && a.site > b.site)',
    replace: '(rank(a) === rank(b) && a.site < b.site)',
    kills: ['plain r50', 'plain r16'],
  }, {
    name: 'the write of a cmpxchg is not logged',
    find: ' && log.write[i] === at.write) return;',
    replace: ') return;',
    kills: ['plain r10', 'plain r16'],
  }, {
    name: 'an access of an await is kept twice over states',
    find: 'if (next.seen.length > 1) races(s, state);',
    replace: 'if (next.seen.length > 2) races(s, state);',
    kills: ['plain r54', 'plain r21'],
  }, {
    name: 'a false invariant blames every later step',
    find: 'if (before?.has(i)) continue;',
    replace: '',
    kills: ['plain r10', 'plain r33'],
  }, {
    name: 'an invariant holds once it has',
    find: 'const before = brokenBefore(s, state);',
    replace: 'const before = broken;',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'finals are judged where any thread is done',
    find: 'program.threads.every((thread, t) => thread.background || isDone(m, t))',
    replace: 'program.threads.some((thread, t) => thread.background || isDone(m, t))',
    kills: ['plain made:parameters', 'plain r1'],
  }, {
    name: 'finals wait for background threads',
    find: 'program.threads.every((thread, t) => thread.background || isDone(m, t))',
    replace: 'program.threads.every((_, t) => isDone(m, t))',
    kills: ['plain r21', 'plain r11'],
  }, {
    name: 'a state that cannot be judged is gone on from',
    find: 'if (unjudged) cutAt(s, state);',
    replace: '',
    kills: ['plain r5', 'plain r13'],
  }, {
    name: 'reachable where it is false',
    find: 'if (value === true) s.reached.add(i);',
    replace: 'if (value !== null) s.reached.add(i);',
    kills: ['plain r5', 'plain r31'],
  }, {
    name: 'an unset outcome is the first',
    find: 'return [outcome === 0 ? null : outcome - 1];\n  });\n  const key',
    replace: 'return [outcome === 0 ? 0 : outcome - 1];\n  });\n  const key',
    kills: ['plain r11', 'plain r23'],
  }, {
    name: 'a missing outcome is not missed',
    find: 'if (outcomes.length > 0 && m.frame[slots.outcome] === 0) {',
    replace: 'if (false) {',
    kills: ['plain r35', 'plain r32'],
  }, {
    name: 'ending inside rcu_read_lock',
    find: 'if (m.frame[slots.rcu]! > 0) reportExit(m, \'lock_held_at_exit\', \'rcu\');',
    replace: '',
    kills: ['plain r23', 'plain r54'],
  }, {
    name: 'a forbidden outcome is let pass',
    find: 'if (declared.never) report(',
    replace: 'if (false) report(',
    kills: ['plain r10', 'plain r2'],
  }, {
    name: 'no weak fairness',
    find: 'if ((always & ~moved) !== 0) return \'unfair\';',
    replace: '',
    kills: ['plain r87', 'plain r65'],
  }, {
    name: 'no strong fairness for waiters',
    find: 'grantable.set(state, enabled & waitingMask(s, state));',
    replace: 'grantable.set(state, 0);',
    kills: [
      'plain tests/semantics/eventually.mmlock:lock_free_again',
      'plain tests/semantics/eventually.mmlock:spinlock_free_again',
    ],
  }, {
    name: 'strong fairness for threads that do not wait',
    find: 'grantable.set(state, enabled & waitingMask(s, state));',
    replace: 'grantable.set(state, enabled);',
    kills: ['plain tests/semantics/eventually.mmlock:sometimes_enabled'],
  }, {
    name: 'an unfair part is not looked into',
    find: 'return component.filter((state) => !gone.has(state));',
    replace: 'return \'unfair\';',
    kills: ['plain tests/semantics/eventually.mmlock:rwlock_writer'],
  }, {
    name: 'a run through what was hoped for',
    find: 'if (cameBy[target] !== -1 || isTrue(target)) continue;',
    replace: 'if (cameBy[target] !== -1) continue;',
    kills: ['plain r63', 'plain r41'],
  }, {
    name: 'a run that was cut off counts as ended',
    find: 'const ends = graph.first[state] === graph.first[state + 1] && !s.cutStates.has(state);',
    replace: 'const ends = graph.first[state] === graph.first[state + 1];',
    kills: ['plain r5', 'plain r13'],
  }, {
    name: 'a run that stands still is none',
    find: 'if (moved === 0) return \'unfair\';',
    replace: '',
    kills: ['plain r13', 'plain r5'],
  }, {
    name: 'stuck, though a state could not be judged',
    find: 'const canGo = futureSteps(graph, s.cutStates);',
    replace: 'const canGo = futureSteps(graph, new Set());',
    kills: ['plain r98', 'plain r62'],
  }, {
    name: 'stuck, though a run was cut off',
    find: 'mask |= target === CUT_OFF ? EVERYONE : masks[target]! | (1 << '
      + 'threadOf(graph.move[e]!));',
    replace: 'mask |= target === CUT_OFF ? 0 : masks[target]! | (1 << threadOf(graph.move[e]!));',
    kills: ['plain r20', 'plain r1'],
  }, {
    name: 'what a loop leads to is not carried round',
    find: '      masks[state] = mask;\n      changed = true;',
    replace: '      masks[state] = mask;',
    kills: ['plain r30', 'plain r59'],
  }, {
    name: 'a background thread must not be stuck',
    find: '(mask, thread, t) => (thread.background ? mask : mask | (1 << t)), 0);',
    replace: '(mask, _, t) => mask | (1 << t), 0);',
    kills: ['plain tests/semantics/background.mmlock:hoarding'],
  }, {
    name: 'a circle is told again by whoever closes it',
    find: '  if (found.cycle) {',
    replace: '  if (false) {',
    kills: ['plain tests/semantics/background.mmlock:background_circle', 'plain made:circle-3'],
  }, {
    name: 'the first of the shortest runs is told',
    find: 'if (known.length === length && isAlike && known.ends.length < MAX_CANDIDATES) {',
    replace: 'if (false) {',
    kills: ['plain l44', 'plain examples/munmap/total_vm.mmlock:lost_update'],
  }, {
    name: 'switches cost nothing',
    find: '(last === thread || at.state === 0 ? 0 : 1);',
    replace: '0;',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'the last switch costs nothing',
    find: 'return cost + (goesOn ? 0 : 1);',
    replace: 'return cost;',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'a longer run is taken for a shortest',
    find: 'const known = keys.map((key) => ledger.byKey.get(key)).find((entry) => entry !== '
      + 'undefined);',
    replace: 'const known = keys.map((key) => ledger.byKey.get(key)).find((entry) => '
      + 'entry?.length === length);',
    kills: ['plain r3', 'plain r1'],
  }, {
    name: 'a step that comes back to a place goes round for ever',
    find: 'watch.pc === pc && same(watch.frame, m.frame)) return true;',
    replace: 'watch.pc === pc) return true;',
    kills: ['plain made:long-step'],
  }, {
    name: 'what is not held is not noted',
    find: 'held === null ? UNHELD :',
    replace: 'held === null ? 0 :',
    kills: [
      'plain tests/semantics/more_races.mmlock:lock_index_is_read',
      'plain tests/semantics/more_races.mmlock:settled_when_reached',
    ],
  }, {
    name: 'nobody is beside a thread that is done',
    find: 'if (at(pcs.length)) there.push(-1);',
    replace: '',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }],
};
