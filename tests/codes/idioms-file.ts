// How a file of idioms is written. `«release m» //! lock_not_held(m)`: at that place, of that
// subject, certain from the thread's text. `//~`: told only after a search; `//-`: certain, and
// no run of the thread's scenario gets there. `//@ run`: how the threads are run; `//@ beside`:
// threads in each scenario; `//@ aside`: codes the file is not about.
import type { Range } from '../../server/src/text/range.ts';

export interface Claim {
  readonly code: string;
  readonly subject: string | null;
  readonly range: Range;
  readonly when: 'certain' | 'searched' | 'alone';
}

export interface Idioms {
  /** Without the signs of places. */
  readonly text: string;
  readonly claims: readonly Claim[];
  /** It has scenarios of its own. */
  readonly runsItself: boolean;
  /** With a scenario for each thread. */
  readonly all: string;
  readonly aside: ReadonlySet<string>;
}

const WHEN: Readonly<Record<string, Claim['when']>> = {
  '!': 'certain', '~': 'searched', '-': 'alone',
};

export function readIdioms(source: string): Idioms {
  const text = source.replace(/[«»]/g, '');
  const claims: Claim[] = [];
  let offset = 0;
  for (const line of source.split('\n')) {
    const places = [...line.matchAll(/«([^»]*)»/g)].map((found, i): Range => {
      const start = offset + found.index - 2 * i;
      return { start, end: start + (found[1] ?? '').length };
    });
    const marks = [...line.matchAll(/\/\/([!~-]) ([a-z_]+)(?:\(([\w. ,]+)\))?/g)];
    if (places.length > 0 !== marks.length > 0) throw new Error(`a place without a mark: ${line}`);
    marks.forEach(([, sign = '', code = '', subject = null], i) => {
      const range = places[i] ?? places[0];
      const when = WHEN[sign];
      if (range !== undefined && when !== undefined) claims.push({ code, subject, range, when });
    });
    offset += line.length + 1 - 2 * places.length;
  }
  const said = (word: string): readonly string[] =>
    [...source.matchAll(new RegExp(`//@ ${word} (.*)`, 'g'))]
      .flatMap((found) => (found[1] ?? '').split(/(?<=\w|\)) +(?=\w)/));
  const runsItself = /^scenario /m.test(text);
  const beside = said('beside');
  const runs = new Map<string, string[]>();
  for (const [, thread = ''] of text.matchAll(/^(?:background )?thread (\w+)/gm)) {
    if (!beside.includes(thread)) runs.set(thread, []);
  }
  for (const run of said('run')) runs.get(run.split('(')[0] ?? '')?.push(run);
  const scenarios = [...runs].flatMap(([thread, how]) => (how.length === 0 ? [thread] : how))
    .map((run, i) => `scenario s${i} { ${[run, ...beside].join('  ')} }`);
  return {
    text, claims, runsItself, aside: new Set(said('aside')),
    all: runsItself ? text : `${text}\n${scenarios.join('\n')}\n`,
  };
}
