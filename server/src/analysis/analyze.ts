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
import { echoes } from './echoes.ts';
import { isOwner } from './entity.ts';
import type { Meaning } from './entity.ts';
import { Initials } from './initial.ts';
import type { AnalyzeInput } from './input.ts';
import { KeptPrograms } from './kept-programs.ts';
import { defer, ensure, ensureAll, takeOver } from './kept-reading.ts';
import { checkLate } from './late.ts';
import type { Model, Sym } from './model.ts';
import { declareFile } from './names.ts';
import { indexOf } from './needs.ts';
import type { Placed } from './needs.ts';
import { outline } from './outline.ts';
import { checkScenario, checkWorkload, declareScenario } from './scenarios.ts';
import type { Late } from './statements.ts';
import { addDamage, addWords } from './unread.ts';
import { followUses, targetText } from './uses.ts';
import type { TakenFile, Uses } from './uses.ts';

export type { AnalyzeInput, UsedFile, UseFailure } from './input.ts';
export { keptScenario, keptThread, lowerScenario, lowerThread, lowerWorkload } from './lower.ts';

export function analyze(input: AnalyzeInput): Model {
  const found = begin(input);
  const before = input.kept?.isRight === true ? input.kept.reading : null;
  const taken = before === null || input.damaged.length > 0
    ? null : takeOver(before, { own: input.file, text: input.text, decls: found.decls });
  if (taken !== null) defer(found.c, found.late, taken);
  check(found, input);
  if (taken === null || isClean(found, input)) return end(input, found);
  // What is said of a mistake may depend on what was not looked at.
  const anew = begin(input);
  check(anew, input);
  return end(input, anew);
}

/** All that is read of one version. */
interface Reading {
  readonly c: Ctx;
  readonly uses: Uses;
  readonly decls: readonly Placed[];
  readonly late: Late;
}

function begin(input: AnalyzeInput): Reading {
  const c = emptyContext(input.file);
  c.texts.set(input.file, input.text);
  const uses = followUses(c, input);
  const late: Late = { blockers: new Map(), calls: [], outcomes: [] };
  return { c, uses, decls: declsOf(input, uses), late };
}

/** Own ones, and those taken in. */
function declsOf(input: AnalyzeInput, uses: Uses): readonly Placed[] {
  return filesOf(input, uses).flatMap(({ file, source }) => source.decls
    .filter((decl) => file === input.file || isTaken(decl)).map((decl) => ({ file, decl })));
}

function filesOf(
  { file, source }: AnalyzeInput, { taken }: Uses,
): readonly Pick<TakenFile, 'file' | 'source'>[] {
  return [...taken, { file, source }];
}

function isTaken({ kind }: Decl): boolean {
  return kind !== 'scenario' && kind !== 'workload';
}

function end(input: AnalyzeInput, found: Reading): Model {
  const { c, uses, decls, late } = found;
  reportUsedErrors(c, uses);
  const { kept } = input;
  if (kept !== undefined && input.damaged.length === 0) {
    kept.isRight = isClean(found, input);
    const { deps, owners, keys, soundWith } = c;
    if (kept.isRight) {
      kept.reading = { text: input.text, decls, deps, owners, late, keys, soundWith };
    }
  }
  return toModel(c, input, found);
}

/** Nothing is wrong, own or used, and nothing may be what it seems not to be. */
function isClean({ c, uses }: Reading, input: AnalyzeInput): boolean {
  return c.reports.length === 0 && c.broken.size === 0 && c.unread.words.size === 0
    && !c.incomplete && input.damaged.length === 0
    && uses.taken.every(({ syntaxProblems }) => syntaxProblems.length === 0);
}

