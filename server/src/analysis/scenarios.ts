// Scenarios and workloads: what they run, set and expect.
import type {
  ExpectItem, FailItem, PropertyDecl, ScenarioDecl, WorkloadDecl, WorkloadItem,
} from '../syntax/ast.ts';
import { unreachable } from '../text/unreachable.ts';
import type { ViolationCode } from '../../../simulator/src/verdict.ts';
import { finishInts } from './bounds.ts';
import { checkConstant } from './const-check.ts';
import { breakDecl, explained, refer, report } from './context.ts';
import type { Ctx } from './context.ts';
import { checkProperty } from './declarations.ts';
import type { PropertyEntity } from './entity.ts';
import { checkSoundness } from './soundness.ts';
import { checkSubjects } from './subjects.ts';
import {
  checkRun, checkTotal, checkWiths, declareAliases, runsOf,
} from './run-items.ts';
import { declareUnique, reportDuplicate } from './names.ts';
import { reportUnknown } from './scope.ts';
import { headOf, makeSym } from './symbols.ts';
import { checkDuration } from './takes.ts';
import { INT } from './types.ts';

/** The codes that `expect fails` may name. */
export const EXPECTABLE: ReadonlySet<string> = new Set<ViolationCode | 'refines'>([
  'lock_not_held', 'lock_held_at_exit', 'deadlock', 'sleep_in_atomic', 'guard', 'data_race',
  'use_after_free', 'double_free', 'null_ref', 'range', 'pool_exhausted', 'assert', 'invariant',
  'final', 'eventually', 'reachable', 'forbidden_outcome', 'missing_outcome', 'lock_order',
  'refines',
]);
const HINTS: ReadonlySet<string> = new Set([
  'stale_after_relock', 'recursive_read', 'unreachable_step', 'unknown', 'expectation', 'syntax',
  'name', 'type', 'use',
]);

/** Makes the scenario's aliases known; all scenarios come first, then what may name them. */
export function declareScenario(c: Ctx, decl: ScenarioDecl): void {
  c.aliases.set(decl, declareAliases(c, decl, runsOf(decl.items)));
}

export function checkScenario(c: Ctx, decl: ScenarioDecl): void {
  const consts = checkWiths(c, decl.items);
  const properties = new Map<string, PropertyEntity>();
  let total = 0;
  for (const item of decl.items) {
    switch (item.kind) {
      case 'run': {
        const before = total;
        total += checkRun(c, item, consts);
        checkTotal(c, item, { before, now: total });
        break;
      }
      case 'property':
        declareProperty(c, decl, { item, properties });
        break;
      case 'hole':
        breakDecl(c);
        break;
      case 'with':
      case 'expect':
        break;
      default:
        unreachable(item);
    }
  }
  checkExpects(c, decl, properties);
  checkSoundness(c, decl, consts);
}

function declareProperty(
  c: Ctx, decl: ScenarioDecl,
  found: { readonly item: PropertyDecl; readonly properties: Map<string, PropertyEntity> },
): void {
  const { item, properties } = found;
  const sym = makeSym({
    kind: 'property', file: c.file, name: item.name, full: item.range, doc: item.doc,
    container: decl.name.text, detail: headOf(item, c.texts.get(c.file) ?? ''),
  });
  const entity = { kind: 'property', file: c.file, sym, decl: item } as const;
  declareUnique(c, properties, item.name, entity);
  const flat = c.scope.get(item.name.text);
  if (flat?.kind === 'property') reportDuplicate(c, item.name, flat);
  checkProperty(c, item, decl);
}

function checkExpects(
  c: Ctx, decl: ScenarioDecl, properties: ReadonlyMap<string, PropertyEntity>,
): void {
  let first: ExpectItem | null = null;
  for (const item of decl.items) {
    if (item.kind !== 'expect') continue;
    switch (item.expect) {
      case 'hole':
        breakDecl(c);
        break;
      case 'refines':
        checkRefines(c, decl, item);
        break;
      default:
        // `safe` and `fails`.
        if (item.expect === 'fails') {
          for (const fail of item.items) checkFail(c, fail, { decl, properties });
        }
        if (first !== null && first.expect !== item.expect) {
          const message = `\`expect ${first.expect}\` and \`expect ${item.expect}\` cannot both be `
            + 'met';
          const related = { file: c.file, range: first.range, message: 'the other expectation' };
          report(c, 'type', item.range, explained(message, related));
        }
        first ??= item;
    }
  }
}

function checkRefines(
  c: Ctx, decl: ScenarioDecl, item: Extract<ExpectItem, { expect: 'refines' }>,
): void {
  const { other } = item;
  const entity = c.scenarios.get(other.text);
  if (entity === undefined) return reportUnknown(c, other, c.scenarios.keys(), 'scenario');
  refer(c, other, entity, { role: 'read', node: item });
  if (entity.decl !== decl) return;
  report(c, 'type', other.range, 'every scenario refines itself; name another one');
}

function checkFail(
  c: Ctx, fail: FailItem,
  known: { readonly decl: ScenarioDecl; readonly properties: ReadonlyMap<string, PropertyEntity> },
): void {
  const { name, subjects: [subject] } = fail;
  const flat = c.scope.get(name.text);
  const property = known.properties.get(name.text)
    ?? (flat?.kind === 'property' ? flat : undefined);
  if (property !== undefined) {
    refer(c, name, property, { role: 'read' });
    if (subject === undefined) return;
    report(c, 'type', subject.range, `\`${name.text}\` is a property; write it without `
      + 'parentheses');
  } else if (EXPECTABLE.has(name.text)) {
    checkSubjects(c, fail, known.decl);
  } else if (HINTS.has(name.text)) {
    report(c, 'type', name.range, `\`${name.text}\` does not count for \`expect\`: only errors `
      + 'that a scenario runs into do');
  } else {
    const names = [...known.properties.keys(), ...EXPECTABLE,
      ...[...c.scope].filter(([, e]) => e.kind === 'property').map(([n]) => n)];
    reportUnknown(c, name, names, 'property or code');
  }
}

export function checkWorkload(c: Ctx, decl: WorkloadDecl): void {
  const consts = checkWiths(c, decl.items);
  declareAliases(c, decl, decl.items.flatMap((i) => (i.kind === 'arrive' ? [i.run] : [])));
  for (const item of decl.items) {
    switch (item.kind) {
      case 'arrive':
        checkRun(c, item.run, consts);
        if (item.at !== null) checkDuration(c, item.at);
        if (item.every !== null) checkEvery(c, item.every);
        break;
      case 'setting':
        checkSetting(c, item);
        break;
      case 'hole':
        breakDecl(c);
        break;
      case 'with':
        break;
      default:
        unreachable(item);
    }
  }
  finishInts(c, new Map());
  checkSoundness(c, decl, consts);
}

function checkEvery(c: Ctx, every: Parameters<typeof checkDuration>[1]): void {
  if (checkDuration(c, every) !== 0) return;
  report(c, 'type', every.range, '`every` needs a duration above zero');
}

function checkSetting(c: Ctx, item: Extract<WorkloadItem, { kind: 'setting' }>): void {
  if (item.setting === 'for') {
    checkDuration(c, item.value);
    return;
  }
  const value = checkConstant(c, item.value, INT);
  if (item.setting !== 'cpus' || value === null || value >= 1) return;
  report(c, 'type', item.value.range, `a workload needs at least one CPU, not ${value}`);
}
