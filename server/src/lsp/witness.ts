// A run to what a claim of "Lock state here" says: looked for when somebody wants to see it.
import type { CancellationToken } from 'vscode-languageserver';
import { readClaim, wantedText, witnessOf } from '../service/ide.ts';
import { toRunView } from './convert.ts';
import { limitsOf } from './places.ts';
import type { RunParams, RunResult } from './protocol.ts';
import type { Session } from './session.ts';

export async function answerWitness(
  { workspace, inspector }: Session, { uri, claim }: RunParams, token?: CancellationToken,
): Promise<RunResult> {
  const snapshot = workspace.snapshot(uri);
  if (snapshot === null) return none('the file is not open');
  const read = readClaim(snapshot, claim ?? '', (scenario) =>
    workspace.program(uri, scenario)?.program ?? null);
  if (read.kind === 'stale') return none('the text has changed since; point at the line again');
  if (read.kind !== 'claim') return none('there is no such run');
  const { scenario, wanted } = read.claim;
  const lowered = workspace.program(uri, scenario);
  if (lowered === null) return none(`${scenario} cannot be run: the file has errors here`);
  const limits = limitsOf(snapshot);
  const found = await inspector.witness(lowered.program, wanted, {
    ms: limits.timeLimitMs, limits,
    onCancel: (stop) => void token?.onCancellationRequested(stop),
  });
  const what = wantedText(snapshot, lowered, wanted);
  if (typeof found === 'string') return none(`no run to ${what} was found: ${found}`);
  const { trace, bound, states } = found;
  if (trace === null) {
    return none(bound === null ? `in no run of ${scenario}: ${what}`
      : `not found in the first ${states} states of ${scenario}: ${what}`);
  }
  // Of the text that was asked about, whatever it has become since.
  const table = witnessOf(snapshot, lowered, { scenario, wanted, trace });
  return { kind: 'run', run: toRunView(snapshot, table) };
}

const none = (reason: string): RunResult => ({ kind: 'none', reason });
