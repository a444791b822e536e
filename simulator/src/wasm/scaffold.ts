// What is the same for all programs whose states are as wide: the visited set, the filing of
// transitions, the search loop. Their own parts are called through a table.
import { assemble, I32, I64 } from './assembler.ts';
import { GLOBAL_NAMES, TABLE } from './memory.ts';
import { emitRun } from './run.ts';
import { emitFlush, emitIntern, emitPut, emitRehash } from './store.ts';

/** The module for states of so many 64-bit words; exports `put`, `rehash`, `run`, `runThin`. */
export function emitScaffold(nWords: number): Uint8Array {
  const words = Array.from({ length: nWords }, () => I64);
  const code = [
    emitIntern(nWords), emitPut(nWords, 0), emitRehash(nWords), emitFlush(nWords, false),
    emitRun(nWords, { flush: 3, lean: null, thin: false }), emitFlush(nWords, true),
    emitRun(nWords, { flush: 5, lean: null, thin: true }),
  ];
  const names = [null, 'put', 'rehash', null, 'run', null, 'runThin'];
  return assemble({
    functions: code.map((each, i) => ({ code: each, name: names[i] ?? null })),
    globals: [], imported: GLOBAL_NAMES,
    memory: { initial: 1, shared: null },
    table: {
      size: TABLE.size,
      // in the order of TURN_TYPE, JUDGE_TYPE
      types: [{ params: words, results: [I32] }, { params: [...words, I32, I32], results: [I32] }],
    },
  });
}
