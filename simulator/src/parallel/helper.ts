// A thread that helps with a search: searches its share, reports, and is done. Its host has nothing
// to do but to call it with the job in a thread of its own.
import {
  bellOf, COMMAND, commandOf, CONDITION, linkOf, MESSAGE, MESSAGE_WORDS_MAX, post, sleep,
  tellCondition, type Link,
} from './link.ts';
import { WAIT_MS } from '../bounds.ts';
import { reportOf } from './report.ts';
import { startShare, takeTurn, waitFor, type Share, type ShareJob } from './share.ts';

/** Can be passed to another thread as it is. */
export interface HelperJob extends ShareJob {
  readonly shares: number;
  readonly self: number;
  readonly memory: SharedArrayBuffer;
}

/** States between two looks at what the others say. */
const TURN_STATES = 4_096;

/** Comes back when the search is over or has been given up. Blocks its thread. */
export function helpSearch(job: HelperJob): void {
  const link = linkOf(job.memory, job);
  try {
    const share = startShare(job, link);
    tellCondition(link, share === null ? CONDITION.failed : CONDITION.ready);
    if (share === null) return;
    if (!work(share)) tellCondition(link, CONDITION.failed);
    else if (commandOf(link) !== COMMAND.quit) sendText(link, JSON.stringify(reportOf(share)));
  } catch (thrown) {
    tellCondition(link, CONDITION.failed);
    throw thrown;
  }
}

/** False where it cannot go on. */
function work(share: Share): boolean {
  const { link } = share;
  for (;;) {
    const seen = bellOf(link);
    const what = commandOf(link);
    if (what === COMMAND.wait) sleep(link, seen, WAIT_MS);
    else if (what !== COMMAND.search) return true;
    else {
      const turn = takeTurn(share, TURN_STATES);
      if (turn === 'complete') return true;
      if (turn === 'stopped') return commandOf(link) !== COMMAND.search;
      if (turn === 'idle') waitFor(share, seen);
    }
  }
}

/** To the first share, in as many messages as it takes. */
function sendText(link: Link, text: string): void {
  const whole = Int32Array.from({ length: text.length }, (_, i) => text.charCodeAt(i));
  for (let at = 0; at < whole.length; at += MESSAGE_WORDS_MAX) {
    sendWaiting(link, MESSAGE.text, whole.subarray(at, at + MESSAGE_WORDS_MAX));
  }
  sendWaiting(link, MESSAGE.textEnd, new Int32Array(0));
}

function sendWaiting(link: Link, kind: number, content: Int32Array): void {
  for (;;) {
    const seen = bellOf(link);
    if (post(link, 0, { kind, content }) || commandOf(link) === COMMAND.quit) return;
    sleep(link, seen, WAIT_MS);
  }
}
