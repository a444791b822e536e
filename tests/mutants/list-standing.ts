// Mutants of what decides that a verdict stands after an edit.
import type { MutantList } from './mutant.ts';

export const STANDING: MutantList = {
  title: 'standing',
  modes: [],
  mutants: [{
    name: 'values after an instruction are not compared',
    find: '!areLike(m.frame, first!) || ',
    replace: '',
    kills: ['test standing: a value that is written over'],
  }, {
    name: 'nor those in scratch registers',
    find: ' || !areLike(m.regs, firstRegs!)',
    replace: '',
    kills: ['test standing: a scratch register'],
  }, {
    name: 'nor where it leads',
    find: 'attempt(after, m) !== next || m.overflow',
    replace: '(attempt(after, m), false) || m.overflow',
    kills: ['test standing: a branch that goes the other way'],
  }, {
    name: 'nor what it has looked at',
    find: '\n      || !sameAccesses(log, count, accesses)',
    replace: '\n      || false',
    kills: ['test standing: what is looked at'],
  }, {
    name: 'nor what it has found',
    find: ' || !same(m.found.slice(nFound), found)',
    replace: '',
    kills: ['test standing: what a violation says'],
  }, {
    name: 'accesses are told apart by their cells alone',
    find: '\n      && log.site[at] === to.site[i]',
    replace: '\n      && true',
    kills: ['test standing: where it is looked at'],
  }, {
    name: 'the later instruction goes on from where the earlier has led',
    find: '    m.frame.set(start!);\n    m.regs.set(startRegs!);\n    log.count = count;',
    replace: '    m.regs.set(startRegs!);\n    log.count = count;',
    kills: ['test standing: more steps'],
  }, {
    name: 'the way to the first state is not taken',
    find: '  enter(engine);\n  const base',
    replace: '  const base',
    kills: ['test standing: what comes before the first step'],
  }, {
    name: 'a step is taken with its first choices only',
    find: '    takeStep(engine, thread);\n  } while (nextChoice(m));',
    replace: '    takeStep(engine, thread);\n  } while (m.chosen < 0);',
    kills: ['test standing: a choice other than the first'],
  }, {
    name: 'steps begin at the instruction that changed',
    find: '(stepFlow(code, first).order.some((pc) => pcs.has(pc)) ? 1 : 0)',
    replace: '(pcs.has(first) ? 1 : 0)',
    kills: ['test standing: a step that goes on'],
  }, {
    name: 'a lock can be another one',
    find: "  set: ['target', 'value'], branch",
    replace: "  acquire: ['lock', 'mode'], try: ['mode'], set: ['target', 'value'], branch",
    kills: ['test standing: locks, and where'],
  }, {
    name: 'what an instruction is can be another thing',
    find: 'Object.fromEntries(Object.entries(instr).filter(([key]) => !computed.includes(key)))',
    replace: '({ op: instr.op })',
    kills: ['test standing: locks, and where'],
  }, {
    name: 'properties and values are not compared',
    find: ' || !same(restBefore, rest)) return null;',
    replace: ') return null;',
    kills: ['test standing: what is not an instruction'],
  }, {
    name: 'nor what else a thread is',
    find: ' || !same(frameBefore, frame)) return null;',
    replace: ') return null;',
    kills: ['test standing: what is not an instruction'],
  }, {
    name: 'limits are not compared',
    find: '  if (!same(ended.limits, limits)) return null;\n',
    replace: '',
    kills: ['test standing: under other limits'],
  }, {
    name: 'what was not finished is kept',
    find: 'const hasAll = complete && bound === null && reduction',
    replace: 'const hasAll = reduction',
    kills: ['test standing: a search that was not finished'],
  }, {
    name: 'as many steps as there are',
    find: '2048 + states / 16',
    replace: '2 ** 20 + states / 16',
    kills: ['test standing: more steps'],
  }],
};
