// A spec's text on its way to programs, with what must be so of any text on that way.
import { checkFile, type Report } from '../../server/src/service/check-file.ts';
import type { SyntaxParser } from '../../server/src/syntax/parse.ts';
import type { Problem } from '../../server/src/text/problem.ts';
import { check } from '../../simulator/src/index.ts';
import { textsOf } from '../support/checking.ts';
import { LIMITS } from './engines.ts';

export const errorsOf = (problems: readonly Problem[]): readonly Problem[] =>
  problems.filter(({ severity, code }) => severity === 'error' && READING.has(code));
const READING: ReadonlySet<string> = new Set(['syntax', 'name', 'type', 'use']);

export function checkSpec(parser: SyntaxParser, text: string): Report {
  return checkFile({
    parser, texts: textsOf(null), file: 'random.mmlock', text, scenario: null,
  }, (program) => ({ verdict: check(program, LIMITS), elapsedMs: 0 }));
}

/** Whether the text, cut in one place and mended again, is read as it is at first. */
export function wrongReparse(parser: SyntaxParser, text: string, at: number): readonly string[] {
  const seen = (syntax: ReturnType<SyntaxParser['parse']>): string =>
    JSON.stringify([syntax.file, syntax.problems]);
  const shorter = text.slice(0, at) + text.slice(at + 9);
  const cut = parser.reparse(parser.parse(text, 'f'), shorter);
  const freshCut = parser.parse(shorter, 'f');
  const wrong = seen(cut) === seen(freshCut) ? [] : [`a cut at ${at} is read otherwise`];
  freshCut.dispose();
  const mended = parser.reparse(cut, text);
  const fresh = parser.parse(text, 'f');
  if (seen(mended) !== seen(fresh)) wrong.push(`mended at ${at} it is read otherwise`);
  mended.dispose();
  fresh.dispose();
  return wrong;
}
