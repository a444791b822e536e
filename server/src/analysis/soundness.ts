// What `with` breaks: types, lengths and initial values that are sound with the params' defaults
// may not be so with what a scenario sets. Asked only of scenarios that set something.
import type { Range } from '../text/range.ts';
import type { Related } from '../text/problem.ts';
import type {
  Decl, Expr, FieldDecl, ScenarioDecl, SharedDecl, TypeExpr, WithItem, WorkloadDecl,
} from '../syntax/ast.ts';
import { spread } from './broken.ts';
import { explained, report } from './context.ts';
import type { Ctx } from './context.ts';
import { evaluate, isNumber, typeOf } from './constants.ts';
import type { Consts, Result } from './constants.ts';
import { Initials } from './initial.ts';
import type { Mistake } from './initial.ts';
import { inferLocals } from './intervals.ts';
import { ensure } from './kept-reading.ts';
import { indexOf, needed } from './needs.ts';
import { boundsProblem, lengthProblem } from './type-exprs.ts';
import { walkStmts } from './walk.ts';

/** Reports what is not sound at the `with` that comes first. */
export function checkSoundness(
  c: Ctx, owner: ScenarioDecl | WorkloadDecl, consts: Consts,
): void {
  const at = owner.items.find((item): item is WithItem => item.kind === 'with');
  if (at === undefined || c.broken.has(owner) || c.clean.has(owner)) return;
  const threads = [...c.deps.get(owner) ?? []].filter((decl) => decl.kind === 'thread');
  const params = [...consts.params].map(([decl, value]) => `${decl.name.text}=${value}`).join(' ');
  const key = [params, ...threads.map((decl) => decl.name.text)].join(' ');
  const known = c.sound.get(key) ?? findMistakes(c, { consts, params, roots: [owner, ...threads] });
  c.sound.set(key, known);
  for (const related of known) {
    report(c, 'type', at.range, explained(`with this, ${related.message}`, related));
  }
}

interface Asked {
  readonly consts: Consts;
  /** What is set in `consts`. */
  readonly params: string;
  readonly roots: readonly Decl[];
}

function findMistakes(c: Ctx, { consts, params, roots }: Asked): readonly Related[] {
  const broken = spread(c.broken, c.deps);
  const parts = needed(roots, c).filter(({ decl }) => !broken.has(decl));
  const initials = new Initials(consts, indexOf(c.parts).structs);
  const found = parts.map(({ file, decl }): Unsound => {
    const before = initials.mistakes.length;
    if (decl.kind === 'shared') initials.add(decl);
    const own = mistakesIn(c, decl, { consts, params });
    const mistakes = [...own, ...initials.mistakes.slice(before)];
    return { decl, related: mistakes.map(({ range, message }) => ({ file, range, message })) };
  });
  return causes(c, found.filter(({ related }) => related.length > 0));
}

interface Unsound {
  readonly decl: Decl;
  readonly related: readonly Related[];
}

/** Those of the declaration by itself: what it and all that it names come to with these params. */
function mistakesIn(
  c: Ctx, decl: Decl, { consts, params }: Pick<Asked, 'consts' | 'params'>,
): readonly Mistake[] {
  const known = c.soundWith.get(decl) ?? new Set();
  if (known.has(params)) return [];
  ensure(c, decl);
  const found = checkDecl(c, decl, consts);
  if (found.length === 0) c.soundWith.set(decl, known.add(params));
  return found;
}

/** Without what follows: mistakes in what names another declaration that has some. */
function causes(c: Ctx, found: readonly Unsound[]): readonly Related[] {
  const named = new Map(found.map(({ decl }) => [decl, spread(new Set([decl]), c.deps)]));
  const names = (one: Decl, other: Decl): boolean => named.get(other)?.has(one) === true;
  return found.flatMap(({ decl, related }) =>
    (found.some((it) => names(decl, it.decl) && !names(it.decl, decl)) ? [] : related));
}

