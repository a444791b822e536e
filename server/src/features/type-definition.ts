// Feature: go to type definition. From a variable, field, parameter or local to the enum, flags,
// struct or type that it is declared with; from an enum's member to its enum.
import { encloses } from '../text/range.ts';
import type { Sym, Type } from '../analysis/model.ts';
import { walkStmts } from '../analysis/walk.ts';
import type { Decl } from './nodes.ts';
import { occurrenceAt } from './references.ts';
import type { Snapshot } from './snapshot.ts';

type Declared = Extract<Decl, { kind: 'shared' }>;
type TypeExpr = Declared['type'];

/** null: it is of no type that has a name. */
export function typeDefinition(snapshot: Snapshot, offset: number): Sym | null {
  const sym = occurrenceAt(snapshot, offset)?.sym;
  const name = sym === undefined ? null : typeNameOf(snapshot, sym);
  return name === null ? null : snapshot.model.symbols.get(name) ?? null;
}

function typeNameOf({ model }: Snapshot, sym: Sym): string | null {
  if (sym.kind === 'member') return sym.container;
  const owner = model.decls.find(({ file, decl }) => file === sym.at.file
    && encloses(decl.range, sym.at.range))?.decl;
  const isIt = ({ name }: { readonly name: { readonly range: { readonly start: number } } }) =>
    name.range.start === sym.at.range.start;
  switch (owner?.kind) {
    case 'shared': return nameOf(owner.type);
    case 'struct': {
      const field = owner.members.find(isIt);
      return field?.kind === 'field' ? nameOf(field.type) : null;
    }
    case 'thread': case 'proc': {
      const param = owner.params.find(isIt);
      if (param !== undefined) return nameOf(param.type);
      let found: string | null = null;
      walkStmts(owner.body, (stmt) => {
        if (stmt.kind !== 'let' || !isIt(stmt)) return;
        found = stmt.type !== null ? nameOf(stmt.type) : nameIn(model.types.get(stmt.value));
      });
      return found;
    }
    default: // The rest has no type.
      return null;
  }
}

function nameOf(type: TypeExpr): string | null {
  switch (type.kind) {
    case 'named': return type.name.text;
    case 'ref': return type.struct.text;
    case 'array': return nameOf(type.element);
    default: // Bounds and words of the language.
      return null;
  }
}

function nameIn(type: Type | undefined): string | null {
  switch (type?.kind) {
    case 'enum': case 'flags': return type.name;
    case 'ref': return type.struct;
    default: // Nothing that has a name.
      return null;
  }
}
