// Completion over the protocol. The list is sent without documentation, which is asked for item by
// item; the last list is kept for that.
import {
  CompletionItemKind, CompletionTriggerKind, InsertTextFormat, MarkupKind, type CompletionItem,
  type CompletionList, type CompletionParams,
} from 'vscode-languageserver';
import { completions, usePathAt, type Completion } from '../service/ide.ts';
import { toRange } from './convert.ts';
import { locate, type Served } from './served.ts';
import { MODULES } from './uris.ts';
import { usePaths } from './use-paths.ts';

/** A blank asks only where names of one kind must follow: `acquire `, `goto `. */
export const TRIGGERS: readonly string[] = ['.', ' ', '(', ',', '"'];

const KINDS: Readonly<Record<Completion['kind'], CompletionItemKind>> = {
  const: CompletionItemKind.Constant, param: CompletionItemKind.Constant,
  type: CompletionItemKind.TypeParameter, enum: CompletionItemKind.Enum,
  flags: CompletionItemKind.Enum, member: CompletionItemKind.EnumMember,
  struct: CompletionItemKind.Struct, field: CompletionItemKind.Field,
  lock: CompletionItemKind.Interface, shared: CompletionItemKind.Variable,
  proc: CompletionItemKind.Method, thread: CompletionItemKind.Function,
  parameter: CompletionItemKind.Variable, local: CompletionItemKind.Variable,
  label: CompletionItemKind.Reference, outcome: CompletionItemKind.EnumMember,
  property: CompletionItemKind.Property, scenario: CompletionItemKind.Event,
  workload: CompletionItemKind.Event, alias: CompletionItemKind.Variable,
  keyword: CompletionItemKind.Keyword, snippet: CompletionItemKind.Snippet,
  module: CompletionItemKind.Module, code: CompletionItemKind.Constant,
};

export function onCompletion({ connection, guard, session }: Served): void {
  let list: readonly Completion[] = [];
  let generation = 0;
  connection.onCompletion(guard<CompletionParams, CompletionList | null>(null, async (params) => {
    const current = session();
    await current?.workspace.complete(params.textDocument.uri);
    const at = locate(current, params);
    if (current === null || at === null) return null;
    const path = usePathAt(at.snapshot.text, at.offset);
    if (path !== null) {
      return { isIncomplete: false, items: await usePaths(current, at.snapshot, path) };
    }
    const found = completions(at.snapshot, at.offset, MODULES);
    if (found === null || (isTriggered(params) && !found.closed)) return null;
    list = found.items;
    generation++;
    const range = toRange(at.snapshot.lines, found.range);
    const here = at.snapshot.lines.position(found.at);
    return {
      isIncomplete: false,
      items: found.items.map((item, i) => ({
        ...toItem(item, current.client.snippets),
        sortText: `${item.rank}${String(i).padStart(4, '0')}`,
        textEdit: current.client.insertReplace
          ? { newText: textOf(item, current.client.snippets), replace: range,
              insert: { start: range.start, end: here } }
          : { newText: textOf(item, current.client.snippets), range },
        ...(item.doc === null ? {} : { data: { generation, nth: i } }),
      })),
    };
  }));
  connection.onCompletionResolve(guard<CompletionItem, CompletionItem>(EMPTY, (item) => {
    const data: unknown = item.data;
    const { generation: from, nth } = isData(data) ? data : { generation: -1, nth: -1 };
    const doc = from === generation ? list[nth]?.doc ?? null : null;
    if (doc === null) return item;
    return { ...item, documentation: { kind: MarkupKind.Markdown, value: doc } };
  }));
}

const EMPTY: CompletionItem = { label: '' };

/** By a sign that was typed, and not one behind which a list is always wanted. */
function isTriggered({ context }: CompletionParams): boolean {
  return context?.triggerKind === CompletionTriggerKind.TriggerCharacter;
}

function textOf({ text, snippet }: Completion, snippets: boolean): string {
  return snippets ? snippet ?? text : text;
}

function toItem(item: Completion, snippets: boolean): CompletionItem {
  return {
    label: item.label,
    kind: KINDS[item.kind],
    ...(item.detail === '' ? {} : { detail: item.detail }),
    ...(snippets && item.snippet !== null ? { insertTextFormat: InsertTextFormat.Snippet } : {}),
  };
}

function isData(data: unknown): data is { readonly generation: number; readonly nth: number } {
  return typeof data === 'object' && data !== null && 'generation' in data && 'nth' in data;
}