function checkDecl(c: Ctx, decl: Decl, consts: Consts): readonly Mistake[] {
  switch (decl.kind) {
    case 'const':
      return failures(decl.value.range, evaluate(decl.value, consts));
    case 'param':
      return checkParam(decl, consts);
    case 'type':
      return checkType(decl.type, consts);
    case 'struct':
      return [
        ...checkLength(decl.count, 'a struct', consts),
        ...decl.members.flatMap((m) => (m.kind === 'lock' ? checkDecl(c, m, consts)
          : [...checkType(m.type, consts), ...checkField(m, consts)])),
      ];
    case 'lock':
      return decl.count === null ? [] : checkLength(decl.count, 'an array of locks', consts);
    case 'shared':
      return [...checkType(decl.type, consts), ...checkGuardLength(c, decl, consts)];
    case 'thread':
    case 'proc':
      return checkBody(decl, consts);
    default:
      // Properties name what is checked above; orders, uses and scenarios have no numbers.
      return [];
  }
}

function failures(range: Range, result: Result): readonly Mistake[] {
  if (isNumber(result) || result.why === null) return [];
  return [{ range, message: result.why }];
}

function checkParam(
  decl: Extract<Decl, { kind: 'param' }>, consts: Consts,
): readonly Mistake[] {
  const lo = evaluate(decl.lo, consts);
  const hi = evaluate(decl.hi, consts);
  const value = consts.params.get(decl) ?? evaluate(decl.value, consts);
  const found = [lo, hi, value].flatMap((result) => failures(decl.name.range, result));
  if (!isNumber(lo) || !isNumber(hi) || !isNumber(value)) return found;
  if (lo <= value && value <= hi) return found;
  const message = `\`${decl.name.text}\` is ${value}, outside of ${lo}..${hi}`;
  return [{ range: decl.name.range, message }];
}

function checkType(t: TypeExpr, consts: Consts): readonly Mistake[] {
  if (t.kind === 'array') {
    return [...checkType(t.element, consts), ...checkLength(t.length, 'an array', consts)];
  }
  if (t.kind !== 'range') return [];
  const lo = evaluate(t.lo, consts);
  const hi = evaluate(t.hi, consts);
  const found = [lo, hi].flatMap((result) => failures(t.range, result));
  if (!isNumber(lo) || !isNumber(hi)) return found;
  const message = boundsProblem(lo, hi);
  return message === null ? [] : [{ range: t.range, message }];
}

function checkLength(e: Expr, what: string, consts: Consts): readonly Mistake[] {
  const length = evaluate(e, consts);
  if (!isNumber(length)) return failures(e.range, length);
  const message = lengthProblem(length, what);
  return message === null ? [] : [{ range: e.range, message }];
}

function checkField(decl: FieldDecl, consts: Consts): readonly Mistake[] {
  const initials = new Initials(consts, new Map());
  initials.fieldDefault(decl.init, typeOf(decl.type, consts));
  return initials.mistakes;
}

/** A bare lock array and the array it guards have one length. */
function checkGuardLength(c: Ctx, decl: SharedDecl, consts: Consts): readonly Mistake[] {
  const type = typeOf(decl.type, consts);
  const lock = decl.guard?.kind === 'by' ? c.entities.get(decl.guard.lock) : undefined;
  if (type.kind !== 'array' || lock?.kind !== 'lock' || lock.decl.count === null) return [];
  const locks = evaluate(lock.decl.count, consts);
  if (!isNumber(locks) || locks === type.length) return [];
  const message = `\`${lock.decl.name.text}\` has ${locks} locks and \`${decl.name.text}\` `
    + `${type.length} elements`;
  return [{ range: decl.name.range, message }];
}

function checkBody(
  decl: Extract<Decl, { kind: 'thread' | 'proc' }>, consts: Consts,
): readonly Mistake[] {
  const types = decl.params.map((param) => param.type);
  if (decl.kind === 'proc' && decl.result !== null) types.push(decl.result);
  walkStmts(decl.body, (s) => {
    if (s.kind === 'let' && s.type !== null) types.push(s.type);
  });
  const unbounded = inferLocals(decl, consts).unbounded.map((node) => ({
    range: node.name.range, message: `the values of \`${node.name.text}\` have no end`,
  }));
  return [...types.flatMap((t) => checkType(t, consts)), ...unbounded];
}
