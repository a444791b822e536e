// Feature: what is load-bearing, in words: one line for each statement and for each change of it.
import { unreachable } from '../text/unreachable.ts';

/** A violation that comes with a change. */
interface Broken {
  readonly scenario: string;
  readonly code: string;
  readonly subject: string | null;
}
export interface TriedInput {
  readonly breaks: readonly Broken[];
  readonly open: readonly string[];
  /** It was not taken out but put elsewhere. */
  readonly moved: boolean;
}

/**
 * `guard`: nothing goes wrong without it but that a guard is not kept. `unneeded`: no scenario
 * misses it. `unknown`: some could not be checked to the end.
 */
export type Bears = 'needed' | 'guard' | 'unneeded' | 'unknown';

export function bears({ breaks, open }: TriedInput): Bears {
  if (breaks.some(({ code }) => code !== 'guard')) return 'needed';
  if (open.length > 0) return 'unknown';
  return breaks.length > 0 ? 'guard' : 'unneeded';
}

/** What stands behind the statement's line: `needed: one_fault: data_race(vma) · 3 more`. */
export function bearsText(tried: TriedInput): string {
  const kind = bears(tried);
  switch (kind) {
    case 'needed': {
      const worst = tried.breaks.filter(({ code }) => code !== 'guard');
      return `needed: ${brokenText(worst)}`;
    }
    case 'guard': return `only its guard asks for it: ${brokenText(tried.breaks)}`;
    case 'unneeded': return tried.moved ? 'nothing fails if it stands elsewhere'
      : 'nothing fails without it: not needed, or a scenario is missing';
    case 'unknown': return `not known: ${tried.open.join(', ')} not checked to the end`;
    default: return unreachable(kind);
  }
}

function brokenText(breaks: readonly Broken[]): string {
  const [first] = breaks;
  if (first === undefined) return '';
  const more = breaks.length === 1 ? '' : ` · ${breaks.length - 1} more`;
  return `${breakText(first)}${more}`;
}

export function breakText({ scenario, code, subject }: Broken): string {
  return `${scenario}: ${subject === null ? code : `${code}(${subject})`}`;
}

/** Equal for texts that differ in comments and white space alone. */
export function significant(text: string): string {
  const word = /"(?:[^"\\\n]|\\.)*"|\/\/[^\n]*|\/\*[^]*?\*\/|\s+/g;
  return text.replace(word, (found) => (found.startsWith('"') ? found : ' '))
    .replace(/ +/g, ' ').trim();
}
