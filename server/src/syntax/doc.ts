// The `///` comment of a declaration, read from the lines above it.

/** The text of the `///` lines directly above the line of `start`; null where there are none. */
export function docAbove(text: string, start: number): string | null {
  let lineStart = text.lastIndexOf('\n', start - 1) + 1;
  if (start === 0) lineStart = 0;
  if (text.slice(lineStart, start).trim() !== '') return null;
  const lines: string[] = [];
  while (lineStart > 0) {
    const end = lineStart - 1;
    const above = end === 0 ? 0 : text.lastIndexOf('\n', end - 1) + 1;
    const line = text.slice(above, end).trim();
    if (!line.startsWith('///') || line.startsWith('////')) break;
    const content = line.slice(3);
    lines.unshift(content.startsWith(' ') ? content.slice(1) : content);
    lineStart = above;
  }
  return lines.length === 0 ? null : lines.join('\n');
}
