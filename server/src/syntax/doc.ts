// The `///` comment of a declaration, read from the lines above it.
import { ownText } from '../text/own.ts';

const NEWLINE = 0x0a;
const BLANK = 0x20;

/** The text of the `///` lines directly above the line of `start`; null where there are none. */
export function docAbove(text: string, start: number): string | null {
  const lines: string[] = [];
  let newline = newlineBefore(text, start);
  while (newline !== undefined) {
    const above = text.lastIndexOf('\n', newline - 1) + 1;
    const line = newline === 0 ? '' : text.slice(above, newline).trim();
    if (!line.startsWith('///') || line.startsWith('////')) break;
    lines.unshift(line.slice(line.startsWith('/// ') ? 4 : 3));
    newline = above === 0 ? undefined : above - 1;
  }
  return lines.length === 0 ? null : ownText(lines.join('\n'));
}

/** The line break that only white space separates from `start`. */
function newlineBefore(text: string, start: number): number | undefined {
  for (let i = start - 1; i >= 0; i--) {
    const char = text.charCodeAt(i);
    if (char === NEWLINE) return i;
    if (char !== BLANK && text.charAt(i).trim() !== '') return undefined;
  }
  return undefined;
}
