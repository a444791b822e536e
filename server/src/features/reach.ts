// In which scenarios a place is reached: of each that runs its thread, whether it is, never is, or
// why that is not known.
import { unreachable } from '../text/unreachable.ts';
import type { Claim } from './claim.ts';
import type { Exploration, Standing } from './exploration.ts';
import type { ScenarioDecl } from './nodes.ts';
import { firstSteps, passagesAt, sitesAt, type PlaceOfStmt } from './place.ts';
import { counted } from './numbers.ts';
import type { Check, Snapshot } from './snapshot.ts';

export interface Reach {
  readonly scenario: string;
  /** `reached` also where not all states are known: then `why` says so. */
  readonly how: 'reached' | 'never' | 'unknown';
  /** Why not all is known, behind its name: `is being checked`; null where all is. */
  readonly why: string | null;
  /** A run to it. */
  readonly claim: Claim | null;
}

export interface ReachInput {
  readonly explored: readonly Exploration[];
  /** The declarations of the threads whose place it is. */
  readonly threads: ReadonlySet<string>;
  readonly standings: readonly Standing[];
  readonly place: PlaceOfStmt;
  /** It is a step by itself, wherever it is not left out as dead. */
  readonly isStep: boolean;
}

export function reachOf(snapshot: Snapshot, input: ReachInput): readonly Reach[] {
  const { explored, standings } = input;
  return snapshot.model.scenarios.flatMap((scenario, i): readonly Reach[] => {
    if (!runsAny(scenario, input.threads)) return [];
    const name = scenario.name.text;
    const check = snapshot.checks[i] ?? { kind: 'broken' };
    const exploration = explored.find((each) => each.scenario === name);
    const why = exploration === undefined ? unexplored(check) : cutShort(exploration);
    const standing = standings.find((each) => each.exploration === exploration);
    const claim: Claim | null = standing === undefined ? null : {
      scenario: name, wanted: [{ kind: 'at', thread: standing.thread, pcs: [standing.rest.pc] }],
    };
    if (exploration === undefined || why !== null) {
      return [{ scenario: name, how: 'unknown', why, claim }];
    }
    const { lowered } = exploration;
    const sites = sitesAt(snapshot, lowered, input.place.stmt.range);
    const passages = passagesAt(snapshot, lowered, input.place.stmt.range);
    // One that has no step in it here, and none behind it.
    if (passages.length > 0 && passages.every((each) => firstSteps(lowered, each).length === 0)) {
      return [];
    }
    // Neither a step of its own nor seen inside of one.
    if (standing === undefined && sites.length === 0 && !input.isStep) return [];
    const reached = standing !== undefined || sites.some((site) => exploration.reached.has(site));
    return [{ scenario: name, how: reached ? 'reached' : 'never', why, claim }];
  });
}

function runsAny({ items }: ScenarioDecl, threads: ReadonlySet<string>): boolean {
  return items.some((item) => item.kind === 'run' && threads.has(item.thread.text));
}

function cutShort({ complete, states }: Exploration): string | null {
  return complete ? null : `was only searched for ${counted(states, 'state')}`;
}

function unexplored(check: Check): string {
  switch (check.kind) {
    case 'broken': return 'has errors';
    case 'off': return 'is not checked yet';
    case 'checking': return 'is being checked';
    case 'failed': return `could not be checked: ${check.message}`;
    case 'judged': return 'is being checked';
    default: return unreachable(check);
  }
}
