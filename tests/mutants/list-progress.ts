// Mutants of the sweeps that find out, without a graph, which threads can go on.
import type { MutantList } from './mutant.ts';

export const PROGRESS: MutantList = {
  title: 'progress',
  modes: ['lean', 'reduced', 'alone'],
  mutants: [{
    name: 'nobody is stuck',
    find: '    tellStuckIn(s, stuck);\n    s.someStuck = true;',
    replace: '',
    kills: ['lean t19', 'alone t19'],
  }, {
    name: 'what a place implies is not put back',
    find: 'addImplied(plan, { code, word: words[0]!, scratch: value });',
    replace: '',
    kills: ['lean r1', 'reduced r1'],
  }, {
    name: 'one sweep is enough',
    find: '    if (changed.value === 0) return true;',
    replace: '    return true;',
    kills: ['alone l108', 'alone t87'],
  }, {
    name: 'none is needed after the walks',
    find: '      sweeps.walked = end;\n',
    replace: '      sweeps.walked = end;\n      if (end === places) return true;\n',
    kills: ['alone t83'],
  }, {
    name: 'who is done must move',
    find: '  doneBits(s);\n',
    replace: '',
    kills: ['alone t7'],
  }, {
    name: 'a run cut off frees nobody',
    find: 'code.getGlobal(GLOBALS.cutSeen).if(() => code.i32(allOf(calls.asked)).set(mark));',
    replace: '',
    kills: ['alone r28'],
  }, {
    name: 'a step once cut off frees all from there on',
    find: '  code.i32(0).setGlobal(GLOBALS.cutSeen);\n  code.block(\'expanded\'',
    replace: '  code.block(\'expanded\'',
    kills: ['test progress: a run that was cut off before frees'],
  }, {
    name: 'a state that cannot be judged frees nobody',
    find: 'if (place !== -1) setMark(sweeps, place, everyone);',
    replace: '',
    kills: ['test progress: what lies behind a state that cannot'],
  }, {
    name: 'what the interpreter finds is not added',
    find: '  if ((before | mark) === before) return;',
    replace: '  if ((before | mark) !== -1) return;',
    kills: ['test progress: the one choice in many'],
  }, {
    name: 'the interpreter asks one thread only',
    find: 'program.threads.forEach((_, t) => { mark |= stepsOf(s, sweeps, { base, t }); });',
    replace: 'mark |= stepsOf(s, sweeps, { base, t: 0 });',
    kills: ['alone t83'],
  }, {
    name: 'the interpreter makes no choice but the first',
    find: '    if (!nextChoice(m)) break;\n  }\n  m.choices.length = 0;',
    replace: '    break;\n  }\n  m.choices.length = 0;',
    kills: ['test progress: the one choice in many'],
  }, {
    name: 'a walk knows all from its first step on',
    find: '  code.i32(0).set(all);\n  code.loop(\'state\'',
    replace: '  code.loop(\'state\'',
    kills: ['lean t19'],
  }, {
    name: 'successors say nothing',
    find: '      code.get(mark).op(OP.i32Or).tee(mark).i32(allOf(calls.asked)).op(OP.i32Eq)'
      + '.brIf(known);',
    replace: '      code.op(OP.drop);',
    kills: ['alone t83'],
  }, {
    name: 'only the first passed through is followed',
    find: '        code.br(state);\n      });\n    });\n  });\n  clear(code);',
    replace: '      });\n    });\n  });\n  clear(code);',
    kills: ['alone t108'],
  }, {
    name: 'who moves is marked one bit off',
    find: '  code.get(answer).i32(MOVED).op(OP.i32Eq);',
    replace: '  code.get(answer).i32(MOVED).op(OP.i32Ne);',
    kills: ['alone t2'],
  }, {
    name: 'background threads must go on as well',
    find: '(!thread.background && mayWait(thread) ? [t] : [])',
    replace: '(mayWait(thread) ? [t] : [])',
    kills: ['test progress: a thread in the background'],
  }],
};
