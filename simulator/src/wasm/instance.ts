// Generated code, loaded: its memory and its functions. The one place that touches the host's
// WebAssembly.
import { assert } from '../assert.ts';
import { GLOBAL_NAMES } from './memory.ts';
import type { Generated } from './module.ts';

interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
interface WasmGlobal {
  value: number;
}
/** The part of the JavaScript API that is used; every host has it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
} | undefined;

const PAGE = 65_536;

/** Generated code with its memory, ready to run. */
export interface Loaded {
  readonly generated: Generated;
  readonly memory: WasmMemory;
  readonly globals: readonly WasmGlobal[];
  /** See `emitRun`. */
  readonly run: Callable;
  /** Files the state at an address: its number in, see the stores. */
  readonly put: Callable;
  readonly exported: (name: string) => Callable;
}

/** null where the host has no WebAssembly, or will not have this. */
export function load(generated: Generated, bytes: number): Loaded | null {
  if (typeof WebAssembly === 'undefined') return null;
  try {
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    const module = new WebAssembly.Module(generated.bytes);
    const { exports } = new WebAssembly.Instance(module, { m: { memory } });
    const all: Record<string, unknown> = { ...exports };
    const exported = (name: string): Callable => asFunction(all[name]);
    return {
      generated, memory, exported, run: exported('run'), put: exported('put'),
      globals: GLOBAL_NAMES.map((name) => asGlobal(all[name])),
    };
  } catch (thrown) {
    if (thrown instanceof RangeError || isRefusal(thrown)) return null;
    throw thrown;
  }
}

/** Makes memory at least so large; false where it is refused. */
export function enlarge({ memory }: Loaded, bytes: number): boolean {
  const missing = Math.ceil((bytes - memory.buffer.byteLength) / PAGE);
  if (missing <= 0) return true;
  try {
    memory.grow(missing);
    return true;
  } catch (thrown) {
    if (thrown instanceof RangeError) return false;
    throw thrown;
  }
}

/** All of memory; anew whenever it may have grown. */
export const bytesOf = ({ memory }: Loaded): Uint8Array => new Uint8Array(memory.buffer);

/** A page may forbid WebAssembly (its content security policy). */
const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof Error && /unsafe-eval|Content Security/i.test(thrown.message);

export type Callable = (...args: number[]) => number;

function asFunction(value: unknown): Callable {
  assert(typeof value === 'function', 'the module exports it');
  return (...args) => Number(value(...args));
}

function asGlobal(value: unknown): WasmGlobal {
  assert(isGlobal(value), 'the module exports it');
  return value;
}

const isGlobal = (value: unknown): value is WasmGlobal =>
  typeof value === 'object' && value !== null && 'value' in value;
