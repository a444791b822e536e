// What a program means, without its names and places: two programs of one meaning share a verdict.
// A comment, a renaming, a move in the file or an edit of another scenario changes nothing here.
//
// Names become `@0@`, `@1@`, ... and sites 0, 1, ... by first appearance; the `Legend` leads back.
import type { Program, SiteId } from '../../../simulator/src/program.ts';
import type {
  Facts, Party, Trace, Verdict, Violation,
} from '../../../simulator/src/verdict.ts';

export interface Meaning {
  /** The program in canonical form, as JSON: equal for equal meanings. */
  readonly text: string;
  readonly legend: Legend;
}

/** From canonical names and sites to the program's own. */
export interface Legend {
  readonly names: readonly string[];
  readonly sites: readonly SiteId[];
}

/** The properties of a program that hold a name people chose. */
const NAME_KEYS: ReadonlySet<string> = new Set(['name', 'decl', 'text']);

export function meaningOf(program: Program): Meaning {
  const names = new Map<string, string>();
  const sites = new Map<SiteId, number>();
  const canonical = (key: string, value: unknown): unknown => {
    if (typeof value === 'string' && NAME_KEYS.has(key)) {
      const known = names.get(value);
      if (known !== undefined) return known;
      const fresh = `@${names.size}@`;
      names.set(value, fresh);
      return fresh;
    }
    if (typeof value === 'number' && key === 'site') {
      const known = sites.get(value);
      if (known !== undefined) return known;
      sites.set(value, sites.size);
      return sites.size - 1;
    }
    return value;
  };
  const text = JSON.stringify(program, canonical);
  return { text, legend: { names: [...names.keys()], sites: [...sites.keys()] } };
}

/** The program that `text` speaks of: what a verdict by fingerprint is a verdict of. */
export function canonicalProgram(program: Program): Program {
  const canonical: Program = JSON.parse(meaningOf(program).text);
  return canonical;
}

/** 128 bits and the length: that two texts of a session meet is out of the question. */
export function fingerprint(text: string): string {
  let [a, b, c, d] = [0xdeadbeef, 0x41c6ce57, 0x9e3779b9, 0x6a09e667];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    a = Math.imul(a ^ code, 0x9e3779b1);
    b = Math.imul(b ^ code, 0x5f356495);
    c = Math.imul((c << 5) ^ (c >>> 3) ^ code, 0x85ebca6b);
    d = Math.imul((d << 7) ^ (d >>> 9) ^ code, 0xc2b2ae35);
  }
  const word = (x: number, y: number): string =>
    (Math.imul(x ^ (x >>> 16), 0x21f0aaad) ^ Math.imul(y ^ (y >>> 15), 0x735a2d97)).toString(36);
  return [word(a, b), word(b, c), word(c, d), word(d, a), text.length].join('.');
}

/** A verdict of the canonical program in the words and sites of the program it was made from. */
export function inWordsOf(legend: Legend, verdict: Verdict): Verdict {
  const site = (canonical: SiteId): SiteId => legend.sites[canonical] ?? canonical;
  return {
    ...verdict,
    violations: verdict.violations.map((each) => ({
      ...placed(each, site),
      subject: subjectOf(each, legend),
      trace: each.trace === null ? null : traceOf(each.trace, site),
    })),
    facts: factsOf(verdict.facts, site),
  };
}

type At = (canonical: SiteId) => SiteId;

function placed(violation: Violation, site: At): Omit<Violation, 'trace'> {
  const party = (each: Party): Party =>
    ({ ...each, step: site(each.step), site: site(each.site) });
  return {
    ...violation, step: site(violation.step), site: site(violation.site),
    others: violation.others.map(party),
  };
}

function subjectOf({ code, subject }: Violation, { names }: Legend): string | null {
  if (subject === null) return null;
  const own = (text: string): string =>
    text.replace(/@(\d+)@/g, (whole, index) => names[Number(index)] ?? whole);
  // The locks of a cycle stand in the order of their names, which the canonical ones do not have.
  return code === 'deadlock' ? subject.split(', ').map(own).sort().join(', ') : own(subject);
}

function traceOf(trace: Trace, site: At): Trace {
  return { ...trace, steps: trace.steps.map((step) => ({ ...step, site: site(step.site) })) };
}

function factsOf(facts: Facts, site: At): Facts {
  return {
    reached: facts.reached.map(site),
    nestings: facts.nestings.map((each) => ({ ...each, site: site(each.site) })),
    recursiveReads: facts.recursiveReads.map((each) => ({ ...each, site: site(each.site) })),
    rests: facts.rests.map((thread) => thread.map((each) => ({ ...each, site: site(each.site) }))),
  };
}
