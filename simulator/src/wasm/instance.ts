// Generated code, loaded: its memory and its functions.
import {
  asFunction, asGlobal, compile, createMemory, instanceOf, unlessRefused, type Callable,
  type WasmGlobal, type WasmMemory,
} from './host.ts';
import { GLOBAL_NAMES } from './memory.ts';
import type { Generated } from './module.ts';
import type { Registry } from './registry.ts';

export { bytesOf, enlarge, type Callable } from './host.ts';

/** Generated code with its memory, ready to run. */
export interface Loaded {
  readonly memory: WasmMemory;
  readonly globals: readonly WasmGlobal[];
  /** See `emitRun`. */
  readonly run: Callable;
  /** Files the state at an address: its number in, see the stores. */
  readonly put: Callable;
  readonly exported: (name: string) => Callable;
  /** What it tells, by the bytes it sets. */
  readonly registries: readonly Registry[];
  /** Where the fixed part of memory ends. */
  readonly end: number;
}

/** null where the host has no WebAssembly, or will not have this. */
export function load(generated: Generated, bytes: number): Loaded | null {
  return unlessRefused(() => {
    const memory = createMemory(bytes);
    const all = instanceOf(compile(generated.bytes), { memory });
    const exported = (name: string): Callable => asFunction(all[name]);
    return {
      memory, exported, run: exported('run'), put: exported('put'),
      globals: GLOBAL_NAMES.map((name) => asGlobal(all[name])),
      registries: [generated.registry], end: generated.end,
    };
  });
}
