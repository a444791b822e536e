// The comment at the head of an exported model: how it is encoded, how to run it, what each check
// is called, what SPIN cannot say.
import type { Lines } from './lines.ts';
import { eventuallys, lockWaiters, MAX_STRONG } from './liveness.ts';
import type { Model } from './model.ts';

export function header(model: Model): Lines {
  const text = [
    model.options.title, '',
    'Every thread is a process; every step of a thread is one d_step (or atomic sequence, where',
    'it chooses), guarded by where the thread rests (`..._pc`). An acquire that is not granted at',
    'once is two steps: join the queue, be granted. All variables are global and scratch is 0',
    'between steps, so SPIN stores as many states as mmlock counts without reductions, unless a',
    'run is cut off by a violation. `checks` looks at every state, `races` at the next steps of',
    'all threads; neither changes anything.',
    '',
    ...howToRun(model), ...checkTable(model), ...liveness(model),
    'Not said here: a thread that can never go on while others run for ever (SPIN sees deadlock',
    'only in a state without steps); a step that changes values in a circle for ever (pan hangs in',
    'it); arithmetic beyond 32 bits; deeper nesting than mmlock counts.',
  ];
  return ['/*', ...text.map((line) => (line === '' ? ' *' : ` * ${safe(line)}`)), ' */'];
}

const safe = (text: string): string => text.replaceAll('*/', '* /');

function howToRun({ options }: Model): Lines {
  if (options.collect) {
    return ['spin -a MODEL; gcc -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -m1000000 -E', ''];
  }
  return [
    'spin -a MODEL; gcc -O2 -DSAFETY -DNOREDUCE -o pan pan.c; ./pan -m1000000 -E',
    'The first violation found is named in `assertion violated !(...)`; its run: spin -t -p MODEL.',
    'A shortest one: ./pan -i, or gcc -DBFS. One check alone: spin -DONLY=NUMBER -a MODEL.', '',
  ];
}

function checkTable({ checks, options }: Model): Lines {
  if (options.collect || checks.size === 0) return [];
  return [
    ...[...checks.values()].map(({ id, label, witness }) =>
      `${`${id}`.padStart(4)}  ${label}${witness ? ' (holds if ONLY finds it)' : ''}`),
    '',
  ];
}

function liveness(model: Model): Lines {
  const asked = eventuallys(model);
  if (asked.length === 0) return [];
  const strong = lockWaiters(model).length;
  return [
    'eventually: spin -DEVENTUALLY=NUMBER -a MODEL; gcc -DNOREDUCE -DNFAIR=3 -o pan pan.c;',
    './pan -m1000000 -a -f -E; an acceptance cycle is a fair run on which it is never true.',
    ...asked.map(({ property, number }) => `${`${number}`.padStart(4)}  ${property.name}`),
    ...(strong > MAX_STRONG ? [
      `${strong} threads take locks: that nobody waits for ever for a lock that is free again and`,
      'again would need a claim of 2^n parts; left out, so cycles may be found that are not fair.',
    ] : []),
    '',
  ];
}
