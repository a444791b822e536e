// What `expect` lines come to, worked out anew from the words of the language: from the violations
// and outcomes of the searches alone.
import type { ExpectItem, FailItem, ScenarioDecl } from '../../server/src/syntax/ast.ts';
import type { Judged } from '../../server/src/service/check-file.ts';
import type { Program, Verdict } from '../../simulator/src/index.ts';

interface Seen {
  readonly code: string;
  readonly subject: string | null;
}

const PROPERTIES: ReadonlySet<string> =
  new Set(['invariant', 'final', 'eventually', 'reachable']);

/** A name is a property's, a code, or a code with what it is about. */
function isNamed({ name, subjects }: FailItem, { code, subject: about }: Seen): boolean {
  if (PROPERTIES.has(code) && subjects.length === 0 && name.text === about) return true;
  if (name.text !== code) return false;
  return subjects.every(({ text }) => text === about
    || (code === 'deadlock' && (about ?? '').split(', ').includes(text)));
}

/** Combinations of outcomes by thread, of those that declare some; instances by place. */
function combinations(program: Program, verdict: Verdict): readonly Map<string, string>[] {
  const places = new Map<string, number>();
  const names = program.threads.map(({ decl }) => {
    const place = (places.get(decl) ?? 0) + 1;
    places.set(decl, place);
    return `${decl}#${place}`;
  });
  const declaring = program.threads.flatMap((thread, i) =>
    (thread.outcomes.length > 0 ? [{ thread, name: names[i] ?? '' }] : []));
  return verdict.outcomes.map((combination) => new Map(declaring.map(({ thread, name }, i) =>
    [name, thread.outcomes[combination[i] ?? -1]?.name ?? '-'])));
}

function projected(combination: ReadonlyMap<string, string>, names: readonly string[]): string {
  return names.map((name) => combination.get(name) ?? '').join(' ');
}

function refines(judged: Judged, other: Judged): boolean {
  const nameable = ({ result }: Judged): Set<string> => new Set(
    combinations(result.lowered.program,
      { ...result.verdict, outcomes: [[]] }).flatMap((it) => [...it.keys()]));
  const theirs = nameable(other);
  const names = [...nameable(judged)].filter((name) => theirs.has(name));
  if (names.length === 0) return true;
  const ends = (it: Judged): readonly string[] =>
    combinations(it.result.lowered.program, it.result.verdict).map((one) => projected(one, names));
  const known = new Set(ends(other));
  return ends(judged).every((end) => known.has(end));
}

function isMet(
  item: ExpectItem, seen: readonly Seen[], refined: (name: string) => boolean,
): boolean {
  switch (item.expect) {
    case 'safe': return seen.length === 0;
    case 'fails':
      if (item.items.length === 0) return seen.length > 0;
      return item.items.every((fail) => seen.some((it) => isNamed(fail, it)))
        && seen.every((it) => item.items.some((fail) => isNamed(fail, it)));
    case 'refines': return refined(item.other.text) !== item.negated;
    default: // A hole: nothing was expected.
      return true;
  }
}

const hasAliases = ({ items }: ScenarioDecl): boolean =>
  items.some((item) => item.kind === 'run' && item.alias !== null);

/** What differs between the judgement and this reading; nothing where a search was cut short. */
export function wrongExpectation(judged: Judged, all: readonly Judged[]): readonly string[] {
  const { judgement: { scenario, expectation }, result } = judged;
  if (all.some((it) => it.result.verdict.bound !== null)) return [];
  const items = scenario.items.filter((item) => item.kind === 'expect');
  const named = items.some((item) => item.expect === 'refines');
  if (named && all.some((it) => hasAliases(it.judgement.scenario))) return [];
  const refined = (name: string): boolean => {
    const other = all.find((it) => it.judgement.scenario.name.text === name);
    return other !== undefined && refines(judged, other);
  };
  const { violations } = result.verdict;
  const says = items.some((item) => item.expect === 'safe' || item.expect === 'fails');
  const met = items.every((item) => isMet(item, violations, refined))
    && (says || violations.length === 0);
  if (expectation === (met ? 'met' : 'unmet')) return [];
  return [`expectation of ${scenario.name.text} is ${expectation}, should be `
    + (met ? 'met' : 'unmet')];
}
