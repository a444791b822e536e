// A verdict of the canonical program in the words, sites and indices of the program it was made
// from. What was left out of that one is put back as it stays: in its initial state.
import { byTrace } from '../../../simulator/src/order.ts';
import type { Program, SiteId } from '../../../simulator/src/program.ts';
import type {
  Facts, Held, LockState, ObjectState, Party, Snapshot, Trace, Verdict, Violation,
} from '../../../simulator/src/verdict.ts';
import type { Legend } from './fingerprint.ts';

const FREE: LockState = { writer: null, readers: [], waiters: [] };

/** The same verdict is asked for again with every edit that does not change the program. */
const told = new WeakMap<Verdict, { readonly legend: Legend; readonly verdict: Verdict }>();

/** And mostly by the same legend; several may share a verdict. */
const toldTo = new WeakMap<Legend, { readonly of: Verdict; readonly verdict: Verdict }>();

export function inWordsOf(legend: Legend, verdict: Verdict): Verdict {
  const last = toldTo.get(legend);
  if (last?.of === verdict) return last.verdict;
  const own = inOtherWords(legend, verdict);
  toldTo.set(legend, { of: verdict, verdict: own });
  return own;
}

function inOtherWords(legend: Legend, verdict: Verdict): Verdict {
  const before = told.get(verdict);
  if (before !== undefined && saySame(before.legend, legend)) return before.verdict;
  const back = new Back(legend);
  const own: Verdict = {
    ...verdict,
    violations: verdict.violations.map((each) => back.violation(each)).sort(byTrace),
    facts: back.facts(verdict.facts),
  };
  told.set(verdict, { legend, verdict: own });
  return own;
}

/** What is put back follows from the frame too. */
function saySame(one: Legend, other: Legend): boolean {
  return one.frame === other.frame && one.names.length === other.names.length
    && one.names.every((name, i) => name === other.names[i]);
}

class Back {
  readonly #legend: Legend;

  constructor(legend: Legend) {
    this.#legend = legend;
  }

  violation(violation: Violation): Violation {
    return {
      ...violation,
      subject: this.#subject(violation),
      step: this.#site(violation.step), site: this.#site(violation.site),
      ...(violation.statement === undefined ? {}
        : { statement: this.#site(violation.statement) }),
      others: violation.others.map((each) => this.#party(each)),
      trace: violation.trace === null ? null : this.#trace(violation.trace),
    };
  }

  facts(facts: Facts): Facts {
    const site = <T extends { readonly site: SiteId }>(each: T): T =>
      ({ ...each, site: this.#site(each.site) });
    return {
      reached: facts.reached.map((each) => this.#site(each)).sort((a, b) => a - b),
      nestings: facts.nestings.map((each) => ({
        ...site(each), outer: this.#class(each.outer), inner: this.#class(each.inner),
      })),
      recursiveReads: facts.recursiveReads.map((each) =>
        ({ ...site(each), cls: this.#class(each.cls) })),
      rests: facts.rests.map((thread) => thread.map((each) => ({
        ...site(each), always: this.#held(each.always), sometimes: this.#held(each.sometimes),
      }))),
    };
  }

  #site(canonical: SiteId): SiteId {
    return this.#legend.frame.sites[canonical] ?? canonical;
  }

  #class(canonical: number): number {
    return this.#legend.frame.bearing.classes[canonical] ?? canonical;
  }

  #lock(canonical: number): number {
    return this.#legend.frame.bearing.locks[canonical] ?? canonical;
  }

  #held(all: readonly Held[]): readonly Held[] {
    return all.map((each) => ({ ...each, lock: this.#lock(each.lock) }));
  }

  #party(party: Party): Party {
    return {
      ...party, step: this.#site(party.step), site: this.#site(party.site),
      lock: party.lock === null ? null : this.#lock(party.lock),
    };
  }

  #subject({ code, subject }: Violation): string | null {
    if (subject === null) return null;
    const own = subject.replace(/@(\d+)@/g, (whole, index) =>
      this.#legend.names[Number(index)] ?? whole);
    // The locks of a cycle stand in the order of their names, which the canonical ones have not.
    return code === 'deadlock' ? own.split(', ').sort().join(', ') : own;
  }

  #trace({ initial, steps, loop }: Trace): Trace {
    return {
      loop, initial: this.#snapshot(initial),
      steps: steps.map((step) =>
        ({ ...step, site: this.#site(step.site), after: this.#snapshot(step.after) })),
    };
  }

  #snapshot({ cells, locks, objects, threads }: Snapshot): Snapshot {
    const { program, frame: { bearing } } = this.#legend;
    return {
      threads,
      cells: putBack(program.cells.map(({ init }) => init), bearing.cells, cells),
      locks: putBack(program.locks.map(() => FREE), bearing.locks, locks),
      objects: putBack(program.pools.map(untouched), bearing.pools, objects),
    };
  }
}

function untouched({ count, nLive }: Program['pools'][number]): readonly ObjectState[] {
  return Array.from({ length: count }, (_, i) => (i < nLive ? 'live' : 'unused'));
}

/** `kept[i]` is where the ith of `values` belongs. */
function putBack<T>(all: T[], kept: readonly number[], values: readonly T[]): readonly T[] {
  values.forEach((value, i) => {
    const at = kept[i];
    if (at !== undefined) all[at] = value;
  });
  return all;
}
