// What the client can do, as far as it matters here, and what this server can.
import {
  CodeActionKind, TextDocumentSyncKind, type ClientCapabilities, type InitializeResult,
} from 'vscode-languageserver';
import { TOKEN_MODIFIERS, TOKEN_TYPES } from '../service/ide.ts';
import { TRIGGERS } from './complete.ts';
import { FORMAT_TRIGGERS } from './formatting.ts';
import { LANGUAGE_ID } from './protocol.ts';

export interface ClientAbilities {
  /** Diagnostics are pulled, and can be asked to be pulled again. Else they are pushed. */
  readonly pullsDiagnostics: boolean;
  /** It can be told later that problems of the whole workspace are to be had. */
  readonly registersDiagnostics: boolean;
  readonly refreshesLenses: boolean;
  readonly refreshesHints: boolean;
  readonly markdown: boolean;
  readonly linkedDefinitions: boolean;
  /** Of completion: places to fill in; a range to insert in and another to replace. */
  readonly snippets: boolean;
  readonly insertReplace: boolean;
  readonly preparesRename: boolean;
  /** Edits may say which version of a document they are for. */
  readonly versionedEdits: boolean;
}

export function abilitiesOf({ textDocument, workspace }: ClientCapabilities): ClientAbilities {
  const formats = textDocument?.hover?.contentFormat;
  const item = textDocument?.completion?.completionItem;
  return {
    pullsDiagnostics: textDocument?.diagnostic !== undefined
      && workspace?.diagnostics?.refreshSupport === true,
    registersDiagnostics: textDocument?.diagnostic?.dynamicRegistration === true,
    refreshesLenses: workspace?.codeLens?.refreshSupport === true,
    refreshesHints: workspace?.inlayHint?.refreshSupport === true,
    markdown: formats === undefined || formats.includes('markdown'),
    linkedDefinitions: textDocument?.definition?.linkSupport === true,
    preparesRename: textDocument?.rename?.prepareSupport === true,
    snippets: item?.snippetSupport === true,
    insertReplace: item?.insertReplaceSupport === true,
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
  };
}

export function initializeResult(
  client: ClientAbilities, workspaceDiagnostics: boolean,
): InitializeResult {
  return {
    serverInfo: { name: LANGUAGE_ID },
    capabilities: {
      textDocumentSync: {
        openClose: true, change: TextDocumentSyncKind.Incremental, save: { includeText: false },
      },
      hoverProvider: true,
      completionProvider: { triggerCharacters: [...TRIGGERS], resolveProvider: true },
      inlayHintProvider: true,
      codeActionProvider: {
        codeActionKinds: [CodeActionKind.QuickFix, CodeActionKind.RefactorRewrite],
        resolveProvider: true,
      },
      codeLensProvider: { resolveProvider: false },
      documentSymbolProvider: true,
      definitionProvider: true,
      declarationProvider: true,
      typeDefinitionProvider: true,
      linkedEditingRangeProvider: true,
      referencesProvider: true,
      renameProvider: client.preparesRename ? { prepareProvider: true } : true,
      signatureHelpProvider: { triggerCharacters: ['(', ','] },
      selectionRangeProvider: true,
      workspaceSymbolProvider: true,
      callHierarchyProvider: true,
      documentLinkProvider: { resolveProvider: false },
      documentHighlightProvider: true,
      foldingRangeProvider: true,
      documentFormattingProvider: true,
      documentRangeFormattingProvider: true,
      documentOnTypeFormattingProvider: {
        firstTriggerCharacter: FORMAT_TRIGGERS[0], moreTriggerCharacter: [FORMAT_TRIGGERS[1]],
      },
      semanticTokensProvider: {
        legend: { tokenTypes: [...TOKEN_TYPES], tokenModifiers: [...TOKEN_MODIFIERS] },
        full: { delta: true }, range: true,
      },
      ...(client.pullsDiagnostics ? {
        diagnosticProvider: {
          identifier: LANGUAGE_ID, interFileDependencies: true, workspaceDiagnostics,
        },
      } : {}),
    },
  };
}
