// What `--format github` prints: workflow commands of GitHub Actions, which become annotations of
// the lines of a change. What a scenario expects, and hints, are none.
import type { Report } from '../check-file.ts';
import type { Severity } from '../../text/problem.ts';
import { drawRun } from './columns.ts';
import type { Every } from './every.ts';
import { foundIn, titleOf } from './found.ts';
import type { Found } from './found.ts';

/** Lines without line breaks, the same thing found by several scenarios once. */
export function githubReport(all: readonly Every[]): readonly string[] {
  return [...new Set(all.flatMap((it) => (it.kind === 'report' ? annotations(it.report)
    : [command('error', [['file', it.path], ['title', 'mmlock']], it.why)])))];
}

function annotations(report: Report): readonly string[] {
  return foundIn(report).flatMap((found) => {
    const kind = kindOf(found.severity);
    return kind === null ? [] : [command(kind, place(report, found), text(found))];
  });
}

function kindOf(severity: Severity): 'error' | 'warning' | null {
  return severity === 'error' || severity === 'warning' ? severity : null;
}

type Properties = readonly (readonly [name: string, value: string | number])[];

/** Columns mean something within one line only. */
function place({ opened }: Report, found: Found): Properties {
  const lines = opened.linesOf(found.file);
  const start = lines.position(found.range.start);
  const end = lines.position(found.range.end);
  const columns: Properties = start.line === end.line
    ? [['col', start.character + 1], ['endColumn', end.character + 1]] : [];
  return [
    ['file', found.file], ['line', start.line + 1], ['endLine', end.line + 1], ...columns,
    ['title', `mmlock: ${titleOf(found)}`],
  ];
}

function text({ message, told, scenario }: Found): string {
  if (told === null || scenario === null || told.trace.length === 0) return message;
  const { judgement, result } = scenario;
  const lanes = result.lowered.program.threads.map((thread) => thread.name);
  const drawn = drawRun({ lanes, steps: told.trace, loop: told.loop });
  return [message, `in ${judgement.scenario.name.text}:`, ...drawn].join('\n');
}

function command(kind: 'error' | 'warning', properties: Properties, message: string): string {
  const list = properties.map(([name, value]) => `${name}=${property(String(value))}`).join(',');
  return `::${kind} ${list}::${data(message)}`;
}

function data(value: string): string {
  return value.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

function property(value: string): string {
  return data(value).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
