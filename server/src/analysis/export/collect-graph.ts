// The C side of the test mode for what no state tells by itself: every step is put down as an edge
// between states, and in the end a thread is stuck where no step of it can follow.
import type { ThreadIdx } from '../../../../simulator/src/program.ts';
import type { Lines } from './lines.ts';
import type { Model } from './model.ts';

/** At the beginning of a step: remembers the state it is taken in. */
export const stepBegins = 'c_code { now.from_state = mm_id(); };';
/** At its end; the thread comes to rest, or the run is cut off. */
export const stepEnds = (t: ThreadIdx): string =>
  `c_code { mm_edge(now.from_state, ${t}, mm_id()); now.from_state = 0; };`;
export const stepCut = (t: ThreadIdx): string =>
  `c_code { mm_edge(now.from_state, ${t}, -1); now.from_state = 0; };`;

/** In the state looked at: the thread is not done; if it never goes on, this check fails. */
export const mightBeStuck = (t: ThreadIdx, check: number): string =>
  `c_code { mm_might(${t}, ${check}); };`;

/** The state looked at is one whose run is not followed: nobody is said to be stuck before it. */
export const NOT_FOLLOWED = 'c_code { mm_mask[mm_here] = -1; };';

/** Prototypes and tables; goes before the model's variables. */
export function graphTables(model: Model): Lines {
  const nThreads = model.program.threads.length;
  return [
    'c_decl {',
    '  typedef struct { int from, thread, to; } MmEdge;',
    '  static int mm_id(void);',
    '  static int *mm_keys, *mm_slot, mm_n_keys = 0, mm_n_slots = 0;',
    '  static MmEdge *mm_edges;',
    '  static long mm_n_edges = 0;',
    `  static int (*mm_wait)[${nThreads}];`,
    '  static int *mm_mask, mm_here = 0;',
    '  static void mm_edge(int from, int thread, int to) {',
    '    if ((mm_n_edges & (mm_n_edges - 1)) == 0)',
    '      mm_edges = realloc(mm_edges, (mm_n_edges * 2 + 1) * sizeof(MmEdge));',
    '    mm_edges[mm_n_edges].from = from;',
    '    mm_edges[mm_n_edges].thread = thread;',
    '    mm_edges[mm_n_edges++].to = to;',
    '  }',
    '  static void mm_might(int thread, int label) { mm_wait[mm_here][thread] = label; }',
    '}',
  ];
}

/** Names states and searches the graph; goes after the model's variables. */
export function graphCode(model: Model): Lines {
  const values = [...model.sizes].flatMap(([name, count]) => (count === 1 ? [`now.${name}`]
    : Array.from({ length: count }, (_, i) => `now.${name}[${i}]`)));
  const n = values.length;
  return [
    'c_code {',
    '  static void mm_place(int id) {',
    `    unsigned hash = 0; int i, *key = mm_keys + (long) id * ${n};`,
    `    for (i = 0; i < ${n}; i++) hash = (hash ^ key[i]) * 16777619u + 1;`,
    '    for (i = hash & (mm_n_slots - 1); mm_slot[i]; i = (i + 1) & (mm_n_slots - 1))',
    `      if (!memcmp(mm_keys + (long) (mm_slot[i] - 1) * ${n}, key, ${n} * sizeof(int))) break;`,
    '    if (!mm_slot[i]) mm_slot[i] = id + 1;',
    '    mm_here = mm_slot[i] - 1;',
    '  }',
    '  static void mm_grow(void) {',
    '    int id;',
    '    mm_n_slots = mm_n_slots ? mm_n_slots * 2 : 1024;',
    `    mm_keys = realloc(mm_keys, (long) mm_n_slots * ${n} * sizeof(int));`,
    '    mm_wait = realloc(mm_wait, mm_n_slots * sizeof(*mm_wait));',
    '    mm_mask = realloc(mm_mask, mm_n_slots * sizeof(int));',
    '    free(mm_slot);',
    '    mm_slot = calloc(mm_n_slots, sizeof(int));',
    '    for (id = 0; id < mm_n_keys; id++) mm_place(id);',
    '  }',
    '  static int mm_id(void) {',
    '    int *key;',
    '    if (2 * (mm_n_keys + 1) > mm_n_slots) mm_grow();',
    `    key = mm_keys + (long) mm_n_keys * ${n};`,
    ...values.map((value, i) => `    key[${i}] = ${value};`),
    '    mm_place(mm_n_keys);',
    '    if (mm_here == mm_n_keys) {',
    '      memset(mm_wait[mm_n_keys], 0, sizeof(*mm_wait));',
    '      mm_mask[mm_n_keys++] = 0;',
    '    }',
    '    return mm_here;',
    '  }',
    '}',
  ];
}

/** Statements of C: marks in `mm_label` what stuck threads violate. */
export function findStuck(model: Model): Lines {
  return [
    '    for (changed = 1; changed;) {',
    '      changed = 0;',
    '      for (e = mm_n_edges - 1; e >= 0; e--) {',
    '        int mask = mm_edges[e].to < 0 ? -1',
    '          : mm_mask[mm_edges[e].to] | (1 << mm_edges[e].thread);',
    '        if ((mm_mask[mm_edges[e].from] | mask) == mm_mask[mm_edges[e].from]) continue;',
    '        mm_mask[mm_edges[e].from] |= mask;',
    '        changed = 1;',
    '      }',
    '    }',
    '    for (i = 0; i < mm_n_keys; i++)',
    `      for (rest = 0; rest < ${model.program.threads.length}; rest++)`,
    '        if (!(mm_mask[i] & (1 << rest))) mm_stuck[mm_wait[i][rest]] = 1;',
  ];
}
