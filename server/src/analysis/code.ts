// One thread's instructions as they are emitted: jumps go to marks, which get their place later;
// at the end silent jumps are threaded away.
import type { Instr, Pc } from '../../../simulator/src/program.ts';
import { renumbered } from '../text/renumbered.ts';
import type { LabelNode } from './entity.ts';
import type { Passage } from './lowered.ts';

/** A place that jumps may name before it is known. */
export type Mark = number;

type WithoutBase<I> = I extends Instr ? Omit<I, 'rest' | 'site' | 'next'> : never;
/** An instruction without its place; its `otherwise` and `targets` are marks. */
export type Body = WithoutBase<Instr>;

export interface Emitted {
  readonly rest: boolean;
  readonly site: number;
  /** The `step { }` that it is part of. */
  readonly within?: number | undefined;
  /** Where it goes on; by default to what is emitted next. */
  readonly next?: Mark | undefined;
}

/** A statement that emits no step by itself, from one emitted length to another. */
export interface Passed extends Pick<Passage, 'file' | 'range'> {
  readonly first: number;
  /** `first` where what it does is not its own. */
  readonly end: number;
}

export interface Finished {
  readonly code: readonly Instr[];
  /** Where a label asked for has ended up. */
  readonly labels: (node: LabelNode) => Pc[];
  readonly passages: readonly Omit<Passage, 'thread'>[];
}

export class Code {
  /** Their jumps are marks until `finish`. */
  readonly #instrs: Instr[];
  readonly #marks: Pc[] = [];
  readonly #labels = new Map<LabelNode, { readonly mark: Mark; readonly own: boolean }[]>();
  /** The copies of an instruction that a label's entry got for itself. */
  readonly #copies = new Map<Pc, Pc[]>();
  readonly #peeled = new Set<Pc>();
  readonly #passed: Passed[] = [];

  constructor(instrs: Instr[] = []) {
    this.#instrs = instrs;
  }

  /** The same code about other locals: those whose cells are so much further. */
  withCells(by: number): Code {
    const copy = new Code(this.#instrs.map((instr) => (by === 0 ? instr : withCells(instr, by))));
    copy.#marks.push(...this.#marks);
    for (const [node, marks] of this.#labels) copy.#labels.set(node, marks);
    copy.#passed.push(...this.#passed);
    return copy;
  }

  get length(): number {
    return this.#instrs.length;
  }

  mark(): Mark {
    return this.#marks.push(-1) - 1;
  }

  /** The mark stands for what is emitted next. */
  place(mark: Mark): void {
    this.#marks[mark] = this.#instrs.length;
  }

  emit(body: Body, at: Emitted): void {
    const next = at.next ?? this.mark();
    const { rest, site, within } = at;
    this.#instrs.push(within === undefined ? { ...body, rest, site, next }
      : { ...body, rest, site, within, next });
    if (at.next === undefined) this.place(next);
  }

  /** Goes to a mark without a step. */
  jump(to: Mark, site: number): void {
    this.emit({ op: 'nop' }, { rest: false, site, next: to });
  }

  /** To be called for a statement that somebody may ask about, and that emits no step itself. */
  pass(passed: Passed): void {
    this.#passed.push(passed);
  }

  /**
   * The label names what is emitted next. `own`: that is a step which only the label's own entry
   * and jumps to it reach; else the entry gets a copy when somebody asks for the label.
   */
  label(node: LabelNode, own: boolean): void {
    const mark = this.mark();
    this.place(mark);
    const known = this.#labels.get(node);
    if (known === undefined) this.#labels.set(node, [{ mark, own }]);
    else known.push({ mark, own });
  }

  /** Gives a label's entry steps of its own. To be called for every label asked for. */
  peel(node: LabelNode): void {
    for (const { mark, own } of this.#labels.get(node) ?? []) {
      const anchor = this.#pc(mark);
      const instr = this.#instrs[anchor];
      if (instr === undefined || this.#peeled.has(anchor)) continue;
      if (own && this.#instrs[this.#follow(anchor)]?.rest === true) continue;
      this.#peeled.add(anchor);
      const next = this.mark();
      this.#marks[next] = this.#copy(this.#pc(instr.next), new Map());
      this.#instrs[anchor] = { ...instr, next };
    }
  }

  /** Copies the silent way from `pc` to the steps it leads to, and these steps. */
  #copy(pc: Pc, done: Map<Pc, Pc>): Pc {
    const known = done.get(pc);
    if (known !== undefined) return known;
    const instr = this.#instrs[pc];
    if (instr === undefined || instr.op === 'end') return pc;
    const copy = this.#instrs.push(instr) - 1;
    done.set(pc, copy);
    this.#copies.set(pc, [...(this.#copies.get(pc) ?? []), copy]);
    if (instr.rest) return copy;
    const to = (mark: Mark): Mark => {
      const fresh = this.mark();
      this.#marks[fresh] = this.#copy(this.#pc(mark), done);
      return fresh;
    };
    this.#instrs[copy] = redirect(instr, to);
    return copy;
  }

  #pc(mark: Mark): Pc {
    return this.#marks[mark] ?? 0;
  }

  /** The first instruction from `pc` on that does something; of a circle of jumps some. */
  #follow(pc: Pc): Pc {
    let seen: Set<Pc> | null = null;
    let at = pc;
    for (;;) {
      const instr = this.#instrs[at];
      if (instr === undefined || instr.rest || instr.op !== 'nop' || seen?.has(at) === true) {
        return at;
      }
      seen ??= new Set();
      seen.add(at);
      at = this.#pc(instr.next);
    }
  }

