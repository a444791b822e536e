// The steps and accesses of a program by number, each with its place in the text.
import type { FileId, Range } from '../text/range.ts';
import { unreachable } from '../text/unreachable.ts';
import type { Expr, Stmt, Takes } from '../syntax/ast.ts';
import { evaluate, isNumber } from './constants.ts';
import type { Consts } from './constants.ts';
import type { Site, SiteCost } from './lowered.ts';
import { MAX_LINE, oneLine } from './symbols.ts';

export interface SiteOwner {
  readonly file: FileId;
  /** The thread or proc. */
  readonly name: string;
}

export class SiteTable {
  readonly sites: Site[] = [];
  /** Two numbers for one place: something asks for what was taken over from another version. */
  clash = false;
  readonly #ids = new Map<object, number>();
  /** Whose sites were taken over. */
  readonly #takenOver = new Set<string>();
  readonly #texts: ReadonlyMap<FileId, string>;
  readonly #consts: Consts;

  constructor(texts: ReadonlyMap<FileId, string>, consts: Consts) {
    this.#texts = texts;
    this.#consts = consts;
  }

  /** The site of a statement: the same wherever it is inlined or run. */
  ofStmt(s: Stmt, owner: SiteOwner): number {
    const known = this.#ids.get(s);
    if (known !== undefined) return known;
    const range = this.#withoutTakes(s, stepRange(s), owner);
    const text = s.kind === 'step' && s.text !== null ? s.text : null;
    const takes = s.takes === null ? null : costOf(s.takes, this.#consts);
    return this.#add(s, { ...this.#site(range, owner), ...(text === null ? {} : { text }), takes });
  }

  ofExpr(e: Expr, owner: SiteOwner): number {
    return this.#ids.get(e) ?? this.#add(e, this.#site(e.range, owner));
  }

  /** Of anything else that has a place: a property, a thread as a whole. */
  ofNode(node: { readonly range: Range }, range: Range, owner: SiteOwner): number {
    return this.#ids.get(node) ?? this.#add(node, this.#site(range, owner));
  }

  /** Sites of another version's nodes: those of this version do not lead to them. */
  takeOver(sites: readonly Site[]): void {
    for (const site of sites) {
      this.sites.push(site);
      this.#takenOver.add(site.owner);
    }
  }

  /** What a step costs is no part of what it does. */
  #withoutTakes(s: Stmt, range: Range, owner: SiteOwner): Range {
    if (s.takes === null || range.end <= s.takes.range.start) return range;
    const source = this.#texts.get(owner.file) ?? '';
    const before = source.slice(range.start, s.takes.range.start).replace(/\s*(\btakes\s*)?$/, '');
    return { start: range.start, end: range.start + before.length };
  }

  #site(range: Range, owner: SiteOwner): Site {
    const source = this.#texts.get(owner.file) ?? '';
    const text = oneLine(source, range, MAX_LINE);
    return { file: owner.file, range, text, owner: owner.name, takes: null };
  }

  #add(node: object, site: Site): number {
    const id = this.sites.push(site) - 1;
    this.#ids.set(node, id);
    if (this.#takenOver.has(site.owner)) this.clash = true;
    return id;
  }
}

/** The statement; of a compound one its head. */
function stepRange(s: Stmt): Range {
  switch (s.kind) {
    case 'if': case 'try': case 'while': case 'loop': case 'for':
      return s.head;
    case 'step':
      return s.body === null ? s.range : s.head;
    case 'choose':
      return { start: s.range.start, end: Math.min(s.range.end, s.range.start + 'choose'.length) };
    case 'labelled':
      return stepRange(s.stmt);
    case 'acquire': case 'release': case 'downgrade': case 'assign': case 'write_once': case 'let':
    case 'jump': case 'goto': case 'call': case 'await': case 'assert': case 'outcome':
    case 'return': case 'free': case 'rcu': case 'hole':
      return s.range;
    default:
      return unreachable(s);
  }
}

function costOf(takes: Takes, consts: Consts): SiteCost | null {
  const ns = (e: Expr): number => {
    const value = evaluate(e, consts);
    return isNumber(value) ? value : 0;
  };
  switch (takes.kind) {
    case 'fixed':
      return { kind: 'fixed', ns: ns(takes.value) };
    case 'uniform':
      return { kind: 'uniform', lo: ns(takes.lo), hi: ns(takes.hi) };
    case 'exp':
      return { kind: 'exp', mean: ns(takes.mean) };
    default:
      return unreachable(takes);
  }
}
