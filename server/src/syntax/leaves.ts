// The row of a text's leaves, comments among them, each with what a formatter needs to know of
// where it stands.
import type { Range } from '../text/range.ts';
import { isComment, type Shape } from './shape.ts';

export interface Leaf extends Range {
  /** The grammar's name of the node; of punctuation and keywords, the text itself. */
  readonly type: string;
  /** The grammar's name of the node around it. */
  readonly parent: string;
  /** The nearest node around it that is no binary expression. */
  readonly context: string;
  /**
   * The list (`block`, `struct_body`, ...) of which it begins a member; `labelled_statement` where
   * it begins what a label stands before; null in the middle of anything.
   */
  readonly begins: string | null;
  /** Part of a declaration that could not be read whole, or of what is no declaration. */
  readonly broken: boolean;
}

/** Nodes that hold a list of members which may each have a line of their own. */
const LISTS: ReadonlySet<string> = new Set([
  'source_file', 'block', 'struct_body', 'member_list', 'scenario_body', 'workload_body',
  'initializers',
]);

/** A node, with what is around it; `next` is the child to go to. */
interface Place {
  readonly shape: Shape;
  readonly parent: string;
  readonly context: string;
  next: number;
}

/** `tops`: what stands at file level, in the order of the text. */
export function leavesOf(tops: readonly Shape[]): readonly Leaf[] {
  const leaves: Leaf[] = [];
  for (const top of tops) addLeaves(leaves, top);
  return leaves;
}

/** Without recursion: a text may be nested as deep as it is long. */
function addLeaves(leaves: Leaf[], top: Shape): void {
  const parent = 'source_file';
  const above: Place[] = [];
  let begins: string | null = null;
  let at: Place | undefined = { shape: top, parent, context: parent, next: 0 };
  while (at !== undefined) {
    const { shape }: Place = at;
    const isFirstVisit: boolean = at.next === 0 && !isComment(shape);
    if (isFirstVisit && beginsMember(at)) begins = at.parent;
    const child: Shape | undefined = shape.children[at.next++];
    if (child !== undefined) {
      above.push(at);
      at = below(at, child);
      continue;
    }
    // What the parser made up is not in the text.
    if (shape.children.length === 0 && shape.start < shape.end) {
      leaves.push(leafAt(at, isFirstVisit ? begins : null, top.damaged));
      if (isFirstVisit) begins = null;
    }
    at = above.pop();
  }
}

function below({ shape, context }: Place, child: Shape): Place {
  const { type } = shape;
  return { shape: child, parent: type, context: type === 'binary_expression' ? context : type,
    next: 0 };
}

function leafAt(at: Place, begins: string | null, broken: boolean): Leaf {
  const { shape: { start, end, type }, parent, context } = at;
  return { start, end, type, parent, context, begins, broken };
}

function beginsMember({ shape, parent }: Place): boolean {
  if (parent === 'labelled_statement') return shape.field === 'statement';
  return LISTS.has(parent) && !/^\W+$/.test(shape.type);
}
