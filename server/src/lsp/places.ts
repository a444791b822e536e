// Questions about a place whose answer is better with a survey of its scenarios: waited for a
// moment, then answered with what is known.
import { programsAt, type Snapshot, type Surveys } from '../service/ide.ts';
import { DEFAULT_SETTINGS } from '../service/settings.ts';
import { locate } from './served.ts';
import type { Session } from './session.ts';

/** Most scenarios are surveyed in it; a hover that comes later is not read. */
const MOMENT_MS = 300;

export interface Surveyed {
  readonly snapshot: Snapshot;
  readonly offset: number;
  readonly surveys: Surveys;
  /** All that there will be is in the surveys. */
  readonly settled: boolean;
}

/** The place as it is now, with surveys as far as they came in so many milliseconds; null: none. */
export async function surveyedPlace(
  session: Session, at: Parameters<typeof locate>[1],
  waiting: { readonly ms?: number; readonly onCancel?: (stop: () => void) => void } = {},
): Promise<Surveyed | null> {
  const before = locate(session, at);
  if (before === null) return null;
  const { inspector } = session;
  const programs = programsAt(before.snapshot, before.offset);
  const settled = await inspector.survey(before.snapshot.file, programs, {
    ms: waiting.ms ?? MOMENT_MS, limits: limitsOf(before.snapshot), onCancel: waiting.onCancel,
  });
  // The text may have changed meanwhile.
  const now = locate(session, at);
  const surveys: Surveys = ({ program }) => inspector.surveyOf(program);
  return now === null ? null : { ...now, surveys, settled };
}

export function limitsOf({ checks }: Snapshot): typeof DEFAULT_SETTINGS.limits {
  for (const check of checks) if (check.kind === 'judged') return check.limits;
  return DEFAULT_SETTINGS.limits;
}
