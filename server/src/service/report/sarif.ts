// What `--format sarif` prints: a SARIF 2.1.0 log (OASIS, 2020). A violation has two code flows:
// its run as it happened, for viewers that show the first thread flow only, and one thread flow a
// thread.
import { documentationOf, HOME } from '../../text/documentation.ts';
import type { Code, Severity } from '../../text/problem.ts';
import type { FileId, Range } from '../../text/range.ts';
import type { Told, ToldStep } from '../../analysis/judgement.ts';
import type { Report } from '../check-file.ts';
import type { Unread } from './every.ts';
import { foundIn, titleOf } from './found.ts';
import type { Found } from './found.ts';
import { isCode, RULES } from './rules.ts';
import { uriOf } from './uri.ts';

const SCHEMA = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/'
  + 'sarif-schema-2.1.0.json';
const LEVELS = { error: 'error', warning: 'warning', information: 'note', hint: 'note' } as const;
const WARNINGS: ReadonlySet<Code> = new Set(
  ['lock_order', 'stale_after_relock', 'recursive_read', 'unknown']);
const CODES = Object.keys(RULES).filter(isCode).sort();

export interface SarifInput {
  readonly version: string;
  readonly exitCode: number;
  readonly reports: readonly Report[];
  readonly unread: readonly Unread[];
}

/** A log of one run, to be printed as JSON. */
export function sarifLog({ version, exitCode, reports, unread }: SarifInput) {
  return {
    $schema: SCHEMA,
    version: '2.1.0' as const,
    runs: [{
      tool: {
        driver: {
          name: 'mmlock', version, semanticVersion: version, informationUri: HOME,
          rules: CODES.map(ruleOf),
        },
      },
      invocations: [{
        executionSuccessful: unread.length === 0,
        exitCode,
        toolExecutionNotifications: unread.map(({ path, why }) => ({
          level: 'error' as const, message: { text: `${path}: ${why}` },
          locations: [{ physicalLocation: { artifactLocation: { uri: uriOf(path) } } }],
        })),
      }],
      columnKind: 'utf16CodeUnits' as const,
      results: reports.flatMap((report) => foundIn(report).map((found) => result(report, found))),
    }],
  };
}

function ruleOf(code: Code) {
  const page = documentationOf(code);
  return {
    id: code, name: pascal(code),
    shortDescription: { text: RULES[code] },
    helpUri: page,
    help: { text: `${RULES[code]} See ${page}`, markdown: `${RULES[code]} [More](${page})` },
    defaultConfiguration: { level: defaultLevel(code) },
  };
}

function pascal(code: Code): string {
  return code.split('_').map((word) => word.slice(0, 1).toUpperCase() + word.slice(1)).join('');
}

function defaultLevel(code: Code): 'error' | 'warning' | 'note' {
  if (code === 'unreachable_step') return 'note';
  return WARNINGS.has(code) ? 'warning' : 'error';
}

function level(severity: Severity): 'error' | 'warning' | 'note' {
  return LEVELS[severity];
}

function result(report: Report, found: Found) {
  const { code, severity, message, related, scenario, told } = found;
  const name = scenario?.judgement.scenario.name.text;
  const location = physical(report, found);
  return {
    ruleId: code, ruleIndex: CODES.indexOf(code), level: level(severity),
    message: { text: message },
    locations: [{
      ...location,
      ...(name === undefined ? {} : { logicalLocations: [{ name, kind: 'scenario' }] }),
    }],
    ...(related.length === 0 ? {} : {
      relatedLocations: related.map((at, id) =>
        ({ id, ...physical(report, at), message: { text: at.message } })),
    }),
    partialFingerprints: { 'mmlock/v1': [name ?? '', titleOf(found)].join(' ').trim() },
    ...(told === null ? {} : violation(report, told)),
  };
}

/** Expected in the text of the scenario itself: not to be counted as something to be mended. */
function violation(report: Report, told: Told) {
  const { expected, subject, schedule, loop } = told;
  return {
    ...(expected ? {
      suppressions: [{ kind: 'inSource' as const, justification: 'The scenario expects it.' }],
    } : {}),
    ...(told.trace.length === 0 ? {} : { codeFlows: codeFlows(report, told.trace) }),
    properties: { subject, schedule, ...(loop === null ? {} : { loop }) },
  };
}

function codeFlows(report: Report, trace: readonly ToldStep[]) {
  const steps = trace.map((step, i) => ({ lane: step.lane, at: flowStep(report, step, i + 1) }));
  const threads = new Map(trace.map(({ lane, thread }) => [lane, thread]));
  const byThread = [...threads].sort(([a], [b]) => a - b).map(([lane, thread]) => ({
    id: thread, message: { text: thread },
    locations: steps.filter((step) => step.lane === lane).map(({ at }) => at),
  }));
  return [
    { message: { text: 'The run, step by step' },
      threadFlows: [{ locations: steps.map(({ at }) => at) }] },
    { message: { text: 'The run, thread by thread' }, threadFlows: byThread },
  ];
}

function flowStep(report: Report, step: ToldStep, executionOrder: number) {
  const note = step.move === 'step' ? '' : step.move === 'next' ? ' (next)' : ` (${step.move})`;
  const changes = Object.entries(step.changes);
  return {
    location: {
      ...physical(report, step), message: { text: `${step.thread}: ${step.text}${note}` },
    },
    executionOrder,
    ...(changes.length === 0 ? {} : {
      state: Object.fromEntries(changes.map(([name, text]) => [name, { text }])),
    }),
  };
}

function physical(report: Report, at: { readonly file: FileId; readonly range: Range }) {
  const lines = report.opened.linesOf(at.file);
  const [start, end] = [lines.position(at.range.start), lines.position(at.range.end)];
  return {
    physicalLocation: {
      artifactLocation: { uri: uriOf(at.file) },
      region: {
        startLine: start.line + 1, startColumn: start.character + 1,
        endLine: end.line + 1, endColumn: end.character + 1,
      },
    },
  };
}
