// Mutants of the thin search, which keeps its states and counts its transitions.
import type { MutantList } from './mutant.ts';

export const THIN: MutantList = {
  title: 'thin',
  modes: ['thin', 'thin-late', 'thin-lean'],
  mutants: [{
    name: 'a step is taken for the one before it',
    find: 'always), rowOf(layout, t, rest) / SET_BYTES)',
    replace: 'always), rowOf(layout, t, rest + 1) / SET_BYTES)',
    kills: ['thin r2'],
  }, {
    name: 'the next thread is taken for the one that sleeps',
    find: 'rowsAt + SET_BYTES * self);',
    replace: 'rowsAt + SET_BYTES * (self + 1));',
    kills: ['thin r2', 'thin r16'],
  }, {
    name: 'a thread sleeps wherever it stands',
    find: '  code.get(rest).op(OP.i64ExtendI32U).op(OP.i64ShrU).op(OP.i32WrapI64)',
    replace: '  code.i64(0).op(OP.i64Ne)',
    kills: ['thin r2', 'thin-lean r2'],
  }, {
    name: 'who has led to a state has led to all that follow',
    find: '  code.memory(OP.i32Load).setGlobal(GLOBALS.creator);',
    replace: '  code.memory(OP.i32Load).getGlobal(GLOBALS.creator).op(OP.i32Or)'
      + '.setGlobal(GLOBALS.creator);',
    kills: ['thin r2', 'thin-late r2'],
  }, {
    name: 'what was there before is taken for rows',
    find: '  instance.views.first.fill(0); // no state has a row yet',
    replace: '',
    kills: ['test thin: what was in memory before means nothing'],
  }, {
    name: 'and where memory has grown',
    find: '  if (isThin) bytes.fill(0, to.first + 4 * used.states, to.eventual); // no rows',
    replace: '',
    small: true,
    kills: ['thin r17', 'thin r69', 'thin-lean r100'],
  }, {
    name: 'what is left out is no transition',
    find: '  code.get(answer).i32(SKIPPED_SHIFT).op(OP.i32ShrU).getGlobal(GLOBALS.edges)',
    replace: '  code.i32(0).getGlobal(GLOBALS.edges)',
    kills: ['thin r21', 'thin-lean r2'],
  }, {
    name: 'ends without successors are not told',
    find: '.if(() => attend(code, l.q));\n  });\n  code.get(l.q).i32(1)',
    replace: '.op(OP.drop);\n  });\n  code.get(l.q).i32(1)',
    kills: ['thin r54', 'thin r64'],
  }, {
    name: 'ends before the transitions were dropped are not told',
    find: '  attendEnds(s);\n  const { program, machine: { layout } } = s.engine;',
    replace: '  const { program, machine: { layout } } = s.engine;',
    kills: ['thin-late made:early', 'thin-lean made:early'],
  }, {
    name: 'eventually is judged without transitions',
    find: 's.ledger.entries.length === 0 && canBeLean(s)',
    replace: 's.ledger.entries.length === 0',
    kills: ['thin r8', 'thin r15'],
  }, {
    name: 'who waits is not asked for',
    find: '\n    && askedThreads(s.engine.program).length === 0;',
    replace: ';',
    kills: ['thin r100', 'thin-late r100'],
  }, {
    name: 'a state without a value for a property is taken to be expanded',
    find: 's.sleep && !mayStayUnexpanded(program)',
    replace: 's.sleep',
    kills: ['thin made:too-far'],
  }],
};
