// Mutants of the stores of states: tables, packing, growing, what is handed from one to the other.
import type { MutantList } from './mutant.ts';

export const STORES: MutantList = {
  title: 'stores',
  modes: ['plain', 'code', 'code-late', 'lean', 'lean-late', 'lean-awake'],
  mutants: [{
    name: 'table: the first word is not compared',
    find: 'let i = 0;\n    while (i < width && arena[seen',
    replace: 'let i = 1;\n    while (i < width && arena[seen',
    kills: ['plain made:grid-60', 'plain made:grid-32'],
  }, {
    name: 'table: the last word is not compared',
    find: 'if (i === width) return seen;',
    replace: 'if (i >= width - 1) return seen;',
    kills: ['plain r7', 'plain r17'],
  }, {
    name: 'table: the last state is lost in growing',
    find: 'for (let i = 0; i < table.count; i++) {\n    let slot',
    replace: 'for (let i = 0; i < table.count - 1; i++) {\n    let slot',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'table: half of the states are lost in growing',
    find: 'larger.set(table.arena);',
    replace: 'larger.set(table.arena.subarray(0, table.arena.length / 2));',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'packing: a bit too few',
    find: 'Math.floor(Math.log2(values)) + 1;',
    replace: 'Math.max(1, Math.floor(Math.log2(values)));',
    kills: ['plain made:grid-60', 'plain made:grid-40'],
  }, {
    name: 'packing: a word too full',
    find: 'used.findIndex((n) => n + bits <= 32);',
    replace: 'used.findIndex((n) => n + bits <= 33);',
    kills: ['plain r3', 'code r7'],
  }, {
    name: 'packing: values that do not begin at 0',
    find: '((words[at + word[slot]!]! >>> shift[slot]!) & mask[slot]!) + lo[slot]!;',
    replace: '((words[at + word[slot]!]! >>> shift[slot]!) & mask[slot]!);',
    kills: ['plain r6', 'plain r7'],
  }, {
    name: 'code: a word fewer compared',
    find: 'code.get(at).memory(OP.i64Load, 8 * k).get(word).op(OP.i64Eq);',
    replace: 'if (k > 0) code.i32(1);\n'
      + '      else code.get(at).memory(OP.i64Load, 8 * k).get(word).op(OP.i64Eq);',
    kills: ['code made:choosing'],
  }, {
    name: 'code: half of a word compared',
    find: 'code.get(at).memory(OP.i64Load, 8 * k).get(word).op(OP.i64Eq);',
    replace: 'code.get(at).memory(OP.i32Load, 8 * k).get(word).op(OP.i32WrapI64).op(OP.i32Eq);',
    kills: ['code examples/munmap/detach_first.mmlock:faults'],
  }, {
    name: 'code: memory grown without moving the arena',
    find: 'for (const part of [\'arena\', \'move\', \'target\', \'eventual\'] as const) {',
    replace: 'for (const part of [\'move\', \'target\', \'eventual\'] as const) {',
    kills: ['code made:grid-40', 'code made:grid-32'],
    small: true,
  }, {
    name: 'code: memory grown without moving what eventually asks',
    find: 'for (const part of [\'arena\', \'move\', \'target\', \'eventual\'] as const) {',
    replace: 'for (const part of [\'arena\', \'move\', \'target\'] as const) {',
    kills: ['code tests/semantics/rcu.mmlock:grace_period_ends', 'code r85'],
    small: true,
  }, {
    name: 'code: parts moved over one another',
    find: 'for (const part of [\'arena\', \'move\', \'target\', \'eventual\'] as const) {',
    replace: 'for (const part of [\'eventual\', \'target\', \'move\', \'arena\'] as const) {',
    kills: ['code made:grid-32', 'code made:grid-40'],
    small: true,
  }, {
    name: 'code: the last state is not entered again',
    find: 'code.get(i).getGlobal(GLOBALS.count).op(OP.i32GeU).brIf(done);',
    replace: 'code.get(i).i32(1).op(OP.i32Add).getGlobal(GLOBALS.count).op(OP.i32GeU).brIf(done);',
    kills: ['code made:grid-32', 'code made:grid-60'],
    small: true,
  }, {
    name: 'take-over: the last state is not handed on',
    find: 'views.arena.set(table.arena.subarray(0, table.count * table.width));',
    replace: 'views.arena.set(table.arena.subarray(0, (table.count - 1) * table.width));',
    kills: ['code-late made:grid-40', 'code-late made:grid-32'],
  }, {
    name: 'take-over: what eventually asks is not handed on',
    find: 'views.eventual.set(s.eventual.subarray(0, table.count));',
    replace: '',
    kills: ['code r56', 'code-late r63'],
  }, {
    name: 'quotient: displacement ignored in comparison',
    find: 'code.tee(seen).get(value).op(OP.i64Eq).if(to.found);',
    replace: 'code.set(seen).get(seen).get(most).op(OP.i64Or);\n'
      + '    code.get(value).get(most).op(OP.i64Or).op(OP.i64Eq).if(to.found);',
    kills: ['lean made:grid-16'],
  }, {
    name: 'quotient: displacement not counted',
    find: 'code.get(value).i64(1).op(OP.i64Add).set(value);',
    replace: '',
    kills: ['lean made:queue-4', 'lean made:grid-40'],
    small: true,
  }, {
    name: 'quotient: a bit of the number is lost',
    find: 'code.i64(factor).op(OP.i64Mul).i64(ones(q.bits)).op(OP.i64And).set(x);',
    replace: 'code.i64(factor).op(OP.i64Mul).i64(ones(q.bits - 1)).op(OP.i64And).set(x);',
    kills: ['lean r1', 'lean r20'],
  }, {
    name: 'implied: what is uncertain does not tell states apart either',
    find: 'if (bits.some((some) => (some & (some - 1)) !== 0)) return [];',
    replace: '',
    kills: ['lean t21', 'lean-late t21'],
  }, {
    name: 'implied: nothing is asked of a thread that is done',
    find: 'const done = ends.reduce((bits, pc) => bits | at(pc), 0);',
    replace: 'const done = 0;',
    kills: ['test implied: a lock that may be held'],
  }, {
    name: 'spots: a local stays what it was',
    find: 'return values.map((old, i) => (i === at ? value : old));',
    replace: 'return values;',
    kills: ['test held: what a local says of a lock', 'test spots: each value that a branch'],
  }, {
    name: 'spots: a branch leads where its condition does not',
    find: 'return [answer === 0 ? instr.otherwise : instr.next];',
    replace: 'return [answer === 0 ? instr.next : instr.otherwise];',
    kills: ['test held: what a local says of a lock', 'test spots: each value that a branch'],
  }, {
    name: 'spots: of an any the last value is left out',
    find: '{ length: Math.max(0, hi - lo + 1) }',
    replace: '{ length: Math.max(0, hi - lo) }',
    kills: ['test spots: each value that a branch'],
  }, {
    name: 'spots: what a cell cannot hold is in it',
    find: 'written !== null && lo <= written && written <= hi ? written : null',
    replace: 'written',
    kills: ['test spots: a value that is not known'],
  }, {
    name: 'spots: nobody else sets a local',
    find: '!isShared(cell) && !isOthers(cell)',
    replace: '!isShared(cell)',
    kills: ['test spots: a cell that others set'],
  }, {
    name: 'spots: what is shared is a local',
    find: '!isShared(cell) && !isOthers(cell)',
    replace: '!isOthers(cell)',
    kills: ['test spots: a cell that others set'],
  }, {
    name: 'spots: an operand that is not known settles a condition',
    find: "case '||': return isSet(a) || isSet(b) ? 1 : both(a, b, () => 0);",
    replace: "case '||': return isSet(a) || isSet(b) ? 1 : 0;",
    kills: ['test spots: a value is calculated'],
  }, {
    name: 'held: where a try fails nothing follows from its answer',
    find: 'mergeInto(isNegated ? instr.next : instr.otherwise);',
    replace: '',
    kills: ['test held: where a try fails'],
  }, {
    name: 'quotient: a factor that cannot be undone',
    find: 'for (const factor of [MIX_1, MIX_2]) {',
    replace: 'for (const factor of [MIX_1, MIX_2 << 24n]) {',
    kills: ['lean l9', 'lean made:grid-16'],
  }, {
    name: 'quotient: the high half of the state is left out',
    find: 'if (q.bits > q.low) {',
    replace: 'if (q.bits > 64) {',
    kills: ['lean made:grid-60', 'lean r17'],
  }, {
    name: 'quotient: the stash is not looked at',
    find: 'code.get(at).memory(OP.i64Load).get(0).op(OP.i64Eq).if(() => '
      + 'code.i32(0).op(OP.return));',
    replace: '',
    kills: ['lean r40', 'lean r52'],
    small: true,
  }, {
    name: 'quotient: what is stashed is forgotten',
    find: 'code.get(at).i32(8).op(OP.i32Add).setGlobal(GLOBALS.stashEnd).i32(1);',
    replace: 'code.i32(1);',
    kills: ['lean r52', 'lean r40'],
    small: true,
  }, {
    name: 'quotient: what was filed lately is told by too few bits',
    find: 'code.op(OP.i64Ne).op(OP.select).get(at);',
    replace: 'code.op(OP.i64Xor).i64(2 ** 30).op(OP.i64GtU).op(OP.select).get(at);',
    kills: ['lean-awake made:grid-40', 'lean-awake made:grid-32'],
  }, {
    name: 'growing: displacement is not counted',
    find: 'code.op(OP.i64Sub).i64(32).get(spared).op(OP.i64Sub).op(OP.i64Shl);',
    replace: 'code.op(OP.i64And).i64(32).get(spared).op(OP.i64Sub).op(OP.i64Shl);',
    kills: ['lean made:grid-32', 'lean made:grid-40'],
    small: true,
  }, {
    name: 'growing: a product too small is taken for the number',
    find: 'code.op(OP.i64ExtendI32U).get(high).op(OP.i64Add).set(high);',
    replace: 'code.op(OP.drop);',
    kills: ['lean-awake made:queue-4', 'lean-awake made:grid-40'],
    small: true,
  }, {
    name: 'growing: the stash is not taken along',
    find: 'each(code, l, () => code.get(l.at).memory(OP.i64Load).call(insert).op(OP.drop));',
    replace: '',
    kills: ['lean examples/first-look.mmlock:one_fault', 'lean made:grid-40'],
    small: true,
  }, {
    name: 'growing: members of a cluster one by one',
    find: 'code.get(l.place.slot).brIf(again);',
    replace: '',
    kills: ['lean r69', 'lean-late r69'],
    small: true,
  }, {
    name: 'growing: the queue is not moved',
    find: 'bytes.copyWithin(tableAt + later, from, from + queued);',
    replace: '',
    kills: ['lean made:grid-40', 'lean made:grid-60'],
    small: true,
  }, {
    name: 'growing: the new slots are not emptied',
    find: 'bytes.fill(0, tableAt + (instance.keepsAll ? 0 : now), tableAt + later);',
    replace: 'if (instance.keepsAll) bytes.fill(0, tableAt, tableAt + later);',
    kills: ['lean made:queue-4', 'lean made:grid-40'],
    small: true,
  }, {
    name: 'queue compacted one state short',
    find: 'copyWithin(from, start, start + 8 * waiting);',
    replace: 'copyWithin(from, start, start + 8 * (waiting - 1));',
    kills: ['lean made:grid-32', 'lean made:grid-60'],
    small: true,
  }, {
    name: 'queue compacted from one state too far',
    find: 'const start = from + 8 * (at.expanded - instance.origin);',
    replace: 'const start = from + 8 * (at.expanded + 1 - instance.origin);',
    kills: ['lean made:grid-60', 'lean made:grid-32'],
    small: true,
  }, {
    name: 'queue: wide states are compacted like narrow ones',
    find: 'if (instance.keepsAll) return false;',
    replace: '',
    kills: ['lean examples/munmap/recursive_munmap.mmlock:arch_first_twice', 'lean made:grid-130'],
    small: true,
  }, {
    name: 'lean: the queue is handed on without its last state',
    find: 'queueView(instance).set(table.arena.subarray(0, table.count * table.width));',
    replace: 'queueView(instance).set(table.arena.subarray(0, (table.count - 1) * table.width));',
    kills: ['lean made:parameters', 'lean r3'],
  }, {
    name: 'parts: the invariants are no part of the key',
    find: '...asked.map(({ key }) => key)].join(',
    replace: '].join(',
    kills: ['test parts: an invariant is asked as it is now'],
  }, {
    name: 'home: what was told stays told',
    find: 'bytes.fill(0, 0, TOLD_AT + used.told);',
    replace: '',
    kills: ['test parts: what one search has told and seen'],
  }, {
    name: 'home: what was seen stays seen',
    find: 'bytes.fill(0, SIGHTINGS_AT, end);',
    replace: '',
    kills: ['test parts: what one search has told and seen'],
  }],
};
