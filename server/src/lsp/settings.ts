// The user's settings as the client sends them: any JSON. What is missing or makes no sense is the
// default.
import { DEFAULT_HINTS, type HintsWanted } from '../service/ide.ts';
import { DEFAULT_SETTINGS, type CheckSettings } from '../service/settings.ts';
import type { BrowserParts } from './protocol.ts';

/** Of `initializationOptions`, or of the `settings` of a configuration change. */
export function readSettings(value: unknown): CheckSettings {
  const check = member(value, 'check');
  const { limits } = DEFAULT_SETTINGS;
  const when = member(check, 'when');
  return {
    when: when === 'onSave' || when === 'manual' ? when : 'onType',
    limits: {
      maxStates: positive(member(check, 'maxStates'), 1) ?? limits.maxStates,
      maxMemory: positive(member(check, 'maxMemory'), 2 ** 20) ?? limits.maxMemory,
      timeLimitMs: positive(member(check, 'timeLimit'), 1000) ?? limits.timeLimitMs,
    },
  };
}

export function readHints(value: unknown): HintsWanted {
  const hints = member(value, 'inlayHints');
  const lockState = member(hints, 'lockState');
  return {
    lockState: lockState === 'off' || lockState === 'all' ? lockState : DEFAULT_HINTS.lockState,
    types: member(hints, 'types') === true,
    parameterNames: member(hints, 'parameterNames') === true,
  };
}

/** Whether verdicts may outlive the session. */
export function readKeepVerdicts(value: unknown): boolean {
  return member(member(value, 'check'), 'keepVerdicts') !== false;
}

/** Whether files of the workspace that are not open are checked too. */
export function readWorkspace(value: unknown): boolean {
  return member(member(value, 'check'), 'workspace') === true;
}

/** The URI of the folder that the client gives for what is kept; null where it gives none. */
export function readStorage(options: unknown): string | null {
  const storage = member(options, 'storage');
  return typeof storage === 'string' ? storage : null;
}

/** What a server without files is handed; null where it has to find its parts itself. */
export function readParts(options: unknown): BrowserParts | null {
  const parts = member(options, 'parts');
  const runtime = member(parts, 'runtime');
  const grammar = member(parts, 'grammar');
  const checker = member(parts, 'checker');
  if (!(runtime instanceof Uint8Array) || !(grammar instanceof Uint8Array)) return null;
  return { runtime, grammar, checker: typeof checker === 'string' ? checker : '' };
}

export function member(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && key in value
    ? (value as Record<string, unknown>)[key] : undefined;
}

function positive(value: unknown, unit: number): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value > 0 ? value * unit : null;
}
