// The questions an editor asks, as the protocol's side sees them: each takes a snapshot and gives
// plain data. Nothing else of the features is known there.
export type { Sym } from '../analysis/model.ts';
export { callableAt, callableOf, incomingCalls, outgoingCalls } from '../features/calls.ts';
export { assists } from '../features/assists.ts';
export { codeLenses, type Lens } from '../features/code-lens.ts';
export { completions, type Completion } from '../features/completion.ts';
export { coverage, type FileCoverage } from '../features/coverage.ts';
export { diagnostics } from '../features/diagnostics.ts';
export { failing, fixableAt, fixTitle, plain } from '../features/fix-titles.ts';
export {
  aboutText, aboutWarning, isMendable, warningCode, type About,
} from './fixes/about.ts';
export { bears, bearsText, breakText, significant } from '../features/bearing-view.ts';
export type { Fix, Fixes } from './fixes/fixing.ts';
export {
  loadBearing, pillarsIn, variantRun, type Borne,
} from './fixes/load-bearing.ts';
export {
  runOfChange, type Comparison, type Side,
} from './comparing.ts';
export type { Change, Compared, Standing } from './compare.ts';
export { standingText } from './report/compare-text.ts';
export { documentSymbols, type DocumentSymbol } from '../features/document-symbols.ts';
export { NO_SURVEYS, type Surveys } from '../features/exploration.ts';
export { counted, grouped } from '../features/numbers.ts';
export { isLimit, limitOf } from '../features/limit.ts';
export { fileStatus, type FileStatus } from '../features/file-status.ts';
export {
  DEFAULT_HINTS, inlayHints, type Hint, type HintsWanted,
} from '../features/inlay-hints.ts';
export { hover, type Hover } from '../features/hover.ts';
export { programsAt } from '../features/lock-state.ts';
export { isStatement } from '../features/place.ts';
export { placeView, type PlaceView } from '../features/lock-state-view.ts';
export { links } from '../features/links.ts';
export {
  definition, foldings, isLocal, linkedPlaces, occurrenceAt, references, usedFileAt,
  type Definition,
} from '../features/references.ts';
export type { Catalogue } from './catalogue.ts';
export { occurrencesIn, type Views } from '../features/rename.ts';
export type { RunStep, RunTable, RunViolation } from '../features/run-view.ts';
export { scenarioTest, type ScenarioTest } from '../features/scenario-test.ts';
export { scenarioViews, type ScenarioEntry } from '../features/scenarios.ts';
export { selectionRanges } from '../features/selection.ts';
export {
  semanticTokens, TOKEN_MODIFIERS, TOKEN_TYPES, type Token,
} from '../features/semantic-tokens.ts';
export { signature } from '../features/signature.ts';
export type { Snapshot } from '../features/snapshot.ts';
export { printClaim, readClaim, wantedText } from '../features/witness-run.ts';
export { typeDefinition } from '../features/type-definition.ts';
export { usePathAt } from '../features/completion/use-path.ts';
export { runOf, witnessOf, type RunQuestion } from './runs.ts';
export { workspaceSymbols } from '../features/workspace-symbols.ts';
export { renamable, renamed } from './rename.ts';
