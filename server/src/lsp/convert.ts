// From plain data with offsets to what the protocol says with lines and characters.
import {
  DiagnosticSeverity, DiagnosticTag, InlayHintKind, SymbolKind, SemanticTokensBuilder,
  type CodeLens, type Diagnostic, type DocumentSymbol as LspSymbol, type FoldingRange,
  type InlayHint, type Location, type Range as LspRange, type SemanticTokens,
} from 'vscode-languageserver';
import { documentationOf } from '../text/documentation.ts';
import type { Lines } from '../text/lines.ts';
import type { Problem, Severity } from '../text/problem.ts';
import type { Range } from '../text/range.ts';
import {
  TOKEN_MODIFIERS, TOKEN_TYPES,
  type DocumentSymbol, type Hint, type Lens, type RunStep, type RunTable, type Snapshot, type Token,
} from '../service/ide.ts';
import { SIMULATE_COMMAND, type Place, type RunView, type StepView } from './protocol.ts';
import { isOpenable } from './uris.ts';

export function toRange(lines: Lines, { start, end }: Range): LspRange {
  return { start: lines.position(start), end: lines.position(end) };
}

/** null for a file that an editor cannot open, or whose text is not known. */
export function toLocation(
  snapshot: Snapshot, at: { readonly file: string; readonly range: Range },
): Location | null {
  if (!isOpenable(at.file)) return null;
  const lines = at.file === snapshot.file ? snapshot.lines : snapshot.linesOf(at.file);
  return lines === null ? null : { uri: at.file, range: toRange(lines, at.range) };
}

const SEVERITIES: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error, warning: DiagnosticSeverity.Warning,
  information: DiagnosticSeverity.Information, hint: DiagnosticSeverity.Hint,
};

export function toDiagnostic(snapshot: Snapshot, problem: Problem): Diagnostic {
  const related = problem.related.flatMap(({ message, ...at }) => {
    const location = toLocation(snapshot, at);
    return location === null ? [] : [{ location, message }];
  });
  return {
    range: toRange(snapshot.lines, problem.range),
    severity: SEVERITIES[problem.severity],
    code: problem.code,
    codeDescription: { href: documentationOf(problem.code) },
    source: 'mmlock',
    message: problem.message,
    ...(related.length > 0 ? { relatedInformation: related } : {}),
    ...(problem.tags?.includes('unnecessary') ? { tags: [DiagnosticTag.Unnecessary] } : {}),
  };
}

export function toCodeLens({ file, lines }: Snapshot, lens: Lens): CodeLens {
  const command = lens.kind === 'simulate' || lens.runnable ? SIMULATE_COMMAND : '';
  return {
    range: toRange(lines, lens.range),
    command: { title: lens.title, command, arguments: [file, lens.scenario] },
  };
}

export const SYMBOL_KINDS: Readonly<Record<DocumentSymbol['kind'], SymbolKind>> = {
  const: SymbolKind.Constant, param: SymbolKind.Constant, type: SymbolKind.TypeParameter,
  enum: SymbolKind.Enum, flags: SymbolKind.Enum, member: SymbolKind.EnumMember,
  struct: SymbolKind.Struct, field: SymbolKind.Field, lock: SymbolKind.Interface,
  shared: SymbolKind.Variable, proc: SymbolKind.Method, thread: SymbolKind.Function,
  parameter: SymbolKind.Variable, local: SymbolKind.Variable, label: SymbolKind.Object,
  outcome: SymbolKind.EnumMember, property: SymbolKind.Boolean, scenario: SymbolKind.Event,
  workload: SymbolKind.Event, alias: SymbolKind.Variable, step: SymbolKind.Object,
};

export function toSymbol(lines: Lines, symbol: DocumentSymbol): LspSymbol {
  return {
    name: symbol.name, detail: symbol.detail, kind: SYMBOL_KINDS[symbol.kind],
    range: toRange(lines, symbol.range),
    selectionRange: toRange(lines, symbol.selection),
    children: symbol.children.map((child) => toSymbol(lines, child)),
  };
}

export function toFolding(lines: Lines, { start, end }: Range): FoldingRange {
  return { startLine: lines.position(start).line, endLine: lines.position(end).line - 1 };
}

/** A token of several lines, a block comment, is one token on each. */
export function toTokens(lines: Lines, tokens: readonly Token[]): SemanticTokens {
  const builder = new SemanticTokensBuilder();
  for (const { type, modifiers, start, end } of tokens) {
    const bits = modifiers.reduce((all, one) => all | (1 << TOKEN_MODIFIERS.indexOf(one)), 0);
    const last = lines.position(end).line;
    for (let line = lines.position(start).line; line <= last; line++) {
      const from = Math.max(start, lines.start(line));
      const length = Math.min(end, lines.end(line)) - from;
      const { character } = lines.position(from);
      if (length > 0) builder.push(line, character, length, TOKEN_TYPES.indexOf(type), bits);
    }
  }
  return builder.build();
}

const HINT_KINDS: Readonly<Record<Hint['kind'], InlayHintKind | undefined>> = {
  lock: undefined, type: InlayHintKind.Type, parameter: InlayHintKind.Parameter,
};

export function toHint({ lines }: Snapshot, { offset, label, kind, tooltip }: Hint): InlayHint {
  const lspKind = HINT_KINDS[kind];
  return {
    // It begins with the lock's name, behind which it stands: padding alone would not part them.
    position: lines.position(offset), label: kind === 'lock' ? ` ${label}` : label,
    ...(lspKind === undefined ? {} : { kind: lspKind }),
    ...(tooltip === null ? {} : { tooltip }),
    paddingLeft: kind === 'lock', paddingRight: kind === 'parameter',
  };
}

export function toRunView(snapshot: Snapshot, table: RunTable): RunView {
  return {
    ...table,
    uri: snapshot.file,
    version: snapshot.version,
    steps: table.steps.map((step) => toStep(snapshot, step)),
    violations: table.violations.map(({ file, range, ...told }) =>
      ({ ...told, ...placeOf(snapshot, { file, range }) })),
  };
}

function toStep(snapshot: Snapshot, { file, range, ...step }: RunStep): StepView {
  return { ...step, ...placeOf(snapshot, { file, range }) };
}

export function placeOf(
  snapshot: Snapshot, at: { readonly file: string; readonly range: Range },
): Place {
  const lines = at.file === snapshot.file ? snapshot.lines : snapshot.linesOf(at.file);
  const { start, end } = lines === null
    ? { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } }
    : toRange(lines, at.range);
  return {
    uri: at.file, line: start.line, character: start.character,
    endLine: end.line, endCharacter: end.character,
  };
}
