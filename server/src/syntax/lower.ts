// A file's declarations: syntax tree → AST, a total function. Reports what lacks in shapes the
// grammar takes though the language does not; what the parser could not read is `damage.ts`'s.
import type { Decl } from './ast.ts';
import { isComment, rangeOf, type Shape } from './shape.ts';
import type { Reader } from './reader.ts';
import { lowerDecl } from './lower-decl.ts';
import { lowerScenario, lowerWorkload } from './lower-scenario.ts';

/** The declarations that a child of the root stands for; none for a comment. */
export function lowerTopLevel(reader: Reader, node: Shape): Decl[] {
  if (isComment(node)) return [];
  const hole: Decl = { kind: 'hole', range: rangeOf(node), doc: null };
  switch (node.type) {
    case 'scenario_declaration': return [lowerScenario(reader, node)];
    case 'workload_declaration': return [lowerWorkload(reader, node)];
    default: return [lowerDecl(reader, node) ?? hole];
  }
}