  /** The steps at which a thread rests that is at the label. */
  #stepsAt(node: LabelNode): readonly Pc[] {
    const steps = new Set<Pc>();
    for (const { mark } of this.#labels.get(node) ?? []) {
      for (const pc of this.#withCopies(this.#pc(mark))) this.#reach(pc, steps);
    }
    return [...steps];
  }

  #withCopies(pc: Pc): readonly Pc[] {
    if (this.#copies.size === 0) return [pc];
    const all = new Set([pc]);
    for (const at of all) for (const copy of this.#copies.get(at) ?? []) all.add(copy);
    return [...all];
  }

  /** Collects the steps that are reached silently from `pc`, and their copies. */
  #reach(start: Pc, steps: Set<Pc>): void {
    const seen = new Set([start]);
    for (const pc of seen) {
      const instr = this.#instrs[pc];
      if (instr === undefined || instr.op === 'end') continue;
      if (instr.rest) {
        for (const copy of this.#withCopies(pc)) steps.add(copy);
        continue;
      }
      for (const mark of jumpsOf(instr)) seen.add(this.#pc(mark));
    }
  }

  finish(): Finished {
    // Steps that nothing leads to stay in: that nobody gets there is worth saying.
    const entry = this.#follow(0);
    const live = new Set([entry]);
    for (const [pc, { rest }] of this.#instrs.entries()) if (rest) live.add(pc);
    for (const pc of live) {
      const instr = this.#instrs[pc];
      if (instr === undefined || instr.op === 'end') continue;
      for (const mark of jumpsOf(instr)) live.add(this.#follow(this.#pc(mark)));
    }
    const place = new Map([[entry, 0]]);
    for (const pc of this.#instrs.keys()) {
      if (pc !== entry && live.has(pc)) place.set(pc, place.size);
    }
    const to = (mark: Mark): Pc => place.get(this.#follow(this.#pc(mark))) ?? 0;
    const code: Instr[] = [];
    for (const pc of place.keys()) {
      const instr = this.#instrs[pc];
      if (instr === undefined) continue;
      code.push(instr.op === 'end' ? { ...instr, next: 0 } : redirect(instr, to));
    }
    const labels = (node: LabelNode): Pc[] =>
      this.#stepsAt(node).flatMap((pc) => place.get(pc) ?? []).sort((a, b) => a - b);
    return { code, labels, passages: this.#passages(place) };
  }

  #passages(place: ReadonlyMap<Pc, Pc>): Finished['passages'] {
    const placed = (first: Pc, end: Pc): Pc[] => {
      const found: Pc[] = [];
      for (let pc = first; pc < end; pc++) {
        for (const copy of this.#withCopies(pc)) {
          const at = place.get(copy);
          if (at !== undefined) found.push(at);
        }
      }
      return found;
    };
    return this.#passed.map(({ file, range, first, end }) => {
      const from = this.#follow(first);
      return { file, range, from: placed(from, from + 1), inside: new Set(placed(first, end)) };
    });
  }
}

/** The same about other locals. */
export function withCells(instr: Instr, by: number): Instr {
  return renumbered(instr, (key, value, holder) =>
    (key === 'cell' && 'kind' in holder && holder.kind === 'local' ? value + by : value));
}

/** Every mark an instruction can go to. */
function jumpsOf(instr: Instr): readonly Mark[] {
  if (instr.op === 'branch') return [instr.next, instr.otherwise];
  return instr.op === 'choose' ? instr.targets : [instr.next];
}

function redirect(instr: Instr, to: (mark: Mark) => number): Instr {
  if (instr.op === 'branch') {
    return { ...instr, next: to(instr.next), otherwise: to(instr.otherwise) };
  }
  if (instr.op === 'choose') {
    const targets = instr.targets.map(to);
    return { ...instr, targets, next: targets[0] ?? 0 };
  }
  return { ...instr, next: to(instr.next) };
}
