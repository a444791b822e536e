// All house rules over all files, less the exceptions that are listed.
import { EXCEPTIONS, type Exception } from './exceptions.ts';
import { checkImports } from './imports.ts';
import { checkFileLength, checkFunctions, checkHeader, checkLineLength } from './sizes.ts';
import type { Finding, Rule, Source } from './source.ts';
import { checkAny, checkAs, checkSteady, checkSwitches, checkTestsRun } from './types.ts';

export const RULES: Readonly<Record<string, Rule>> = {
  'the import table is kept': checkImports,
  'files are short': checkFileLength,
  'lines are short': checkLineLength,
  'functions and their parameter lists are short': checkFunctions,
  'files open with a comment': checkHeader,
  'there is no any': checkAny,
  'there is no as': checkAs,
  'switches are complete': checkSwitches,
  'no test is left out': checkTestsRun,
  'the simulator is steady': checkSteady,
};

/** One line for each broken rule; an exception covers exactly what it says. */
export function broken(
  rule: Rule, sources: readonly Source[], exceptions: readonly Exception[] = EXCEPTIONS,
): readonly string[] {
  return sources.flatMap(rule)
    .filter((found) => !exceptions.some((each) => covers(each, found)))
    .map(({ path, line, message }) => `${path}:${line}: ${message}`);
}

function covers(exception: Exception, found: Finding): boolean {
  return exception.rule === found.rule && exception.path === found.path
    && exception.name === found.name && exception.size === found.size;
}

/** Exceptions that cover nothing any more, or not so much. */
export function idle(
  sources: readonly Source[], exceptions: readonly Exception[] = EXCEPTIONS,
): readonly string[] {
  const found = sources.flatMap((source) => Object.values(RULES).flatMap((rule) => rule(source)));
  return exceptions
    .filter((each) => !found.some((one) => covers(each, one)))
    .map(({ rule, path, name, size }) => `${path} ${name}: ${rule} ${size} is not what is there`);
}
