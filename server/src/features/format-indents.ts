// The indentation of each line, worked out leaf by leaf from the brackets that are open there.
import type { Leaf } from '../syntax/leaves.ts';
import { BODIES, isComment } from './format-spacing.ts';

const STEP = 2;
const OPENING: ReadonlySet<string> = new Set(['{', '(', '[']);
const CLOSING: ReadonlySet<string> = new Set(['}', ')', ']']);

interface Bracket {
  /** Of the line that closes it. */
  readonly outside: number;
  readonly inside: number;
  /** Of the member that it stands in. */
  readonly member: number;
  readonly isBody: boolean;
}

export class Indents {
  readonly #text: string;
  readonly #leaves: readonly Leaf[];
  #i = -1;
  /** For each leaf, the first after it that is no comment. */
  readonly #codeAfter: readonly (Leaf | undefined)[];
  readonly #open: Bracket[] = [];
  /** Of the line at hand, and of the line where the member at hand begins. */
  #line = 0;
  #member = 0;
  /** The last line of code has no indentation. */
  #isFlush = false;

  constructor(text: string, leaves: readonly Leaf[]) {
    this.#text = text;
    this.#leaves = leaves;
    let code: Leaf | undefined;
    this.#codeAfter = [...leaves].reverse().map((leaf) => {
      const after = code;
      if (!isComment(leaf)) code = leaf;
      return after;
    }).reverse();
  }

  /** For the next leaf: what its line begins with, or '' where it begins none. */
  next(beginsLine: boolean): string {
    const leaf = this.#leaves[++this.#i];
    if (leaf === undefined) return '';
    if (leaf.begins === 'source_file') {
      this.#open.length = 0;
      this.#line = 0;
    }
    if (beginsLine) this.#line = isComment(leaf) ? this.#ofComment(leaf) : this.#ofCode(leaf);
    if (beginsLine && !isComment(leaf)) this.#isFlush = this.#isAtEdge(leaf);
    const indent = this.#line;
    this.#track(leaf);
    return beginsLine ? ' '.repeat(indent) : '';
  }

  #track(leaf: Leaf): void {
    if (isComment(leaf)) return;
    if (leaf.begins !== null && leaf.begins !== 'labelled_statement') this.#member = this.#line;
    if (OPENING.has(leaf.type)) {
      // Bodies hang from the statement they belong to; other brackets from their line.
      const isBody = BODIES.has(leaf.parent);
      const outside = isBody ? this.#member : this.#line;
      this.#open.push({ outside, inside: outside + STEP, member: this.#member, isBody });
    } else if (CLOSING.has(leaf.type)) {
      this.#member = this.#open.pop()?.member ?? this.#member;
    }
  }

  #ofCode({ type, parent, begins }: Leaf): number {
    const bracket = this.#open.at(-1);
    if (CLOSING.has(type)) return bracket?.outside ?? 0;
    if (begins === 'labelled_statement') return this.#member;
    if (begins !== null || type === ';') return bracket?.inside ?? 0;
    if (goesOn(type, parent)) return this.#member;
    if (bracket !== undefined && !bracket.isBody) return bracket.inside;
    return this.#member + STEP;
  }

  /** As what it stands above. At the edge of the page among indented lines it stays there. */
  #ofComment(leaf: Leaf): number {
    const next = this.#codeAfter[this.#i];
    if (this.#open.length > 0 && this.#isAtEdge(leaf) && !this.#isAmongFlush(next)) return 0;
    if (next === undefined) return this.#open.at(-1)?.inside ?? 0;
    if (next.begins === 'source_file') return 0;
    if (CLOSING.has(next.type)) return this.#open.at(-1)?.inside ?? 0;
    return this.#ofCode(next);
  }

  #isAtEdge({ start }: Leaf): boolean {
    return start === 0 || this.#text[start - 1] === '\n';
  }

  /** The code below a comment, or above the bracket below it, is as flush as the comment. */
  #isAmongFlush(next: Leaf | undefined): boolean {
    if (next === undefined) return true;
    return CLOSING.has(next.type) ? this.#isFlush : this.#isAtEdge(next);
  }
}

/** What has a line of its own only where a comment stands before it. */
function goesOn(type: string, parent: string): boolean {
  return type === 'else' || (type === 'or' && parent === 'choose_statement')
    || (type === '{' && BODIES.has(parent));
}
