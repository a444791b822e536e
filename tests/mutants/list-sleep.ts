// Mutants of sleep sets: a thread sleeps where what its step leads to is found without it.
import type { MutantList } from './mutant.ts';

export const SLEEP: MutantList = {
  title: 'sleep sets',
  modes: ['lean', 'lean-late', 'shared'],
  mutants: [{
    name: 'a state without a value for a property is taken to be expanded',
    find: 'if (threads <= 0 || mayStayUnexpanded(program)) return null;',
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
    kills: ['lean i1', 'shared i1'],
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
  }, {
    name: 'a local that the step sets before it is used says which cell',
    find: 'before: inside.some((pc) => isSet(pc, (from) => behind(code, from).has(at))) ? null',
    replace: 'before: inside.some((pc) => isSet(pc, () => false)) ? null',
    kills: ['lean i30', 'test commuting: the step that was taken'],
  }, {
    name: 'a local that the step sets after it was used said which cell',
    find: 'inside.some((pc) => isSet(pc, (from) => from === at || later.has(from))) ? null',
    replace: 'inside.some((pc) => isSet(pc, () => false)) ? null',
    kills: ['test commuting: the step that was taken'],
  }, {
    name: 'a local that is set by what it is used for is as it was',
    find: 'from === at || later.has(from)',
    replace: 'later.has(from)',
    kills: ['test commuting: the step that was taken'],
  }, {
    name: 'an element may be read before or after it is written',
    find: '(!a.writes && !b.writes)',
    replace: '(!a.writes || !b.writes)',
    kills: ['test commuting: elements are told apart'],
  }, {
    name: 'equal constants are different elements',
    find: '      else if (a.behind.value === b.before.value) return null;\n',
    replace: '',
    kills: ['test commuting: elements are told apart'],
  }, {
    name: 'a constant is no local\'s value',
    find: "if (a.behind.kind === 'local' || b.before.kind === 'local') pairs",
    replace: "if (a.behind.kind === 'local' && b.before.kind === 'local') pairs",
    kills: ['test commuting: elements are told apart'],
  }, {
    name: 'a new object is not filled',
    find: 'places.filter((place) => !makes(program.places[place]!.pool))',
    replace: 'places',
    kills: ['test commuting: fields are told apart'],
  }, {
    name: 'what says which element is equal where it should not be',
    find: '      code.op(OP.i64Ne);\n      if (i > 0) code.op(OP.i32And);',
    replace: '      code.op(OP.i64Eq);\n      if (i > 0) code.op(OP.i32And);',
    kills: ['lean i1', 'lean i2'],
  }, {
    name: 'one of two pairs apart is enough',
    find: '      if (i > 0) code.op(OP.i32And);',
    replace: '      if (i > 0) code.op(OP.i32Or);',
    kills: ['lean i109', 'lean i110'],
  }, {
    name: 'steps with other items are alike',
    find: 'const key = `${keyOf(taken.t, taken.step)} ${itemsKey(taken.items)}`;',
    replace: 'const key = keyOf(taken.t, taken.step);',
    kills: ['lean i80'],
  }, {
    name: 'what is touched beside the items is no matter',
    find: 'return places.size > 0 && commute(beside(a), beside(b)) ? pairsApart',
    replace: 'return places.size > 0 ? pairsApart',
    kills: ['lean i10', 'lean i109'],
  }, {
    name: 'no invariant is judged behind the step of a thread that sleeps',
    find: 'const counts = judges || flow.cyclic ? null',
    replace: 'const counts = flow.cyclic ? null',
    kills: ['lean l35'],
  }, {
    name: 'who waits in an await has a successor',
    find: "case 'any': case 'acquire': case 'await': case",
    replace: "case 'any': case 'acquire': case",
    kills: ['test counts: what waits'],
  }, {
    name: 'a thread that joins a queue in its sleep closes no circle',
    find: "case 'any': case 'acquire': case 'await': case",
    replace: "case 'any': case 'await': case",
    kills: ['test counts: what waits'],
  }, {
    name: 'an any has one value',
    find: "case 'any': case 'acquire': case 'await': case",
    replace: "case 'acquire': case 'await': case",
    kills: ['test counts: what waits'],
  }, {
    name: 'a new typesafe object is always the same',
    find: "      return program.pools[instr.pool]!.typesafe ? 'unknown' : only",
    replace: '      return only',
    kills: ['test counts: what waits'],
  }, {
    name: 'where a run may end there are as many successors as behind',
    find: '(count === 1 ? 1 : null)',
    replace: 'count',
    kills: ['test counts: a choice has as many'],
  }, {
    name: 'a choose has one successor',
    find: 'const sum = counts.reduce<number>((all, count) => all + (count ?? COUNT_MAX), 0);',
    replace: 'const sum = counts.reduce<number>((_, count) => count ?? COUNT_MAX, 0);',
    kills: ['test counts: a choice has as many'],
  }, {
    name: 'what a sleeping thread\'s step comes to is counted with each way',
    find: 'return one === other ? only(one) : null;',
    replace: 'return one;',
    kills: ['test counts: where it depends'],
  }, {
    name: 'a step that chooses twice has the choices of one',
    find: "return count === 1 && !cyclic ? 'one' : 'many';",
    replace: "return !cyclic ? 'one' : 'many';",
    kills: ['lean i1', 'lean i102'],
  }],
};
