// What a violation is about, where `expect fails code(subject)` names it: a warning where nothing
// of the right sort has that name, since such an expectation is never met.
import { unreachable } from '../text/unreachable.ts';
import type { FailItem, Name, ScenarioDecl } from '../syntax/ast.ts';
import type { ViolationCode } from '../../../simulator/src/verdict.ts';
import { mayBeUnread, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import type { Entity } from './entity.ts';
import { ensure } from './kept-reading.ts';
import { runsOf } from './run-items.ts';
import { didYouMean } from './suggest.ts';
import { reachableOwners } from './thread-names.ts';
import { walkStmts } from './walk.ts';

type Sort =
  | 'data' | 'number' | 'outcome' | 'thread' | 'struct' | 'lock' | 'property' | 'scenario' | 'text';

const SORT: Readonly<Record<ViolationCode | 'refines', Sort>> = {
  data_race: 'data', guard: 'data', range: 'number',
  forbidden_outcome: 'outcome', missing_outcome: 'thread',
  use_after_free: 'struct', double_free: 'struct', null_ref: 'struct', pool_exhausted: 'struct',
  lock_not_held: 'lock', lock_held_at_exit: 'lock', lock_order: 'lock', sleep_in_atomic: 'lock',
  deadlock: 'lock',
  invariant: 'property', final: 'property', eventually: 'property', reachable: 'property',
  assert: 'text', refines: 'scenario',
};

const SORT_NAME: Readonly<Record<Sort, string>> = {
  data: 'a shared variable, an array or a field (`struct.field`)',
  number: 'a variable, an array or a field (`struct.field`)', outcome: 'an outcome',
  thread: 'a thread', struct: 'a struct', lock: 'a lock, or `rcu`', property: 'a property',
  scenario: 'a scenario', text: 'a text',
};

function sortOf(code: string): Sort {
  for (const [known, sort] of Object.entries(SORT)) if (known === code) return sort;
  return 'text';
}

export function checkSubjects(c: Ctx, fail: FailItem, scenario: ScenarioDecl): void {
  const sort = sortOf(fail.name.text);
  const [, second] = fail.subjects;
  if (second !== undefined && fail.name.text !== 'deadlock') {
    report(c, 'type', second.range,
      `\`${fail.name.text}\` is about one thing; only a \`deadlock\` is about several`);
    return;
  }
  if (sort === 'text') return;
  for (const subject of fail.subjects) {
    checkSubject(c, { code: fail.name.text, sort, subject }, scenario);
  }
}

interface Asked {
  readonly code: string;
  readonly sort: Sort;
  readonly subject: Name;
}

function checkSubject(c: Ctx, { code, sort, subject }: Asked, scenario: ScenarioDecl): void {
  if (subject.text === '') return;
  const known = subjects(c, sort, scenario);
  const found = known.get(subject.text);
  if (found !== undefined) {
    referDotted(c, subject, found);
    return;
  }
  if (sort === 'lock' && subject.text === 'rcu') return;
  if (mayBeUnread(c, subject)) return;
  const hint = didYouMean(subject.text, known.keys(), '');
  c.reports.push({
    code: 'name', severity: 'warning', range: subject.range, related: [], file: c.file,
    message: `\`${code}\` is about ${SORT_NAME[sort]}, and none is called `
      + `\`${subject.text}\`${hint === '' ? ': this is never met' : hint}`,
  });
}

/** `vma.flags`: the struct and the field are each referred to. */
function referDotted(c: Ctx, subject: Name, found: readonly Entity[]): void {
  let { start } = subject.range;
  const parts = subject.text.split('.');
  parts.forEach((text, i) => {
    const entity = found[i];
    const range = parts.length === 1 ? subject.range : { start, end: start + text.length };
    const name = parts.length === 1 ? subject : { ...subject, text, range };
    if (entity !== undefined) refer(c, name, entity, { role: 'read' });
    start += text.length + 1;
  });
}

/** Everything of a sort by the name that a violation has for it. */
function subjects(
  c: Ctx, sort: Sort, scenario: ScenarioDecl,
): ReadonlyMap<string, readonly Entity[]> {
  const all = new Map<string, readonly Entity[]>();
  switch (sort) {
    case 'number':
      // Locks too: an index out of an array's bounds.
      addMembers(c, addFlat(c, all, 'lock'), 'lock');
      addLocals(c, all, scenario);
      return addMembers(c, addFlat(c, all, 'shared'), 'field');
    case 'data':
      return addMembers(c, addFlat(c, all, 'shared'), 'field');
    case 'lock':
      return addMembers(c, addFlat(c, all, 'lock'), 'lock');
    case 'property':
      for (const item of scenario.items) {
        const entity = item.kind === 'property' ? c.entities.get(item.name) : undefined;
        if (entity !== undefined) all.set(entity.sym.name, [entity]);
      }
      return addFlat(c, all, sort);
    case 'thread':
    case 'struct':
      return addFlat(c, all, sort);
    case 'scenario':
      for (const [name, entity] of c.scenarios) all.set(name, [entity]);
      return all;
    case 'outcome':
      for (const run of runsOf(scenario.items)) {
        const thread = c.scope.get(run.thread.text);
        if (thread?.kind !== 'thread') continue;
        for (const [name, entity] of c.outcomes.get(thread.decl) ?? []) all.set(name, [entity]);
      }
      return all;
    case 'text':
      return all;
    default:
      return unreachable(sort);
  }
}

/** Locals and parameters of what the scenario runs: a value that does not fit is `range` too. */
function addLocals(
  c: Ctx, all: Map<string, readonly Entity[]>, scenario: ScenarioDecl,
): void {
  for (const run of runsOf(scenario.items)) {
    const thread = c.scope.get(run.thread.text);
    if (thread?.kind !== 'thread') continue;
    for (const owner of reachableOwners(c, thread.decl)) {
      ensure(c, owner);
      const names = owner.params.map((param) => param.name);
      walkStmts(owner.body, (s) => {
        if (s.kind === 'let' || s.kind === 'for') names.push(s.name);
      });
      for (const name of names) {
        const entity = c.entities.get(name);
        if (entity !== undefined) all.set(name.text, [entity]);
      }
    }
  }
}

function addFlat(
  c: Ctx, all: Map<string, readonly Entity[]>, kind: Entity['kind'],
): Map<string, readonly Entity[]> {
  for (const [name, entity] of c.scope) if (entity.kind === kind) all.set(name, [entity]);
  return all;
}

function addMembers(
  c: Ctx, all: Map<string, readonly Entity[]>, kind: 'field' | 'lock',
): ReadonlyMap<string, readonly Entity[]> {
  for (const [struct, fields] of c.fields) {
    const owner = c.scope.get(struct.name.text);
    if (owner === undefined) continue;
    for (const [name, field] of fields) {
      if (field.kind === kind) all.set(`${struct.name.text}.${name}`, [owner, field]);
    }
  }
  return all;
}
