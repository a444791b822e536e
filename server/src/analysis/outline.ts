// The first look at a body: its labels, the procs it calls, the parameters it assigns to. Needed
// before any body is checked, since properties and other threads may name its labels.
import type { Block, Expr, ForStmt, Name, Param, ProcDecl, StepStmt, Stmt } from '../syntax/ast.ts';
import type { Ctx } from './context.ts';
import type { LabelEntity, LabelNode, Owner } from './entity.ts';
import { declareUnique } from './names.ts';
import { makeSym } from './symbols.ts';
import { blocksOf, innerStmt, walkStmts } from './walk.ts';

interface Inside {
  readonly step: StepStmt | null;
  readonly loop: ForStmt | null;
}

/** Fills `c.owners` for one thread or proc. */
export function outline(c: Ctx, owner: Owner): void {
  const labels = labelsIn(c, owner);
  const calls = new Set<ProcDecl>();
  const assigned = new Set<Param>();
  let size = 0;
  walkStmts(owner.body, (s) => {
    size++;
    const called = calledProc(s);
    const entity = called === null ? undefined : c.scope.get(called.text);
    if (entity?.kind === 'proc') calls.add(entity.decl);
    const target = assignedName(s);
    for (const param of owner.params) if (param.name.text === target) assigned.add(param);
  });
  c.owners.set(owner, { labels, calls: [...calls], assigned, size });
}

/** The labels of the body at hand, declared. */
export function labelsIn(c: Ctx, owner: Owner): ReadonlyMap<string, LabelEntity> {
  const labels = new Map<string, LabelEntity>();
  collectLabels({ c, owner, labels }, owner.body, { step: null, loop: null });
  return labels;
}

/** The proc that a statement calls. */
export function calledProc(s: Stmt): Name | null {
  if (s.kind === 'call') return s.proc;
  if (s.kind !== 'let' && s.kind !== 'assign') return null;
  return s.value.kind === 'call' ? s.value.proc : null;
}

function assignedName(s: Stmt): string | null {
  if (s.kind !== 'assign') return null;
  const target: Expr = s.target;
  return target.kind === 'ident' ? target.name.text : null;
}

interface Labels {
  readonly c: Ctx;
  readonly owner: Owner;
  readonly labels: Map<string, LabelEntity>;
}

function collectLabels(at: Labels, block: Block, inside: Inside): void {
  for (const s of block.stmts) collectFrom(at, s, inside);
}

function collectFrom(at: Labels, s: Stmt, inside: Inside): void {
  if (s.kind === 'labelled') addLabel(at, { name: s.label, node: s, inside });
  if (s.kind === 'step' && s.label !== null) addLabel(at, { name: s.label, node: s, inside });
  const deeper: Inside = {
    step: s.kind === 'step' ? s : inside.step,
    loop: s.kind === 'for' ? s : inside.loop,
  };
  for (const block of blocksOf(s)) collectLabels(at, block, deeper);
  const inner = innerStmt(s);
  if (inner !== null) collectFrom(at, inner, inside);
}

function addLabel(
  at: Labels, label: { readonly name: Name; readonly node: LabelNode; readonly inside: Inside },
): void {
  const { c, owner } = at;
  const { name, node, inside } = label;
  const sym = makeSym({
    kind: 'label', file: c.file, name, full: node.range, container: owner.name.text,
    detail: `${name.text} (a label of ${owner.name.text})`,
  });
  const entity = { kind: 'label', file: c.file, sym, owner, node, ...inside } as const;
  declareUnique(c, at.labels, name, entity);
}
