// Updates that read a place and write back what they made of it, with no lock that keeps other
// writers out meanwhile: where races on the place are no longer reported, nothing else tells of
// them.
import type { Expr } from '../../syntax/ast.ts';
import { walkExpr } from '../walk.ts';
import { stepsAt, type CoveredStep } from './cover.ts';
import { placeName, told } from './locking.ts';
import { leastOf, type Losses } from './losses.ts';
import { sharedOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

/** `source`: of the text before the change. */
export function updatesText(source: Source, { atomic, marked }: Losses): readonly string[] {
  const found = new Set<string>();
  for (const name of atomic) {
    for (const update of openUpdates(source, name)) {
      const text = `\`${told(source, update.spot)}\``;
      found.add(update.read === null ? `${text} has to be one atomic operation`
        : `${text} may lose an update`);
    }
  }
  for (const [name, owners] of marked) {
    for (const { spot } of openUpdates(source, name)) {
      if (owners.has(placeName(spot))) found.add(`\`${told(source, spot)}\` may lose an update`);
    }
  }
  return [...found];
}

interface Update {
  /** Writes the place. */
  readonly spot: Spot;
  /** Where what is made of it was read; null: by the same statement. */
  readonly read: Spot | null;
}

function openUpdates(source: Source, name: string): readonly Update[] {
  const steps = [...source.cover.steps.values()];
  const writers = steps.filter(({ writes }) => writes.has(name));
  return updatesOf(source, name).filter((update) =>
    !stepsAt(source.cover, update.spot).every((step) =>
      writers.every((writer) => isKeptOut(source, { update, step, writer }))));
}

function updatesOf({ spots, model }: Source, name: string): readonly Update[] {
  const readers = new Map<string, Spot>();
  const key = (spot: Spot, local: string): string => `${placeName(spot)} ${local}`;
  const readBy = (spot: Spot, value: Expr): Spot | null => {
    if (sharedOf(model, value).has(name)) return spot;
    let found: Spot | null = null;
    walkExpr(value, (part) => {
      if (part.kind === 'ident') found ??= readers.get(key(spot, part.name.text)) ?? null;
    });
    return found;
  };
  return spots.flatMap((spot): Update[] => {
    const { stmt } = spot;
    if (stmt.kind === 'let') {
      const read = readBy(spot, stmt.value);
      if (read !== null) readers.set(key(spot, stmt.name.text), read);
      return [];
    }
    if (stmt.kind !== 'assign' && stmt.kind !== 'write_once') return [];
    const read = readBy(spot, stmt.value);
    const { target } = stmt;
    if (sharedOf(model, target).has(name)) {
      if (stmt.kind === 'assign' && stmt.op !== '=') return [{ spot, read: null }];
      return read === null ? [] : [{ spot, read: read === spot ? null : read }];
    }
    if (target.kind === 'ident' && read !== null) readers.set(key(spot, target.name.text), read);
    return [];
  });
}

/** By a lock that both hold, one of them exclusively, the update from its read to its write. */
function isKeptOut(
  source: Source,
  { update: { spot, read }, step, writer }:
    { readonly update: Update; readonly step: CoveredStep; readonly writer: CoveredStep },
): boolean {
  return [...step.held.keys()].some((lock) => {
    const both = [leastOf(step, lock), leastOf(writer, lock)];
    if (both.includes('none') || !both.includes('write')) return false;
    return read === null || isHeldOver(source, { read, spot, lock });
  });
}

function isHeldOver(
  source: Source,
  { read, spot, lock }: { readonly read: Spot; readonly spot: Spot; readonly lock: string },
): boolean {
  const letsGo = source.sections.some(({ cls, releases, downgrades }) => cls === lock
    && [...releases, ...downgrades].some(({ owner, stmt: { range } }) => owner === spot.owner
      && read.stmt.range.start < range.start && range.start < spot.stmt.range.start));
  return !letsGo && stepsAt(source.cover, read).every((step) => leastOf(step, lock) !== 'none');
}
