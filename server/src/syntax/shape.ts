// A syntax tree as plain data: copied once out of the parser's memory, so that the tree can be
// freed, walks cross no wasm boundary, and nothing outside this folder ever holds a tree node.
import type { TreeCursor } from 'web-tree-sitter';
import type { Range } from '../text/range.ts';

export interface Shape extends Range {
  /** The grammar's name of the node: `let_statement`, `identifier`, `{`, `ERROR`. */
  readonly type: string;
  readonly field: string | null;
  /** Put in by the parser where the text has nothing. */
  readonly missing: boolean;
  /** There is an ERROR, a missing token or an open brace in it, or it is one. */
  readonly damaged: boolean;
  readonly children: readonly Shape[];
}

interface Open {
  readonly type: string;
  readonly field: string | null;
  readonly start: number;
  readonly end: number;
  readonly children: Shape[];
}

/** Copies the node under the cursor and all below it; the cursor is back there afterwards. */
export function copyShape(cursor: TreeCursor): Shape {
  const open: Open[] = [];
  for (;;) {
    const frame: Open = {
      type: cursor.nodeType,
      field: cursor.currentFieldName,
      start: cursor.startIndex,
      end: cursor.endIndex,
      children: [],
    };
    if (cursor.gotoFirstChild()) {
      open.push(frame);
      continue;
    }
    const missing = frame.start === frame.end && cursor.nodeIsMissing;
    let done = close(frame, missing);
    for (;;) {
      const parent = open[open.length - 1];
      if (parent === undefined) return done;
      parent.children.push(done);
      if (cursor.gotoNextSibling()) break;
      cursor.gotoParent();
      open.pop();
      done = close(parent, false);
    }
  }
}

function close(frame: Open, missing: boolean): Shape {
  const { type, field, start, end, children } = frame;
  const damaged = missing || type === 'ERROR' || children.some((child) => child.damaged)
    || (isEnclosed(type) && !children.some((child) => child.type === CLOSING[type]));
  return { type, field, start, end, missing, damaged, children };
}

/** Nodes of which the grammar lets the closing sign lack. */
const CLOSING = {
  block: '}', struct_body: '}', scenario_body: '}', workload_body: '}', member_list: '}',
  parameters: ')',
};

function isEnclosed(type: string): type is keyof typeof CLOSING {
  return Object.hasOwn(CLOSING, type);
}

/** The sign that would close the node; undefined where it is there or nothing has to be closed. */
export function lackingClose(node: Shape): string | undefined {
  if (!isEnclosed(node.type)) return undefined;
  const close = CLOSING[node.type];
  return node.children.some((child) => child.type === close && !child.missing) ? undefined : close;
}

/** The parser skipped or made up something right here: what lacks is the damage's to report. */
export function isTorn(node: Shape): boolean {
  return node.children.some((child) => child.missing || child.type === 'ERROR');
}

/** The same shape `by` code units further on. A loop: a shape may be deeper than the stack. */
export function movedShape(root: Shape, by: number): Shape {
  const open: { readonly from: Shape; readonly children: Shape[] }[] = [];
  let from = root;
  for (;;) {
    const [first] = from.children;
    if (first !== undefined) {
      open.push({ from, children: [] });
      from = first;
      continue;
    }
    let done = movedNode(from, by, []);
    for (;;) {
      const parent = open[open.length - 1];
      if (parent === undefined) return done;
      parent.children.push(done);
      const next = parent.from.children[parent.children.length];
      if (next !== undefined) {
        from = next;
        break;
      }
      open.pop();
      done = movedNode(parent.from, by, parent.children);
    }
  }
}

function movedNode(from: Shape, by: number, children: readonly Shape[]): Shape {
  const { type, field, missing, damaged } = from;
  return { type, field, start: from.start + by, end: from.end + by, missing, damaged, children };
}

/** An ERROR of what the parser left lying side by side; at least one node. */
export function errorOf(children: readonly Shape[]): Shape {
  const start = children[0]?.start ?? 0;
  const end = children[children.length - 1]?.end ?? start;
  return { type: 'ERROR', field: null, start, end, missing: false, damaged: true, children };
}

export function isComment(node: Shape): boolean {
  return node.type === 'line_comment' || node.type === 'doc_comment'
    || node.type === 'block_comment';
}

/** The child in a field; undefined where the text has none. */
export function fieldOf(node: Shape, field: string): Shape | undefined {
  return node.children.find((child) => child.field === field && child.type !== 'ERROR');
}

export function fieldsOf(node: Shape, field: string): readonly Shape[] {
  return node.children.filter((child) => child.field === field && child.type !== 'ERROR');
}

export function childOf(node: Shape, type: string): Shape | undefined {
  return node.children.find((child) => child.type === type);
}

export function childrenOf(node: Shape, type: string): readonly Shape[] {
  return node.children.filter((child) => child.type === type);
}

export function lastWhere<T>(items: readonly T[], holds: (item: T) => boolean): T | undefined {
  for (let i = items.length - 1; i >= 0; i--) {
    const item = items[i];
    if (item !== undefined && holds(item)) return item;
  }
  return undefined;
}

/** The last token of a node that stands in the text. */
export function lastToken(node: Shape): Shape {
  let token = node;
  for (;;) {
    const last = lastWhere(token.children, (child) => !isComment(child) && !child.missing);
    if (last === undefined) return token;
    token = last;
  }
}

export function rangeOf(node: Range): Range {
  return { start: node.start, end: node.end };
}
