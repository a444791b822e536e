// The one place that touches the host's WebAssembly: modules, instances, and what they share.
import { assert } from '../assert.ts';
import { GLOBAL_NAMES, TABLE } from './memory.ts';

export interface WasmMemory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}
export interface WasmGlobal {
  value: number;
}
export interface WasmTable {
  set(index: number, value: unknown): void;
}
/** The part of the JavaScript API that is used; every host has it. */
declare const WebAssembly: {
  readonly Memory: new (limits: { initial: number }) => WasmMemory;
  readonly Global: new (type: { value: 'i32'; mutable: true }, value: number) => WasmGlobal;
  readonly Table: new (type: { element: 'anyfunc'; initial: number }) => WasmTable;
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
} | undefined;

const PAGE = 65_536;

export type Callable = (...args: number[]) => number;
/** What an instance exports, by name. */
export type Exports = Readonly<Record<string, unknown>>;

/** What modules of one search import. */
export interface Shared {
  readonly memory: WasmMemory;
  readonly globals: readonly WasmGlobal[];
  readonly table: WasmTable;
  /** All of it, by name. */
  readonly imports: object;
}

/** What `work` makes; null where the host has no WebAssembly, or will not have this. */
export function unlessRefused<T>(work: () => T): T | null {
  if (typeof WebAssembly === 'undefined') return null;
  try {
    return work();
  } catch (thrown) {
    if (thrown instanceof RangeError || isRefusal(thrown)) return null;
    throw thrown;
  }
}

/** A page may forbid WebAssembly (its content security policy). */
const isRefusal = (thrown: unknown): boolean =>
  thrown instanceof Error && /unsafe-eval|Content Security/i.test(thrown.message);

export function createMemory(bytes: number): WasmMemory {
  return new (host().Memory)({ initial: Math.ceil(bytes / PAGE) });
}

export function createShared(bytes: number): Shared {
  const { Global, Table } = host();
  const memory = createMemory(bytes);
  const globals = GLOBAL_NAMES.map(() => new Global({ value: 'i32', mutable: true }, 0));
  const table = new Table({ element: 'anyfunc', initial: TABLE.size });
  const named = Object.fromEntries(GLOBAL_NAMES.map((name, i) => [name, globals[i]]));
  return { memory, globals, table, imports: { memory, table, ...named } };
}

export const compile = (bytes: Uint8Array): object => new (host().Module)(bytes);

/** What it imports is found by name in `imports`. */
export const instanceOf = (module: object, imports: object): Exports =>
  ({ ...new (host().Instance)(module, { m: imports }).exports });

function host(): NonNullable<typeof WebAssembly> {
  assert(typeof WebAssembly !== 'undefined', 'it was asked for before');
  return WebAssembly;
}

/** Makes memory at least so large; false where it is refused. */
export function enlarge({ memory }: Pick<Shared, 'memory'>, bytes: number): boolean {
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
export const bytesOf = ({ memory }: Pick<Shared, 'memory'>): Uint8Array =>
  new Uint8Array(memory.buffer);

export function asFunction(value: unknown): Callable {
  assert(isCallable(value), 'the module exports it');
  return value;
}

/** What modules of ours export takes numbers and returns one, or nothing. */
const isCallable = (value: unknown): value is Callable => typeof value === 'function';

export function asGlobal(value: unknown): WasmGlobal {
  assert(isGlobal(value), 'the module exports it');
  return value;
}

const isGlobal = (value: unknown): value is WasmGlobal =>
  typeof value === 'object' && value !== null && 'value' in value;
