// Changes of a lock section as a whole: taken out, taken in the other mode, not downgraded. What
// must go with it goes with it, so that nothing breaks for want of the other half.
import type { Change, Splice } from './change.ts';
import type { Section } from './sections.ts';
import type { Source } from './source.ts';
import type { Spot } from './spots.ts';

/** Where it is, for people: the thread or proc. */
export function placeName({ owner }: Spot): string {
  return owner.name.text;
}

export function placesOf({ acquires }: Section): string {
  return [...new Set(acquires.map(placeName))].join(', ');
}

/** As written, on one line. */
export function told(source: Source, { stmt }: Spot): string {
  const text = source.page.source('head' in stmt ? stmt.head : stmt.range);
  const line = text.replace(/\s+/g, ' ').replace(/ takes .*$/, '');
  return line.length > 50 ? `${line.slice(0, 49)}…` : line;
}

/** A label must have a statement: one that does nothing stands in for what is taken out. */
export function removed(source: Source, { stmt, whole }: Spot): Splice {
  return stmt === whole ? source.page.remove(whole.range)
    : source.page.replace(stmt.range, 'step "nothing"');
}

/** The section's statements without it; null where that cannot be written. */
export function without(source: Source, section: Section): Change | null {
  const { acquires, releases, downgrades } = section;
  const taken = acquires.map((spot) => (spot.stmt.kind === 'try'
    ? eitherWay(source, spot) : [removed(source, spot)]));
  if (section.open || taken.some((splices) => splices === null)) return null;
  return {
    title: `Do without ${section.lock} in ${placesOf(section)}`,
    family: `without ${keyOf(section)}`,
    splices: [
      ...taken.flatMap((splices) => splices ?? []),
      ...[...releases, ...downgrades].map((spot) => removed(source, spot)),
    ],
  };
}

export function keyOf({ lock, acquires }: Section): string {
  return `${lock}@${acquires[0]?.stmt.range.start ?? 0}`;
}

/** `if try acquire L { A } else { B }` without L: A or B. */
function eitherWay({ page }: Source, { stmt }: Spot): readonly Splice[] | null {
  if (stmt.kind !== 'try') return null;
  const { head, then, otherwise } = stmt;
  const start = page.replace({ start: head.start, end: then.range.start }, 'choose ');
  if (otherwise === null) {
    return [start, { start: then.range.end, end: then.range.end, text: ' or { }' }];
  }
  if (otherwise.kind !== 'block') return null;
  return [start,
    page.replace({ start: then.range.end, end: otherwise.block.range.start }, ' or ')];
}

/** All of it in the other mode; null for a lock that has but one, or where it is so already. */
export function inMode(
  source: Source, section: Section, mode: 'read' | 'write',
): Change | null {
  if (section.open || (section.kind !== 'rwsem' && section.kind !== 'rwlock')) return null;
  const acquires = section.acquires.flatMap(({ stmt }): Splice[] => {
    if ((stmt.kind !== 'acquire' && stmt.kind !== 'try') || stmt.mode === mode) return [];
    return [worded(source, { start: stmt.range.start, end: stmt.lock.range.start }, mode)];
  });
  if (acquires.length === 0) return null;
  return {
    title: `Take ${section.lock} for ${mode === 'read' ? 'reading' : 'writing'} in `
      + placesOf(section),
    family: `${mode} ${keyOf(section)}`,
    splices: [
      ...acquires,
      ...section.releases.flatMap((spot) => releasedIn(source, spot, mode)),
      ...(mode === 'read' ? section.downgrades.map((spot) => removed(source, spot)) : []),
    ],
  };
}

function worded({ page }: Source, head: Splice | { start: number; end: number }, mode: string) {
  return page.replace(head, page.source(head).replace(/\b(read|write)\b/, mode));
}

/** A release that names the other mode names this one; with a downgrade between, none. */
function releasedIn(source: Source, { stmt }: Spot, mode: string | null): readonly Splice[] {
  if (stmt.kind !== 'release' || stmt.mode === null || stmt.mode === mode) return [];
  const head = { start: stmt.range.start, end: stmt.lock.range.start };
  if (mode !== null) return [worded(source, head, mode)];
  return [source.page.replace(head, 'release ')];
}

/** The lock stays as it was taken. */
export function withoutDowngrade(source: Source, spot: Spot, section: Section): Change {
  return {
    title: `Keep ${section.lock} for writing in ${placeName(spot)}: no downgrade`,
    family: `no downgrade ${spot.stmt.range.start}`,
    splices: [
      removed(source, spot),
      ...(section.downgrades.length > 1 ? [] : section.releases.flatMap((release) =>
        releasedIn(source, release, null))),
    ],
  };
}
