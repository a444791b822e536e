// Mutants of the lean search, which keeps no graph.
import type { MutantList } from './mutant.ts';

export const LEAN: MutantList = {
  title: 'lean',
  modes: ['lean', 'lean-late', 'reduced'],
  mutants: [{
    name: 'a step that leads back is no transition',
    find: '  code.if(count, () => {',
    replace: '  code.if(() => {}, () => {',
    kills: ['lean made:spinning'],
  }, {
    name: 'ends without successors are not told',
    find: 'code.get(l.moved).op(OP.i32Eqz).if(tell);',
    replace: '',
    kills: ['lean r54', 'lean l15'],
  }, {
    name: 'new states are not judged',
    find: 'code.if(() => attend(code, number));',
    replace: 'code.op(OP.drop);',
    kills: ['lean l16', 'lean l7'],
  }, {
    name: 'a run that turns is taken to end',
    find: 'if (counting.size === 0) return true;',
    replace: 'if (counting.size === 0) continue;',
    kills: ['lean r12', 'lean r41'],
  }, {
    name: 'eventually is judged without the graph',
    find: '=> s.properties.eventuallys.length === 0;',
    replace: '=> s.properties.eventuallys.length >= 0;',
    kills: ['lean r15', 'lean made:hoping'],
  }, {
    name: 'stuck before the graph was dropped',
    find: '  if (!s.graph.lean) attendEnds(s);\n  dropGraph(s);',
    replace: '  dropGraph(s);',
    kills: ['lean-late made:early'],
  }, {
    name: 'where it was stuck first is not looked for',
    find: 'if (s.ledger.entries.length > before) s.someStuck = true;',
    replace: '',
    kills: ['lean l15', 'lean r54'],
  }, {
    name: 'what was seen before is not kept',
    find: '  if (s.instance !== null) collectSightings(s, s.instance.loaded);\n  queueView',
    replace: '  queueView',
    kills: ['lean-late made:spinning', 'lean-late r16'],
  }],
};