function check({ c, uses, decls, late }: Reading, input: AnalyzeInput): void {
  addDamaged(c, input, uses);
  declareAll(c, input, uses);
  const each = (work: (decl: Decl) => void): void => {
    for (const { file, decl } of decls) within(c, file, decl, () => work(decl));
  };
  each((decl) => {
    if (isOwner(decl) && !c.deferred.has(decl)) outline(c, decl);
    if (decl.kind === 'scenario') declareScenario(c, decl);
  });
  each((decl) => {
    checkSignature(c, decl);
    finishInts(c, new Map());
  });
  each((decl) => {
    if (!c.deferred.has(decl)) checkContent(c, decl, late);
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

/** Broken from the start: what is said elsewhere may depend on it. */
function addDamaged(c: Ctx, { damaged, source, text }: AnalyzeInput, uses: Uses): void {
  const files = uses.taken.map((it) => ({
    decls: it.source.decls.filter(isTaken), text: c.texts.get(it.file) ?? '',
    damaged: it.syntaxProblems.map(({ range }) => range),
  }));
  for (const it of [...files, { decls: source.decls, text, damaged }]) {
    for (const decl of damagedDecls(it.decls, it.damaged, it.text)) {
      c.broken.add(decl);
      c.unread.damaged.add(decl);
    }
  }
}

/** The declarations taken in come first. */
function declareAll(c: Ctx, input: AnalyzeInput, uses: Uses): void {
  addDamage(c.unread, input.text, { damaged: input.damaged, decls: input.source.decls });
  for (const { file, source } of filesOf(input, uses)) {
    const holes = source.decls.filter((decl) => decl.kind === 'hole').map((decl) => decl.range);
    addWords(c.unread, c.texts.get(file) ?? '', holes);
    declareFile(c, file, source);
    for (const decl of source.decls) if (isTaken(decl)) c.parts.push({ file, decl });
  }
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

function toModel(c: Ctx, input: AnalyzeInput, { uses, decls }: Reading): Model {
  const own = input.source.decls;
  const kept = input.kept ?? new KeptPrograms();
  kept.begin(decls.filter(({ decl: { kind } }) => kind === 'thread' || kind === 'scenario').length);
  const scenarios = own.filter((d): d is ScenarioDecl => d.kind === 'scenario');
  const all = decls.map((d) => d.decl);
  const first = spread(c.broken, c.deps);
  const more = brokenByProperties({ broken: first, decls: all, scenarios, entities: c.entities });
  let occurrences: Model['occurrences'] | null = null;
  return {
    file: input.file, source: input.source, scenarios, decls,
    broken: spread(new Set([...first, ...more]), c.deps),
    problems: problemsOf(c, input),
    symbols: symbolsOf(c),
    threads: own.filter((d): d is ThreadDecl => d.kind === 'thread'),
    uses: uses.taken.map((t) => t.file),
    meaning: meaningOf(c, kept),
    refs: {
      get: (node) => tablesOf(c).entities.get(node)?.sym,
      has: (node) => tablesOf(c).entities.has(node),
    },
    get types() {
      return tablesOf(c).types;
    },
    get occurrences() {
      return occurrences ??= [...tablesOf(c).occurrences]
        .sort((a, b) => a.range.start - b.range.start);
    },
  };
}

/** With what was put off until somebody asks. */
function tablesOf(c: Ctx): Pick<Ctx, 'entities' | 'types' | 'occurrences'> {
  ensureAll(c);
  return c;
}

function meaningOf(c: Ctx, kept: KeptPrograms): Meaning {
  const { owners, texts, deps, parts, entities, types } = c;
  return {
    owners, texts, deps, parts, kept, keys: c.keys,
    get entities() {
      return tablesOf(c).entities;
    },
    tables(decls) {
      for (const decl of decls) ensure(c, decl);
      return { entities, types };
    },
  };
}

/** Of this file, in the order of the text, each once; not what is said of its syntax already. */
function problemsOf(c: Ctx, { damaged, text, source }: AnalyzeInput): readonly Problem[] {
  const seen = new Set<string>();
  const isEcho = echoes(damaged, text, source.decls);
  const problems: Problem[] = [];
  for (const { file, ...problem } of c.reports) {
    const key = `${problem.range.start} ${problem.range.end} ${problem.message}`;
    if (file !== c.own || seen.has(key) || isEcho(problem)) continue;
    seen.add(key);
    problems.push(problem);
  }
  return problems.sort((a, b) => a.range.start - b.range.start || a.range.end - b.range.end);
}

function symbolsOf(c: Ctx): ReadonlyMap<string, Sym> {
  const symbols = new Map<string, Sym>();
  for (const [name, entity] of c.scope) symbols.set(name, entity.sym);
  for (const space of [c.scenarios, c.workloads]) {
    for (const [name, entity] of space) if (!symbols.has(name)) symbols.set(name, entity.sym);
  }
  return symbols;
}

