// Searches that came to their end, kept for the next version of their programs.
import type { Program } from '../program.ts';
import { isSame } from '../same.ts';
import { likeness } from '../sizes.ts';
import type { SearchState } from '../search.ts';
import type { Limits, Verdict } from '../verdict.ts';
import { differenceOf } from './difference.ts';
import { standsFor, type Ended } from './standing.ts';

/** More states are not kept: their search is worth more than what is gained. */
const STATES_MAX = 2 ** 18;
/** Bytes of states of all that are kept. */
const BYTES_MAX = 2 ** 25;
const KEPT_MAX = 64;
/** With how many of late a program is compared that does other things than all of them. */
const TRIES_MAX = 3;

export class KeptSearches {
  /** Those of late last. */
  #kept: { readonly likeness: string; readonly ended: Ended }[] = [];

  /**
   * The verdict on a program that does what one does that was searched before; null: it has to be
   * searched.
   */
  standing(program: Program, limits: Limits): Verdict | null {
    const like = likeness(program);
    let tries = 0;
    for (const entry of this.#kept.filter((each) => each.likeness === like).reverse()) {
      if (!isSame(entry.ended.limits, limits)) continue;
      const difference = differenceOf(entry.ended.engine.program, program);
      if (difference === null) continue;
      if (++tries > TRIES_MAX) return null;
      const ended = standsFor(entry.ended, program, difference);
      if (ended === null) continue;
      this.#kept = this.#kept.filter((each) => each !== entry);
      this.#kept.push({ likeness: like, ended });
      return ended.verdict;
    }
    return null;
  }

  /** Before the search lets go of its states; they are kept if it has been to all of them. */
  keep(search: SearchState, verdict: Verdict): void {
    const { engine, limits, table, complete, bound, instance, reduction } = search;
    const hasAll = complete && bound === null && reduction === null && table.origin === 0
      && (instance === null || instance.keeping !== null);
    if (!hasAll || table.count > STATES_MAX) return;
    const { count } = table;
    const states = { arena: table.arena.slice(0, count * table.width), count };
    const ended = { engine, limits, states, verdict };
    this.#kept.push({ likeness: likeness(engine.program), ended });
    while (this.#kept.length > KEPT_MAX || this.#bytes() > BYTES_MAX) this.#kept.shift();
  }

  #bytes(): number {
    return this.#kept.reduce((sum, { ended }) => sum + ended.states.arena.byteLength, 0);
  }
}
