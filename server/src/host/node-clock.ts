// The clock of a Node process.
import { performance } from 'node:perf_hooks';
import type { Clock } from '../service/workspace.ts';

export const nodeClock: Clock = {
  now: () => performance.now(),
  after(ms, then) {
    const timer = setTimeout(then, ms);
    return () => clearTimeout(timer);
  },
};
