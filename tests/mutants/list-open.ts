// Mutants that nothing notices yet: each is a case to be found, or to be shown the same.
import type { MutantList } from './mutant.ts';

export const OPEN: MutantList = {
  title: 'open',
  modes: ['reduced', 'alone', 'ample', 'chains', 'lean', 'lean-late', 'ref-all', 'ref-ample', 'ref-chains'],
  mutants: [{
    name: 'a step that ends the run stands for all (reference)',
    find: 'if (taken.some(({ outcome }) => outcome !== \'step\' && outcome !== \'granted\')) '
      + 'continue;',
    replace: 'if (taken.some(({ outcome }) => outcome === \'blocked\')) continue;',
    kills: [],
  }, {
    name: 'doubling: what wraps round is dropped',
    find: '      code.get(l.late).get(l.x).memory(OP.i64Store);\n'
      + '      code.get(l.late).i32(8).op(OP.i32Add).set(l.late).br(placed);',
    replace: '      code.br(placed);',
    kills: [],
    small: true,
  }, {
    name: 'a downgrade touches nothing',
    find: 'case \'downgrade\': return RELEASE_WRITE;',
    replace: 'case \'downgrade\': return 0;',
    kills: [],
  }, {
    name: 'a grace period ends beside a reader of the object',
    find: '[ALIVE, FREE | EXPIRE],',
    replace: '[ALIVE, FREE],',
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
    name: 'a step that ends the run stands for all',
    find: 'code.get(l.answer).getGlobal(GLOBALS.cutSeen).op(OP.i32Or).op(OP.i32Eqz).if(() => {',
    replace: 'code.get(l.answer).op(OP.i32Eqz).if(() => {',
    kills: [],
  }, {
    name: 'a step that may have to wait stands for all',
    find: 'if (row === null || ample.effects[t]![rest]!.mayBlock) return;',
    replace: 'if (row === null) return;',
    kills: [],
  }, {
    name: 'a stuck thread is looked for under its old name (reference)',
    find: 'if ((mask & (1 << t)) !== 0) result |= 1 << source;',
    replace: 'if ((mask & (1 << t)) !== 0) result |= 1 << t;',
    kills: [],
  }, {
    name: 'states passed through are not judged',
    find: '      code.i32(0).call(calls.judge).op(OP.i32Eqz).if(() => {',
    replace: '      code.i32(0).call(calls.judge).op(OP.drop).i32(1).if(() => {',
    kills: [],
  }, {
    name: 'runs are not looked for',
    find: 'return owed.length === 0 || isOver(plain) || plain.table.count >= TRACE_STATES;',
    replace: 'return true;',
    kills: [],
  }],
};
