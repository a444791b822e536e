// What a step touches, as a text: equal for steps that cannot be told apart by it.
import type { Program, ThreadIdx } from '../program.ts';
import type { StepEffects } from './effects.ts';
import { addCell, noEffects, type Effects } from './operations.ts';

export type KeyOf = (t: ThreadIdx, step: StepEffects) => string;

/** `effects`: by thread. Where threads are asked about, every step is its own kind. */
export function stepKeys(program: Program, effects: readonly (readonly StepEffects[])[]): KeyOf {
  const asks = effects.some((steps) => steps.some(({ questions }) => questions.length > 0));
  if (asks) return (t, { pc }) => `${t} ${pc}`;
  const shared = noEffects(program).reads;
  for (const { base, count } of program.places) {
    for (let i = 0; i < count; i++) addCell(shared, base + i);
  }
  const textOf = ({ reads, writes, locks, pools, entersRcu, asksRcu }: Effects): string =>
    [reads.map((word, i) => word & shared[i]!), writes.map((word, i) => word & shared[i]!), locks,
      pools, Number(entersRcu), Number(asksRcu)].join(';');
  return (_, step) => (step.joining === null ? textOf(step)
    : `${textOf(step)} ${textOf(step.joining)}`);
}
