// Feature: what one scenario's search gets to: every step that its threads could take, and of each
// choice the branches that were taken.
import { encloses, type FileId, type Range } from '../text/range.ts';
import type { Result } from '../analysis/judgement.ts';
import { blocksOf, type Stmt } from './nodes.ts';
import type { Snapshot } from './snapshot.ts';

export interface FileCoverage {
  readonly file: FileId;
  /** In the order of the text. */
  readonly statements: readonly CoveredStatement[];
}
export interface CoveredStatement {
  readonly range: Range;
  readonly reached: boolean;
  /** Of an `if`, a `try`, a `choose`: those that have a step. */
  readonly branches: readonly CoveredBranch[];
}
export interface CoveredBranch {
  readonly name: string;
  readonly range: Range;
  readonly reached: boolean;
}

interface Sites {
  readonly known: readonly Place[];
  readonly reached: ReadonlySet<Place>;
}
type Place = Result['lowered']['sites'][number];

/** Empty while the scenario is not judged: nothing is known then. */
export function coverage(snapshot: Snapshot, scenario: string): readonly FileCoverage[] {
  const at = snapshot.model.scenarios.findIndex(({ name }) => name.text === scenario);
  const check = snapshot.checks[at];
  if (check?.kind !== 'judged') return [];
  const sites = sitesOf(check.result);
  const choices = choicesIn(snapshot);
  const files = [...new Set(sites.known.map(({ file }) => file))];
  return files.map((file) => ({
    file,
    statements: statementsIn(file, sites, choices.filter((choice) => choice.file === file)),
  }));
}

function sitesOf({ lowered, verdict }: Result): Sites {
  const at = (site: number): readonly Place[] => lowered.sites.slice(site, site + 1);
  const used = new Set(lowered.program.threads.flatMap((thread) =>
    thread.code.filter(({ op }) => op !== 'end').map(({ site }) => site)));
  const reached = new Set(verdict.facts.reached.flatMap(at));
  return { known: [...used].flatMap(at), reached };
}

/** Several sites of one range, as an `if` has that reads two variables, are one statement. */
function statementsIn(
  file: FileId, { known, reached }: Sites, choices: readonly Choice[],
): readonly CoveredStatement[] {
  const own = known.filter((place) => place.file === file);
  const byRange = new Map<string, CoveredStatement>();
  for (const place of own) {
    const key = `${place.range.start} ${place.range.end}`;
    const before = byRange.get(key);
    const isReached = reached.has(place) || before?.reached === true;
    const branches = before?.branches ?? choices
      .filter(({ stmt }) => stmt.range.start === place.range.start)
      .flatMap(({ stmt }) => branchesOf(stmt, own, reached));
    byRange.set(key, { range: place.range, reached: isReached, branches });
  }
  return [...byRange.values()].sort((a, b) =>
    a.range.start - b.range.start || b.range.end - a.range.end);
}

interface Choice {
  readonly file: FileId;
  readonly stmt: Stmt;
}

function choicesIn({ model }: Snapshot): readonly Choice[] {
  return model.decls.flatMap(({ file, decl }) => {
    if (decl.kind !== 'thread' && decl.kind !== 'proc') return [];
    return choicesAmong(decl.body.stmts).map((stmt) => ({ file, stmt }));
  });
}

function choicesAmong(stmts: readonly Stmt[]): readonly Stmt[] {
  return stmts.flatMap((stmt) => {
    const inner = blocksOf(stmt).flatMap((block) => choicesAmong(block.stmts));
    if (stmt.kind === 'labelled') return choicesAmong([stmt.stmt]);
    return stmt.kind === 'if' || stmt.kind === 'try' || stmt.kind === 'choose'
      ? [stmt, ...inner] : inner;
  });
}

function branchesOf(
  stmt: Stmt, own: readonly Place[], reached: ReadonlySet<Place>,
): readonly CoveredBranch[] {
  return blocksOf(stmt).flatMap(({ range }, i): readonly CoveredBranch[] => {
    const inside = own.filter((place) => encloses(range, place.range));
    if (inside.length === 0) return [];
    const name = stmt.kind === 'choose' ? `choice ${i + 1}` : i === 0 ? 'then' : 'else';
    return [{ name, range, reached: inside.some((place) => reached.has(place)) }];
  });
}
