// What a thread knows, looked up again or asked again: a local read anew after a lock was retaken,
// a test repeated under the lock, a pointer compared with what the lock protects.
import { walkExpr } from '../walk.ts';
import type { Change } from './change.ts';
import { opposite, type Condition } from './conditions.ts';
import { placeName, told } from './locking.ts';
import { localsIn, sharedOf, siblingsOf, type Spot } from './spots.ts';
import type { Source } from './source.ts';

type LetSpot = Spot & { readonly stmt: Extract<Spot['stmt'], { kind: 'let' }> };

function isLookup(source: Source, spot: Spot): spot is LetSpot {
  if (spot.stmt.kind !== 'let' || spot.block === null) return false;
  let plain = true;
  walkExpr(spot.stmt.value, ({ kind }) => {
    if (kind === 'call' || kind === 'new' || kind === 'any' || kind === 'cmpxchg') plain = false;
  });
  return plain && sharedOf(source.model, spot.stmt.value).size > 0;
}

/** Locals read from shared state, read again behind each acquire and each call that follows. */
export function readAgain(
  source: Source, spots: readonly Spot[], near: readonly Spot[],
): readonly Change[] {
  return spots.flatMap((spot): readonly Change[] => {
    if (!isLookup(source, spot)) return [];
    const again = `${spot.stmt.name.text} = ${source.page.source(spot.stmt.value.range)}`;
    const later = spots.filter((it) => it.owner === spot.owner && it.block !== null
      && it.whole.range.start > spot.whole.range.end);
    return [
      ...later.filter(({ stmt }) => stmt.kind === 'acquire' || stmt.kind === 'call')
        .map((it) => ({ it, where: 'after' as const })),
      ...later.filter((it) => near.includes(it)).map((it) => ({ it, where: 'before' as const })),
    ].map(({ it, where }): Change => ({
      title: `Look ${spot.stmt.name.text} up again (\`${again}\`) ${where} `
        + `\`${told(source, it)}\` in ${placeName(spot)}`,
      family: `again ${spot.stmt.range.start}`,
      splices: [where === 'after' ? source.page.after(it.whole.range, [again])
        : source.page.before(it.whole.range, [again])],
    }));
  });
}

/** The statement only where the condition holds. */
export function tested(source: Source, spot: Spot, condition: Condition): Change {
  return {
    title: `Test \`${condition.text}\` before \`${told(source, spot)}\` in ${placeName(spot)}`,
    family: `test ${condition.text} ${placeName(spot)}`,
    splices: source.page.wrap(spot.whole.range, `if ${condition.text}`),
    keeps: [spot.whole.range],
  };
}

/** `if c { acquire L  ...  release L }`: c asked again under L. */
export function testedAgain(source: Source, spot: Spot): readonly Change[] {
  const { up, stmt } = spot;
  if (stmt.kind !== 'acquire' || up === null || up.stmt.kind !== 'if') return [];
  const { cond } = up.stmt;
  if (sharedOf(source.model, cond).size === 0) return [];
  const siblings = siblingsOf(source.spots, spot);
  const end = siblings.find((it) => it.index > spot.index && it.stmt.kind === 'release'
    && source.page.source(it.stmt.lock.range) === source.page.source(stmt.lock.range));
  const inside = siblings.filter((it) => it.index > spot.index && it.index < (end?.index ?? -1));
  const [first, last] = [inside[0], inside.at(-1)];
  if (first === undefined || last === undefined) return [];
  const inElse = up.stmt.then !== spot.block;
  const written = source.page.source(cond.range);
  const text = inElse ? opposite(cond, written) : written;
  const range = { start: first.whole.range.start, end: last.whole.range.end };
  return [{
    title: `Ask \`${text}\` again under ${source.page.source(stmt.lock.range)} in `
      + placeName(spot),
    family: `ask again ${spot.stmt.range.start}`,
    splices: source.page.wrap(range, `if ${text}`),
    keeps: [first.whole.range],
  }];
}

/**
 * A pointer kept outside what a lock protects: the object is looked up where the lock says what is
 * there, and used only if it is the one the pointer means.
 */
export function lookedUp(source: Source, spots: readonly Spot[]): readonly Change[] {
  const { model, page } = source;
  return spots.flatMap((spot): readonly Change[] => {
    const { stmt } = spot;
    if (stmt.kind !== 'let' || spot.block === null || stmt.value.kind !== 'ident') return [];
    const entity = model.meaning.entities.get(stmt.value);
    const type = model.types.get(stmt.value);
    if (entity?.kind !== 'shared' || entity.decl.guard !== null || type?.kind !== 'ref') return [];
    const user = siblingsOf(source.spots, spot).find((it) => it.index > spot.index
      && it.stmt.kind === 'if' && localsIn(model, it.stmt.cond));
    if (user === undefined || user.stmt.kind !== 'if') return [];
    const cond = page.source(user.stmt.cond.range);
    const loose = /\|\||=>/.test(cond) ? `(${cond})` : cond;
    const kept = entity.decl.name.text;
    const { cond: { range } } = user.stmt;
    return model.decls.flatMap(({ decl }): readonly Change[] => {
      if (decl.kind !== 'shared' || decl.guard === null || decl.type.kind !== 'ref') return [];
      if (decl.type.struct.text !== type.struct) return [];
      return [{
        title: `Look ${stmt.name.text} up in ${decl.name.text}, use it only if it is ${kept}, in `
          + placeName(spot),
        family: `lookup ${stmt.range.start}`,
        splices: [
          page.replace(stmt.value.range, decl.name.text),
          { start: range.start, end: range.end, text: `${loose} && ${stmt.name.text} == ${kept}` },
        ],
      }];
    });
  });
}

/**
 * What is written once a call has succeeded, written before it and taken back if it fails: so that
 * a lock that the call gives up or weakens covers it.
 */
export function writtenFirst(source: Source, spots: readonly Spot[]): readonly Change[] {
  const { page, model } = source;
  return spots.flatMap((spot): readonly Change[] => {
    const { stmt, up } = spot;
    if (stmt.kind !== 'assign' || stmt.op !== '=' || stmt.target.kind !== 'ident') return [];
    if (up?.stmt.kind !== 'if' || up.block === null || up.stmt.otherwise !== null) return [];
    if (up.stmt.then.stmts.length !== 1 || sharedOf(model, stmt.target).size === 0) return [];
    const { cond } = up.stmt;
    const call = siblingsOf(source.spots, up).find((it) => it.index === up.index - 1);
    if (call?.stmt.kind !== 'let' || call.stmt.value.kind !== 'call') return [];
    const target = page.source(stmt.target.range);
    const old = `old_${target}`;
    return [{
      title: `Write ${target} before \`${told(source, call)}\`, take it back if that fails, in `
        + placeName(spot),
      family: `write first ${stmt.range.start}`,
      splices: [
        page.before(call.whole.range, [`let ${old} = ${target}`, page.source(stmt.range)]),
        page.replace(cond.range, opposite(cond, page.source(cond.range))),
        page.replace(stmt.value.range, old),
      ],
    }];
  });
}
