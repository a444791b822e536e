// References over all files of the workspace, and rename with what it refuses.
import type {
  Location, Position, Range as LspRange, WorkspaceEdit,
} from 'vscode-languageserver';
import { createLines } from '../text/lines.ts';
import {
  isLocal, occurrenceAt, occurrencesIn, renamable, renamed, usedFileAt, type Catalogue,
  type Snapshot, type Sym,
} from '../service/ide.ts';
import { toRange } from './convert.ts';
import { Refusal } from './guard.ts';
import { locate, type Served } from './served.ts';
import type { Session } from './session.ts';
import { isOpenable } from './uris.ts';

interface AtPlace {
  readonly textDocument: { readonly uri: string };
  readonly position: Position;
}
type Renaming = AtPlace & { readonly newName: string };

export function onRename(served: Served): void {
  const { connection, guard, session } = served;
  onReferences(served);
  connection.onPrepareRename(guard<AtPlace, LspRange | null>(null, (params) => {
    const current = session();
    const at = locate(current, params);
    if (current === null || at === null) return null;
    const found = renamable({ ...at, isOpenable });
    return 'why' in found ? refuse(found.why) : toRange(at.snapshot.lines, found.range);
  }));
  connection.onRenameRequest(guard<Renaming, WorkspaceEdit | null>(null, async (params) => {
    const current = session();
    return current === null ? null : await rename(current, params);
  }));
}

async function rename(session: Session, params: Renaming): Promise<WorkspaceEdit | null> {
  const { catalogue } = session.workspace;
  for (;;) {
    const at = await located(session, params);
    if (at === null) return null;
    const { snapshot, offset, sym } = at;
    if (sym !== null && !isLocal(sym) && catalogue.cut) {
      refuse('the workspace has more `.mmlock` files than are looked at');
    }
    const file = sym?.at.file ?? snapshot.file;
    const names = [sym?.name ?? '', params.newName];
    const found = renamed({
      snapshot, offset, name: params.newName, isOpenable,
      views: (changed) => catalogue.views(changed, { file, names }),
    });
    if (found.kind === 'refused') return refuse(found.why);
    // What is in no editor may have changed where it lies, or be gone.
    const held = await Promise.all([...found.edits.keys()].map((each) => catalogue.holds(each)));
    if (held.some((holds) => !holds)) continue;
    return { changes: Object.fromEntries([...found.edits].map(([each, ranges]) => {
      const lines = createLines(catalogue.textOf(each) ?? '');
      return [each, ranges.map((range) =>
        ({ range: toRange(lines, range), newText: params.newName }))];
    })) };
  }
}

/** A rename is refused with a sentence: the editor shows it where one types the name. */
function refuse(why: string): never {
  throw new Refusal(`${why[0]?.toUpperCase()}${why.slice(1)}`);
}

/** The place, once all files that it may be about are at hand. */
async function located({ workspace }: Session, params: AtPlace): Promise<{
  readonly snapshot: Snapshot; readonly offset: number; readonly sym: Sym | null;
} | null> {
  await workspace.complete(params.textDocument.uri);
  const before = locate({ workspace }, params);
  const sym = before === null ? null : occurrenceAt(before.snapshot, before.offset)?.sym ?? null;
  if (sym === null || !isLocal(sym)) await workspace.catalogue.ready();
  const at = locate({ workspace }, params);
  return at === null ? null
    : { ...at, sym: occurrenceAt(at.snapshot, at.offset)?.sym ?? null };
}

function onReferences({ connection, guard, session }: Served): void {
  connection.onReferences(guard<AtPlace & { context: { includeDeclaration: boolean } }, Location[]>(
    [], async (params) => {
      const current = session();
      const at = current === null ? null : await located(current, params);
      if (current === null || at === null) return [];
      const { catalogue } = current.workspace;
      const used = at.sym === null ? usedFileAt(at.snapshot, at.offset)?.at.file : undefined;
      const found = at.sym === null ? used === undefined ? [] : catalogue.usersOf(used)
        : occurrencesIn(
          catalogue.views(new Map(), { file: at.sym.at.file, names: [at.sym.name] }), at.sym)
          .filter(({ role }) => params.context.includeDeclaration || role !== 'declaration');
      return toLocations(catalogue, found);
    },
  ));
}

function toLocations(
  catalogue: Catalogue,
  found: readonly { readonly file: string; readonly range: { start: number; end: number } }[],
): Location[] {
  const files = [...new Set(found.map(({ file }) => file))];
  const lines = new Map(files.map((file) => [file, createLines(catalogue.textOf(file) ?? '')]));
  return found.flatMap(({ file, range }) => {
    const of = lines.get(file);
    return of === undefined || !isOpenable(file) ? [] : [{ uri: file, range: toRange(of, range) }];
  });
}
