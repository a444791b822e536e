// Lock sections: which acquires, releases and downgrades belong together. Followed along the code
// of each thread alone, procs inlined; what shares a release is one section, so that taking it out
// leaves no half behind.
import type { Pc, Program } from '../../../../simulator/src/program.ts';
import { lowerThread } from '../lower.ts';
import type { Lowered } from '../lowered.ts';
import type { Model } from '../model.ts';
import type { Spot } from './spots.ts';

export interface Section {
  /** The lock as the text names it at the first acquire; `rcu` for rcu_read_lock. */
  readonly lock: string;
  /** Its class: `mmap_sem`, `vma.vm_lock`, `rcu`. */
  readonly cls: string;
  readonly kind: 'mutex' | 'spinlock' | 'rwsem' | 'rwlock' | 'rcu';
  /** Acquires and trys (`rcu_read_lock`), in the order of the text. */
  readonly acquires: readonly Spot[];
  readonly releases: readonly Spot[];
  readonly downgrades: readonly Spot[];
  /** A part of it lies in another file, so that it cannot be changed as a whole. */
  readonly open: boolean;
}

type Kind = 'acquire' | 'release' | 'downgrade';
interface Part {
  readonly spot: Spot;
  readonly kind: Kind;
  readonly cls: string;
  /** The first of its section, at the end of the links. */
  link: Part | null;
  open: boolean;
}

/** A section within a section within one is more than any protocol has. */
const MAX_NESTED = 2;

export function sectionsOf(model: Model, spots: readonly Spot[]): readonly Section[] {
  const byStart = new Map(spots.flatMap((spot): [number, Spot][] =>
    (isLockStep(spot) ? [[spot.stmt.range.start, spot]] : [])));
  const parts = new Map<Spot, Part>();
  const kinds = new Map<string, Section['kind']>([['rcu', 'rcu']]);
  for (const thread of model.threads) {
    const lowered = lowerThread(model, thread);
    if (lowered === null) continue;
    for (const { name, kind } of lowered.program.classes) kinds.set(name, kind);
    new Follower(model, lowered, byStart, parts).follow();
  }
  const groups = new Map<Part, Part[]>();
  for (const part of parts.values()) {
    const first = rootOf(part);
    groups.set(first, [...(groups.get(first) ?? []), part]);
  }
  const text = model.meaning.texts.get(model.file) ?? '';
  return [...groups.values()].flatMap((group) => sectionOf(group, text, kinds))
    .sort((a, b) => startOf(a) - startOf(b));
}

function startOf({ acquires }: Section): number {
  return acquires[0]?.stmt.range.start ?? 0;
}

function sectionOf(
  group: readonly Part[], text: string, kinds: ReadonlyMap<string, Section['kind']>,
): readonly Section[] {
  const of = (kind: Kind): readonly Spot[] => group.filter((part) => part.kind === kind)
    .map(({ spot }) => spot).sort((a, b) => a.stmt.range.start - b.stmt.range.start);
  const acquires = of('acquire');
  const first = acquires[0]?.stmt;
  const cls = group[0]?.cls ?? '';
  const kind = kinds.get(cls);
  if (first === undefined || kind === undefined) return [];
  const lock = first.kind === 'acquire' || first.kind === 'try'
    ? text.slice(first.lock.range.start, first.lock.range.end) : 'rcu';
  const open = group.some((part) => part.open);
  return [{
    lock, cls, kind, acquires, releases: of('release'), downgrades: of('downgrade'), open,
  }];
}

function isLockStep({ stmt }: Spot): boolean {
  switch (stmt.kind) {
    case 'acquire': case 'try': case 'release': case 'downgrade': return true;
    case 'rcu': return stmt.op !== 'synchronize';
    default: // Nothing else takes or lets go of a lock.
      return false;
  }
}

function rootOf(part: Part): Part {
  let at = part;
  while (at.link !== null) at = at.link;
  return at;
}

class Follower {
  readonly #model: Model;
  readonly #lowered: Lowered;
  readonly #code: Program['threads'][number]['code'];
  readonly #byStart: ReadonlyMap<number, Spot>;
  readonly #parts: Map<Spot, Part>;

  constructor(
    model: Model, lowered: Lowered, byStart: ReadonlyMap<number, Spot>, parts: Map<Spot, Part>,
  ) {
    this.#model = model;
    this.#lowered = lowered;
    this.#code = lowered.program.threads[0]?.code ?? [];
    this.#byStart = byStart;
    this.#parts = parts;
  }

