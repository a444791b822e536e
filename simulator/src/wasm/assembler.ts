// A small assembler for WebAssembly functions: bytes with symbolic labels for structured control.
// Format and opcodes: WebAssembly Core Specification 1.0, chapter 5 (and threads for atomics).

/** Value types and instructions, by their names in the specification. */
export const I32 = 0x7f;
export const I64 = 0x7e;
export const F64 = 0x7c;

export const OP = {
  unreachable: 0x00, return: 0x0f, call: 0x10, drop: 0x1a, select: 0x1b,
  localGet: 0x20, localSet: 0x21, localTee: 0x22, globalGet: 0x23, globalSet: 0x24,
  i32Load: 0x28, i64Load: 0x29, i32Load8: 0x2d, i32Store: 0x36, i64Store: 0x37, i32Store8: 0x3a,
  i64Load32: 0x35, i64Store8: 0x3c, i64Store16: 0x3d, i64Store32: 0x3e,
  i32Const: 0x41, i64Const: 0x42,
  i32Eqz: 0x45, i32Eq: 0x46, i32Ne: 0x47, i32LtU: 0x49, i32GtU: 0x4b, i32LeU: 0x4d, i32GeU: 0x4f,
  i32Add: 0x6a, i32Sub: 0x6b, i32Mul: 0x6c, i32DivU: 0x6e,
  i32RemU: 0x70, i32And: 0x71, i32Or: 0x72, i32Xor: 0x73,
  i32Shl: 0x74, i32ShrU: 0x76,
  i64Eqz: 0x50, i64Eq: 0x51, i64Ne: 0x52, i64LtS: 0x53, i64LtU: 0x54, i64GtS: 0x55, i64GtU: 0x56,
  i64LeS: 0x57, i64GeS: 0x59,
  i64Clz: 0x79, i64Add: 0x7c, i64Sub: 0x7d, i64Mul: 0x7e, i64DivS: 0x7f, i64RemS: 0x81,
  i64And: 0x83, i64Or: 0x84, i64Xor: 0x85, i64Shl: 0x86, i64ShrU: 0x88, i64Rotl: 0x89,
  i32WrapI64: 0xa7, i64ExtendI32U: 0xad, i64ExtendI32S: 0xac,
  f64Mul: 0xa2, f64Div: 0xa3, f64Add: 0xa0, f64ConvertI64S: 0xb9, i64ReinterpretF64: 0xbd,
  f64Const: 0x44,
} as const;
type Opcode = (typeof OP)[keyof typeof OP];

/** A structured control instruction's end (of a loop: its beginning), as a target of branches. */
export interface Label {
  readonly name: string;
}

/** A length is not known before what it belongs to: its number has as many bytes as any may. */
const SIZE_BYTES = 5;

/** Numbers below are exact as doubles too. */
const SAFE = 2n ** 53n;

/** A growing list of bytes. */
export class Bytes {
  #data = new Uint8Array(1024);
  length = 0;

  byte(value: number): void {
    if (this.length === this.#data.length) {
      const larger = new Uint8Array(this.length * 2);
      larger.set(this.#data);
      this.#data = larger;
    }
    this.#data[this.length++] = value;
  }

  /** LEB128, unsigned, up to 32 bits. */
  unsigned(value: number): void {
    let rest = value >>> 0;
    while (rest >= 0x80) {
      this.byte((rest & 0x7f) | 0x80);
      rest >>>= 7;
    }
    this.byte(rest);
  }

  /** LEB128, signed; a safe integer. */
  signed(value: number): void {
    if ((value | 0) === value) this.signedHalves(value, value >> 31);
    else this.signedHalves(value | 0, Math.floor(value / 2 ** 32));
  }

  /** LEB128, signed, of any 64 bits. */
  signedBig(value: bigint): void {
    this.signedHalves(Number(BigInt.asIntN(32, value)), Number(BigInt.asIntN(32, value >> 32n)));
  }

  /** The same of a number whose lower and higher 32 bits these are. */
  signedHalves(low: number, high: number): void {
    let [lo, hi] = [low, high];
    while (hi !== lo >> 31 || lo < -64 || lo >= 64) {
      this.byte((lo & 0x7f) | 0x80);
      lo = (lo >>> 7) | (hi << 25);
      hi >>= 7;
    }
    this.byte(lo & 0x7f);
  }

  /** What `write` adds, with its length before it. */
  sized(write: () => void): void {
    const at = this.length;
    for (let i = 0; i < SIZE_BYTES; i++) this.byte(0);
    write();
    let rest = this.length - at - SIZE_BYTES;
    for (let i = 0; i < SIZE_BYTES; i++) {
      this.#data[at + i] = (rest & 0x7f) | (i < SIZE_BYTES - 1 ? 0x80 : 0);
      rest >>>= 7;
    }
  }

  append(other: Bytes): void {
    const length = this.length + other.length;
    if (length > this.#data.length) {
      const larger = new Uint8Array(2 * length);
      larger.set(this.view());
      this.#data = larger;
    }
    this.#data.set(other.view(), this.length);
    this.length = length;
  }

  text(value: string): void {
    this.unsigned(value.length);
    for (let i = 0; i < value.length; i++) this.byte(value.charCodeAt(i));
  }

  view(): Uint8Array {
    return this.#data.subarray(0, this.length);
  }
}

/** One function: its parameters come first among the locals. */
export class Code {
  readonly bytes = new Bytes();
  readonly #locals: number[] = [];
  readonly #open: Label[] = [];

