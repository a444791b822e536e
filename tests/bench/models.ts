// The protocol of the bench, in each tool's own language: the texts in models/, with the numbers of
// one configuration written in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * How large, and what an unreduced search must count, of `fine` steps (who cannot have the lock
 * tries again, in all tools) or `coarse` ones (there the others wait: fewer transitions).
 */
export interface Size {
  readonly name: string;
  readonly steps: 'fine' | 'coarse';
  readonly pages: number;
  readonly faults: number;
  readonly mappers: number;
  readonly growers: number;
  readonly states: number;
  /** Without the initial state, which SPIN and TLC count as one more. */
  readonly transitions: number;
}

const sized = (steps: Size['steps']) => (
  name: string, [pages, faults, mappers, growers]: Numbers, counts: Counts,
): Size =>
  ({ name, steps, pages, faults, mappers, growers, states: counts[0], transitions: counts[1] });
type Numbers = readonly [number, number, number, number];
type Counts = readonly [number, number];
const size = sized('fine');
const coarse = sized('coarse');

export const SIZES = {
  tiny: size('2e2', [1, 1, 1, 1], [247, 988]),
  small: size('3e3', [2, 1, 1, 2], [2_814, 14_772]),
  medium: size('9e3', [2, 2, 1, 1], [8_616, 47_580]),
  large: size('1e5', [3, 2, 2, 2], [113_895, 900_621]),
  larger: size('2e6', [4, 3, 1, 1], [2_307_264, 18_567_072]),
  huge: size('9e6', [5, 3, 1, 1], [8_927_225, 77_950_050]),
  most: size('3e7', [5, 3, 1, 2], [29_276_075, 277_708_625]),
  smallCoarse: coarse('2e3 coarse', [2, 2, 1, 1], [2_100, 11_138]),
  largeCoarse: coarse('1e5 coarse', [4, 2, 2, 2], [102_482, 766_276]),
  largerCoarse: coarse('1e6 coarse', [5, 3, 1, 1], [1_288_597, 8_711_170]),
  mostCoarse: coarse('2e7 coarse', [5, 4, 1, 1], [21_375_307, 170_271_965]),
} as const;

export interface Variant {
  readonly racy: boolean;
  /** Of the constant that means nothing; more than a page's number. */
  readonly serial: number;
}

export const PLAIN: Variant = { racy: false, serial: 1000 };

/** Where the models are: the root of the repository. */
export interface Models {
  readonly root: string;
}

export function modelFile({ root }: Models, name: string): string {
  return join(root, 'tests/bench/models', name);
}

function read(models: Models, name: string): string {
  return readFileSync(modelFile(models, name), 'utf8');
}

/** `queued`: with the queue of the rwsem, which the other tools' models do not have. */
export function mmlockText(
  models: Models, size: Size, { racy, serial }: Variant, queued = false,
): string {
  const { pages, faults, mappers, growers } = size;
  if (size.steps === 'coarse') return coarseText(models, size, serial);
  const text = read(models, queued ? 'unmap-queued.mmlock' : 'unmap.mmlock');
  return `${text.replace('SERIAL = 1000', `SERIAL = ${serial}`)}
scenario bench {
  with PAGES = ${pages}
  ${racy ? 'munmap_racy' : 'munmap'}
  fault x ${faults}
  mmap x ${mappers}
  grow x ${growers}
  expect ${racy ? 'fails assert' : 'safe'}
}
`;
}

/** Its fault picks a page in a step: a branch for each. */
function coarseText(
  models: Models, { pages, faults, mappers, growers }: Size, serial: number,
): string {
  const branches = Array.from({ length: pages }, (_, p) => `{ p = ${p} }`).join(' or ');
  const text = read(models, 'unmap-coarse.mmlock').replace('{ p = 0 } or { p = 1 }', branches);
  return `${text.replace('SERIAL = 1000', `SERIAL = ${serial}`)}
scenario bench {
  with PAGES = ${pages}
  munmap(PAGES)
  fault(PAGES) x ${faults}
  mmap x ${mappers}
  grow x ${growers}
}
`;
}

export function promelaFile({ steps }: Size): string {
  return steps === 'coarse' ? 'unmap-coarse.pml' : 'unmap.pml';
}

export function promelaFlags(
  { pages, faults, mappers, growers }: Size, { racy, serial }: Variant,
): readonly string[] {
  return [
    `-DPAGES=${pages}`, `-DFAULTS=${faults}`, `-DMAPPERS=${mappers}`, `-DGROWERS=${growers}`,
    `-DSERIAL=${serial}`, ...(racy ? ['-DRACY'] : []),
  ];
}

type Constants = Readonly<Record<string, string>>;

function constantsOf({ pages, faults, mappers, growers }: Size, serial: number): Constants {
  return {
    PAGES: `${pages}`, FAULTS: `${faults}`, MAPPERS: `${mappers}`, GROWERS: `${growers}`,
    SERIAL: `${serial}`,
  };
}

/** Writes what follows each name where `between` (`: `, ` = `) stands between them. */
function written(text: string, between: string, constants: Constants): string {
  return Object.entries(constants).reduce((done, [name, value]) => done.replace(
    new RegExp(`\\b${name}${between}\\w+`), `${name}${between}${value}`), text);
}

/** `symmetric`: the threads of one kind are told to be interchangeable. */
export function murphiText(
  models: Models, of: Size, { racy, serial }: Variant, symmetric = false,
): string {
  const text = written(read(models, 'unmap.m'), ': ',
    { ...constantsOf(of, serial), RACY: racy ? '1' : '0' });
  return symmetric ? text.replace(/_id: 0 \.\. (\w+) - 1;/g, '_id: scalarset($1);') : text;
}

/** The configuration of TLC; its module is `Unmap.tla`. */
export function tlcConfig(of: Size, { racy, serial }: Variant): string {
  const constants = { ...constantsOf(of, serial), RACY: racy ? 'TRUE' : 'FALSE' };
  const lines = Object.entries(constants).map(([name, value]) => `  ${name} = ${value}`);
  return ['SPECIFICATION Spec', 'INVARIANT NoOverlap', 'CONSTANTS', ...lines, ''].join('\n');
}

export function quintText(models: Models, of: Size, { racy, serial }: Variant): string {
  return written(read(models, 'unmap.qnt'), ' = ',
    { ...constantsOf(of, serial), RACY: racy ? 'true' : 'false' });
}
