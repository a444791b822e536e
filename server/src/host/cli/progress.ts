// One line on standard error that is overwritten; only where somebody watches.
import type { Console } from './usage.ts';

export interface Progress {
  show(text: string): void;
  clear(): void;
}

const CLEAR_LINE = '\r\x1b[K';

export function progressLine(console: Console): Progress {
  let shown = false;
  return {
    clear() {
      if (shown) console.error(CLEAR_LINE);
      shown = false;
    },
    show(text) {
      if (!console.isTerminal) return;
      console.error(`${CLEAR_LINE}${text}`);
      shown = true;
    },
  };
}
