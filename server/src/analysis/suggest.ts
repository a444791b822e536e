// "Did you mean": the nearest of the names that would have fitted.

/** The edit distance of two names (insert, delete, replace, swap neighbours), case ignored. */
export function distance(left: string, right: string): number {
  const a = left.toLowerCase();
  const b = right.toLowerCase();
  let before: number[] = [];
  let last: number[] = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min(at(last, j) + 1, at(row, j - 1) + 1, at(last, j - 1) + same);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) best = Math.min(best, at(before, j - 2) + 1);
      row.push(best);
    }
    before = last;
    last = row;
  }
  return at(last, b.length);
}

function at(row: readonly number[], index: number): number {
  return row[index] ?? 0;
}

/** Names longer than this are not compared: the distance costs their product. */
const MAX_SUGGEST_LENGTH = 64;

/** The candidate that is near enough to have been meant, the first of equals, or null. */
export function nearest(name: string, candidates: Iterable<string>): string | null {
  if (name.length > MAX_SUGGEST_LENGTH) return null;
  let best: string | null = null;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  for (const candidate of candidates) {
    if (candidate === name || candidate === '') continue;
    if (Math.abs(candidate.length - name.length) >= bestDistance) continue;
    const d = distance(name, candidate);
    if (d < bestDistance && d < candidate.length) {
      best = candidate;
      bestDistance = d;
    }
  }
  return best;
}

/** `; did you mean `x`?`, or `otherwise`. */
export function didYouMean(
  name: string, candidates: Iterable<string>, otherwise: string,
): string {
  const near = nearest(name, candidates);
  return near === null ? otherwise : `; did you mean \`${near}\`?`;
}

/** `; it has `a`, `b``: what there is to choose from, where the list is short. */
export function choices(lead: string, names: readonly string[]): string {
  if (names.length === 0 || names.length > 8) return '';
  return `; ${lead} ${names.map((n) => `\`${n}\``).join(', ')}`;
}
