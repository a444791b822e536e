// `mmlock fmt`: files in the one style there is; or, with --check, which are not.
import { readFileSync, writeFileSync } from 'node:fs';
import { createLines } from '../../text/lines.ts';
import type { SyntaxParser } from '../../service/check-file.ts';
import { formatted } from '../../service/formatting.ts';
import { worst, type ExitStatus } from '../../service/report/exit-status.ts';
import { findFiles, readWhole, whyNot } from './files.ts';
import { loadParser } from './parts.ts';
import { parse, UsageError } from './usage.ts';
import type { Console } from './usage.ts';

const OPTIONS = { 'check': { type: 'boolean' } } as const;
/** Standard input, to standard output. */
const STDIN = '-';
const STDIN_FD = 0;

interface Job {
  readonly parser: SyntaxParser;
  readonly console: Console;
  readonly checks: boolean;
}

/** Returns the exit status: with --check 1 where a file is not in order; 2 where one has errors. */
export async function runFmt(args: readonly string[], console: Console): Promise<number> {
  const given = parse(args, OPTIONS);
  if (given.positionals.length === 0) throw new UsageError('fmt wants a file or a folder');
  const job = { parser: await loadParser(), console, checks: given.flag('check') };
  if (given.positionals.includes(STDIN)) {
    if (given.positionals.length > 1) throw new UsageError('fmt - takes no other file');
    return fmtInput(job);
  }
  return worst(findFiles(given.positionals).map((path) => fmtFile(job, path)));
}

function fmtFile({ parser, console, checks }: Job, path: string): ExitStatus {
  const read = readWhole(path);
  if (read.text === null) {
    console.error(`mmlock: ${path}: ${read.why}\n`);
    return 2;
  }
  const { text, status } = inOrder({ parser, console, checks }, path, read.text);
  if (text === read.text) return status;
  const unwritten = checks ? null : write(path, text);
  if (unwritten !== null) {
    console.error(`mmlock: ${path}: ${unwritten}\n`);
    return 2;
  }
  console.out(`${path}\n`);
  return checks ? worst([status, 1]) : status;
}

/** Why it could not be written, or null. */
function write(path: string, text: string): string | null {
  try {
    writeFileSync(path, text);
    return null;
  } catch (error) {
    return whyNot(error);
  }
}

function fmtInput(job: Job): ExitStatus {
  const input = readFileSync(STDIN_FD, 'utf8');
  const { text, status } = inOrder(job, 'standard input', input);
  if (!job.checks) job.console.out(text);
  return job.checks && text !== input ? worst([status, 1]) : status;
}

/** Says what could not be read; the rest is put in order all the same. The mark is no column. */
function inOrder({ parser, console }: Job, name: string, whole: string): {
  readonly text: string; readonly status: ExitStatus;
} {
  const mark = whole.startsWith('\uFEFF') ? '\uFEFF' : '';
  const text = whole.slice(mark.length);
  const result = formatted(parser, text);
  const lines = createLines(text);
  for (const { range, message } of result.problems) {
    const { line, character } = lines.position(range.start);
    console.error(`${name}:${line + 1}:${character + 1}: error: syntax: ${message}\n`);
  }
  return { text: mark + result.text, status: result.problems.length > 0 ? 2 : 0 };
}
