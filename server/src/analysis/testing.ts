// For the tests of this folder: a text analysed and lowered, problems and programs on paper.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type {
  Access, Expr, Instr, LockRef, Program, Target,
} from '../../../simulator/src/program.ts';
import { unreachable } from '../text/unreachable.ts';
import { createParser } from '../syntax/parse.ts';
import type { SyntaxParser } from '../syntax/parse.ts';
import { analyze } from './analyze.ts';
import { lowerScenario } from './lower.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';

export const ROOT = join(dirname(fileURLToPath(import.meta.url)), '../../..');

let parser: Promise<SyntaxParser> | null = null;

export function theParser(): Promise<SyntaxParser> {
  parser ??= createParser({
    runtime: readFileSync(join(ROOT, 'node_modules/web-tree-sitter/web-tree-sitter.wasm')),
    grammar: readFileSync(join(ROOT, 'grammars/mmlock.wasm')),
  });
  return parser;
}

/** By name: `a.mmlock`, or a module's `mm`. */
export type Files = Readonly<Record<string, string>>;

export async function read(text: string, files: Files = {}, file = 'main'): Promise<Model> {
  const it = await theParser();
  const parsed = it.parse(text, file);
  parsed.dispose();
  return analyze({
    file, source: parsed.file, text, damaged: parsed.problems.map((problem) => problem.range),
    use: (_from, decl) => {
      const name = decl.path ?? decl.module ?? '';
      if (name === file) return { file, source: parsed.file, text, syntaxProblems: [] };
      const other = files[name] ?? (decl.path === null ? libraryText(name) : undefined);
      if (other === undefined) {
        const failure = decl.path === null ? 'no_module' : 'no_file';
        return { failure, candidates: Object.keys(files) };
      }
      const used = it.parse(other, name);
      used.dispose();
      return { file: name, source: used.file, text: other, syntaxProblems: used.problems };
    },
  });
}

/** The text of a bundled module. */
function libraryText(name: string): string | undefined {
  const path = join(ROOT, 'library', `${name}.mmlock`);
  return existsSync(path) ? readFileSync(path, 'utf8') : undefined;
}

/** Each problem as `code [the text it is at] message`. */
export function told(text: string, model: Model): readonly string[] {
  return model.problems.map(({ code, range, message, severity }) => {
    const kind = severity === 'error' ? code : `${code} (${severity})`;
    return `${kind} [${text.slice(range.start, range.end)}] ${message}`;
  });
}

export async function problems(text: string, files: Files = {}): Promise<readonly string[]> {
  return told(text, await read(text, files));
}

/** The program of the scenario `name` (by default the first). */
export async function lowered(text: string, name?: string): Promise<Lowered> {
  const model = await read(text);
  const scenario = model.scenarios.find((it) => name === undefined || it.name.text === name);
  const found = scenario === undefined ? null : lowerScenario(model, scenario);
  if (found === null) throw new Error(`not lowered: ${told(text, model).join('\n')}`);
  return found;
}

/** A thread's code, a line for each instruction: `*` rests; jumps that are not to the next line. */
export function listing(found: Lowered, thread = 0): readonly string[] {
  const { program } = found;
  const printer = new Printer(found);
  const code = program.threads[thread]?.code ?? [];
  return code.map((instr, pc) => {
    const goes = instr.op === 'end' || instr.op === 'choose' || instr.next === pc + 1
      ? '' : ` -> ${instr.next}`;
    return `${pc}${instr.rest ? '*' : ' '} ${printer.instr(instr)}${goes}`;
  });
}

/** An expression of the program, as `listing` prints it. */
export function printExpr(found: Lowered, e: Expr): string {
  return new Printer(found).expr(e);
}

class Printer {
  readonly #program: Program;
  readonly #names: readonly string[];

  constructor(found: Lowered) {
    this.#program = found.program;
    this.#names = found.cells.map((cell) => cell.name);
  }

