// `eventually` as a never claim: a fair run on which it is never true. Weak fairness is pan's -f;
// that no thread waits for ever for a lock it could have again and again is part of the claim.
import type { Property, ThreadIdx } from '../../../../simulator/src/program.ts';
import { errorOf, scopeOf, valueOf } from './expr.ts';
import { allOf, block, comment, define, indent, not, type Lines } from './lines.ts';
import { checkFor, labelOf, type Model } from './model.ts';

/** With more threads that take locks the claim would be too large (2^n parts). */
export const MAX_STRONG = 6;

export interface Eventually {
  readonly property: Property;
  /** `-DEVENTUALLY=number`. */
  readonly number: number;
}

export const eventuallys = (model: Model): readonly Eventually[] =>
  model.program.properties.filter(({ kind }) => kind === 'eventually')
    .map((property, i) => ({ property, number: i + 1 }));

/** Threads that can wait for a lock. */
export const lockWaiters = (model: Model): readonly ThreadIdx[] =>
  model.program.threads.flatMap((thread, t) =>
    (thread.code.some(({ op }) => op === 'acquire') ? [t] : []));

/** A run that ends goes on for ever with this process; it has nothing to do before. */
export function idleProctype(): Lines {
  return ['', comment('a run that ends stays as it is for ever'),
    ...block('active proctype idle() provided (running)',
      ['end:', 'do', ':: nobody_can_go -> skip;', 'od'])];
}

export function claims(model: Model): Lines {
  return eventuallys(model).flatMap(({ property, number }) => [
    `#if EVENTUALLY == ${number}`,
    comment(labelOf('eventually', property.name)),
    ...claim(model, property),
    '#endif',
  ]);
}

function claim(model: Model, property: Property): Lines {
  checkFor(model, 'eventually', property.name, false);
  const scope = scopeOf(model, null);
  const error = errorOf(property.expr, scope);
  const value = valueOf(property.expr, scope);
  const notYet = allOf(['running', ...(error === null ? [] : [not(error)]), not(value)]);
  const waiters = lockWaiters(model);
  const strong = waiters.length <= MAX_STRONG ? waiters : [];
  const frozenSets = Array.from({ length: 2 ** strong.length }, (_, mask) =>
    strong.filter((_t, bit) => (mask & (1 << bit)) !== 0));
  return [
    ...strong.flatMap((t) => {
      const { name, waits, canGo } = model.names.threads[t]!;
      return [define(`${name}_starves`, `(${waits} != 0 && ${canGo})`)];
    }),
    define('not_yet', notYet),
    ...block('never', [
      'start:', ...indent(['do', ':: not_yet -> goto start;',
        ...frozenSets.map((_, i) => `:: not_yet -> goto part_${i}_0;`), 'od;']),
      ...frozenSets.flatMap((frozen, i) => part(model, strong, { frozen, i })),
    ]),
    '#undef not_yet',
  ];
}

/**
 * From here on the `frozen` wait without ever being able to go on; every other thread again and
 * again does not wait.
 */
function part(
  model: Model, strong: readonly ThreadIdx[],
  { frozen, i }: { frozen: readonly ThreadIdx[]; i: number },
): Lines {
  const others = strong.filter((t) => !frozen.includes(t));
  const stay = allOf(['not_yet', ...frozen.map((t) =>
    `!${model.names.threads[t]!.name}_starves`)]);
  const steps = others.map((t, k) => [
    `part_${i}_${k + 1}:`,
    ...indent(['do', `:: ${stay} -> goto part_${i}_${k + 1};`,
      `:: ${allOf([stay, `${model.names.threads[t]!.waits} == 0`])} -> `
        + `goto part_${i}_${k + 1 === others.length ? 0 : k + 2};`, 'od;']),
  ]);
  const next = others.length === 0 ? 0 : 1;
  return [
    `part_${i}_0:`, `accept_${i}:`,
    ...indent(['do', `:: ${stay} -> goto part_${i}_${next};`, 'od;']),
    ...steps.flat(),
  ];
}
