// What generated code tells its host by setting bytes: violations already told (set by the host, so
// that the code need not stop for them again) and events seen (set by the code).
import type { Facts } from '../verdict.ts';

/** Something that was seen; the host turns a set byte into it. */
export type Event =
  | { readonly kind: 'reached'; readonly site: number }
  | { readonly kind: 'nesting'; readonly nesting: Facts['nestings'][number] }
  | { readonly kind: 'recursive_read'; readonly site: number; readonly cls: number }
  | { readonly kind: 'reachable'; readonly index: number }
  | { readonly kind: 'outcomes'; readonly combination: readonly (number | null)[] };

export interface Registry {
  /** By key of the ledger (code, subject, step): the offset of its byte among the told ones. */
  readonly told: Map<string, number>;
  /** By offset of its byte among the events, less the first: */
  readonly events: Event[];
  readonly known: Map<string, number>;
  /** The offsets that it begins with. */
  readonly first: Offsets;
}

export interface Offsets {
  readonly told: number;
  readonly events: number;
}

export function createRegistry(first: Offsets = { told: 0, events: 0 }): Registry {
  return { told: new Map(), events: [], known: new Map(), first };
}

/** The offset of the byte that says whether this violation has been told. */
export function toldAt(registry: Registry, key: string): number {
  const known = registry.told.get(key);
  if (known !== undefined) return known;
  const at = registry.first.told + registry.told.size;
  registry.told.set(key, at);
  return at;
}

/** The offset of the event's byte. */
export function eventAt(registry: Registry, event: Event): number {
  const key = event.kind === 'reached' ? `${event.site}` : JSON.stringify(event);
  const known = registry.known.get(key);
  if (known !== undefined) return known;
  const at = nextEvent(registry);
  registry.known.set(key, at);
  registry.events.push(event);
  return at;
}

/** The offset that the next new event gets. */
export const nextEvent = ({ first, events }: Registry): number => first.events + events.length;
