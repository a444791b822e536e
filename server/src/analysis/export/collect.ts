// The C side of the test mode: what was seen in the whole state space, printed when pan ends.
import { findStuck } from './collect-graph.ts';
import type { Lines } from './lines.ts';
import type { Model } from './model.ts';

const quoted = (text: string): string => JSON.stringify(text).replaceAll('%', '%%');

/**
 * Lines of output: `mm seen LABEL`, `mm stuck LABEL`, `mm cycle CLASS ...`, `mm outcome N ...`
 * (0: unset) and `mm counts STATES STEPS`.
 */
export function collector(model: Model): Lines {
  const labels = [...model.checks.values()].map(({ label }) => label);
  const withOutcomes = model.program.threads.filter(({ outcomes }) => outcomes.length > 0);
  const radix = withOutcomes.map(({ outcomes }) => outcomes.length + 1);
  const combinations = radix.reduce((product, n) => product * n, 1);
  return [
    'c_decl {',
    `  static char mm_stuck[${labels.length + 1}];`,
    `  static char mm_label[${labels.length + 1}];`,
    `  static char mm_combination[${combinations}];`,
    '  static int mm_cycles[4096];',
    '  static int mm_n_cycles = 0;',
    '  static long mm_states = 0;',
    '  static void mm_see(int label) { mm_label[label] = 1; }',
    '  static void mm_cycle(int classes) {',
    '    int i;',
    '    for (i = 0; i < mm_n_cycles; i++) if (mm_cycles[i] == classes) return;',
    '    if (mm_n_cycles < 4096) mm_cycles[mm_n_cycles++] = classes;',
    '  }',
    '  static void mm_print(void) {',
    '    int i, rest, changed;',
    '    long e;',
    ...findStuck(model),
    ...labels.map((label, i) =>
      `    if (mm_label[${i + 1}]) printf("mm seen " ${quoted(label)} "\\n");`),
    ...labels.map((label, i) =>
      `    if (mm_stuck[${i + 1}]) printf("mm stuck " ${quoted(label)} "\\n");`),
    '    for (i = 0; i < mm_n_cycles; i++) {',
    '      printf("mm cycle");',
    ...model.classes.map(({ name }, cls) =>
      `      if (mm_cycles[i] & (1 << ${cls})) printf(" " ${quoted(name)});`),
    '      printf("\\n");',
    '    }',
    `    for (i = 0; i < ${combinations}; i++) {`,
    '      if (!mm_combination[i]) continue;',
    '      rest = i; printf("mm outcome");',
    ...radix.map((n) => `      printf(" %d", rest % ${n}); rest /= ${n};`),
    '      printf("\\n");',
    '    }',
    '    printf("mm counts %ld %ld\\n", mm_states, mm_n_edges);',
    '  }',
    '  static void mm_begin(void) {',
    '    static int begun = 0;',
    '    if (!begun) atexit(mm_print);',
    '    begun = 1;',
    '  }',
    '  static void mm_state(void) { mm_begin(); mm_states++; }',
    '}',
  ];
}

/** A statement for a state in which all must-end threads are done. */
export function noteOutcome(model: Model): string {
  const parts = model.program.threads.flatMap(({ outcomes }, t) => {
    const name = model.names.threads[t]!.outcome;
    return outcomes.length === 0 ? [] : [{ n: outcomes.length + 1, name }];
  });
  const sum = parts.reduceRight((rest, { n, name }) =>
    `now.${name} + ${n} * (${rest})`, '0');
  return `c_code { mm_combination[${sum}] = 1; };`;
}
