// The run to a state that somebody asked for, as the run panel shows runs; and the claim about it
// as it goes to the panel and comes back: checked then, for anything may come back.
import { unreachable } from '../text/unreachable.ts';
import type { Condition, Wanted } from '../../../simulator/src/index.ts';
import type { Program } from '../../../simulator/src/program.ts';
import type { Lowered } from '../analysis/lowered.ts';
import { lockInMode, printValue, threadName } from '../analysis/state-rows.ts';
import type { Claim } from './claim.ts';
import { lineNumber, type Snapshot } from './snapshot.ts';

/** Of this version of the text: its numbers mean something there only. */
export function printClaim({ version }: Snapshot, { scenario, wanted }: Claim): string {
  return JSON.stringify({ version, scenario, wanted });
}

export type ReadClaim =
  | { readonly kind: 'claim'; readonly claim: Claim }
  | { readonly kind: 'stale' | 'unreadable' };

/** `programOf`: null where there is no such scenario now. */
export function readClaim(
  { version }: Snapshot, text: string, programOf: (scenario: string) => Program | null,
): ReadClaim {
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return { kind: 'unreadable' };
  }
  if (typeof found !== 'object' || found === null || !('version' in found)
    || !('scenario' in found) || !('wanted' in found)) return { kind: 'unreadable' };
  const { scenario, wanted } = found;
  if (typeof scenario !== 'string' || !Array.isArray(wanted)) return { kind: 'unreadable' };
  if (found.version !== version) return { kind: 'stale' };
  const program = programOf(scenario);
  if (program === null) return { kind: 'unreadable' };
  const conditions = wanted.flatMap((each: unknown) => conditionOf(program, each) ?? []);
  if (conditions.length !== wanted.length) return { kind: 'unreadable' };
  return { kind: 'claim', claim: { scenario, wanted: conditions } };
}

function conditionOf(program: Program, value: unknown): Condition | null {
  if (typeof value !== 'object' || value === null) return null;
  const member = (name: string): unknown => Reflect.get(value, name);
  const index = (name: string, all: readonly unknown[]): number | null => {
    const found = member(name);
    return typeof found === 'number' && Number.isInteger(found) && found >= 0
      && found < all.length ? found : null;
  };
  const thread = index('thread', program.threads);
  switch (member('kind')) {
    case 'at': {
      const pcs = member('pcs');
      if (thread === null || !Array.isArray(pcs)) return null;
      const whole = pcs.filter((pc: unknown): pc is number => Number.isInteger(pc));
      return whole.length === pcs.length ? { kind: 'at', thread, pcs: whole } : null;
    }
    case 'held': {
      const [lock, mode] = [index('lock', program.locks), member('mode')];
      if (thread === null || lock === null) return null;
      if (mode !== null && mode !== 'read' && mode !== 'write') return null;
      return { kind: 'held', thread, lock, mode };
    }
    case 'value': {
      const [cell, wanted] = [index('cell', program.cells), member('value')];
      return cell === null || typeof wanted !== 'number' ? null
        : { kind: 'value', cell, value: wanted };
    }
    case 'object': return objectOf(program, member);
    default: // Anything may come back.
      return null;
  }
}

const STATES = ['unused', 'live', 'free_pending', 'freed'] as const;

function objectOf(program: Program, member: (name: string) => unknown): Condition | null {
  const [pool, ref] = [member('pool'), member('ref')];
  const state = STATES.find((each) => each === member('state'));
  if (typeof pool !== 'number' || typeof ref !== 'number' || state === undefined) return null;
  const count = program.pools[pool]?.count ?? 0;
  return Number.isInteger(ref) && ref >= 1 && ref <= count
    ? { kind: 'object', pool, ref, state } : null;
}

/** `munmap at line 25, fault at line 38`. */
export function wantedText(snapshot: Snapshot, lowered: Lowered, wanted: Wanted): string {
  return wanted.map((each) => conditionText(snapshot, lowered, each)).join(', ');
}

function conditionText(snapshot: Snapshot, lowered: Lowered, wanted: Condition): string {
  const { program, cells, sites } = lowered;
  switch (wanted.kind) {
    case 'at': {
      const name = threadName(program, wanted.thread);
      const lines = wanted.pcs.flatMap((pc) => {
        const site = program.threads[wanted.thread]?.code[pc]?.site;
        const at = site === undefined ? undefined : sites[site];
        return at === undefined ? [] : lineNumber(snapshot, at) ?? [];
      });
      return lines.length === 0 ? `${name} done` : `${name} at line ${lines.join(' or ')}`;
    }
    case 'held': {
      const { lock, mode } = wanted;
      if (mode === null) return `without ${program.locks[lock]?.name ?? ''}`;
      return `holding ${lockInMode(program, lock, mode)}`;
    }
    case 'value': {
      const info = cells[wanted.cell];
      return info === undefined ? '' : `${info.name} = ${printValue(info.print, wanted.value)}`;
    }
    case 'object':
      return `${program.pools[wanted.pool]?.name ?? ''}#${wanted.ref} `
        + wanted.state.replace('_', ' ');
    default: return unreachable(wanted);
  }
}
