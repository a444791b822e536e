// Mutants of generated code, with its graph.
import type { MutantList } from './mutant.ts';

export const CODE: MutantList = {
  title: 'code',
  modes: ['code', 'code-late', 'lean'],
  mutants: [{
    name: 'a store does not check its guard',
    find: 'checkGuard(u, access, true);',
    replace: '',
    kills: ['code r38', 'code r31'],
  }, {
    name: 'cmpxchg does not check its writing guard',
    find: 'checkGuard(u, instr.access, true);',
    replace: '',
    kills: ['code r272'],
  }, {
    name: 'a local may leave its range',
    find: 'checkRange(u, target.cell, { value, name: target.name });',
    replace: '',
    kills: ['code r66', 'code r78'],
  }, {
    name: 'one above the range is stored',
    find: 'code.get(of.value).i64(lo).op(OP.i64LtS).get(of.value).i64(hi).op(OP.i64GtS).op(OP.i'
      + '32Or);',
    replace: 'code.get(of.value).i64(lo).op(OP.i64LtS).get(of.value).i64(hi + '
      + '1).op(OP.i64GtS).op(OP.i32Or);',
    kills: ['code r4', 'code r92'],
  }, {
    name: 'the second in the queue is first',
    find: 'slotIs(u, wait[u.self]!, 1);',
    replace: 'slotIs(u, wait[u.self]!, 2);',
    kills: ['code r7', 'code made:queue-4'],
  }, {
    name: 'the place in the queue is one too small',
    find: '  code.i64(1);\n  for (const t of rivals(u, lock)) {',
    replace: '  code.i64(0);\n  for (const t of rivals(u, lock)) {',
    kills: ['code made:queue-5', 'code r7'],
  }, {
    name: 'those ahead move up instead of those behind',
    find: 'code.get(own).op(OP.i64GtU)',
    replace: 'code.get(own).op(OP.i64LtU)',
    kills: ['code made:queue-5', 'code made:queue-4'],
  }, {
    name: 'a reader waits for writers behind it',
    find: '    code.op(OP.i64LtU);\n    waitsToWrite',
    replace: '    code.op(OP.i64GtU);\n    waitsToWrite',
    kills: ['code r36', 'code made:queue-4'],
  }, {
    name: 'a new reader passes waiting writers',
    find: '    waitsToWrite(u, lock, t);\n    code.op(OP.i32Or);',
    replace: '    code.i32(0).op(OP.i32Or);',
    kills: ['code r19', 'code made:queue-5'],
  }, {
    name: 'a new writer passes all who wait',
    find: 'anySet(u, [...held, ...slotsOf(u, lock).wait]);',
    replace: 'anySet(u, held);',
    kills: ['code r93'],
  }, {
    name: 'readers do not keep a writer out',
    find: 'return mode === \'write\' ? [...writer, ...readers] : writer;',
    replace: 'return writer;',
    kills: ['code made:queue-4', 'code r19'],
  }, {
    name: 'blocked instead of cut by an assertion',
    find: 'u.code.op(OP.i32Eqz).if(() => cutOff(u, \'assert\', instr.text));',
    replace: 'u.code.op(OP.i32Eqz).brIf(u.blocked);',
    kills: ['code r93', 'code r45'],
  }, {
    name: 'a cut step is no transition',
    find: '  u.code.br(u.cut);',
    replace: '  u.code.br(u.blocked);',
    kills: ['code r1', 'code r3'],
  }, {
    name: 'told before enough runs are known',
    find: 'if (entry.ends.length < MAX_CANDIDATES) continue;',
    replace: '',
    kills: ['code r272', 'code r323'],
  }, {
    name: 'the host does not look at a state',
    find: 'else at.by.attend(s, state);',
    replace: 'else continue;',
    kills: ['code r17', 'code r26'],
  }, {
    name: 'no state asks for the host',
    find: 'code.if(() => attend(code, target)).br(found);',
    replace: 'code.op(OP.drop).br(found);',
    kills: ['code r31', 'code r26'],
  }, {
    name: 'the last of several choices',
    find: 'code.get(offset).memory(OP.i32Load, CHOICES.options).op(OP.i32LtU)',
    replace: 'code.get(offset).memory(OP.i32Load, CHOICES.options).i32(1).op(OP.i32Sub).op(OP.i32L'
      + 'tU)',
    kills: ['code i1', 'code i153'],
  }, {
    name: 'the last where there is a single choice',
    find: 'code.get(f.tried).get(f.options).op(OP.i32LtU);',
    replace: 'code.get(f.tried).get(f.options).i32(1).op(OP.i32Sub).op(OP.i32LtU);',
    kills: ['code made:choosing', 'code r4'],
  }, {
    name: 'all choices have the same number',
    find: '  code.get(choice).i32(1).op(OP.i32Add).set(choice);\n',
    replace: '  code.get(choice).set(choice);\n',
    kills: ['code r260', 'code r204'],
  }, {
    name: 'no circle is looked for',
    find: '      unlessCircle(u, lock);\n',
    replace: '',
    kills: ['code r3', 'code made:circle-3'],
  }, {
    name: 'no circle through a grace period',
    find: '    unlessReaderWaits(u);\n',
    replace: '',
    kills: ['code r25', 'code r48'],
  }, {
    name: 'a lock that is freed while waited for',
    find: '      checkNotFreed(u, lock);\n',
    replace: '',
    kills: ['code tests/semantics/lock_in_object.mmlock:waiter_in_freed'],
  }, {
    name: 'the inner rcu_read_unlock ends the reader',
    find: 'code.op(OP.i32Eqz).if(() => endReader(u));',
    replace: 'code.op(OP.drop);\n  endReader(u);',
    kills: ['code r223', 'code r237'],
  }, {
    name: 'one reader ends the grace period of an object',
    find: 'u.code.op(OP.i32Eqz).if(() => writeConstant(u, status, FREED));',
    replace: 'u.code.op(OP.drop);\n        writeConstant(u, status, FREED);',
    kills: ['code r37', 'code r17'],
  }, {
    name: 'a pending free waits for nobody',
    find: '        markReaders(u, grace);\n        writeConstant(u, status, PENDING);',
    replace: '        writeConstant(u, status, PENDING);',
    kills: ['code r37', 'code r17'],
  }, {
    name: 'double free',
    find: 'code.op(OP.i32Eqz).if(() => cutOff(u, \'double_free\', spec.name));',
    replace: 'code.op(OP.drop);',
    kills: ['code r105', 'code r103'],
  }, {
    name: 'synchronize_rcu is not over when it is',
    find: '      writeConstant(u, begun, 0);\n',
    replace: '',
    kills: ['code r61', 'code r18'],
  }, {
    name: 'freed objects are read',
    find: 'code.get(freed).if(() => cutOff(u, \'use_after_free\', spec.name));',
    replace: '',
    kills: ['code r37', 'code r54'],
  }, {
    name: 'null is freed',
    find: 'code.tee(object).op(OP.i64Eqz).if(() => cutOff(u, \'null_ref\', spec.name));',
    replace: 'code.set(object);',
    kills: ['code r21', 'code r27'],
  }, {
    name: 'an index right behind the array',
    find: 'code.get(at.index).i64(at.count).op(OP.i64LtU)',
    replace: 'code.get(at.index).i64(at.count + 1).op(OP.i64LtU)',
    kills: [
      'code tests/semantics/ranges.mmlock:outside',
      'code tests/semantics/more_races.mmlock:lock_index_range',
    ],
  }, {
    name: 'a new object keeps its old fields',
    find: 'writeConstant(u, plan.program.places[field.place]!.base + i, field.init);',
    replace: '',
    kills: ['code tests/semantics/typesafe.mmlock:same_slot'],
  }, {
    name: 'two readers of a lock exclude each other',
    find: 'if ((x! & READ) === 0 || (y! & READ) === 0) return true;',
    replace: 'return true;',
    kills: ['code l13', 'code r36'],
  }, {
    name: 'the same element is taken for another',
    find: 'left.value !== right.value) return false;',
    replace: 'left.value === right.value) return false;',
    kills: ['code tests/semantics/data_race.mmlock:same_element', 'code r221'],
  }, {
    name: 'an index that changes in the step',
    find: 'if (inner.kind === \'local\') return !written.has(inner.cell);',
    replace: 'if (inner.kind === \'local\') return true;',
    kills: ['code made:moving-index'],
  }, {
    name: 'the write of a cmpxchg cannot race',
    find: '      add(instr.access, true);\n',
    replace: '',
    kills: ['code r305', 'code tests/semantics/data_race.mmlock:cas_against_plain'],
  }, {
    name: 'a race is told under another step',
    find: 'const atA = rank(a) > rank(b)',
    replace: 'const atA = rank(a) < rank(b)',
    kills: ['code r214'],
  }, {
    name: 'a step does not judge invariants',
    find: 'code.if(() => unlessTold(u, \'invariant\', name, began));',
    replace: 'code.op(OP.drop);',
    kills: ['code made:grid-32', 'code made:grid-40'],
  }, {
    name: 'finals are not judged',
    find: 'code.get(of.answer).op(OP.i32Eqz).if(() => {',
    replace: 'code.i32(0).if(() => {',
    kills: ['code r95', 'code r54'],
  }, {
    name: 'all eventuallys share one bit',
    find: '.i32(i).op(OP.i32Shl).get(bits)',
    replace: '.i32(0).op(OP.i32Shl).get(bits)',
    kills: ['code r81', 'code made:hoping'],
  }, {
    name: 'what was reached once can always be judged',
    find: 'if (ref !== null || !isWithin(index, program.places[place]!.count, bound)) return true;',
    replace: '',
    kills: ['code r62'],
  }, {
    name: 'a state for the interpreter keeps its first transitions',
    find: '    const undo = (): void => {\n'
      + '      code.get(l.mark).setGlobal(GLOBALS.batchEnd).get(l.edges).setGlobal(GLOBALS.ed'
      + 'ges);',
    replace: '    const undo = (): void => {',
    kills: ['code made:circle-3', 'code r1'],
  }, {
    name: 'values that do not begin at 0',
    find: '  if (lo !== 0) code.i64(lo).op(OP.i64Add);',
    replace: '',
    kills: ['code r8', 'code r12'],
  }, {
    name: 'reading and writing are mixed up where a thread rests',
    find: 'code.i32(0).i32((can & WRITTEN) === 0 ? 2 : 4)',
    replace: 'code.i32(0).i32((can & WRITTEN) === 0 ? 4 : 2)',
    kills: ['code made:circle-3', 'code made:queue-4'],
  }, {
    name: 'whoever comes after the one that moved is not seen beside it',
    find: 'for (const t of all.slice(moved + 1)) {',
    replace: 'for (const t of all.slice(moved + 2)) {',
    kills: ['code made:grid-60', 'code r8'],
  }, {
    name: 'what code has reached is not collected',
    find: 'case \'reached\': witness.reached[event.site] = 1; return;',
    replace: 'case \'reached\': return;',
    kills: ['code made:choosing', 'code made:hoping'],
  }, {
    name: 'outcomes are off by one',
    find: 'return digit === 0 ? null : digit - 1;',
    replace: 'return digit === 0 ? null : digit;',
    kills: ['code r7', 'code made:parameters'],
  }, {
    name: 'numbers beyond what is exact',
    find: 'if (Math.abs(range.lo) > EXACT || Math.abs(range.hi) > EXACT) exact = false;',
    replace: '',
    kills: ['code made:product'],
  }, {
    name: 'sleeping under a spinlock',
    find: '      tell(\'sleep_in_atomic\', classOf(lock).name);',
    replace: '      u.code.op(OP.drop);',
    kills: ['code r32', 'code r1'],
  }, {
    name: 'a lock held at exit',
    find: 'code.if(() => unlessTold(u, \'lock_held_at_exit\', name, began));',
    replace: 'code.op(OP.drop);',
    kills: ['code r9', 'code r40'],
  }, {
    name: 'a nesting against the order',
    find: '    tell(\'lock_order\', program.classes[outer]!.name);',
    replace: '    u.code.op(OP.drop);',
    kills: ['code r40'],
  }, {
    name: 'a quantifier leaves out its last value',
    find: 'code.get(turn).get(last).op(OP.i64GtS).brIf(end);',
    replace: 'code.get(turn).get(last).op(OP.i64GeS).brIf(end);',
    kills: ['code r129'],
  }, {
    name: 'a thread that has diverged stands still',
    find: '    u.code.i32(0).set(f.choice);\n    append(f, false);',
    replace: '    u.code.i32(0).set(f.choice);',
    kills: ['code made:diverging'],
  }, {
    name: 'a step is what it was though other locks are held',
    find: '    if (base.held.holdings[at] !== now.held.holdings[at]) return false;',
    replace: '',
    kills: ['test parts: a step is another one where other locks are held'],
  }, {
    name: 'a step is what it was though it does something else',
    find: '  if (!isSame(base.code[pc], now.code[pc])) return false;',
    replace: '',
    kills: ['test parts: of a thread that is much as it was, only what is other is made anew'],
  }, {
    name: 'a step is what it was though it comes to another',
    find: 'order.flatMap((pc) => [pc, ...successors(code[pc]!)])',
    replace: 'order',
    kills: ['test parts: a step is another one where what it comes to is'],
  }, {
    name: 'the base is what it was before',
    find: '  if (known !== undefined && known.base !== anew.part) kept.parts.delete(key);',
    replace: '',
    kills: ['test parts: a base can be another one for the same steps'],
  }, {
    name: 'a layout is kept though a lock is released in another mode',
    find: "op: 'release', lock: bareLock(instr.lock), mode: instr.mode };",
    replace: "op: 'release', lock: bareLock(instr.lock), mode: null };",
    kills: ['test shape: another layout: what is released'],
  }, {
    name: 'a layout is kept though a local becomes something else',
    find: "op: 'set', target: local, value: instr.value };",
    replace: "op: 'set', target: local, value: NOTHING };",
    kills: ['test shape: another layout: what a local becomes'],
  }, {
    name: 'a layout is kept though another element is locked',
    find: "index: index?.kind === 'const' ? index : null, count };",
    replace: 'index: null, count };',
    kills: ['test shape: another layout: index of a lock'],
  }, {
    name: 'a layout is kept though a local begins with something else',
    find: 'cells.map(({ lo, hi, init }) => `${lo} ${hi} ${init}`).join());',
    replace: 'cells.map(({ lo, hi }) => `${lo} ${hi}`).join());',
    kills: ['test shape: another layout: what a local begins with'],
  }, {
    name: 'data is the same where there is more of it',
    find: '  for (const key in b) if (!(key in a)) return false;',
    replace: '',
    kills: ['test same: one thing more, one less or another one makes a difference'],
  }],
};
