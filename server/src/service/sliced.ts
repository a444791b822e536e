// Work on many things that lets others have a turn now and then: the server's thread is never held
// up for longer than a slice.
import type { Clock } from './workspace.ts';

/** Less than a frame. */
const SLICE_MS = 12;

export async function sliced<T>(
  clock: Clock, all: Iterable<T>, work: (one: T) => void,
): Promise<void> {
  let end = clock.now() + SLICE_MS;
  for (const one of all) {
    if (clock.now() >= end) {
      await new Promise<void>((resolve) => clock.after(0, resolve));
      end = clock.now() + SLICE_MS;
    }
    work(one);
  }
}
