// Mutants of sleep sets: a thread sleeps where what its step leads to is found without it.
import type { MutantList } from './mutant.ts';

export const SLEEP: MutantList = {
  title: 'sleep sets',
  modes: ['lean', 'lean-late', 'shared'],
  mutants: [{
    name: 'a state without a value for a property is taken to be expanded',
    find: 'if (threads <= 0 || mayEnd) return null;',
    replace: 'if (threads <= 0) return null;',
    kills: ['lean r72', 'shared r72'],
  }, {
    name: 'an index just out of bounds is taken to be within',
    find: 'bounds.lo >= 0 && bounds.hi < count',
    replace: 'bounds.lo >= 0 && bounds.hi <= count',
    kills: ['lean made:too-far'],
  }, {
    name: 'steps that change what others look at commute',
    find: '!conflicts(a, b, queues) && ',
    replace: '',
    kills: ['lean r59', 'lean r54'],
  }, {
    name: 'who comes first to a queue makes no difference',
    find: ' && !meetAtQueue(a, b, hasWaiters);',
    replace: ';',
    kills: ['lean l102', 'shared l102'],
  }, {
    name: 'steps of threads that are asked about are alike',
    find: '  if (asks) return (t, { pc }) => `${t} ${pc}`;',
    replace: '',
    kills: ['lean l21'],
  }, {
    name: 'all steps commute where they do anywhere',
    find: '    code.op(OP.i64ShrU).i64(1).op(OP.i64And).i64(sleep.shift + t)',
    replace: '    code.op(OP.i64ShrU).op(OP.drop).i64(1).i64(sleep.shift + t)',
    kills: ['lean r2', 'shared r2'],
  }, {
    name: 'the successors of a thread that sleeps are no transitions',
    find: '  code.op(OP.i32Add).setGlobal(GLOBALS.edges);\n}',
    replace: '  code.op(OP.drop).op(OP.drop);\n}',
    kills: ['lean r1', 'shared r1'],
  }, {
    name: 'the next thread is taken for the one that sleeps',
    find: '.get(asleep).i64(t).op(OP.i64ShrU)',
    replace: '.get(asleep).i64(t + 1).op(OP.i64ShrU)',
    kills: ['lean r20', 'lean r74'],
  }, {
    name: 'whoever sleeps in a state sleeps in what follows',
    find: '  code.get(word).i64(ones(sleep.shift)).op(OP.i64And).set(word);',
    replace: '',
    kills: ['lean r2', 'lean-late r2'],
  }],
};
