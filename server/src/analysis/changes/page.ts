// How statements lie in a text: splices that take one out, put one in or put a block around some,
// and leave lines, indentation and comments as a person would.
import type { Range } from '../../text/range.ts';
import type { Splice } from './change.ts';

const INDENT = '  ';
/** What may follow the last statement of a line. */
const REST_OF_LINE = /^[ \t]*(\/\/.*)?$/;

export interface Page {
  readonly text: string;
  source(range: Range): string;
  /** Takes the range out, with its line where nothing else stands there. */
  remove(range: Range): Splice;
  replace(range: Range, text: string): Splice;
  /** Statements in front of one, each in a line of its own where that one has one. */
  before(range: Range, statements: readonly string[]): Splice;
  after(range: Range, statements: readonly string[]): Splice;
  /** `head { ... }` around what stands from the start of one to the end of another. */
  wrap(range: Range, head: string): readonly Splice[];
  /** The source to be put elsewhere, its further lines indented for the place of `target`. */
  carried(range: Range, target: Range): string;
}

export function pageOf(text: string): Page {
  return new TextPage(text);
}

class TextPage implements Page {
  readonly text: string;
  readonly #newline: string;

  constructor(text: string) {
    this.text = text;
    this.#newline = text.includes('\r\n') ? '\r\n' : '\n';
  }

  source({ start, end }: Range): string {
    return this.text.slice(start, end);
  }

  replace({ start, end }: Range, text: string): Splice {
    return { start, end, text };
  }

  remove(range: Range): Splice {
    const { text } = this;
    const [from, to] = [this.#lineStart(range.start), this.#lineEnd(range.end)];
    if (this.#opensLine(range) && this.#closesLine(range)) {
      return { start: from, end: Math.min(text.length, this.#pastBreak(to)), text: '' };
    }
    const gap = /^[ \t]*;?[ \t]*/.exec(text.slice(range.end))?.[0].length ?? 0;
    const end = range.end + gap;
    if (text[end] !== '}' && !this.#closesLine({ start: end, end })) {
      return { start: range.start, end, text: '' };
    }
    const lead = /[ \t]*$/.exec(text.slice(from, range.start))?.[0].length ?? 0;
    return { start: range.start - lead, end: range.end, text: '' };
  }

  before(range: Range, statements: readonly string[]): Splice {
    const { start } = range;
    const gap = this.#opensLine(range) ? this.#newline + this.#indent(range) : INDENT;
    return { start, end: start, text: statements.map((it) => it + gap).join('') };
  }

  after(range: Range, statements: readonly string[]): Splice {
    const whole = this.#opensLine(range) && this.#closesLine(range);
    const at = whole ? this.#lineEnd(range.end) : range.end;
    const gap = whole ? this.#newline + this.#indent(range) : INDENT;
    return { start: at, end: at, text: statements.map((it) => gap + it).join('') };
  }

  wrap(range: Range, head: string): readonly Splice[] {
    const insert = (at: number, text: string): Splice => ({ start: at, end: at, text });
    if (!this.#opensLine(range) || !this.#closesLine(range)) {
      return [insert(range.start, `${head} { `), insert(range.end, ' }')];
    }
    const indent = this.#indent(range);
    const splices = [insert(range.start, `${head} {${this.#newline}${indent}${INDENT}`)];
    for (let at = this.text.indexOf('\n', range.start); at !== -1 && at < range.end;
      at = this.text.indexOf('\n', at + 1)) {
      if (!/^\r?\n/.test(this.text.slice(at + 1, at + 3))) splices.push(insert(at + 1, INDENT));
    }
    splices.push(insert(this.#lineEnd(range.end), `${this.#newline}${indent}}`));
    return splices;
  }

  carried(range: Range, target: Range): string {
    const [from, to] = [this.#indent(range), this.#indent(target)];
    return this.source(range).split('\n').map((line, i) =>
      (i > 0 && line.startsWith(from) ? to + line.slice(from.length) : line)).join('\n');
  }

  #lineStart(offset: number): number {
    return this.text.lastIndexOf('\n', offset - 1) + 1;
  }

  /** Before the line's break. */
  #lineEnd(offset: number): number {
    const found = this.text.indexOf('\n', offset);
    const end = found === -1 ? this.text.length : found;
    return end > offset && this.text[end - 1] === '\r' ? end - 1 : end;
  }

  #pastBreak(end: number): number {
    return end + (this.text[end] === '\r' ? 2 : 1);
  }

  #indent({ start }: Range): string {
    return /^[ \t]*/.exec(this.text.slice(this.#lineStart(start), start))?.[0] ?? '';
  }

  #opensLine({ start }: Range): boolean {
    return this.text.slice(this.#lineStart(start), start).trim() === '';
  }

  #closesLine({ end }: Range): boolean {
    return REST_OF_LINE.test(this.text.slice(end, this.#lineEnd(end)));
  }
}
