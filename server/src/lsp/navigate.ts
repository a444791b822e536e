// Signature help, selection ranges, links, and what is asked over all files at hand: symbols of the
// workspace, and who calls whom.
import {
  type CallHierarchyItem, type DocumentLink, type Position, type Range as LspRange,
  type SelectionRange, type SignatureHelp, type SymbolInformation,
} from 'vscode-languageserver';
import { createLines } from '../text/lines.ts';
import type { Range } from '../text/range.ts';
import {
  callableAt, callableOf, incomingCalls, links, outgoingCalls, selectionRanges, signature,
  workspaceSymbols, type Catalogue, type Sym, type Views,
} from '../service/ide.ts';
import { SYMBOL_KINDS, toRange } from './convert.ts';
import { locate, type AtFile, type Served } from './served.ts';
import { isOpenable } from './uris.ts';

interface AtPlace extends AtFile {
  readonly position: Position;
}

export function onNavigation(served: Served): void {
  onTexts(served);
  onSymbols(served);
  onCalls(served);
}

function onTexts({ connection, guard, session }: Served): void {
  connection.onSignatureHelp(guard<AtPlace, SignatureHelp | null>(null, (params) => {
    const at = locate(session(), params);
    const found = at === null ? null : signature(at.snapshot, at.offset);
    if (found === null) return null;
    const { label, doc, active } = found;
    const parameters = found.parameters.map(([start, end]) =>
      ({ label: [start, end] satisfies [number, number] }));
    const documentation = doc === null ? {} : { documentation: { kind: 'markdown', value: doc } } as
      const;
    return {
      signatures: [{ label, parameters, ...documentation }],
      activeSignature: 0, activeParameter: active,
    };
  }));
  connection.onSelectionRanges(guard<AtFile & { positions: Position[] }, SelectionRange[]>(
    [], ({ textDocument, positions }) => positions.map((position) => {
      const at = locate(session(), { textDocument, position });
      const ranges = at === null ? [] : selectionRanges(at.snapshot, at.offset)
        .map((range) => toRange(at.snapshot.lines, range));
      return ranges.reduceRight<SelectionRange | null>((parent, range) =>
        (parent === null ? { range } : { range, parent }), null)
        ?? { range: { start: position, end: position } };
    }),
  ));
  connection.onDocumentLinks(guard<AtFile, DocumentLink[]>([], async ({ textDocument }) => {
    const { uri } = textDocument;
    await session()?.workspace.complete(uri);
    const snapshot = session()?.workspace.snapshot(uri) ?? null;
    return snapshot === null ? [] : links(snapshot).flatMap(({ range, target, tooltip }) => {
      const url = target.kind === 'url' ? target.url : target.file;
      return isOpenable(url) ? [{ range: toRange(snapshot.lines, range), target: url, tooltip }]
        : [];
    });
  }));
}

function onSymbols({ connection, guard, session }: Served): void {
  connection.onWorkspaceSymbol(guard<{ query: string }, SymbolInformation[]>(
    [], async ({ query }) => {
      const catalogue = session()?.workspace.catalogue;
      if (catalogue === undefined) return [];
      await catalogue.ready();
      return workspaceSymbols(await catalogue.symbols(), query).flatMap((sym) => {
        const range = rangeIn(catalogue, sym.at.file, sym.at.range);
        if (range === null) return [];
        const container = sym.container === null ? {} : { containerName: sym.container };
        return [{ name: sym.name, kind: SYMBOL_KINDS[sym.kind], ...container,
          location: { uri: sym.at.file, range } }];
      });
    }));
}

/** null: in a file that an editor cannot open. */
function rangeIn(catalogue: Catalogue, file: string, range: Range): LspRange | null {
  const text = isOpenable(file) ? catalogue.textOf(file) : null;
  return text === null ? null : toRange(createLines(text), range);
}

function onCalls({ connection, guard, session }: Served): void {
  const { callHierarchy } = connection.languages;
  callHierarchy.onPrepare(guard<AtPlace, CallHierarchyItem[] | null>(null, (params) => {
    const current = session();
    const at = locate(current, params);
    const sym = at === null ? null : callableAt(at.snapshot, at.offset);
    const item = current === null || sym === null ? null
      : toCallItem(current.workspace.catalogue, sym);
    return item === null ? null : [item];
  }));
  const answer = async <T>(
    item: CallHierarchyItem, calls: (all: Views, sym: Sym, catalogue: Catalogue) => readonly T[],
  ): Promise<T[]> => {
    const catalogue = session()?.workspace.catalogue;
    if (catalogue === undefined) return [];
    await catalogue.ready();
    const all = catalogue.views(new Map(), { file: item.uri, names: [item.name] });
    const text = all.get(item.uri)?.text;
    if (text === undefined) return [];
    const start = createLines(text).offset(item.selectionRange.start);
    const sym = callableOf(all, { file: item.uri, range: { start, end: start } });
    return sym === null ? [] : [...calls(all, sym, catalogue)];
  };
  callHierarchy.onIncomingCalls(guard([], ({ item }: { item: CallHierarchyItem }) =>
    answer(item, (all, called, catalogue) => incomingCalls(all, called).flatMap(
      ({ sym, ranges }) => {
        const from = toCallItem(catalogue, sym);
        const fromRanges = rangesIn(catalogue, sym.at.file, ranges);
        return from === null ? [] : [{ from, fromRanges }];
      }))));
  callHierarchy.onOutgoingCalls(guard([], ({ item }: { item: CallHierarchyItem }) =>
    answer(item, (all, caller, catalogue) => outgoingCalls(all, caller).flatMap(
      ({ sym, ranges }) => {
        const to = toCallItem(catalogue, sym);
        const fromRanges = rangesIn(catalogue, caller.at.file, ranges);
        return to === null ? [] : [{ to, fromRanges }];
      }))));
}

function rangesIn(catalogue: Catalogue, file: string, ranges: readonly Range[]): LspRange[] {
  return ranges.flatMap((range) => rangeIn(catalogue, file, range) ?? []);
}

function toCallItem(catalogue: Catalogue, sym: Sym): CallHierarchyItem | null {
  const range = rangeIn(catalogue, sym.at.file, sym.full);
  const selectionRange = rangeIn(catalogue, sym.at.file, sym.at.range);
  if (range === null || selectionRange === null) return null;
  return {
    name: sym.name, kind: SYMBOL_KINDS[sym.kind], detail: sym.kind, uri: sym.at.file, range,
    selectionRange,
  };
}
