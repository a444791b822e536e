// Inlay hints and "Lock state here": what the locks are, along the text and at one place of it.
import type { InlayHint, Range as LspRange } from 'vscode-languageserver';
import {
  inlayHints, isStatement, placeView, printClaim, type PlaceView, type Snapshot,
} from '../service/ide.ts';
import { toHint } from './convert.ts';
import { surveyedPlace } from './places.ts';
import {
  LOCK_STATE, type ClaimView, type LockStateParams, type LockStateResult, type LockStateView,
} from './protocol.ts';
import type { Served } from './served.ts';
import { hintsId, type Session } from './session.ts';

const NO_STATEMENT = 'Point at a statement of a thread or proc.';
const UNKNOWN = 'Nothing is known of this statement: no thread gets to it as the text stands, or '
  + 'there are errors in its way.';

/** Longer than any survey is let go on. */
const PATIENCE_MS = 15_000;
const IMPATIENCE_MS = 100;

export function onLockState({ connection, guard, session }: Served): void {
  interface InFile {
    readonly textDocument: { readonly uri: string };
    readonly range: LspRange;
  }
  connection.languages.inlayHint.on(guard<InFile, InlayHint[]>([], async (params) => {
    const current = session();
    const { uri } = params.textDocument;
    await current?.workspace.complete(uri);
    const snapshot = current?.workspace.snapshot(uri) ?? null;
    if (current === null || snapshot === null) return [];
    const { lines, version } = snapshot;
    const range = { start: lines.offset(params.range.start), end: lines.offset(params.range.end) };
    // Several editors may show the file, each a part of it.
    const before = current.hinted.get(uri);
    const { start, end } = before?.version === version ? before : range;
    current.hinted.set(uri,
      { version, start: Math.min(start, range.start), end: Math.max(end, range.end) });
    current.refresher.answered(uri, 'hints', hintsId(current, snapshot));
    return inlayHints(snapshot, range, current.hints).map((hint) => toHint(snapshot, hint));
  }));
  const failed: LockStateResult = { kind: 'none', reason: 'it could not be worked out' };
  connection.onRequest(LOCK_STATE, guard<LockStateParams, LockStateResult>(failed,
    async (params, token) => {
      const current = session();
      return current === null ? failed : answer(current, params,
        (stop) => void token?.onCancellationRequested(stop));
    }));
}

async function answer(
  session: Session, { uri, line, character, patient }: LockStateParams,
  onCancel: (stop: () => void) => void,
): Promise<LockStateResult> {
  const at = { textDocument: { uri }, position: { line, character } };
  const ms = patient ? PATIENCE_MS : IMPATIENCE_MS;
  const place = await surveyedPlace(session, at, { ms, onCancel });
  if (place === null) return { kind: 'none', reason: 'the file is not open' };
  const { snapshot, offset, surveys, settled } = place;
  const view = placeView(snapshot, offset, surveys);
  if (view === null) {
    return { kind: 'none', reason: isStatement(snapshot, offset) ? UNKNOWN : NO_STATEMENT };
  }
  return { kind: 'state', state: toView(snapshot, view, !settled && !patient) };
}

function toView(snapshot: Snapshot, view: PlaceView, pending: boolean): LockStateView {
  type Claim = PlaceView['scenarios'][number]['claim'];
  const claimed = (claim: Claim): ClaimView | null =>
    (claim === null ? null : { scenario: claim.scenario, claim: printClaim(snapshot, claim) });
  const shown = ({ text, claim }: PlaceView['scenarios'][number]) =>
    ({ text, claim: claimed(claim) });
  return {
    ...view, uri: snapshot.file, version: snapshot.version, pending,
    locks: view.locks.map((lock) => ({
      ...lock, withIt: claimed(lock.withIt), withoutIt: claimed(lock.withoutIt),
    })),
    others: view.others.map((other) => ({ ...other, can: other.can.map(shown) })),
    values: view.values.map((value) => ({ ...value, values: value.values.map(shown) })),
    scenarios: view.scenarios.map(shown),
  };
}
