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
    find: ' || !isSame(m.found.slice(nFound), found)',
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
    find: '  enter(both);\n  if (told',
    replace: '  if (told',
    kills: ['test standing: what comes before the first step'],
  }, {
    name: 'a step is taken with its first choices only',
    find: '    takeStep(engine, thread);\n  } while (nextChoice(m));',
    replace: '    takeStep(engine, thread);\n  } while (m.chosen < 0);',
    kills: ['test standing: a choice other than the first'],
  }, {
    name: 'steps begin at the instruction that changed',
    find: '    if (leading.size === 0) return [];',
    replace: '    if (!changed.has(first)) return [];',
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
    name: 'declarations are not compared',
    find: ' || !isSame(restBefore, rest)) return null;',
    replace: ') return null;',
    kills: ['test standing: what is neither'],
  }, {
    name: 'nor what else a thread is',
    find: ' || !isSame(frameBefore, frame)) return null;',
    replace: ') return null;',
    kills: ['test standing: what is neither'],
  }, {
    name: 'limits are not compared',
    find: '      if (!isSame(entry.ended.limits, limits)) continue;\n',
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
  }, {
    name: 'a property is compared by its name',
    find: '    if (!isSame(exprBefore, expr)) changed.push(i);',
    replace: '',
    kills: ['test standing: what a property asks'],
  }, {
    name: 'and by its text, whatever its name',
    find: '    if (!isSame(frameBefore, frame)) return null;\n    if (!isSame(exprBefore',
    replace: '    if (!isSame(exprBefore',
    kills: ['test standing: what a property asks'],
  }, {
    name: 'what goes wrong in a property is not compared',
    find: 'return { value: valueOf(m, each), found: m.found };',
    replace: 'return { value: valueOf(m, each), found: [] };',
    kills: ['test standing: what goes wrong in asking'],
  }, {
    name: 'a final is asked everywhere: no wrong verdict, but few stand',
    find: "(program.properties[i]!.kind === 'final' ? ends : [])",
    replace: '(ends.slice(0, 0))',
    kills: ['test standing: what a property asks'],
  }, {
    name: 'locals decide nothing',
    find: 'local: (cell) => { this.#slots.add(cell); },',
    replace: '',
    kills: ['test looks: a local'],
  }, {
    name: 'shared values decide nothing',
    find: '      load: (access) => this.#access(access),\n',
    replace: '',
    kills: ['test looks: a shared value'],
  }, {
    name: 'of an array the first element only',
    find: 'const cells = ref === null && index === null ? 1 : count;',
    replace: 'const cells = 1;',
    kills: ['test looks: an element'],
  }, {
    name: 'objects live for ever',
    find: '    if (ref !== null) this.#objects(pool);\n',
    replace: '',
    kills: ['test looks: whether an object lives'],
  }, {
    name: 'a lock is held by the thread itself',
    find: 'held: (ref) => this.#lock(ref, null),',
    replace: '',
    kills: ['test looks: who holds a lock'],
  }, {
    name: 'or by nobody',
    find: 'lock: (ref) => this.#lock(ref, this.#self),',
    replace: '',
    kills: ['test looks: what `holds` asks'],
  }, {
    name: 'readers are not looked at',
    find: '[...writer, ...readers] : [writer[by]!, readers[by]!]',
    replace: '[...writer] : [writer[by]!, readers[by]!]',
    kills: ['test looks: who holds a lock'],
  }, {
    name: 'nor by guards',
    find: ': [writer[by]!, readers[by]!]',
    replace: ': [writer[by]!]',
    kills: ['test looks: what the thread holds'],
  }, {
    name: 'guards look at nothing',
    find: 'if (guard !== null) this.#guard(guard);',
    replace: ';',
    kills: ['test looks: what the thread holds'],
  }, {
    name: 'nor at RCU',
    find: '        this.#slots.add(this.#layout.threads[this.#self]!.rcu);\n',
    replace: '',
    kills: ['test looks: what the thread holds'],
  }, {
    name: 'where a thread is decides nothing',
    find: "about === 'outcome' ? outcome : pc",
    replace: 'outcome',
    kills: ['test looks: where a thread is'],
  }, {
    name: 'nor how it ended',
    find: "about === 'outcome' ? outcome : pc",
    replace: 'pc',
    kills: ['test looks: where a thread is'],
  }, {
    name: 'what comes before in the step decides nothing',
    find: '      if (next.some((to) => !code[to]!.rest && leading.has(to))) leading.add(pc);\n',
    replace: '',
    kills: ['test looks: what was done before'],
  }, {
    name: 'locks taken there decide nothing',
    find: '      default: // Locks,',
    replace: '      default: return true; // Locks,',
    kills: ['test looks: and locks'],
  }, {
    name: 'what is written over decides nothing',
    find: "      case 'store': return this.#place(target.access);",
    replace: "      case 'store': return true;",
    kills: ['test looks: what is written over'],
  }, {
    name: 'nor of locals',
    find: "      case 'local': this.#slots.add(target.cell); return true;",
    replace: "      case 'local': return true;",
    kills: ['test looks: what is written over'],
  }, {
    name: 'what is there decides nothing of a compare-and-exchange',
    find: '        return this.#place(instr.access);\n      default',
    replace: '        return true;\n      default',
    kills: ['test looks: what a compare-and-exchange'],
  }, {
    name: 'the earlier program alone says what decides',
    find: '  for (const program of programs) {\n    const looks = new Looks(program',
    replace: '  for (const program of programs.slice(0, 1)) {\n    const looks = new Looks(program',
    kills: ['test looks: a shared value'],
  }, {
    name: 'numbers that are not exact tell states apart',
    find: 'return all <= Number.MAX_SAFE_INTEGER ? digits : null;',
    replace: 'return all <= Infinity ? digits : null;',
    kills: ['test looks: more than fits'],
  }],
};