  instr(i: Instr): string {
    switch (i.op) {
      case 'set': return `${this.#target(i.target)} = ${this.expr(i.value)}`;
      case 'any': return `${this.#target(i.target)} = any ${this.expr(i.lo)}..${this.expr(i.hi)}`;
      case 'branch': return `if ${this.expr(i.cond)} else ${i.otherwise}`;
      case 'choose': return `choose ${i.targets.join(' ')}`;
      case 'acquire': {
        const nested = i.nested ? ' nested' : '';
        return `acquire ${i.mode} ${this.#lock(i.lock)}${nested}`;
      }
      case 'try': return `try ${i.mode} ${this.#lock(i.lock)} r${i.result}`;
      case 'release': return `release ${i.mode ?? 'any'} ${this.#lock(i.lock)}`;
      case 'downgrade': return `downgrade ${this.#lock(i.lock)}`;
      case 'cmpxchg': {
        const args = `${this.expr(i.old)}, ${this.expr(i.value)}`;
        return `r${i.result} = cmpxchg(${this.#access(i.access)}, ${args})`;
      }
      case 'await': return `await ${this.expr(i.cond)}`;
      case 'assert': return `assert ${this.expr(i.cond)}${i.text === null ? '' : ` "${i.text}"`}`;
      case 'outcome': return `outcome ${i.outcome}`;
      case 'new': {
        const inits = i.inits.map(({ place, value }) =>
          `${this.#program.places[place]?.name ?? '?'}: ${this.expr(value)}`);
        const pool = this.#program.pools[i.pool]?.name ?? '?';
        return `${this.#target(i.target)} = new ${pool} {${inits.join(', ')}}`;
      }
      case 'free': return `free${i.deferred ? '_rcu' : ''} ${this.expr(i.value)}`;
      case 'nop': case 'rcu_lock': case 'rcu_unlock': case 'synchronize_rcu': case 'end':
        return i.op;
      default: return unreachable(i);
    }
  }

  #target(target: Target): string {
    if (target.kind === 'store') return this.#access(target.access);
    return target.kind === 'reg' ? `r${target.reg}` : target.name;
  }

  #access({ place, ref, index, marked }: Access): string {
    const name = this.#program.places[place]?.name ?? '?';
    const object = ref === null ? '' : `(${this.expr(ref)})`;
    const element = index === null ? '' : `[${this.expr(index)}]`;
    return `${marked ? '@' : ''}${name}${object}${element}`;
  }

  #lock({ base, ref, index }: LockRef): string {
    const cls = this.#program.classes[this.#program.locks[base]?.cls ?? -1]?.name ?? '?';
    const object = ref === null ? '' : `(${this.expr(ref)})`;
    return `${cls}${object}${index === null ? '' : `[${this.expr(index)}]`}`;
  }

  expr(e: Expr): string {
    switch (e.kind) {
      case 'const': return String(e.value);
      case 'local': return this.#names[e.cell] ?? '?';
      case 'reg': return `r${e.reg}`;
      case 'load': return this.#access(e.access);
      case 'not': return `!${this.expr(e.operand)}`;
      case 'neg': return `-${this.expr(e.operand)}`;
      case 'binary': return `(${this.expr(e.left)} ${e.op} ${this.expr(e.right)})`;
      case 'one_of': return `${this.expr(e.value)} in {${e.items.map((i) => this.expr(i))}}`;
      case 'between': {
        return `${this.expr(e.value)} in ${this.expr(e.lo)}..${this.expr(e.hi)}`;
      }
      case 'quantifier': {
        const over = `r${e.reg} in ${this.expr(e.lo)}..${this.expr(e.hi)}`;
        return `${e.quantifier}(${over}: ${this.expr(e.body)})`;
      }
      case 'held': return `held ${e.mode ?? 'any'} ${this.#lock(e.lock)}`;
      case 'holds': return `holds ${e.mode ?? 'any'} ${this.#lock(e.lock)}`;
      case 'done': return `done ${e.thread}`;
      case 'at': return `at ${e.thread} {${e.pcs}}`;
      case 'outcome': return `outcome ${e.thread}`;
      case 'self_ref': case 'self_index': return e.kind;
      default: return unreachable(e);
    }
  }
}