  follow(): void {
    this.#code.forEach((_, pc) => {
      const part = this.#partAt(pc);
      if (part?.kind === 'acquire') this.#from(pc, part);
    });
  }

  /** Everything that lets go of what was taken here, or changes its mode. */
  #from(start: Pc, taken: Part): void {
    const seen = new Set<string>();
    const todo = this.#after(start).map((pc) => ({ pc, depth: 0 }));
    for (let at = todo.pop(); at !== undefined; at = todo.pop()) {
      const { pc, depth } = at;
      const key = `${pc} ${depth}`;
      if (seen.has(key) || pc === start) continue;
      seen.add(key);
      let inside = depth;
      if (this.#clsAt(pc) === taken.cls) {
        const part = this.#partAt(pc);
        const op = this.#code[pc]?.op;
        inside = this.#nested(taken, part, at);
        if (inside < depth) {
          todo.push(...this.#after(pc).map((next) => ({ pc: next, depth: inside })));
          continue;
        }
        if (part === null) taken.open = true;
        const lets = part !== null && part.kind !== 'acquire';
        if (lets && this.#sameLock(taken, part)) join(taken, part);
        const ends = part === null ? op !== 'downgrade' : part.kind === 'release';
        if (ends && (part === null || this.#sameLock(taken, part))) continue;
        if (part?.kind === 'acquire' && this.#sameText(taken, part)) continue;
      }
      todo.push(...this.#after(pc).map((next) => ({ pc: next, depth: inside })));
    }
  }

  /** How often another body has taken the lock besides, and has yet to let it go. */
  #nested(taken: Part, part: Part | null, { pc, depth }: { pc: Pc; depth: number }): number {
    if (part === null || part.spot.owner === taken.spot.owner) return depth;
    if (part.kind === 'release') return Math.max(0, depth - 1);
    return this.#code[pc]?.op === 'acquire' ? Math.min(MAX_NESTED, depth + 1) : depth;
  }

  #after(pc: Pc): readonly Pc[] {
    const instr = this.#code[pc];
    if (instr === undefined || instr.op === 'end') return [];
    if (instr.op === 'branch') return [instr.next, instr.otherwise];
    return instr.op === 'choose' ? instr.targets : [instr.next];
  }

  /** Within one body, only what is written alike; a proc knows the lock by another name. */
  #sameLock(a: Part, b: Part): boolean {
    return a.spot.owner !== b.spot.owner || this.#sameText(a, b);
  }

  #sameText(a: Part, b: Part): boolean {
    return a.spot.owner === b.spot.owner && this.#lockText(a) === this.#lockText(b);
  }

  #lockText({ spot: { stmt } }: Part): string {
    if (!('lock' in stmt)) return 'rcu';
    const { start, end } = stmt.lock.range;
    return (this.#model.meaning.texts.get(this.#model.file) ?? '').slice(start, end);
  }

  #clsAt(pc: Pc): string | null {
    const instr = this.#code[pc];
    switch (instr?.op) {
      case 'rcu_lock': case 'rcu_unlock': return 'rcu';
      case 'acquire': case 'try': case 'release': case 'downgrade': {
        const { locks, classes } = this.#lowered.program;
        return classes[locks[instr.lock.base]?.cls ?? -1]?.name ?? null;
      }
      default: // No step of a lock.
        return null;
    }
  }

  /** null where it is none, or in another file. */
  #partAt(pc: Pc): Part | null {
    const cls = this.#clsAt(pc);
    const site = this.#lowered.sites[this.#code[pc]?.site ?? -1];
    if (cls === null || site === undefined || site.file !== this.#model.file) return null;
    const spot = this.#byStart.get(site.range.start);
    if (spot === undefined) return null;
    const known = this.#parts.get(spot);
    if (known !== undefined) return known;
    const part: Part = { spot, cls, kind: kindOf(spot), link: null, open: false };
    this.#parts.set(spot, part);
    return part;
  }
}

function kindOf({ stmt }: Spot): Kind {
  if (stmt.kind === 'release' || (stmt.kind === 'rcu' && stmt.op === 'unlock')) return 'release';
  return stmt.kind === 'downgrade' ? 'downgrade' : 'acquire';
}

function join(a: Part, b: Part): void {
  const [rootA, rootB] = [rootOf(a), rootOf(b)];
  if (rootA === rootB) return;
  rootB.link = rootA;
}
