// The formats of `mmlock check`, and what each prints of all the files together.
import type { Every } from '../../service/report/every.ts';
import { reportsOf, unreadOf } from '../../service/report/every.ts';
import type { ExitStatus } from '../../service/report/exit-status.ts';
import { githubReport } from '../../service/report/github.ts';
import { jsonFile, jsonUnread } from '../../service/report/json.ts';
import { junitReport } from '../../service/report/junit.ts';
import { sarifLog } from '../../service/report/sarif.ts';
import { textReport } from '../../service/report/text.ts';
import { unreachable } from '../../text/unreachable.ts';
import { UsageError } from './usage.ts';
import type { Console } from './usage.ts';
import { version } from './version.ts';

const FORMATS = ['text', 'json', 'sarif', 'junit', 'github'] as const;
export type Format = (typeof FORMATS)[number];

export interface Printing {
  readonly format: Format;
  /** Only this one was asked for. */
  readonly scenario: string | null;
  readonly status: ExitStatus;
  readonly stats: boolean;
  readonly console: Console;
}

export function formatOf(given: string): Format {
  const format = FORMATS.find((name) => name === given);
  if (format !== undefined) return format;
  throw new UsageError(`--format ${given} is no format: ${FORMATS.join(', ')}`);
}

export function print(all: readonly Every[], printing: Printing): void {
  const { format, status, console } = printing;
  switch (format) {
    case 'text': return printText(all, printing);
    case 'json': {
      const files = all.map((it) =>
        (it.kind === 'report' ? jsonFile(it.report) : jsonUnread(it.path, it.why)));
      return console.out(asJson({ version: 1, files }));
    }
    case 'sarif': {
      const [reports, unread] = [reportsOf(all), unreadOf(all)];
      return console.out(asJson(sarifLog({
        version: version(), exitCode: status, reports, unread,
      })));
    }
    case 'junit': return console.out(junitReport(all));
    case 'github': return console.out(githubReport(all).map((line) => `${line}\n`).join(''));
    default: return unreachable(format);
  }
}

function asJson(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function printText(all: readonly Every[], { scenario, stats, console }: Printing): void {
  for (const [i, it] of all.entries()) {
    if (it.kind === 'unread') {
      console.error(`mmlock: ${it.path}: ${it.why}\n`);
      continue;
    }
    const lines = textReport(it.report, { showExpected: scenario !== null, stats });
    const title = all.length > 1 ? [...(i > 0 ? [''] : []), `${it.report.file}:`] : [];
    console.out([...title, ...lines].map((line) => `${line}\n`).join(''));
  }
}
