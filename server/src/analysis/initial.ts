// Initial values: what shared state holds at the start, and which objects exist then. Worked out in
// the order of declaration, for the params of one scenario.
import type { Range } from '../text/range.ts';
import type { Expr, NewExpr, SharedDecl, StructDecl } from '../syntax/ast.ts';
import { countOf, evaluate, isNumber, typeOf } from './constants.ts';
import type { Consts, Result } from './constants.ts';
import type { Entity } from './entity.ts';
import type { Type } from './model.ts';

export interface Mistake {
  readonly range: Range;
  readonly message: string;
}

/** An object that exists at the start: the values of the fields that its `new` names. */
export type InitialObject = ReadonlyMap<string, number>;

export class Initials {
  readonly values = new Map<SharedDecl, readonly number[]>();
  readonly objects = new Map<StructDecl, InitialObject[]>();
  readonly mistakes: Mistake[] = [];
  readonly #consts: Consts;
  readonly #structs: ReadonlyMap<string, StructDecl>;

  constructor(consts: Consts, structs: ReadonlyMap<string, StructDecl>) {
    this.#consts = { ...consts, shared: (place) => this.#read(place) };
    this.#structs = structs;
  }

  /** The environment in which shared state has its initial value: for arguments of a run. */
  get consts(): Consts {
    return this.#consts;
  }

  /** Works out one declaration; those above it must have been worked out. */
  add(decl: SharedDecl): void {
    const type = typeOf(decl.type, this.#consts);
    const length = type.kind === 'array' ? type.length : 1;
    const element = type.kind === 'array' ? type.element : type;
    const { init } = decl;
    if (init?.kind === 'list') {
      if (init.items.length !== length) {
        this.#fail(init.range, `the list has ${init.items.length} values, the array ${length}`);
      }
      this.values.set(decl, init.items.map((item) => this.#value(item, element)));
      return;
    }
    const values: number[] = [];
    for (let i = 0; i < length; i++) {
      values.push(init === null ? lowest(element) : this.#value(init, element));
    }
    this.values.set(decl, values);
  }

  /** A field's value where `new` does not name it. */
  fieldDefault(init: Expr | null, type: Type): number {
    return init === null ? lowest(type) : this.#value(init, type);
  }

  #value(e: Expr, type: Type): number {
    const value = e.kind === 'new' ? this.#allocate(e) : evaluate(e, this.#consts);
    if (!isNumber(value)) {
      if (value.why !== null) this.#fail(value.at, value.why);
      return lowest(type);
    }
    if (type.kind === 'int' && (value < type.lo || value > type.hi)) {
      this.#fail(e.range, `${value} is outside of ${type.lo}..${type.hi}`);
      return type.lo;
    }
    return value;
  }

  #allocate(e: NewExpr): Result {
    const entity = this.#consts.entities.get(e);
    if (entity?.kind !== 'struct') return { at: e.range, why: null };
    const struct = entity.decl;
    const fields = new Map<string, number>();
    for (const init of e.inits) {
      const field = this.#consts.entities.get(init.field);
      if (field?.kind !== 'field') continue;
      fields.set(init.field.text, this.#value(init.value, typeOf(field.decl.type, this.#consts)));
    }
    const objects = this.objects.get(struct) ?? [];
    this.objects.set(struct, objects);
    const count = countOf(struct.count, this.#consts) ?? 0;
    if (objects.length >= count) {
      return { at: e.range, why: `\`${struct.name.text}[${count}]\` has no object left for this` };
    }
    objects.push(fields);
    return objects.length;
  }

  /** What a place holds at the start. */
  #read(place: Expr): Result {
    if (place.kind === 'ident') {
      const value = this.#cells(this.#consts.entities.get(place))?.[0];
      return value ?? { at: place.range, why: null };
    }
    if (place.kind === 'index') return this.#readElement(place);
    if (place.kind !== 'field') return { at: place.range, why: null };
    const object = evaluate(place.base, this.#consts);
    if (!isNumber(object)) return object;
    if (object === 0) return { at: place.base.range, why: 'this is null at the start' };
    const entity = this.#consts.entities.get(place);
    if (entity?.kind !== 'field') return { at: place.range, why: null };
    const fields = this.objects.get(entity.struct)?.[object - 1];
    const given = fields?.get(place.field.text);
    if (given !== undefined) return given;
    return this.fieldDefault(entity.decl.init, typeOf(entity.decl.type, this.#consts));
  }

  #readElement(place: Extract<Expr, { kind: 'index' }>): Result {
    const cells = this.#cells(this.#consts.entities.get(place.base));
    const index = evaluate(place.index, this.#consts);
    if (!isNumber(index)) return index;
    const value = cells?.[index];
    if (value !== undefined) return value;
    return { at: place.index.range, why: cells === null ? null : `there is no element ${index}` };
  }

  #cells(entity: Entity | undefined): readonly number[] | null {
    return entity?.kind === 'shared' ? this.values.get(entity.decl) ?? null : null;
  }

  #fail(range: Range, message: string): void {
    this.mistakes.push({ range, message });
  }

  /** The struct of a `ref` type. */
  struct(name: string): StructDecl | null {
    return this.#structs.get(name) ?? null;
  }
}

/** `false`, the range's low end, the first member, `{}`, `null`. */
export function lowest(type: Type): number {
  return type.kind === 'int' ? type.lo : 0;
}
