// A brace that lacks is told where it lacks. That the rest of the file then looks out of place, or
// closes once too often, is its echo.
import type { Problem } from '../text/problem.ts';

/** A `{` lacks, or the head before it could not be read. */
const NOT_OPENED = new RegExp('^expected (?:a block|a body|the fields|its members) '
  + '|^this `\\{` is not closed$|starts no declaration; did you mean ');
const CLOSES_NOTHING = /^this `\}` closes nothing$|is the `\}` above it one too many\?$/;
const OUTSIDE = /^this stands outside |starts no declaration| is not expected here$/;
/** A `}` lacks. */
const NOT_CLOSED = /^`else` has no `if` /;
const LACKS_CLOSE = /^expected one more `\}`/;

/** Without the echoes; in the order of the text. */
export function withoutBraceEchoes(problems: readonly Problem[], text: string): Problem[] {
  let open: Problem | null = null;
  return problems.filter((problem) => {
    const { message } = problem;
    if (open !== null && isNear(open, problem, text)) {
      const lacksOpen = NOT_OPENED.test(open.message);
      const ends = lacksOpen ? CLOSES_NOTHING.test(message) : LACKS_CLOSE.test(message);
      if (ends) open = null;
      if (ends || (lacksOpen && OUTSIDE.test(message))) return false;
    }
    if (NOT_OPENED.test(message) || NOT_CLOSED.test(message)) open = problem;
    return true;
  });
}

/** Nothing between them stands at the edge of the page, as the next declaration would. */
function isNear({ range }: Problem, problem: Problem, text: string): boolean {
  return !/\n[^\s}]/.test(text.slice(range.end, problem.range.start + 1));
}
