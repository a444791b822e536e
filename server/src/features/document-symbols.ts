// Feature: document symbols. The declarations of a file as a tree: members inside their type,
// fields and locks inside their struct, labels and named steps inside their thread or proc.
import type { Range } from '../text/range.ts';
import { unreachable } from '../text/unreachable.ts';
import type { SymKind } from '../analysis/model.ts';
import { blocksOf, type Block, type Decl, type Stmt } from './nodes.ts';
import type { Snapshot } from './snapshot.ts';

export interface DocumentSymbol {
  readonly name: string;
  readonly detail: string;
  readonly kind: SymKind | 'step';
  /** The whole declaration; contains `selection`. */
  readonly range: Range;
  readonly selection: Range;
  readonly children: readonly DocumentSymbol[];
}

export function documentSymbols(snapshot: Snapshot): readonly DocumentSymbol[] {
  return snapshot.model.source.decls.flatMap(ofDecl);
}

type Ident = { readonly text: string; readonly range: Range };
type Member = Extract<Decl, { kind: 'struct' }>['members'][number];

interface More {
  readonly detail?: string;
  readonly children?: readonly DocumentSymbol[];
}

/** Nothing for a name still to be typed: an outline entry needs one. */
function symbol(
  kind: DocumentSymbol['kind'], name: Ident, range: Range, more: More = {},
): readonly DocumentSymbol[] {
  if (name.text === '') return [];
  const inside = name.range.start >= range.start && name.range.end <= range.end;
  return [{
    name: name.text, kind, range, selection: inside ? name.range : range,
    detail: more.detail ?? '', children: more.children ?? [],
  }];
}

function ofDecl(decl: Decl): readonly DocumentSymbol[] {
  switch (decl.kind) {
    case 'const': case 'param': case 'type': case 'shared': case 'lock':
      return symbol(decl.kind, decl.name, decl.range, { detail: detailOf(decl) });
    case 'enum': case 'flags': {
      const children = decl.members.flatMap((name) => symbol('member', name, name.range));
      return symbol(decl.kind, decl.name, decl.range, { children });
    }
    case 'struct':
      return symbol('struct', decl.name, decl.range, { children: decl.members.flatMap(ofMember) });
    case 'proc':
      return symbol('proc', decl.name, decl.range, { children: ofBlock(decl.body) });
    case 'thread': {
      const outcomes = decl.outcomes.map((each) => (each.never ? 'never ' : '') + each.name.text);
      const detail = (decl.background ? 'background ' : '') + outcomes.join(' | ');
      return symbol('thread', decl.name, decl.range, { detail, children: ofBlock(decl.body) });
    }
    case 'property':
      return symbol('property', decl.name, decl.range, { detail: decl.property });
    case 'scenario': {
      const children = decl.items.flatMap((item) =>
        item.kind === 'property' ? ofDecl(item)
        : item.kind === 'run' && item.alias !== null ? symbol('alias', item.alias, item.range)
        : []);
      return symbol('scenario', decl.name, decl.range, { detail: decl.title ?? '', children });
    }
    case 'workload':
      return symbol('workload', decl.name, decl.range, { detail: decl.title ?? '' });
    case 'use': case 'order': case 'hole':
      return [];
    default: return unreachable(decl);
  }
}

function ofMember(member: Member): readonly DocumentSymbol[] {
  const detail = member.kind === 'lock' ? member.lockKind ?? '' : '';
  return symbol(member.kind, member.name, member.range, { detail });
}

function detailOf(decl: Extract<Decl, { kind: 'const' | 'param' | 'type' | 'shared' | 'lock' }>) {
  switch (decl.kind) {
    case 'lock': return decl.lockKind ?? '';
    case 'shared': return decl.atomic ? 'shared atomic' : 'shared';
    default: // What the word says is all there is.
      return decl.kind;
  }
}

function ofBlock(block: Block): readonly DocumentSymbol[] {
  return block.stmts.flatMap(ofStmt);
}

/** A label or a named step holds what is inside it; other statements pass theirs on. */
function ofStmt(stmt: Stmt): readonly DocumentSymbol[] {
  const inner = stmt.kind === 'labelled' ? ofStmt(stmt.stmt) : blocksOf(stmt).flatMap(ofBlock);
  if (stmt.kind === 'labelled') {
    return symbol('label', stmt.label, stmt.range, { children: inner });
  }
  if (stmt.kind !== 'step' || stmt.text === null || stmt.text === '') return inner;
  return symbol('step', { text: stmt.text, range: stmt.head }, stmt.range, { children: inner });
}
