// For tests: fixes of a text, searched on the spot.
import { theParser } from '../../server/src/analysis/testing.ts';
import { createCache } from '../../server/src/service/cache.ts';
import { findFixes, type Fixes } from '../../server/src/service/fixes/fixing.ts';
import {
  createReader, TRIAL_LIMITS, type TrialHost,
} from '../../server/src/service/fixes/trial.ts';
import { check } from '../../simulator/src/index.ts';
import { textsOf } from './checking.ts';

export interface TestHost extends TrialHost {
  /** How many programs were searched so far. */
  readonly searches: () => number;
}

export async function trialHost(file = 'test.mmlock'): Promise<TestHost> {
  const parser = await theParser();
  const texts = textsOf(null);
  const cache = createCache();
  let searches = 0;
  return {
    file, cache, limits: TRIAL_LIMITS, reader: createReader(parser, file),
    searches: () => searches,
    use: (from, decl) => {
      const path = decl.path === null ? null : texts.resolve(from, decl.path);
      const text = path === null ? null : texts.read(path);
      const found = decl.module !== null ? texts.library(decl.module)
        : path === null || text === null ? null : { file: path, text };
      if (found === null) return { failure: 'no_file' };
      const parsed = parser.parse(found.text, found.file);
      parsed.dispose();
      return { ...found, source: parsed.file, syntaxProblems: parsed.problems };
    },
    search: (missing) => {
      searches++;
      const { program, limits } = missing.job();
      const kept = { kind: 'verdict', verdict: check(program, limits), elapsedMs: 0 } as const;
      cache.put(missing.key, kept);
      return Promise.resolve(kept);
    },
    pause: () => Promise.resolve(true),
  };
}

export async function fixesOf(text: string, about: string, file?: string): Promise<Fixes> {
  return findFixes(await trialHost(file), text, { about });
}
