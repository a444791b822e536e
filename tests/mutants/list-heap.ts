// Mutants of the exchange of objects: whose refs say nothing, who is reached, what is kept of those
// that are not, and the same in generated code.
import type { MutantList } from './mutant.ts';

export const HEAP: MutantList = {
  title: 'objects that change places',
  modes: ['objects', 'ref-objects', 'alone', 'ref-all'],
  mutants: [{
    name: 'refs may be compared by size',
    find: "return op === '==' || op === '!=' ? joinAll",
    replace: "return op !== '+' ? joinAll",
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'an object may be named by its number',
    find: "case 'const': return expr.value === 0 ? null : NUMBER;",
    replace: "case 'const': return null;",
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'an object may be named without a ref',
    find: 'ref === null ? NUMBER : kindOf(kinds, ref)',
    replace: 'ref === null ? null : kindOf(kinds, ref)',
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'a lock in an object may be named without a ref',
    find: 'const by = lock.ref === null ? NUMBER : kindOf',
    replace: 'const by = lock.ref === null ? null : kindOf',
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'an assertion may have a ref for a number',
    find: "case 'branch': case 'await': case 'assert': return isA(instr.cond, NUMBER);",
    replace: "case 'branch': case 'await': case 'assert': return isA(instr.cond, null);",
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'properties may have refs for numbers',
    find: '    join(kinds, kindOf(kinds, expr), NUMBER);\n  });',
    replace: '  });',
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'a field may begin with an object',
    find: 'if (init !== 0) join(kinds, placeKind(kinds, place), NUMBER);',
    replace: '',
    kills: ['test heap: a ref that is also a number'],
  }, {
    name: 'refs may be to objects of two pools',
    find: 'roots.indexOf(root) === pool && roots.lastIndexOf(root) === pool',
    replace: 'true',
    kills: ['test heap: two pools whose refs mix'],
  }, {
    name: 'fields need not be filled by new',
    find: '(place.count === count && fields.some((field) => field.place === index)\n      &&',
    replace: '(',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'what one object can hold another need not',
    find: '      && hasOneRange(program, place)));',
    replace: '));',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'a ref need not reach all objects',
    find: '(lo === 0 && hi === count && init',
    replace: '(lo === 0 && init',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'a ref may be to an object not yet there',
    find: 'init <= mostAtFirst(program, { pool, cell })',
    replace: 'init <= count',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'whose lock a thread holds is not told',
    find: '  if (isTaken) return false;\n',
    replace: '',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'locals are no roots',
    find: '(inside.has(cell) ? [] : refIn(cell))',
    replace: '(inside.has(cell) || cell > 12 ? [] : refIn(cell))',
    kills: ['ref-objects o7'],
  }, {
    name: 'objects behind others are not found',
    find: '  visitFields(heap, orders, visit);\n',
    replace: '',
    kills: ['ref-objects o19'],
  }, {
    name: 'fields are gone through once',
    find: '        found = true;\n',
    replace: '',
    kills: ['ref-all tests/semantics/exchanged_objects.mmlock:behind'],
  }, {
    name: 'refs in fields keep their numbers',
    find: '  for (const { refs } of heap.pools) refs.flat().forEach(rename);\n',
    replace: '',
    kills: ['ref-objects o19'],
  }, {
    name: 'roots keep their numbers',
    find: '  for (const root of heap.roots) rename(root);\n',
    replace: '',
    kills: ['ref-objects o7'],
  }, {
    name: 'grace periods stay where they were',
    find: '[status[i]!, ...grace[i]!, ...fields[i]!];',
    replace: '[status[i]!, ...fields[i]!];',
    kills: ['test heap: what an object waits for'],
  }, {
    name: 'an object that no ref names can be used again',
    find: '  if (typesafe) return;\n  frame[status[i]!] = FREED;',
    replace: '  frame[status[i]!] = FREED;',
    kills: ['ref-all o8'],
  }, {
    name: 'one object more is blank',
    find: 'for (let i = nNamed[p]!; i <',
    replace: 'for (let i = Math.max(0, nNamed[p]! - 1); i <',
    kills: ['ref-objects o6'],
  }, {
    name: 'code: objects behind others are not found',
    find: '  visitFields(h);\n',
    replace: '',
    kills: ['objects o19'],
  }, {
    name: 'code: fields are gone through once',
    find: "    code.brIf(again);\n  });\n}\n\nfunction visitIn",
    replace: "    code.op(OP.drop);\n  });\n}\n\nfunction visitIn",
    kills: ['alone tests/semantics/exchanged_objects.mmlock:behind'],
  }, {
    name: 'code: refs in fields keep their numbers',
    find: '  for (const { refs } of heap.pools) for (const ref of refs.flat()) rename(h, ref);\n',
    replace: '',
    kills: ['objects o19'],
  }, {
    name: 'code: roots keep their numbers',
    find: '  for (const root of heap.roots) rename(h, root);\n',
    replace: '',
    kills: ['objects o19'],
  }, {
    name: 'code: objects stay where they were',
    find: 'before.forEach((other, j) => {\n      if (j !== i) {',
    replace: 'before.forEach((other, j) => {\n      if (j > i) {',
    kills: ['alone o8'],
  }, {
    name: 'code: an object that no ref names can be used again',
    find: '        if (typesafe) return;\n        writeConstant(u, own, FREED);',
    replace: '        writeConstant(u, own, FREED);',
    kills: ['alone o8'],
  }, {
    name: 'code: one object more is blank',
    find: 'code.i64(i + 1).get(named).op(OP.i64GtU).i64(i + 1)',
    replace: 'code.i64(i + 2).get(named).op(OP.i64GtU).i64(i + 1)',
    kills: ['objects o6'],
  }, {
    name: 'code: null has no number',
    find: 'code.i64(15).set(renamed); // null',
    replace: 'code.i64(0).set(renamed); // null',
    kills: ['objects o1'],
  }, {
    name: 'code: what is in order is taken for moved too seldom',
    find: 'code.i64(SAME).op(OP.i64And).get(from).op(OP.i64Ne);',
    replace: 'code.i64(SAME).op(OP.i64And).get(from).op(OP.i64LtU);',
    kills: ['objects o19'],
  }],
};
