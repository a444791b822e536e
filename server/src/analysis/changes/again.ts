// A lock that a thread takes while it has it: taken once only, by the section inside or by the one
// around it.
import type { Change } from './change.ts';
import { stepKey, stepsAt } from './cover.ts';
import { placesOf, without } from './locking.ts';
import type { Section } from './sections.ts';
import type { Source } from './source.ts';

/** The section inside left out: nothing is given up. */
export function notAgain(source: Source, section: Section): readonly Change[] {
  const change = without(source, section);
  const title = `Do not take ${section.lock} again in ${placesOf(section)}`;
  return change === null ? [] : [{ ...change, title }];
}

/** Of the sections of one class those that lie in another of the same lock, and those around. */
export function onlyOnce(source: Source, sections: readonly Section[]): readonly Change[] {
  const { cover } = source;
  const takenIn = (section: Section) =>
    section.acquires.flatMap((spot) => stepsAt(cover, spot));
  const again = sections.flatMap(takenIn).filter((step) => step.again);
  const opening = new Set(again.flatMap(({ openers }) =>
    sections.flatMap(({ cls }) => [...openers.get(cls) ?? []])));
  return sections.flatMap((section): readonly Change[] => {
    const steps = takenIn(section);
    if (steps.some((step) => step.again)) return notAgain(source, section);
    if (!steps.some((step) => opening.has(stepKey(step)))) return [];
    const change = without(source, section);
    const title = `Do not take ${section.lock} in ${placesOf(section)}: it is taken again inside`;
    return change === null ? [] : [{ ...change, title }];
  });
}
