// Where generated code lives: a memory, and the instances that are bound to it. A search that has
// come to its end leaves its home to the next one, which finds there what they have in common:
// instances, and memory that the host need not provide page by page again.
import {
  asFunction, bytesOf, compile, createShared, enlarge, instanceOf, unlessRefused, type Exports,
  type Shared,
} from './host.ts';
import type { Loaded } from './instance.ts';
import { TABLE, TURNS_AT, SIGHTINGS_AT } from './memory.ts';
import type { Part, Parts } from './parts.ts';
import { emitScaffold } from './scaffold.ts';
import { EVENTS_AT, TOLD_AT } from './unit.ts';

export interface Home {
  readonly shared: Shared;
  /** What a part exports, instantiated here. */
  readonly functions: WeakMap<Part, unknown>;
  /** What stands in the table, by index. */
  readonly placed: Map<number, Part>;
  /** By words of a state. */
  readonly scaffolds: Map<number, Exports>;
}

/** Homes without a search. */
const vacant: Home[] = [];
/** A plain search and a reduced one, or one that was broken off, can be there at once. */
const VACANT_MAX = 2;
/** Memory that is more than most searches need is given back to the host. */
export const KEPT_BYTES = 2 ** 25;

/** Compiled once, whichever home they are instantiated in. */
const modules = new WeakMap<Part, object>();
const scaffolds = new Map<number, object>();

/** A program's code in a home of its own, with that much memory; null where it is refused. */
export function moveIn(parts: Parts, bytes: number): { home: Home; loaded: Loaded } | null {
  return unlessRefused(() => {
    const home = vacant.pop() ?? {
      shared: createShared(bytes), functions: new WeakMap(), placed: new Map(),
      scaffolds: new Map(),
    };
    if (!enlarge(home.shared, bytes)) return null;
    clear(home, parts);
    const { memory, globals } = home.shared;
    put(home, TABLE.judge, parts.judge);
    put(home, TABLE.unfinished, parts.unfinished);
    parts.turns.forEach((part, i) => put(home, TABLE.turns + i, part));
    const all = scaffoldOf(home, parts.nWords);
    const exported = (name: string) => asFunction(all[name]);
    const registries = [parts.judge, ...parts.turns]
      .flatMap(({ registry, base }) => (base === null ? [registry] : [registry, base.registry]));
    const loaded: Loaded = {
      memory, globals, exported, run: exported('run'), put: exported('put'), registries,
      end: parts.end,
    };
    return { home, loaded };
  });
}

/** The search has come to its end: nobody looks into its memory any more. */
export function moveOut(home: Home): void {
  const { buffer } = home.shared.memory;
  if (vacant.length < VACANT_MAX && buffer.byteLength <= KEPT_BYTES) vacant.push(home);
}

/** Gives back the memory of homes without a search. */
export function vacate(): void {
  vacant.length = 0;
}

/** What code takes to be 0 at first. The growing parts are cleared by whoever lays them out. */
function clear({ shared }: Home, { used, end, turns }: Parts): void {
  const bytes = bytesOf(shared);
  bytes.fill(0, 0, TOLD_AT + used.told);
  bytes.fill(0, EVENTS_AT, EVENTS_AT + used.events);
  bytes.fill(0, SIGHTINGS_AT, end);
  for (const global of shared.globals) global.value = 0;
  new Int32Array(shared.memory.buffer)[TURNS_AT / 4] = TABLE.turns + turns.length;
}

/** The host tells every instance that has the table of a change. */
function put(home: Home, index: number, part: Part): void {
  if (home.placed.get(index) === part) return;
  home.placed.set(index, part);
  home.shared.table.set(index, functionOf(home, part));
}

function functionOf(home: Home, part: Part): unknown {
  const { shared, functions } = home;
  const known = functions.get(part);
  if (known !== undefined) return known;
  const module = modules.get(part) ?? compile(part.bytes);
  modules.set(part, module);
  const imports = part.base === null ? shared.imports
    : { ...shared.imports, base: functionOf(home, part.base) };
  const made = instanceOf(module, imports)['part'];
  functions.set(part, made);
  return made;
}

function scaffoldOf(home: Home, nWords: number): Exports {
  const known = home.scaffolds.get(nWords);
  if (known !== undefined) return known;
  const module = scaffolds.get(nWords) ?? compile(emitScaffold(nWords));
  scaffolds.set(nWords, module);
  const made = instanceOf(module, home.shared.imports);
  home.scaffolds.set(nWords, made);
  return made;
}
