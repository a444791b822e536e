// What a file means: names, types, constants, every mistake. One pass over each declaration; pure,
// and total: no text makes it throw.
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Decl, ScenarioDecl, StructDecl, ThreadDecl, UseDecl } from '../syntax/ast.ts';
import { finishInts } from './bounds.ts';
import { brokenByProperties, damagedDecls, spread } from './broken.ts';
import { emptyContext, explained, report, within } from './context.ts';
import type { Ctx } from './context.ts';
import { typeOf } from './constants.ts';
import { checkContent, checkSignature } from './declarations.ts';
import { Initials } from './initial.ts';
import type { AnalyzeInput } from './input.ts';
import { KeptPrograms } from './kept-programs.ts';
import { checkLate } from './late.ts';
import type { Model, Sym } from './model.ts';
import { collectDamagedWords, declareFile } from './names.ts';
import { indexOf } from './needs.ts';
import type { Placed } from './needs.ts';
import { outline } from './outline.ts';
import { checkScenario, checkWorkload, declareScenario } from './scenarios.ts';
import type { Late } from './statements.ts';
import { followUses, targetText } from './uses.ts';
import type { Uses } from './uses.ts';

export type { AnalyzeInput, UsedFile, UseFailure } from './input.ts';
export { keptScenario, keptThread, lowerScenario, lowerThread, lowerWorkload } from './lower.ts';

export function analyze(input: AnalyzeInput): Model {
  const c = emptyContext(input.file);
  c.texts.set(input.file, input.text);
  const uses = followUses(c, input);
  const decls = gather(c, input, uses);
  checkAll(c, decls);
  reportUsedErrors(c, uses);
  const own = input.source.decls;
  for (const decl of damagedDecls(own, input.damaged)) c.broken.add(decl);
  for (const { file, syntaxProblems } of uses.taken) {
    const theirs = decls.filter((d) => d.file === file).map((d) => d.decl);
    const ranges = syntaxProblems.map((problem) => problem.range);
    for (const decl of damagedDecls(theirs, ranges)) c.broken.add(decl);
  }
  return toModel(c, input, { uses, decls });
}

/** Declares everything; the declarations taken in come first. */
function gather(c: Ctx, input: AnalyzeInput, uses: Uses): readonly Placed[] {
  collectDamagedWords(c, input.text, input.damaged);
  const files = [...uses.taken, { file: input.file, source: input.source }];
  const decls: Placed[] = [];
  for (const { file, source } of files) {
    const holes = source.decls.filter((decl) => decl.kind === 'hole').map((decl) => decl.range);
    collectDamagedWords(c, c.texts.get(file) ?? '', holes);
    declareFile(c, file, source);
    for (const decl of source.decls) {
      const taken = decl.kind !== 'scenario' && decl.kind !== 'workload';
      if (file === input.file || taken) decls.push({ file, decl });
      if (taken) c.parts.push({ file, decl });
    }
  }
  return decls;
}

function checkAll(c: Ctx, decls: readonly Placed[]): void {
  const late: Late = { blockers: new Map(), calls: [], outcomes: [] };
  const each = (work: (decl: Decl) => void): void => {
    for (const { file, decl } of decls) within(c, file, decl, () => work(decl));
  };
  each((decl) => {
    if (decl.kind === 'thread' || decl.kind === 'proc') outline(c, decl);
    if (decl.kind === 'scenario') declareScenario(c, decl);
  });
  each((decl) => {
    checkSignature(c, decl);
    finishInts(c, new Map());
  });
  each((decl) => {
    checkContent(c, decl, late);
    finishInts(c, new Map());
  });
  checkLate(c, late);
  checkInitials(c);
  each((decl) => {
    if (decl.kind === 'scenario') checkScenario(c, decl);
    if (decl.kind === 'workload') checkWorkload(c, decl);
    finishInts(c, new Map());
  });
}

/** Initial values with the params' defaults: in range, objects enough. */
function checkInitials(c: Ctx): void {
  const initials = new Initials(c.consts, indexOf(c.parts).structs);
  const broken = spread(c.broken, c.deps);
  for (const { file, decl } of c.parts) {
    if (broken.has(decl) || (decl.kind !== 'shared' && decl.kind !== 'struct')) continue;
    const before = initials.mistakes.length;
    if (decl.kind === 'shared') initials.add(decl);
    else addFields(c, initials, decl);
    within(c, file, decl, () => {
      for (const mistake of initials.mistakes.slice(before)) {
        report(c, 'type', mistake.range, mistake.message);
      }
    });
  }
}