  constructor(readonly params: readonly number[], readonly results: readonly number[]) {}

  /** A new local variable of this type, zero at first. */
  local(type: typeof I32 | typeof I64 | typeof F64): number {
    this.#locals.push(type);
    return this.params.length + this.#locals.length - 1;
  }

  op(code: Opcode): this {
    this.bytes.byte(code);
    return this;
  }

  get(local: number): this {
    return this.#with(OP.localGet, local);
  }

  set(local: number): this {
    return this.#with(OP.localSet, local);
  }

  tee(local: number): this {
    return this.#with(OP.localTee, local);
  }

  getGlobal(global: number): this {
    return this.#with(OP.globalGet, global);
  }

  setGlobal(global: number): this {
    return this.#with(OP.globalSet, global);
  }

  call(index: number): this {
    return this.#with(OP.call, index);
  }

  /** Calls the function whose index in the imported table is on the stack, by its type's index. */
  callIndirect(type: number): this {
    this.#with(0x11, type);
    this.bytes.byte(0);
    return this;
  }

  i32(value: number): this {
    this.bytes.byte(OP.i32Const);
    this.bytes.signed(value | 0);
    return this;
  }

  /** A 64-bit constant; a number must be a safe integer. */
  i64(value: number | bigint): this {
    this.bytes.byte(OP.i64Const);
    if (typeof value === 'number') this.bytes.signed(value);
    else if (value > -SAFE && value < SAFE) this.bytes.signed(Number(value));
    else this.bytes.signedBig(value);
    return this;
  }

  f64(value: number): this {
    this.bytes.byte(OP.f64Const);
    const bytes = new Uint8Array(Float64Array.of(value).buffer);
    for (const byte of bytes) this.bytes.byte(byte);
    return this;
  }

  /** A 64-bit constant by its lower and higher 32 bits. */
  i64Halves(low: number, high: number): this {
    this.bytes.byte(OP.i64Const);
    this.bytes.signedHalves(low | 0, high | 0);
    return this;
  }

  /** A load or store at a constant offset from the address on the stack. */
  memory(code: Opcode, offset = 0): this {
    this.bytes.byte(code);
    this.bytes.unsigned(0); // alignment is only a hint
    this.bytes.unsigned(offset);
    return this;
  }

  block(name: string, body: (end: Label) => void): this {
    return this.#structured(0x02, name, body);
  }

  loop(name: string, body: (again: Label) => void): this {
    return this.#structured(0x03, name, body);
  }

  /** Takes an i32 from the stack. */
  if(then: () => void, otherwise?: () => void): this {
    const label = { name: 'if' };
    this.bytes.byte(0x04);
    this.bytes.byte(0x40);
    this.#open.push(label);
    then();
    if (otherwise !== undefined) {
      this.bytes.byte(0x05);
      otherwise();
    }
    this.#close();
    return this;
  }

  /** As `if`, with a value of this type left by either side. */
  ifElse(type: typeof I32 | typeof I64, then: () => void, otherwise: () => void): this {
    this.bytes.byte(0x04);
    this.bytes.byte(type);
    this.#open.push({ name: 'if' });
    then();
    this.bytes.byte(0x05);
    otherwise();
    this.#close();
    return this;
  }

  br(label: Label): this {
    return this.#with(0x0c, this.#depth(label));
  }

  brIf(label: Label): this {
    return this.#with(0x0d, this.#depth(label));
  }

