// No mutants: what takes more time or more states and must change no verdict.
import type { MutantList } from './mutant.ts';

export const CONTROLS: MutantList = {
  title: 'controls',
  modes: [],
  mutants: [{
    name: 'table: the hash leaves out a word',
    find: 'for (let i = 0; i < width; i++) {\n    hash',
    replace: 'for (let i = 1; i < width; i++) {\n    hash',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }, {
    name: 'code: the hash leaves out a word',
    find: '    code.get(word);\n    if (i > 0) code.get(h)',
    replace: '    code.get(words[0]!);\n    if (i > 0) code.get(h)',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }, {
    name: 'who leaves a queue moves up first',
    find: 'if (placeOf(m, lock, u) > own) m.frame',
    replace: 'if (placeOf(m, lock, u) >= own) m.frame',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }, {
    name: 'lean: every state is looked at for stuck threads',
    find: '  code.i32(1).set(choice);\n',
    replace: '',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'reduced r17', 'reduced l9',
    ],
  }, {
    name: 'locks that must be held bar nobody: more states, no other verdict',
    find: 'const held = must.get(lock);',
    replace: 'const held: Mode | undefined = undefined;',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }, {
    name: 'a step that enters a loop never stands for all',
    find: 'sticky.add(cycle.reduce((most, rest) => (barsAt(rest) > barsAt(most) ? rest : most)));',
    replace: 'for (const rest of cycle) sticky.add(rest);',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }, {
    name: 'all locals are looked at again',
    find: 'const own = localsOf(program);\n  return { dead',
    replace: 'const own: CellIdx[][] = program.threads.map(() => []);\n  return { dead',
    kills: [
      'plain made:grid-76', 'code made:choosing', 'lean made:grid-40', 'plain r3', 'code r8',
      'reduced l4', 'reduced l11', 'ref-all l7', 'ref-all r12', 'dead r17', 'symmetry l9',
    ],
  }],
};
