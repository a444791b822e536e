// What a check of several files came to: of each argument its report, or why there is none.
import type { Report } from '../check-file.ts';

export type Every =
  | { readonly kind: 'report'; readonly report: Report }
  | ({ readonly kind: 'unread' } & Unread);

export interface Unread {
  readonly path: string;
  /** In a few words. */
  readonly why: string;
}

export function reportsOf(all: readonly Every[]): readonly Report[] {
  return all.flatMap((it) => (it.kind === 'report' ? [it.report] : []));
}

export function unreadOf(all: readonly Every[]): readonly Unread[] {
  return all.flatMap((it) => (it.kind === 'unread' ? [it] : []));
}
