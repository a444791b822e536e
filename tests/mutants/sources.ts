// The engine's sources as they are on disk, and bundles of them with single replacements made: a
// script for a worker, which answers questions about programs (worker.ts).
import { build, type Plugin } from 'esbuild';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../support/checking.ts';

/** What occurs once in all of the engine (a text, or a pattern), and what stands there instead. */
export interface Replacement {
  readonly find: string | RegExp;
  readonly replace: string;
}

/** Texts by absolute path. */
export type Sources = ReadonlyMap<string, string>;

const FOLDER = join(ROOT, 'simulator/src');

export function engineSources(): Sources {
  const paths = readdirSync(FOLDER, { recursive: true, encoding: 'utf8' })
    .filter((path) => path.endsWith('.ts') && !path.endsWith('.test.ts')).sort();
  return new Map(paths.map((path) => {
    const file = join(FOLDER, path);
    return [file, readFileSync(file, 'utf8')];
  }));
}

/** @throws where a text to be replaced is not there, or not once. */
export function replaced(sources: Sources, replacements: readonly Replacement[]): Sources {
  const result = new Map(sources);
  for (const { find, replace } of replacements) {
    const places = [...result].flatMap(([file, text]) =>
      Array.from({ length: text.split(find).length - 1 }, () => file));
    const [file] = places;
    if (file === undefined || places.length !== 1) {
      throw new Error(`the engine has ${places.length} places, not one, with: ${String(find)}`);
    }
    const text = result.get(file) ?? '';
    result.set(file, text.replace(find, () => replace));
  }
  return result;
}

function serving(sources: Sources): Plugin {
  return {
    name: 'engine',
    setup: ({ onLoad }) => {
      onLoad({ filter: /simulator[\\/]src[\\/].*\.ts$/ }, ({ path }) => {
        const contents = sources.get(path);
        return contents === undefined ? null : { contents, loader: 'ts' };
      });
    },
  };
}

/** The worker, or another module of the repository, with this engine in it, as one script. */
export async function bundled(
  sources: Sources, module = 'tests/mutants/worker.ts',
): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(ROOT, module)], bundle: true, write: false,
    format: 'cjs', platform: 'node', target: 'node20', logLevel: 'silent',
    plugins: [serving(sources)],
  });
  const [file] = outputFiles;
  if (file === undefined) throw new Error('the bundle is empty');
  return file.text;
}
