// References over all files at hand, and rename with what it refuses.
import type {
  Location, Position, Range as LspRange, WorkspaceEdit,
} from 'vscode-languageserver';
import { createLines } from '../text/lines.ts';
import { occurrenceAt, occurrencesIn, renamable, renamed } from '../service/ide.ts';
import { toRange } from './convert.ts';
import { Refusal } from './guard.ts';
import { locate, type Served } from './served.ts';

interface AtPlace {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}

export function onRename(served: Served): void {
  const { connection, guard } = served;
  onReferences(served);
  connection.onPrepareRename(guard<AtPlace, LspRange | null>(null, (params) => {
    const asked = question(served, params);
    if (asked === null) return null;
    const found = renamable(asked);
    return 'why' in found ? refuse(found.why) : toRange(asked.snapshot.lines, found.range);
  }));
  connection.onRenameRequest(guard<AtPlace & { newName: string }, WorkspaceEdit | null>(
    null, (params) => {
      const asked = question(served, params);
      if (asked === null) return null;
      const found = renamed({ ...asked, name: params.newName });
      if (found.kind === 'refused') return refuse(found.why);
      const views = asked.views(new Map());
      return { changes: Object.fromEntries([...found.edits].map(([file, ranges]) => {
        const lines = createLines(views.get(file)?.text ?? '');
        return [file, ranges.map((range) =>
          ({ range: toRange(lines, range), newText: params.newName }))];
      })) };
    },
  ));
}

/** A rename is refused with a sentence: the editor shows it where one types the name. */
function refuse(why: string): never {
  throw new Refusal(`${why[0]?.toUpperCase()}${why.slice(1)}`);
}

function question({ session }: Served, params: AtPlace) {
  const current = session();
  const at = locate(current, params);
  return current === null || at === null ? null
    : { ...at, views: (changed: ReadonlyMap<string, string>) => current.workspace.views(changed) };
}

function onReferences({ connection, guard, session }: Served): void {
  connection.onReferences(guard<AtPlace & { context: { includeDeclaration: boolean } }, Location[]>(
    [], async (params) => {
      const current = session();
      await current?.workspace.complete(params.textDocument.uri);
      const at = locate(current, params);
      const found = at === null ? null : occurrenceAt(at.snapshot, at.offset);
      if (current === null || found === null) return [];
      const views = current.workspace.views(new Map());
      const lines = new Map([...views.values()].map(({ file, text }) => [file, createLines(text)]));
      return occurrencesIn(views, found.sym)
        .filter(({ role }) => params.context.includeDeclaration || role !== 'declaration')
        .flatMap(({ file, range }) => {
          const of = lines.get(file);
          return of === undefined ? [] : [{ uri: file, range: toRange(of, range) }];
        });
    },
  ));
}
