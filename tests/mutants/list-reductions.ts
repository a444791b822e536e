// Mutants of reductions: dependence, proviso, visibility, dead locals, symmetry, chains.
import type { MutantList } from './mutant.ts';

export const REDUCTIONS: MutantList = {
  title: 'reductions',
  modes: [
    'reduced', 'alone', 'ample', 'chains', 'dead', 'symmetry', 'ref-all', 'ref-ample', 'ref-chains',
    'ref-dead', 'ref-symmetry',
  ],
  mutants: [{
    name: 'reading does not conflict with writing',
    find: '[ACQUIRE_READ | TRY_READ, WRITES | ASK_READ],',
    replace: '[ACQUIRE_READ | TRY_READ, ASK_READ],',
    kills: ['ref-all r19', 'ref-all l32'],
  }, {
    name: 'writing does not conflict with writing',
    find: '[ACQUIRE_WRITE | TRY_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[ACQUIRE_WRITE | TRY_WRITE, READS | ASK_READ | ASK_WRITE],',
    kills: ['ref-all made:circle-3', 'ref-all r3'],
  }, {
    name: 'writing does not conflict with reading',
    find: '[ACQUIRE_WRITE | TRY_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[ACQUIRE_WRITE | TRY_WRITE, WRITES | ASK_READ | ASK_WRITE],',
    kills: ['ref-all r41', 'ref-all l15'],
  }, {
    name: 'nobody minds being asked about readers',
    find: '  [ASK_READ, READS | WRITES],\n',
    replace: '',
    kills: ['test conditions: whether somebody holds a lock'],
  }, {
    name: 'nobody minds being asked about writers',
    find: '  [ASK_WRITE, WRITES],\n',
    replace: '',
    kills: ['test conditions: whether somebody holds a lock'],
  }, {
    name: 'a release conflicts with nothing',
    find: '[RELEASE_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[RELEASE_WRITE, 0],',
    kills: ['test conditions: a lock that is held bars those who want it, not th'],
  }, {
    name: 'a release of a reader conflicts with nothing',
    find: '[RELEASE_READ, WRITES | ASK_READ],',
    replace: '[RELEASE_READ, 0],',
    kills: ['test conditions: whether somebody holds a lock'],
  }, {
    name: 'an object is freed beside its reader',
    find: '[ALIVE, FREE | EXPIRE],',
    replace: '[ALIVE, EXPIRE],',
    kills: ['ref-all r54'],
  }, {
    name: 'freeing does not mind who reads',
    find: '[FREE, ALIVE | REUSE | FREE | EXPIRE],',
    replace: '[FREE, REUSE | FREE | EXPIRE],',
    kills: ['ref-all r54'],
  }, {
    name: 'frees do not conflict',
    find: '[FREE, ALIVE | REUSE | FREE | EXPIRE],',
    replace: '[FREE, ALIVE | REUSE | EXPIRE],',
    kills: ['test conditions: an object is freed while another thread uses it'],
  }, {
    name: 'allocations do not conflict',
    find: '  [ALLOCATE, ALLOCATE],\n',
    replace: '',
    kills: ['test conditions: which object is had depends on who comes first'],
  }, {
    name: 'readers and grace periods do not conflict',
    find: 'if ((a.entersRcu && b.asksRcu) || (a.asksRcu && b.entersRcu)) return true;',
    replace: '',
    kills: ['ref-all r37'],
  }, {
    name: 'a read does not conflict with a later write',
    find: 'if ((a.reads[i]! & b.writes[i]!) !== 0) return true;',
    replace: '',
    kills: ['ref-all r10', 'ref-all r18'],
  }, {
    name: 'a write does not conflict with a later read',
    find: 'if ((a.writes[i]! & (b.reads[i]! | b.writes[i]!)) !== 0) return true;',
    replace: 'if ((a.writes[i]! & b.writes[i]!) !== 0) return true;',
    kills: ['ref-all r18', 'ref-all r25'],
  }, {
    name: 'a question about the other thread is no conflict',
    find: '    || a.questions.some((question) => changes(other, question))\n',
    replace: '',
    kills: ['ref-all l118', 'ref-all l65'],
  }, {
    name: 'a question of the other thread is no conflict',
    find: '    || b.questions.some((question) => changes(first, question));',
    replace: ';',
    kills: ['test conditions: whether a thread is done, where it is, what its ou'],
  }, {
    name: 'which lock it is may change',
    find: 'return (all & ~ACQUIRES) | UNSETTLED;',
    replace: 'return all & ~ACQUIRES;',
    kills: ['test conditions: which lock is waited for, where shared state says '],
  }, {
    name: 'who stands in a queue does not matter',
    find: 'if (!isRelease || queueMatters) return all;',
    replace: 'if (!isRelease) return all;',
    kills: ['test conditions: who stands in a queue, where the lock is tried'],
  }, {
    name: 'all locks are known beforehand',
    find: 'return isSettled(instr) ? how : how | UNSETTLED;',
    replace: 'return how;',
    kills: ['test conditions: which lock is waited for, where shared state says '],
  }, {
    name: 'a reader bars readers',
    find: 'return held === \'write\' || (held === \'read\' && mode === \'write\');',
    replace: 'return held !== undefined;',
    kills: ['ref-all l47', 'ref-all l37'],
  }, {
    name: 'what may be held must be',
    find: 'if (bits === 0 || (bits & NOT_HELD) !== 0) continue;',
    replace: 'if (bits === 0) continue;',
    kills: ['ref-all r40', 'ref-all r19'],
  }, {
    name: 'no cycle proviso',
    find: 'if (cycle === null) return sticky;',
    replace: 'return sticky;',
    kills: ['ref-ample r20'],
  }, {
    name: 'visible steps are taken for invisible',
    find: '(invisible[rest] === true ? rowOf(',
    replace: '(rest >= 0 ? rowOf(',
    kills: ['ref-all made:grid-32', 'ref-all made:grid-40'],
  }, {
    name: 'properties do not see where threads are',
    find: '    || by.questions.some((question) => changes(actor, question));',
    replace: ';',
    kills: ['ref-all made:grid-40', 'ref-all made:grid-32'],
  }, {
    name: 'properties do not see locks',
    find: '    || effects.locks.some((ops, lock) => isAsked(ops, by.locks[lock]!))\n',
    replace: '',
    kills: ['ref-all l45', 'ref-all r63'],
  }, {
    name: 'finals beside background threads',
    find: 'if (!program.threads[thread]!.background) return watched.hasFinals && step.ends;',
    replace: 'if (!program.threads[thread]!.background) return false;',
    kills: ['test conditions: a final that breaks off ends the run, so the last '],
  }, {
    name: 'outcomes of background threads',
    find: 'return step.setsOutcome || isSeen(actor, watched.atEnd);',
    replace: 'return isSeen(actor, watched.atEnd);',
    kills: ['test conditions: what is looked at when all but background threads '],
  }, {
    name: 'finals over what background threads do',
    find: 'return step.setsOutcome || isSeen(actor, watched.atEnd);',
    replace: 'return step.setsOutcome;',
    kills: ['test conditions: what is looked at when all but background threads '],
  }, {
    name: 'only the next steps of others count',
    find: 'for (const from of before[at]!) if (stops[from] !== true) mark(from);',
    replace: '',
    kills: ['ref-all r19', 'ref-all r18'],
  }, {
    name: 'a free touches nothing',
    find: '      if (!view.owns(instr.value)) into.pools[instr.pool]! |= FREE;\n',
    replace: '',
    kills: ['ref-all r54'],
  }, {
    name: 'free_rcu does not ask who reads',
    find: '      into.asksRcu ||= instr.deferred;\n',
    replace: '',
    kills: ['ref-all r37'],
  }, {
    name: 'no grace period ends with an rcu_read_unlock',
    find: 'for (const pool of deferredPools(program)) into.pools[pool]! |= EXPIRE;',
    replace: '',
    kills: ['test conditions: a grace period depends on who is inside'],
  }, {
    name: 'a step over an awaited condition reads nothing',
    find: '    case \'branch\': case \'await\': case \'assert\': return addExpr(view, into, '
      + 'instr.cond);\n',
    replace: '    case \'branch\': case \'await\': case \'assert\': return;\n',
    kills: ['ref-all r10', 'ref-all r65'],
  }, {
    name: 'a local read by a branch is dead',
    find: '    case \'branch\': case \'await\': case \'assert\': return [instr.cond];\n',
    replace: '    case \'branch\': case \'await\': case \'assert\': return [];\n',
    kills: ['ref-all l21', 'ref-all l13'],
  }, {
    name: 'what is read is dead',
    find: '    for (const i of uses[pc]!.read) add(i);\n',
    replace: '',
    kills: ['ref-all r18', 'ref-all r7'],
  }, {
    name: 'only the next instruction keeps a local alive',
    find: 'if (bit === 1 && i !== uses[pc]!.written) add(i);',
    replace: '',
    kills: ['ref-all r59', 'ref-all r54'],
  }, {
    name: 'locals that properties look at are the thread\'s own',
    find: '!== 0) claim(cell, null);',
    replace: '!== 0) return;',
    kills: ['test static: what a property or another thread looks at is not '],
  }, {
    name: 'threads with different parameters are alike',
    find: '`${i}: ${lo}..${hi} = ${init}`',
    replace: '`${i}: ${lo}..${hi}`',
    kills: ['ref-all made:parameters'],
  }, {
    name: 'properties that tell threads apart',
    find: 'if (propertiesText(program, swap) !== propertiesText(program, same)) return false;',
    replace: '',
    kills: ['ref-all l35', 'ref-all l101'],
  }, {
    name: 'threads that others ask about are alike',
    find: 'return codeText(program, t, swap) === codeText(program, swap.threads.get(t) ?? t, '
      + 'same);',
    replace: 'return true;',
    kills: ['ref-all l21', 'ref-all l63'],
  }, {
    name: 'outcomes are not closed under exchange',
    find: '      all.add(JSON.stringify(swapped));\n',
    replace: '',
    kills: ['ref-all made:parameters'],
  }, {
    name: 'what one of like threads has seen the others have not',
    find: 'for (const i of at) bytes[i] = all;',
    replace: '',
    kills: ['reduced made:parameters', 'reduced l58'],
  }, {
    name: 'sorted threads leave their locals behind',
    find: 'pc, rcu, begun, outcome, ...locals[i]!,',
    replace: 'pc, rcu, begun, outcome,',
    kills: ['ref-symmetry r35'],
  }, {
    name: 'sorted threads leave their places in queues behind',
    find: '[writer[t]!, readers[t]!, wait[t]!]',
    replace: '[writer[t]!, readers[t]!]',
    kills: ['ref-symmetry r7', 'ref-all r93'],
  }, {
    name: 'sorted threads leave their grace periods behind',
    find: '      ...layout.objects.flat().map((slots) => slots.grace[t]!),\n',
    replace: '',
    kills: ['test static: grace periods know like threads by what they are, '],
  }, {
    name: 'sorting loses a thread',
    find: '      code.get(b).get(a);\n',
    replace: '      code.get(b).get(b);\n',
    kills: ['reduced made:parameters-4', 'symmetry made:parameters-4'],
  }, {
    name: 'a full stack takes one more',
    find: '.i32(STACK.end - 8 * nWords)',
    replace: '.i32(STACK.end)',
    kills: ['reduced made:choosing'],
    small: true,
  }, {
    name: 'a step that ends the run stands for all (reference)',
    find: 'if (taken.some(({ outcome }) => outcome !== \'step\' && outcome !== \'granted\')) '
      + 'continue;',
    replace: 'if (taken.some(({ outcome }) => outcome === \'blocked\')) continue;',
    kills: ['ref-ample r1', 'test conditions: a step that ends the run does not stand'],
  }, {
    name: 'a downgrade touches nothing',
    find: 'case \'downgrade\': return RELEASE_WRITE;',
    replace: 'case \'downgrade\': return 0;',
    kills: ['test conditions: a downgrade, seen by one who asks'],
  }, {
    name: 'a grace period ends beside a reader of the object',
    find: '[ALIVE, FREE | EXPIRE],',
    replace: '[ALIVE, FREE],',
    kills: ['test conditions: a grace period depends on who is inside'],
  }, {
    name: 'a new object overwrites nothing',
    find: '    for (let i = 0; i < count; i++) addCell(into.writes, base + i);\n',
    replace: '',
    kills: ['test conditions: a new object overwrites what a stale'],
  }, {
    name: 'a guard looks at nothing',
    find: '  if (guard !== null) readGuard(program, into, guard);\n',
    replace: '',
    kills: ['test conditions: a guard, whose lock is named by shared'],
  }, {
    name: 'a step that ends the run stands for all',
    find: 'code.get(l.answer).getGlobal(GLOBALS.stopSeen).op(OP.i32Or).op(OP.i32Eqz).if(() => {',
    replace: 'code.get(l.answer).op(OP.i32Eqz).if(() => {',
    kills: ['alone r39', 'ample r39'],
  }, {
    name: 'a stuck thread is looked for under its old name (reference)',
    find: 'if ((mask & (1 << t)) !== 0) result |= 1 << source;',
    replace: 'if ((mask & (1 << t)) !== 0) result |= 1 << t;',
    kills: ['ref-symmetry made:roles'],
  }, {
    name: 'states passed through are not judged',
    find: '      code.i32(0).call(calls.judge).op(OP.i32Eqz).if(() => {',
    replace: '      code.i32(0).call(calls.judge).op(OP.drop).i32(1).if(() => {',
    kills: ['alone made:broken-final'],
  }, {
    name: 'runs are not looked for',
    find: 'return owed.length === 0 || isOver(plain) || plain.table.count >= most;',
    replace: 'return true;',
    kills: ['reduced r39'],
  }],
};
