// The cycle proviso, kept before the search: of every cycle through a thread's resting places one
// is no candidate, so every cycle of states has one that is looked at in full.

/**
 * Resting places whose steps are not to be candidates, so that no cycle leads through candidates
 * alone. `next`: by resting place, those that can follow. On each cycle the one is taken that
 * would be of least use: that has most bars (`barsAt`).
 */
export function stickyRests(
  next: readonly (readonly number[])[], isCandidate: readonly boolean[],
  barsAt: (rest: number) => number,
): ReadonlySet<number> {
  const sticky = new Set<number>();
  for (;;) {
    const cycle = findCycle(next, (rest) => isCandidate[rest] === true && !sticky.has(rest));
    if (cycle === null) return sticky;
    sticky.add(cycle.reduce((most, rest) => (barsAt(rest) > barsAt(most) ? rest : most)));
  }
}

/** Some cycle through the resting places that are `open`, its entry first; null: there is none. */
function findCycle(
  next: readonly (readonly number[])[], open: (rest: number) => boolean,
): number[] | null {
  const state = new Uint8Array(next.length); // 1: on the path, 2: done with
  for (let root = 0; root < next.length; root++) {
    if (!open(root) || state[root] !== 0) continue;
    const path = [{ rest: root, edge: 0 }];
    state[root] = 1;
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const to = next[top.rest]![top.edge++];
      if (to === undefined) {
        state[top.rest] = 2;
        path.pop();
      } else if (open(to) && state[to] === 1) {
        return path.slice(path.findIndex(({ rest }) => rest === to)).map(({ rest }) => rest);
      } else if (open(to) && state[to] === 0) {
        state[to] = 1;
        path.push({ rest: to, edge: 0 });
      }
    }
  }
  return null;
}
