// Mutants of reductions: dependence, proviso, visibility, dead locals, symmetry, chains.
import type { MutantList } from './mutant.ts';

export const REDUCTIONS: MutantList = {
  title: 'reductions',
  modes: [
    'reduced', 'ample', 'chains', 'dead', 'symmetry', 'ref-all', 'ref-ample', 'ref-chains',
    'ref-dead', 'ref-symmetry',
  ],
  mutants: [{
    name: 'reading does not conflict with writing',
    find: '[ACQUIRE_READ | TRY_READ, WRITES | ASK_READ],',
    replace: '[ACQUIRE_READ | TRY_READ, ASK_READ],',
    kills: [],
  }, {
    name: 'writing does not conflict with writing',
    find: '[ACQUIRE_WRITE | TRY_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[ACQUIRE_WRITE | TRY_WRITE, READS | ASK_READ | ASK_WRITE],',
    kills: [],
  }, {
    name: 'writing does not conflict with reading',
    find: '[ACQUIRE_WRITE | TRY_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[ACQUIRE_WRITE | TRY_WRITE, WRITES | ASK_READ | ASK_WRITE],',
    kills: [],
  }, {
    name: 'nobody minds being asked about readers',
    find: '  [ASK_READ, READS | WRITES],\n',
    replace: '',
    kills: [],
  }, {
    name: 'nobody minds being asked about writers',
    find: '  [ASK_WRITE, WRITES],\n',
    replace: '',
    kills: [],
  }, {
    name: 'a release conflicts with nothing',
    find: '[RELEASE_WRITE, READS | WRITES | ASK_READ | ASK_WRITE],',
    replace: '[RELEASE_WRITE, 0],',
    kills: [],
  }, {
    name: 'a release of a reader conflicts with nothing',
    find: '[RELEASE_READ, WRITES | ASK_READ],',
    replace: '[RELEASE_READ, 0],',
    kills: [],
  }, {
    name: 'a grace period ends beside a reader of the object',
    find: '[ALIVE, FREE | EXPIRE],',
    replace: '[ALIVE, FREE],',
    kills: [],
  }, {
    name: 'an object is freed beside its reader',
    find: '[ALIVE, FREE | EXPIRE],',
    replace: '[ALIVE, EXPIRE],',
    kills: [],
  }, {
    name: 'freeing does not mind who reads',
    find: '[FREE, ALIVE | ALLOCATE | FREE | EXPIRE],',
    replace: '[FREE, ALLOCATE | FREE | EXPIRE],',
    kills: [],
  }, {
    name: 'frees do not conflict',
    find: '[FREE, ALIVE | ALLOCATE | FREE | EXPIRE],',
    replace: '[FREE, ALIVE | ALLOCATE | EXPIRE],',
    kills: [],
  }, {
    name: 'allocations do not conflict',
    find: '[ALLOCATE, ALLOCATE | FREE | EXPIRE],',
    replace: '[ALLOCATE, FREE | EXPIRE],',
    kills: [],
  }, {
    name: 'readers and grace periods do not conflict',
    find: 'if ((a.entersRcu && b.asksRcu) || (a.asksRcu && b.entersRcu)) return true;',
    replace: '',
    kills: [],
  }, {
    name: 'a read does not conflict with a later write',
    find: 'if ((a.reads[i]! & b.writes[i]!) !== 0) return true;',
    replace: '',
    kills: [],
  }, {
    name: 'a write does not conflict with a later read',
    find: 'if ((a.writes[i]! & (b.reads[i]! | b.writes[i]!)) !== 0) return true;',
    replace: 'if ((a.writes[i]! & b.writes[i]!) !== 0) return true;',
    kills: [],
  }, {
    name: 'a question about the other thread is no conflict',
    find: '    || a.questions.some((question) => changes(other, question))\n',
    replace: '',
    kills: [],
  }, {
    name: 'a question of the other thread is no conflict',
    find: '    || b.questions.some((question) => changes(first, question));',
    replace: ';',
    kills: [],
  }, {
    name: 'which lock it is may change',
    find: 'return (all & ~ACQUIRES) | UNSETTLED;',
    replace: 'return all & ~ACQUIRES;',
    kills: [],
  }, {
    name: 'who stands in a queue does not matter',
    find: 'if (!isRelease || queueMatters) return all;',
    replace: 'if (!isRelease) return all;',
    kills: [],
  }, {
    name: 'all locks are known beforehand',
    find: 'return isSettled(instr) ? how : how | UNSETTLED;',
    replace: 'return how;',
    kills: [],
  }, {
    name: 'a reader bars readers',
    find: 'return held === \'write\' || (held === \'read\' && mode === \'write\');',
    replace: 'return held !== undefined;',
    kills: [],
  }, {
    name: 'what may be held must be',
    find: 'if (bits === 0 || (bits & NOT_HELD) !== 0) continue;',
    replace: 'if (bits === 0) continue;',
    kills: [],
  }, {
    name: 'no cycle proviso',
    find: 'if (cycle === null) return sticky;',
    replace: 'return sticky;',
    kills: [],
  }, {
    name: 'visible steps are taken for invisible',
    find: '(invisible[rest] === true && !sticky.has(rest) ?',
    replace: '(!sticky.has(rest) ?',
    kills: [],
  }, {
    name: 'properties do not see where threads are',
    find: '    || by.questions.some((question) => changes(actor, question));',
    replace: ';',
    kills: [],
  }, {
    name: 'properties do not see locks',
    find: '    || effects.locks.some((ops, lock) => isAsked(ops, by.locks[lock]!))\n',
    replace: '',
    kills: [],
  }, {
    name: 'finals beside background threads',
    find: 'if (!program.threads[thread]!.background) return watched.hasFinals && step.ends;',
    replace: 'if (!program.threads[thread]!.background) return false;',
    kills: [],
  }, {
    name: 'outcomes of background threads',
    find: 'return step.setsOutcome || isSeen(actor, watched.atEnd);',
    replace: 'return isSeen(actor, watched.atEnd);',
    kills: [],
  }, {
    name: 'finals over what background threads do',
    find: 'return step.setsOutcome || isSeen(actor, watched.atEnd);',
    replace: 'return step.setsOutcome;',
    kills: [],
  }, {
    name: 'only the next steps of others count',
    find: 'for (const from of before[at]!) if (stops[from] !== true) mark(from);',
    replace: '',
    kills: [],
  }, {
    name: 'a downgrade touches nothing',
    find: 'case \'downgrade\': return RELEASE_WRITE;',
    replace: 'case \'downgrade\': return 0;',
    kills: [],
  }, {
    name: 'a free touches nothing',
    find: '      into.pools[instr.pool]! |= FREE;\n',
    replace: '',
    kills: [],
  }, {
    name: 'free_rcu does not ask who reads',
    find: '      into.asksRcu ||= instr.deferred;\n',
    replace: '',
    kills: [],
  }, {
    name: 'no grace period ends with an rcu_read_unlock',
    find: 'for (const pool of deferredPools(program)) into.pools[pool]! |= EXPIRE;',
    replace: '',
    kills: [],
  }, {
    name: 'a step over an awaited condition reads nothing',
    find: '    case \'branch\': case \'await\': case \'assert\': return addExpr(program, into, '
      + 'instr.cond);\n',
    replace: '    case \'branch\': case \'await\': case \'assert\': return;\n',
    kills: [],
  }, {
    name: 'a new object overwrites nothing',
    find: '    for (let i = 0; i < count; i++) addCell(into.writes, base + i);\n',
    replace: '',
    kills: [],
  }, {
    name: 'a guard looks at nothing',
    find: '  if (guard !== null) readGuard(program, into, guard);\n',
    replace: '',
    kills: [],
  }, {
    name: 'a local read by a branch is dead',
    find: '    case \'branch\': case \'await\': case \'assert\': return [instr.cond];\n',
    replace: '    case \'branch\': case \'await\': case \'assert\': return [];\n',
    kills: [],
  }, {
    name: 'what is read is dead',
    find: '    for (const i of uses[pc]!.read) add(i);\n',
    replace: '',
    kills: [],
  }, {
    name: 'only the next instruction keeps a local alive',
    find: 'if (bit === 1 && i !== uses[pc]!.written) add(i);',
    replace: '',
    kills: [],
  }, {
    name: 'locals that properties look at are the thread\'s own',
    find: '!== 0) claim(cell, null);',
    replace: '!== 0) return;',
    kills: [],
  }, {
    name: 'threads with different parameters are alike',
    find: '`${i}: ${lo}..${hi} = ${init}`',
    replace: '`${i}: ${lo}..${hi}`',
    kills: [],
  }, {
    name: 'properties that tell threads apart',
    find: 'if (propertiesText(program, swap) !== propertiesText(program, same)) return false;',
    replace: '',
    kills: [],
  }, {
    name: 'threads that others ask about are alike',
    find: 'return codeText(program, t, swap) === codeText(program, swap.threads.get(t) ?? t, '
      + 'same);',
    replace: 'return true;',
    kills: [],
  }, {
    name: 'outcomes are not closed under exchange',
    find: '      all.add(JSON.stringify(swapped));\n',
    replace: '',
    kills: [],
  }, {
    name: 'what one of like threads has seen the others have not',
    find: 'for (const i of at) bytes[i] = all;',
    replace: '',
    kills: [],
  }, {
    name: 'sorted threads leave their locals behind',
    find: 'pc, rcu, begun, outcome, ...locals[i]!,',
    replace: 'pc, rcu, begun, outcome,',
    kills: [],
  }, {
    name: 'sorted threads leave their places in queues behind',
    find: '[writer[t]!, readers[t]!, wait[t]!]',
    replace: '[writer[t]!, readers[t]!]',
    kills: [],
  }, {
    name: 'sorted threads leave their grace periods behind',
    find: '      ...layout.objects.flat().map((slots) => slots.grace[t]!),\n',
    replace: '',
    kills: [],
  }, {
    name: 'sorting loses a thread',
    find: '      code.get(b).get(a);\n',
    replace: '      code.get(b).get(b);\n',
    kills: [],
  }, {
    name: 'a step that ends the run stands for all',
    find: 'code.get(l.answer).getGlobal(GLOBALS.cutSeen).op(OP.i32Or).op(OP.i32Eqz).if(() => {',
    replace: 'code.get(l.answer).op(OP.i32Eqz).if(() => {',
    kills: [],
  }, {
    name: 'a step that ends the run stands for all (reference)',
    find: 'if (taken.some(({ outcome }) => outcome !== \'step\' && outcome !== \'granted\')) '
      + 'continue;',
    replace: 'if (taken.some(({ outcome }) => outcome === \'blocked\')) continue;',
    kills: [],
  }, {
    name: 'a step that may have to wait stands for all',
    find: 'if (row === null || ample.effects[t]![rest]!.mayBlock) return;',
    replace: 'if (row === null) return;',
    kills: [],
  }, {
    name: 'states passed through are not judged',
    find: '      code.i32(0).call(calls.judge).op(OP.i32Eqz).if(() => {',
    replace: '      code.i32(0).call(calls.judge).op(OP.drop).i32(1).if(() => {',
    kills: [],
  }, {
    name: 'a stuck thread is looked for under its old name (reference)',
    find: 'if ((mask & (1 << t)) !== 0) result |= 1 << source;',
    replace: 'if ((mask & (1 << t)) !== 0) result |= 1 << t;',
    kills: [],
  }, {
    name: 'runs are not looked for',
    find: 'return owed.length === 0 || isOver(plain) || plain.table.count >= TRACE_STATES;',
    replace: 'return true;',
    kills: [],
  }, {
    name: 'a full stack takes one more',
    find: '.i32(STACK.end - 8 * nWords)',
    replace: '.i32(STACK.end)',
    kills: [],
    small: true,
  }],
};
