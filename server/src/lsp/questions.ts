// The editor's questions about a place or a file, each answered from one snapshot.
import {
  DocumentHighlightKind, MarkupKind, type DocumentHighlight, type Hover as LspHover,
  type LinkedEditingRanges, type Location, type LocationLink,
} from 'vscode-languageserver';
import {
  codeLenses, definition, documentSymbols, foldings, hover, linkedPlaces, references, runOf,
  scenarioViews, typeDefinition, type Snapshot,
} from '../service/ide.ts';
import { onCompletion } from './complete.ts';
import {
  placeOf, toCodeLens, toFolding, toLocation, toRange, toRunView, toSymbol,
} from './convert.ts';
import { onNavigation } from './navigate.ts';
import { plainText } from './plain.ts';
import { answerChange } from './compare.ts';
import { answerVariant, bearingLenses } from './load-bearing.ts';
import {
  RUN, SCENARIOS, type RunParams, type RunResult, type ScenariosParams, type ScenariosResult,
} from './protocol.ts';
import { surveyedPlace } from './places.ts';
import { onLockState } from './lock-state.ts';
import { answerWitness } from './witness.ts';
import { onRename } from './rename.ts';
import { locate, type AtFile, type Served } from './served.ts';
import { lensesId, type Session } from './session.ts';

interface AtPlace extends AtFile {
  readonly position: { readonly line: number; readonly character: number };
}

const NAME = '[A-Za-z_][A-Za-z0-9_]*';

export function onQuestions(served: Served): void {
  onPlaces(served);
  onNames(served);
  onFiles(served);
  onRuns(served);
  onCompletion(served);
  onLockState(served);
  onRename(served);
  onNavigation(served);
}

function snapshotOf({ session }: Served, { textDocument }: AtFile): Snapshot | null {
  return session()?.workspace.snapshot(textDocument.uri) ?? null;
}

function onPlaces(served: Served): void {
  const { connection, guard, session } = served;
  connection.onHover(guard<AtPlace, LspHover | null>(null, async (params) => {
    const current = session();
    const at = current === null ? null : await surveyedPlace(current, params);
    const found = at === null ? null : hover(at.snapshot, at.offset, at.surveys);
    if (at === null || found === null) return null;
    const contents = current?.client.markdown === false
      ? { kind: MarkupKind.PlainText, value: plainText(found.text) }
      : { kind: MarkupKind.Markdown, value: found.text };
    return { range: toRange(at.snapshot.lines, found.range), contents };
  }));
  const definitionOf = (params: AtPlace): Location | LocationLink[] | null => {
    const at = locate(session(), params);
    const found = at === null ? null : definition(at.snapshot, at.offset);
    if (at === null || found === null) return null;
    const target = toLocation(at.snapshot, found.at);
    if (target === null || session()?.client.linkedDefinitions !== true) return target;
    const full = toLocation(at.snapshot, { file: found.at.file, range: found.full });
    return [{
      originSelectionRange: toRange(at.snapshot.lines, found.origin),
      targetUri: target.uri, targetSelectionRange: target.range,
      targetRange: full?.range ?? target.range,
    }];
  };
  connection.onDefinition(guard(null, definitionOf));
  // What is declared is defined there.
  connection.onDeclaration(guard(null, definitionOf));
  connection.onTypeDefinition(guard<AtPlace, Location | null>(null, (params) => {
    const at = locate(session(), params);
    const sym = at === null ? null : typeDefinition(at.snapshot, at.offset);
    return at === null || sym === null ? null : toLocation(at.snapshot, sym.at);
  }));
}

function onNames({ connection, guard, session }: Served): void {
  connection.languages.onLinkedEditingRange(guard<AtPlace, LinkedEditingRanges | null>(
    null, (params) => {
      const at = locate(session(), params);
      const ranges = at === null ? null : linkedPlaces(at.snapshot, at.offset);
      return at === null || ranges === null ? null
        : { ranges: ranges.map((range) => toRange(at.snapshot.lines, range)), wordPattern: NAME };
    },
  ));
  connection.onDocumentHighlight(guard<AtPlace, DocumentHighlight[]>([], (params) => {
    const at = locate(session(), params);
    if (at === null) return [];
    return references(at.snapshot, at.offset).map(({ range, role }) => ({
      range: toRange(at.snapshot.lines, range),
      kind: role === 'write' ? DocumentHighlightKind.Write
        : role === 'read' ? DocumentHighlightKind.Read : DocumentHighlightKind.Text,
    }));
  }));
}

function onFiles(served: Served): void {
  const { connection, guard, session } = served;
  connection.onCodeLens(guard<AtFile, ReturnType<typeof toCodeLens>[]>([], (params) => {
    const snapshot = snapshotOf(served, params);
    if (snapshot === null) return [];
    session()?.refresher.answered(snapshot.file, 'lenses', lensesId(snapshot));
    const lenses = codeLenses(snapshot).map((lens) => toCodeLens(snapshot, lens));
    return [...lenses, ...bearingLenses(snapshot)];
  }));
  connection.onDocumentSymbol(guard<AtFile, ReturnType<typeof toSymbol>[]>([], (params) => {
    const snapshot = snapshotOf(served, params);
    if (snapshot === null) return [];
    return documentSymbols(snapshot).map((symbol) => toSymbol(snapshot.lines, symbol));
  }));
  connection.onFoldingRanges(guard<AtFile, ReturnType<typeof toFolding>[]>([], (params) => {
    const snapshot = snapshotOf(served, params);
    if (snapshot === null) return [];
    return foldings(snapshot).map((range) => toFolding(snapshot.lines, range));
  }));
}

function onRuns({ connection, guard, session }: Served): void {
  connection.onRequest(SCENARIOS, guard<ScenariosParams, ScenariosResult>([], ({ uri }) => {
    const snapshot = session()?.workspace.snapshot(uri) ?? null;
    if (snapshot === null) return [];
    return scenarioViews(snapshot).map(({ range, ...view }) =>
      ({ ...view, place: placeOf(snapshot, { file: snapshot.file, range }) }));
  }));
  const failed: RunResult = { kind: 'none', reason: 'the run could not be worked out' };
  connection.onRequest(RUN, guard<RunParams, RunResult>(failed, async (params, token) => {
    const current = session();
    if (current === null) return failed;
    const { variant, change } = params;
    if (change !== undefined) return answerChange(current, params, change);
    if (variant !== undefined) return await answerVariant(current, params, variant);
    return params.kind === 'witness' ? await answerWitness(current, params, token)
      : await answerRun(current, { ...params, kind: params.kind });
  }));
}

type OwnRun = RunParams & { readonly kind: 'violation' | 'random' };

async function answerRun({ workspace }: Session, params: OwnRun): Promise<RunResult> {
  const { uri, scenario, kind } = params;
  await workspace.complete(uri);
  if (kind === 'violation') await workspace.demand(uri, scenario);
  const snapshot = workspace.snapshot(uri);
  if (snapshot === null) return { kind: 'none', reason: 'the file is not open' };
  if (!snapshot.model.scenarios.some(({ name }) => name.text === scenario)) {
    return { kind: 'none', reason: `there is no scenario ${scenario}` };
  }
  const lowered = workspace.program(uri, scenario);
  if (lowered === null) {
    return { kind: 'none', reason: `${scenario} cannot be run: the file has errors here` };
  }
  const index = params.index ?? 0;
  const seed = params.seed ?? 0;
  const table = runOf(snapshot, lowered, { scenario, kind, index, seed });
  return { kind: 'run', run: toRunView(snapshot, table) };
}
