// Threads that wait for each other: who waits for whom in a state, and the search for circles that
// a thread makes when it begins to wait.
import type { ClassIdx, ThreadIdx } from '../../../../simulator/src/program.ts';
import { define, joined, type Lines } from './lines.ts';
import { blockers } from './locks.ts';
import { checkFor, classOf, tell, type Model } from './model.ts';
import { MARK, waitForReaders } from './objects.ts';

/** More classes than this, and the circles of a model are all told alike. */
const MAX_NAMED = 3;

/** The classes of locks that some thread can wait for. */
const waitable = (model: Model): readonly ClassIdx[] =>
  model.classes.flatMap((use, cls) => (use.waiters.length > 0 ? [cls] : []));

export const canWait = (model: Model): boolean => model.program.threads.some((thread) =>
  thread.code.some(({ op }) => op === 'acquire' || (op === 'synchronize_rcu'
    && waitForReaders(model))));

/** `munmap_waits_for`: bit u of thread u (from 1); `munmap_waits_at`: bit c of lock class c. */
export function waitMacros(model: Model, t: ThreadIdx): Lines {
  const names = model.names.threads[t]!;
  const waits = model.program.threads[t]!.code.flatMap((instr, pc) => {
    if (instr.op === 'synchronize_rcu' && instr.rest && waitForReaders(model)) {
      return [{ guard: `${names.pc} == ${pc}`, mask: `(${names.grace} & ~${MARK})`, at: 0 }];
    }
    if (instr.op !== 'acquire') return [];
    const cls = classOf(model, instr.lock);
    const wish = { lock: `${names.waits} - 1`, mode: instr.mode };
    return [{
      guard: `${names.pc} == ${pc} && ${names.waits} != 0`,
      mask: blockers(model, cls, wish, t), at: 2 ** cls,
    }];
  });
  const mask = waits.map((it) => `(${it.guard} -> ${it.mask} : 0)`);
  const at = waits.map((it) => `(${it.guard} -> ${it.at} : 0)`);
  return [
    define(names.waitsFor, `(${joined(mask, '|', '0')} & ~1)`),
    define(names.waitsAt, joined(at, '|', '0')),
  ];
}

/** Scratch of the search; never part of a state. */
export function declareSearch(model: Model): Lines {
  const size = model.program.threads.length + 1;
  return [
    `hidden int edges[${size}];`, `hidden byte path[${size}];`, `hidden byte tried[${size}];`,
    'hidden short top;', 'hidden int onpath;', 'hidden byte follower;', 'hidden int cycle;',
    'hidden int cycle_locks;',
  ];
}

/** Every circle through thread `me`, depth first over the paths that meet no thread twice. */
export function searchInline(model: Model): Lines {
  const n = model.program.threads.length;
  const { threads } = model.names;
  const lockOf = threads.map((names, t) =>
    `  :: (path[follower] == ${t + 1}) -> cycle_locks = cycle_locks | ${names.waitsAt};`);
  return [
    'inline check_cycles(me) {',
    ...threads.map((names, t) => `  edges[${t + 1}] = ${names.waitsFor};`),
    '  cycle = 0; top = 0; path[0] = me; tried[0] = 1; onpath = (1 << me);',
    '  do',
    '  :: (top < 0) -> break;',
    `  :: (top >= 0 && tried[top] > ${n}) ->`,
    '       onpath = onpath & ~(1 << path[top]); top--;',
    '  :: else ->',
    '       follower = tried[top]; tried[top]++;',
    '       if',
    '       :: !(edges[path[top]] & (1 << follower)) -> skip;',
    '       :: else ->',
    '            if',
    '            :: (follower == me) ->',
    '                 cycle = 1; cycle_locks = 0; follower = 0;',
    '                 do',
    '                 :: (follower > top) -> break;',
    '                 :: else ->',
    ...['if', ...lockOf, '  fi;', 'follower++;'].map((line) => `                      ${line}`),
    '                 od;',
    ...told(model).map((line) => `                 ${line}`),
    '            :: (follower != me && !(onpath & (1 << follower))) ->',
    '                 top++; path[top] = follower; tried[top] = 1;',
    '                 onpath = onpath | (1 << follower);',
    '            :: else -> skip;',
    '            fi;',
    '       fi;',
    '  od;',
    '}',
  ];
}

/** A circle by the locks that are waited for on it. */
function told(model: Model): Lines {
  if (model.options.collect) return ['c_code { mm_cycle(cycle_locks); };'];
  const classes = waitable(model);
  const unnamed = tell(model, checkFor(model, 'deadlock', null));
  if (classes.length > MAX_NAMED) return [unnamed];
  const sets = Array.from({ length: 2 ** classes.length - 1 }, (_, i) =>
    classes.filter((_cls, bit) => ((i + 1) & (1 << bit)) !== 0));
  return [
    'if',
    ...sets.map((set) => {
      const mask = set.reduce((sum, cls) => sum + 2 ** cls, 0);
      const names = [...new Set(set.map((cls) => model.classes[cls]!.name))].sort().join(', ');
      return `:: (cycle_locks == ${mask}) -> ${tell(model, checkFor(model, 'deadlock', names))}`;
    }),
    `:: else -> ${unnamed}`,
    'fi;',
  ];
}

/** After thread `t` has begun to wait: a circle ends the run. */
export function endOfWait(_model: Model, t: ThreadIdx, cut: Lines): Lines {
  return [`check_cycles(${t + 1});`, 'if',
    ':: (cycle != 0) ->', ...cut.map((line) => `     ${line}`), ':: else -> skip;', 'fi;'];
}
