// Semantic tokens: of a file, of a part of it, and what changed of them since they were last given.
import type {
  Range as LspRange, SemanticTokens, SemanticTokensDelta, SemanticTokensEdit,
} from 'vscode-languageserver';
import { semanticTokens } from '../service/ide.ts';
import { toTokens } from './convert.ts';
import type { AtFile, Served } from './served.ts';

interface AtRange extends AtFile {
  readonly range: LspRange;
}
interface Since extends AtFile {
  readonly previousResultId: string;
}

export function onTokens(served: Served): void {
  const { connection, guard, session } = served;
  const none: SemanticTokens = { data: [] };
  const given = new Map<string, SemanticTokens>();
  let nGiven = 0;

  // Not before the files it takes in are there: nobody asks again when only they have changed.
  const tokensOf = async (
    { textDocument: { uri } }: AtFile, part?: LspRange,
  ): Promise<SemanticTokens> => {
    const workspace = session()?.workspace;
    await workspace?.complete(uri);
    const snapshot = workspace?.snapshot(uri) ?? null;
    if (snapshot === null) return none;
    const { lines } = snapshot;
    const range = part === undefined ? undefined
      : { start: lines.offset(part.start), end: lines.offset(part.end) };
    return toTokens(lines, semanticTokens(snapshot, range));
  };
  const all = async (params: AtFile) => {
    const { data } = await tokensOf(params);
    const answer = { resultId: String(++nGiven), data };
    given.set(params.textDocument.uri, answer);
    const open = session()?.workspace.files ?? [];
    for (const uri of given.keys()) if (!open.includes(uri)) given.delete(uri);
    return answer;
  };
  const { semanticTokens: tokens } = connection.languages;
  tokens.on(guard(none, all));
  tokens.onRange(guard<AtRange, SemanticTokens>(none, (params) =>
    tokensOf(params, params.range)));
  tokens.onDelta(guard<Since, SemanticTokens | SemanticTokensDelta>(none, async (params) => {
    const before = given.get(params.textDocument.uri);
    const after = await all(params);
    if (before === undefined || before.resultId !== params.previousResultId) return after;
    return { resultId: after.resultId, edits: changes(before.data, after.data) };
  }));
}

/** None or one: what lies between the numbers that are the same at both ends. */
function changes(before: readonly number[], after: readonly number[]): SemanticTokensEdit[] {
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start++;
  let same = 0;
  while (same < most - start && before.at(-1 - same) === after.at(-1 - same)) same++;
  const deleteCount = before.length - start - same;
  const data = after.slice(start, after.length - same);
  return deleteCount === 0 && data.length === 0 ? [] : [{ start, deleteCount, data }];
}
