// Mutants about objects: whose refs say nothing, who is reached, what is kept of those that are
// not, the same in generated code; and which objects are a thread's own.
import type { MutantList } from './mutant.ts';

export const HEAP: MutantList = {
  title: 'objects that change places, and those of one thread',
  modes: ['objects', 'ref-objects', 'ref-ample', 'alone', 'ref-all', 'lean'],
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
    find: '(lo === 0 && hi === count)',
    replace: '(lo === 0)',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'a ref may be to an object not yet there',
    find: 'init <= mostAtFirst(program, pool, cell)',
    replace: 'init <= 9',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'whose lock a thread holds is not told',
    find: 'if (isTaken || !refs',
    replace: 'if (!refs',
    kills: ['test heap: objects are exchanged where'],
  }, {
    name: 'locals are no roots',
    find: '(inside.has(cell) ? [] : refIn(cell))',
    replace: '(inside.has(cell) || cell > 12 ? [] : refIn(cell))',
    kills: ['ref-objects o3'],
  }, {
    name: 'objects behind others are not found',
    find: '  visitFields(heap, orders, visit);\n',
    replace: '',
    kills: ['ref-objects o47'],
  }, {
    name: 'fields are gone through once',
    find: '        found = true;\n',
    replace: '',
    kills: ['ref-all tests/semantics/exchanged_objects.mmlock:behind'],
  }, {
    name: 'refs in fields keep their numbers',
    find: '  for (const { refs } of heap.pools) refs.flat().forEach(rename);\n',
    replace: '',
    kills: ['ref-objects o59'],
  }, {
    name: 'roots keep their numbers',
    find: '  for (const root of heap.roots) rename(root);\n',
    replace: '',
    kills: ['ref-objects o2'],
  }, {
    name: 'grace periods stay where they were',
    find: '[status[i]!, ...grace[i]!, ...fields[i]!];',
    replace: '[status[i]!, ...fields[i]!];',
    kills: ['test heap: what an object waits for'],
  }, {
    name: 'an object that no ref names can be used again',
    find: '  if (typesafe) return;\n  frame[status[i]!] = FREED;',
    replace: '  frame[status[i]!] = FREED;',
    kills: ['ref-objects o6'],
  }, {
    name: 'one object more is blank',
    find: 'for (let i = nNamed[p]!; i <',
    replace: 'for (let i = Math.max(0, nNamed[p]! - 1); i <',
    kills: ['ref-objects o3'],
  }, {
    name: 'code: objects behind others are not found',
    find: '  visitFields(h);\n',
    replace: '',
    kills: ['objects o47'],
  }, {
    name: 'code: fields are gone through once',
    find: "    code.brIf(again);\n  });\n}\n\nfunction visitIn",
    replace: "    code.op(OP.drop);\n  });\n}\n\nfunction visitIn",
    kills: ['alone tests/semantics/exchanged_objects.mmlock:behind'],
  }, {
    name: 'code: refs in fields keep their numbers',
    find: '  for (const { refs } of heap.pools) for (const ref of refs.flat()) rename(h, ref);\n',
    replace: '',
    kills: ['objects o59'],
  }, {
    name: 'code: roots keep their numbers',
    find: '  for (const root of heap.roots) rename(h, root);\n',
    replace: '',
    kills: ['objects o2'],
  }, {
    name: 'code: objects stay where they were',
    find: 'before.forEach((other, j) => {\n      if (j !== i) {',
    replace: 'before.forEach((other, j) => {\n      if (j > i) {',
    kills: ['alone o34'],
  }, {
    name: 'code: an object that no ref names can be used again',
    find: '        if (typesafe) return;\n        writeConstant(u, own, FREED);',
    replace: '        writeConstant(u, own, FREED);',
    kills: ['objects o6'],
  }, {
    name: 'code: one object more is blank',
    find: 'code.i64(i + 1).get(named).op(OP.i64GtU).i64(i + 1)',
    replace: 'code.i64(i + 2).get(named).op(OP.i64GtU).i64(i + 1)',
    kills: ['objects o3'],
  }, {
    name: 'code: null has no number',
    find: 'code.i64(15).set(renamed); // null',
    replace: 'code.i64(0).set(renamed); // null',
    kills: ['objects o1'],
  }, {
    name: 'code: what is in order is taken for moved too seldom',
    find: 'code.i64(SAME).op(OP.i64And).get(from).op(OP.i64Ne);',
    replace: 'code.i64(SAME).op(OP.i64And).get(from).op(OP.i64LtU);',
    kills: ['objects o8'],
  }, {
    name: 'an object stays owned when it is published',
    find: 'locals.has(target.cell)) letGo(value);\n      else into',
    replace: 'locals.has(target.cell)) return owned;\n      else into',
    kills: ['ref-ample o42'],
  }, {
    name: 'only the ref that is published is let go of',
    find: 'if ((by & other) !== 0n) owned.delete(cell);',
    replace: "if (expr.kind === 'local' && cell === expr.cell) owned.delete(cell);",
    kills: ['test fresh: a new object'],
  }, {
    name: 'an object stays owned when another one refers to it',
    find: "      for (const { value } of instr.inits) letGo(value);\n",
    replace: '',
    kills: ['test fresh: a new object'],
  }, {
    name: 'an object stays owned when it is exchanged for another',
    find: "case 'cmpxchg': letGo(instr.value); return owned;",
    replace: "case 'cmpxchg': return owned;",
    kills: ['test fresh: a new object'],
  }, {
    name: 'an object that waits for a grace period stays owned',
    find: "case 'free': letGo(instr.value); return owned;",
    replace: "case 'free': return owned;",
    kills: ['test fresh: what is found'],
  }, {
    name: 'what is owned on one way is owned',
    find: 'if (other !== undefined) both.set(cell, by | other);',
    replace: 'both.set(cell, by | (other ?? 0n));',
    kills: ['test fresh: where ways meet'],
  }, {
    name: 'a local owns whatever is put there',
    find: 'if (by === undefined) owned.delete(cell);',
    replace: 'if (by === undefined) return;',
    kills: ['ref-ample o9'],
  }, {
    name: 'a slot that is used again may be somebody else\'s as well',
    find: '!typesafe && refs.opaque[pool]! && beginsThere',
    replace: 'refs.opaque[pool]! && beginsThere',
    kills: ['test fresh: a slot that is used'],
  }, {
    name: 'a ref may be a number, and name what is not there',
    find: '!typesafe && refs.opaque[pool]! && beginsThere(program, refs, pool)',
    replace: '!typesafe && beginsThere(program, refs, pool)',
    kills: ['test fresh: a slot that is used'],
  }, {
    name: 'an object can be had again beside who frees it',
    find: '  [REUSE, FREE | EXPIRE],\n  [FREE, ALIVE | REUSE',
    replace: '  [FREE, ALIVE',
    kills: ['test conditions: which object is had depends'],
  }, {
    name: 'there is always another object',
    find: 'if (!scope.plenty[instr.pool]!) into',
    replace: 'if (false) into',
    kills: ['ref-ample o21'],
  }, {
    name: 'objects there from the start are not counted',
    find: 'nLive + mostAllocated(program, pool) <= count',
    replace: 'mostAllocated(program, pool) <= count',
    kills: ['test fresh: there is always another'],
  }, {
    name: 'every allocation comes once',
    find: 'pcs.some((pc) => comesAgain(code, pc)) ? Infinity',
    replace: 'pcs.length < 0 ? Infinity',
    kills: ['test fresh: there is always another'],
  }, {
    name: 'who sleeps need not come to the same objects',
    find: 'program.pools.map(() => false); // the very',
    replace: 'program.pools.map(() => true); // the very',
    kills: ['lean o46'],
  }, {
    name: 'an index reaches no farther than its local',
    find: "return value.op === '+' ? { lo: a.lo + b.lo, hi: a.hi + b.hi }",
    replace: "return value.op === '+' ? a",
    kills: ['test fresh: an index means'],
  }],
};
