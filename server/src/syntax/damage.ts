// What the parser could not read: each ERROR and each missing token becomes one problem.
import { report, type Reader } from './reader.ts';
import type { Shape } from './shape.ts';

export function damage(reader: Reader, root: Shape): void {
  const open: Shape[] = [root];
  for (;;) {
    const node = open.pop();
    if (node === undefined) return;
    if (!node.damaged) continue;
    if (node.missing || node.type === 'ERROR') report(reader, node, 'cannot read this');
    else open.push(...node.children);
  }
}
