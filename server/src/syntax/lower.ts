// A file's declarations: syntax tree → AST, a total function. Reports what lacks in shapes the
// grammar takes though the language does not; what the parser could not read is `damage.ts`'s.
import type { Decl } from './ast.ts';
import { isComment, rangeOf, type Shape } from './shape.ts';
import { Reader } from './reader.ts';
import { salvage } from './salvage.ts';
import { lowerDecl } from './lower-decl.ts';
import { lowerScenario, lowerWorkload } from './lower-scenario.ts';

/** The declarations that a child of the root stands for; none for a comment. */
export function lowerTopLevel(reader: Reader, node: Shape): Decl[] {
  if (isComment(node)) return [];
  const hole: Decl = { kind: 'hole', range: rangeOf(node), doc: null };
  switch (node.type) {
    case 'scenario_declaration': return [lowerScenario(reader, node)];
    case 'workload_declaration': return [lowerWorkload(reader, node)];
    case 'ERROR': {
      // What lacks in them is no news: the damage as a whole has been reported.
      const silent = new Reader(reader.text, reader.file);
      return [hole, ...salvage(node).flatMap((decl) => lowerTopLevel(silent, decl))];
    }
    default:
      // A declaration that stands by itself.
      return [lowerDecl(reader, node) ?? hole];
  }
}
