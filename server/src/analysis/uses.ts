// Follows `use`: which files a file takes in, directly or not, in a fixed order; circles; failures.
import type { FileId } from '../text/range.ts';
import type { Problem } from '../text/problem.ts';
import type { Decl, SourceFile, UseDecl } from '../syntax/ast.ts';
import { report, within } from './context.ts';
import type { Ctx } from './context.ts';
import type { AnalyzeInput, UsedFile, UseFailure } from './input.ts';
import { didYouMean } from './suggest.ts';

export interface TakenFile {
  readonly file: FileId;
  readonly source: SourceFile;
  readonly syntaxProblems: readonly Problem[];
}

interface Walk {
  readonly c: Ctx;
  readonly input: AnalyzeInput;
  /** Every file met, with what is known of it. */
  readonly seen: Map<FileId, UsedFile | null>;
  readonly order: TakenFile[];
  /** The `use`s that lead from the own file to the one at hand. */
  readonly path: { readonly decl: UseDecl; readonly target: FileId }[];
  /** Used files with a `use` that fails: their own mistake. */
  readonly failed: Map<FileId, UseDecl>;
  /** Which files each file takes in by itself. */
  readonly direct: Map<FileId, FileId[]>;
}

export interface Uses {
  /** A used file stands before the files that use it. */
  readonly taken: readonly TakenFile[];
  readonly failed: ReadonlyMap<FileId, UseDecl>;
  /** For each of the file's own `use`s: the files that came with it, itself first. */
  readonly closure: ReadonlyMap<UseDecl, readonly FileId[]>;
}

export function followUses(c: Ctx, input: AnalyzeInput): Uses {
  const walk: Walk = {
    c, input, seen: new Map([[input.file, null]]), order: [], path: [], failed: new Map(),
    direct: new Map(),
  };
  const closure = new Map<UseDecl, readonly FileId[]>();
  for (const decl of usesOf(input.source.decls)) {
    within(c, input.file, decl, () => {
      const target = follow(walk, input.file, decl);
      if (target !== null) closure.set(decl, reach(walk, target));
    });
  }
  return { taken: walk.order, failed: walk.failed, closure };
}

function usesOf(decls: readonly Decl[]): readonly UseDecl[] {
  return decls.filter((decl) => decl.kind === 'use');
}

/** Uses nest this deep at most; real ones nest two or three deep. */
const MAX_USE_DEPTH = 100;

/** Takes in what `decl` names, and what that names; the file it names, or null. */
function follow(walk: Walk, from: FileId, decl: UseDecl): FileId | null {
  const { c } = walk;
  const name = decl.path ?? decl.module ?? '';
  if (name === '') {
    c.incomplete = true;
    // Neither a path nor a module: reading the text has said so.
    if (decl.path === null) return null;
    if (from !== walk.input.file) walk.failed.set(from, decl);
    else report(c, 'use', decl.targetRange, 'no file is named here');
    return null;
  }
  const found = walk.input.use(from, decl);
  if ('failure' in found) {
    c.incomplete = true;
    if (from === walk.input.file) report(c, 'use', decl.targetRange, failureText(decl, found));
    else walk.failed.set(from, decl);
    return null;
  }
  const step = { decl, target: found.file };
  if (found.file === walk.input.file || walk.path.some((p) => p.target === found.file)) {
    reportCircle(walk, step);
    return null;
  }
  addTo(walk.direct, from, found.file);
  if (!walk.seen.has(found.file) && walk.path.length < MAX_USE_DEPTH) takeIn(walk, found, step);
  return found.file;
}

function takeIn(walk: Walk, found: UsedFile, step: Walk['path'][number]): void {
  const { c } = walk;
  walk.seen.set(found.file, found);
  walk.path.push(step);
  c.texts.set(found.file, found.text);
  const first = walk.path[0];
  if (first !== undefined) c.via.set(found.file, first.decl);
  for (const inner of usesOf(found.source.decls)) follow(walk, found.file, inner);
  walk.path.pop();
  walk.order.push(found);
}

function addTo(map: Map<FileId, FileId[]>, from: FileId, to: FileId): void {
  const list = map.get(from);
  if (list === undefined) map.set(from, [to]);
  else list.push(to);
}

/** A circle through the own file is its mistake too; others are reported in the files in it. */
function reportCircle(walk: Walk, last: Walk['path'][number]): void {
  const { c, input } = walk;
  const own = walk.path[0] ?? last;
  if (last.target !== input.file) {
    const from = walk.path[walk.path.length - 1];
    if (from !== undefined) walk.failed.set(from.target, last.decl);
    return;
  }
  const steps = [...walk.path, last].map((p) => `\`${targetText(p.decl)}\``);
  const message = `\`use\` goes in a circle: this file takes in ${steps.join(', which takes in ')}`
    + ', which is this file; move what both need into a third file';
  report(c, 'use', own.decl.targetRange, message);
}

/** As written after `use`, without quotes. */
export function targetText(decl: UseDecl): string {
  return decl.path ?? decl.module ?? '';
}

function failureText(decl: UseDecl, found: UseFailure): string {
  const name = targetText(decl);
  const candidates = found.candidates ?? [];
  switch (found.failure) {
    case 'no_module':
      return `there is no module \`${name}\`${didYouMean(name, candidates, '')}`;
    case 'no_file':
      return `there is no file \`${name}\`; the path is relative to this file`
        + didYouMean(name, candidates, '');
    default:
      // `unreadable`.
      return `\`${name}\` could not be read`;
  }
}

function reach(walk: Walk, start: FileId): readonly FileId[] {
  const found = new Set([start]);
  for (const file of found) for (const next of walk.direct.get(file) ?? []) found.add(next);
  return [...found];
}