function addFields(c: Ctx, initials: Initials, struct: StructDecl): void {
  for (const field of struct.members) {
    if (field.kind !== 'field') continue;
    initials.fieldDefault(field.init, typeOf(field.type, c.consts));
  }
}

/** A file with mistakes is taken in all the same; what they touch cannot be checked. */
function reportUsedErrors(c: Ctx, uses: Uses): void {
  for (const [decl, files] of uses.closure) {
    const first = firstError(c, uses, files);
    if (first === null) continue;
    const message = `\`${targetText(decl)}\` has errors; what they touch is not checked here`;
    within(c, c.own, decl, () => report(c, 'use', decl.targetRange, explained(message, first)));
  }
}

function firstError(
  c: Ctx, uses: Uses, files: readonly FileId[],
): (Pick<Problem, 'range' | 'message'> & { readonly file: FileId }) | null {
  for (const file of files) {
    const syntax = uses.taken.find((t) => t.file === file)?.syntaxProblems[0];
    if (syntax !== undefined) return { file, range: syntax.range, message: syntax.message };
    const failed: UseDecl | undefined = uses.failed.get(file);
    if (failed !== undefined) {
      const message = `\`use ${targetText(failed)}\` fails`;
      return { file, range: failed.targetRange, message };
    }
    const found = c.reports.find((r) => r.file === file && r.severity === 'error');
    if (found !== undefined) return { file, range: found.range, message: found.message };
  }
  return null;
}

function toModel(
  c: Ctx, input: AnalyzeInput, found: { readonly uses: Uses; readonly decls: readonly Placed[] },
): Model {
  const { uses, decls } = found;
  const own = input.source.decls;
  const kept = input.kept ?? new KeptPrograms();
  kept.begin(decls.filter(({ decl: { kind } }) => kind === 'thread' || kind === 'scenario').length);
  const scenarios = own.filter((d): d is ScenarioDecl => d.kind === 'scenario');
  const all = decls.map((d) => d.decl);
  const first = spread(c.broken, c.deps);
  const more = brokenByProperties({ broken: first, decls: all, scenarios, entities: c.entities });
  const broken = spread(new Set([...first, ...more]), c.deps);
  const refs: Model['refs'] = {
    get: (node) => c.entities.get(node)?.sym, has: (node) => c.entities.has(node),
  };
  return {
    file: input.file, source: input.source, refs, scenarios, broken, decls,
    problems: problemsOf(c, input),
    symbols: symbolsOf(c),
    occurrences: [...c.occurrences].sort((a, b) => a.range.start - b.range.start),
    types: c.types,
    threads: own.filter((d): d is ThreadDecl => d.kind === 'thread'),
    uses: uses.taken.map((t) => t.file),
    meaning: {
      entities: c.entities, owners: c.owners, texts: c.texts, deps: c.deps, parts: c.parts,
      kept,
    },
  };
}

/** Of this file, in the order of the text, each once; not what is said of its syntax already. */
function problemsOf(c: Ctx, { damaged, text }: AnalyzeInput): readonly Problem[] {
  const seen = new Set<string>();
  const said = new Set(damaged.map(({ start, end }) => `${start} ${end}`));
  const starts = new Set(damaged.map(({ start }) => start));
  const problems: Problem[] = [];
  for (const { file, ...problem } of c.reports) {
    const key = `${problem.range.start} ${problem.range.end} ${problem.message}`;
    if (file !== c.own || seen.has(key)) continue;
    if (said.has(`${problem.range.start} ${problem.range.end}`)) continue;
    if (starts.has(wordBehind(text, problem.range.end))) continue;
    seen.add(key);
    problems.push(problem);
  }
  return problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

/**
 * Where the next word of the line begins; -1 if something else is next. What the parser could not
 * read often begins a word late: what is said there is said of both words.
 */
function wordBehind(text: string, offset: number): number {
  const space = /[ \t]+(?=\w)/y;
  space.lastIndex = offset;
  return space.test(text) ? space.lastIndex : -1;
}

function symbolsOf(c: Ctx): ReadonlyMap<string, Sym> {
  const symbols = new Map<string, Sym>();
  for (const [name, entity] of c.scope) symbols.set(name, entity.sym);
  for (const space of [c.scenarios, c.workloads]) {
    for (const [name, entity] of space) if (!symbols.has(name)) symbols.set(name, entity.sym);
  }
  return symbols;
}

