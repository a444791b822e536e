// What is load-bearing in a file or a thread: asked for, shown with progress, kept until the text
// changes in more than comments and white space.
import type { CodeLens } from 'vscode-languageserver';
import {
  bears, bearsText, breakText, loadBearing, pillarsIn, plain, significant, variantRun,
  type Borne, type Snapshot,
} from '../service/ide.ts';
import { toRange, toRunView } from './convert.ts';
import { trackProgress } from './progress.ts';
import {
  LOAD_BEARING, LOAD_BEARING_COMMAND, type BearingItem, type LoadBearingParams,
  type LoadBearingResult, type RunParams, type RunResult,
} from './protocol.ts';
import type { Served } from './served.ts';
import type { Session } from './session.ts';

/** Of one file, the last answer. */
interface Kept {
  readonly text: string;
  readonly thread: string | null;
  readonly found: readonly Borne[];
}

const KEPT = new WeakMap<Session['workspace'], Map<string, Kept>>();

/** Over every thread that a scenario runs. */
export function bearingLenses(snapshot: Snapshot): readonly CodeLens[] {
  const { model, lines, file } = snapshot;
  const run = new Set(model.scenarios.flatMap(({ items }) =>
    items.flatMap((item) => (item.kind === 'run' ? [item.thread.text] : []))));
  return model.threads.filter(({ name }) => run.has(name.text)).map(({ name }) => ({
    range: toRange(lines, name.range),
    command: {
      title: 'What is load-bearing?', command: LOAD_BEARING_COMMAND, arguments: [file, name.text],
    },
  }));
}

export function onLoadBearing({ connection, guard, session }: Served): void {
  const failed = none('it could not be worked out');
  connection.onRequest(LOAD_BEARING, guard<LoadBearingParams, LoadBearingResult>(
    failed, async ({ uri, thread = null, peek }) => {
      const workspace = session()?.workspace;
      if (workspace === undefined) return failed;
      await workspace.complete(uri);
      const snapshot = workspace.snapshot(uri);
      if (snapshot === null) return none('the file is not open');
      const kept = KEPT.get(workspace) ?? new Map<string, Kept>();
      KEPT.set(workspace, kept);
      const before = kept.get(uri);
      if (peek === true) return before === undefined ? none('not asked') : again(before, snapshot);
      const title = `What is load-bearing in ${thread ?? 'the file'}`;
      const tracked = await trackProgress(connection, title);
      const found = await workspace.desk.trial(uri, (host, text) =>
        loadBearing(host, text, { thread, progress: tracked.progress }), tracked)
        .finally(() => tracked.done());
      if (found === null) return none('stopped, or the text was edited');
      kept.set(uri, { text: snapshot.text, thread, found });
      return view(snapshot, found);
    }));
}

/** A run of a change, to a violation or at random, by its place in the last answer. */
export async function answerVariant(
  { workspace }: Session, params: RunParams,
  variant: NonNullable<RunParams['variant']>,
): Promise<RunResult> {
  const { uri, scenario, index = 0, seed = 0 } = params;
  const kind = params.kind === 'random' ? 'random' : 'violation';
  const before = KEPT.get(workspace)?.get(uri);
  const snapshot = workspace.snapshot(uri);
  const tried = before?.found[variant.item]?.tried[variant.tried];
  if (snapshot === null || tried === undefined) return none('ask again what is load-bearing');
  if (before?.text !== snapshot.text) return none('the text has changed: ask again');
  const table = await workspace.desk.trial(uri, (host, text) =>
    variantRun(host, text, { tried, scenario, kind, index, seed }));
  if (table === null) return none('there is no run: nothing leads there');
  return { kind: 'run', run: { ...toRunView(snapshot, table), title: plain(tried.title) } };
}

function none(reason: string): { readonly kind: 'none'; readonly reason: string } {
  return { kind: 'none', reason };
}

/** The same answer at the places of today; none where the text means something else. */
function again({ text, thread, found }: Kept, snapshot: Snapshot): LoadBearingResult {
  const stale: LoadBearingResult = { kind: 'none', reason: 'the text has changed' };
  if (text === snapshot.text) return view(snapshot, found);
  if (significant(text) !== significant(snapshot.text)) return stale;
  const pillars = pillarsIn(snapshot.model, thread);
  const moved = found.flatMap((each): Borne[] => {
    const same = pillars[each.place];
    return same === undefined || same.text !== each.text ? [] : [{ ...each, range: same.range }];
  });
  return moved.length === found.length ? view(snapshot, moved) : stale;
}

function view(snapshot: Snapshot, found: readonly Borne[]): LoadBearingResult {
  const items = found.map(({ range, text, owner, tried }): BearingItem => {
    const [first] = tried;
    return {
      range: toRange(snapshot.lines, range), text, owner,
      bears: first === undefined ? 'unknown' : bears(first),
      summary: first === undefined ? '' : bearsText(first),
      tried: tried.map((each) => ({
        title: plain(each.title), bears: bears(each), summary: bearsText(each),
        breaks: each.breaks.map((it) => ({
          scenario: it.scenario, index: it.index, text: breakText(it), message: plain(it.message),
        })),
      })),
    };
  });
  return { kind: 'bearing', version: snapshot.version, items };
}
