// Where lines begin in a text. The only bridge between offsets (UTF-16 code units) and the lines
// and columns of the edges; both sides are 0-based here. A line ends at \n, \r\n or a lone \r.

/** `character` counts UTF-16 code units, as LSP does. */
export interface LineColumn {
  readonly line: number;
  readonly character: number;
}

export interface Lines {
  readonly count: number;
  /** Offsets outside the text are moved to its nearest end. */
  position(offset: number): LineColumn;
  /** A column behind its line's last character is the line's end; a line too far is the end. */
  offset(at: LineColumn): number;
  /** Offset of the line's first character. */
  start(line: number): number;
  /** Offset after the line's last character, before its line break. */
  end(line: number): number;
}

const LF = 10;
const CR = 13;

export function createLines(text: string): Lines {
  const starts = lineStarts(text);
  const start = (line: number): number =>
    line < 0 ? 0 : line < starts.length ? starts[line] ?? 0 : text.length;
  const end = (line: number): number => {
    if (line < 0) return 0;
    if (line + 1 >= starts.length) return text.length;
    let at = start(line + 1) - 1;
    if (text.charCodeAt(at) === LF && at > start(line) && text.charCodeAt(at - 1) === CR) at--;
    return at;
  };
  return {
    count: starts.length,
    position(offset) {
      const inside = Math.max(0, Math.min(offset, text.length));
      const line = lastAtMost(starts, inside);
      return { line, character: inside - start(line) };
    },
    offset(at) {
      if (at.line < 0) return 0;
      if (at.line >= starts.length) return text.length;
      return Math.min(start(at.line) + Math.max(0, at.character), end(at.line));
    },
    start,
    end,
  };
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code === CR && text.charCodeAt(i + 1) === LF) continue;
    if (code === LF || code === CR) starts.push(i + 1);
  }
  return starts;
}

/** Index of the last element that is at most `value`; the first element is 0. */
function lastAtMost(sorted: readonly number[], value: number): number {
  let low = 0;
  let high = sorted.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((sorted[middle] ?? 0) <= value) low = middle;
    else high = middle - 1;
  }
  return low;
}