  /** Takes an i32: branches to that label, beyond the last one to `otherwise`. */
  brTable(labels: readonly Label[], otherwise: Label): this {
    this.bytes.byte(0x0e);
    this.bytes.unsigned(labels.length);
    for (const label of labels) this.bytes.unsigned(this.#depth(label));
    this.bytes.unsigned(this.#depth(otherwise));
    return this;
  }

  /** Writes the function's entry in the code section. */
  body(to: Bytes): void {
    to.sized(() => {
      to.unsigned(this.#locals.length);
      for (const type of this.#locals) {
        to.unsigned(1);
        to.byte(type);
      }
      to.append(this.bytes);
      to.byte(0x0b);
    });
  }

  #with(code: number, operand: number): this {
    this.bytes.byte(code);
    this.bytes.unsigned(operand);
    return this;
  }

  #structured(code: number, name: string, body: (label: Label) => void): this {
    const label = { name };
    this.bytes.byte(code);
    this.bytes.byte(0x40);
    this.#open.push(label);
    body(label);
    this.#close();
    return this;
  }

  #close(): void {
    this.#open.pop();
    this.bytes.byte(0x0b);
  }

  #depth(label: Label): number {
    const at = this.#open.lastIndexOf(label);
    if (at === -1) throw new Error(`mmlock assembler: label ${label.name} is not open here`);
    return this.#open.length - 1 - at;
  }
}

export interface ModuleParts {
  /** Functions by index; `name` exports one. */
  readonly functions: readonly { readonly code: Code; readonly name: string | null }[];
  /** Mutable i32 globals, exported by name, 0 at first. */
  readonly globals: readonly string[];
  /** The same, but imported as `m.NAME`, where they belong to several modules. */
  readonly imported?: readonly string[];
  /** Pages of the imported memory `m.memory`. */
  readonly memory: { readonly initial: number; readonly shared: number | null };
  /** The functions of the imported table `m.table` are called by these types. */
  readonly table?: { readonly size: number; readonly types: readonly Signature[] };
  /** A function that is imported as `m.NAME`: the first, of the last one's type. */
  readonly called?: string | null;
}

export interface Signature {
  readonly params: readonly number[];
  readonly results: readonly number[];
}

/** A whole module as bytes. */
export function assemble(parts: ModuleParts): Uint8Array {
  const out = new Bytes();
  for (const byte of [0, 0x61, 0x73, 0x6d, 1, 0, 0, 0]) out.byte(byte);
  const { functions, globals } = parts;
  const indirect = parts.table?.types ?? [];
  section(out, 1, [...indirect, ...functions.map(({ code }) => code)], (s, signature) => {
    s.byte(0x60);
    for (const types of [signature.params, signature.results]) {
      s.unsigned(types.length);
      for (const type of types) s.byte(type);
    }
  });
  const last = indirect.length + functions.length - 1;
  section(out, 2, importsOf(parts, last), (s, { name, type }) => {
    s.text('m');
    s.text(name);
    for (const part of type) s.unsigned(part);
  });
  section(out, 3, functions, (s, _, i) => s.unsigned(indirect.length + i));
  section(out, 6, globals, (s) => {
    for (const byte of [I32, 1, OP.i32Const, 0, 0x0b]) s.byte(byte);
  });
  const nCalled = parts.called == null ? 0 : 1;
  const exported = [
    ...functions.flatMap(({ name }, i) =>
      (name === null ? [] : [{ name, kind: 0, index: nCalled + i }])),
    ...globals.map((name, index) => ({ name, kind: 3, index })),
  ];
  section(out, 7, exported, (s, { name, kind, index }) => {
    s.text(name);
    s.byte(kind);
    s.unsigned(index);
  });
  section(out, 10, functions, (s, { code }) => code.body(s));
  return out.view().slice();
}

/** Names and types, as numbers. */
function importsOf(
  { memory, table, imported, called }: ModuleParts, typeOfCalled: number,
): readonly { readonly name: string; readonly type: readonly number[] }[] {
  const { initial, shared } = memory;
  const limits = shared === null ? [0, initial] : [3, initial, shared];
  return [
    ...(called == null ? [] : [{ name: called, type: [0, typeOfCalled] }]),
    { name: 'memory', type: [2, ...limits] },
    ...(table === undefined ? [] : [{ name: 'table', type: [1, 0x70, 0, table.size] }]),
    ...(imported ?? []).map((name) => ({ name, type: [3, I32, 1] })),
  ];
}

function section<T>(
  out: Bytes, id: number, items: readonly T[], write: (s: Bytes, item: T, i: number) => void,
): void {
  if (items.length === 0) return;
  out.byte(id);
  out.sized(() => {
    out.unsigned(items.length);
    items.forEach((item, i) => write(out, item, i));
  });
}
