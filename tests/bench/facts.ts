// Part `facts`: from an edit of a large file to what is said of it without a search: syntax, names,
// types, and what each thread does wrong alone. In the server's process, without the transport.
import { performance } from 'node:perf_hooks';
import { analyze } from '../../server/src/analysis/analyze.ts';
import { staticFindings } from '../../server/src/analysis/file-findings.ts';
import { KeptPrograms } from '../../server/src/analysis/kept-programs.ts';
import type { SyntaxParser } from '../../server/src/service/check-file.ts';
import { median, short, table, whole, type Bench, type Row } from './bench.ts';

const LINES: readonly number[] = [500, 2_000, 8_000];
const WARM_UP = 15;
const ROUNDS = { quick: 41, full: 201 } as const;
const PARTS = ['parse', 'analyse', 'threads'] as const;

type Times = Readonly<Record<typeof PARTS[number], number>>;

export function facts(bench: Bench): void {
  bench.say('\n## Edit to static facts: medians in ms, a word typed anywhere in the file\n');
  const rows = LINES.map((lines): Row => {
    const all = measured(bench.parser, lines, bench.full ? ROUNDS.full : ROUNDS.quick);
    const sums = all.map((times) => times.parse + times.analyse + times.threads);
    const parts = PARTS.map((part) => short(median(all.map((times) => times[part]))));
    return [whole(lines), short(median(sums)), ...parts,
      `${short(Math.min(...sums))} - ${short(Math.max(...sums))}`];
  });
  bench.say(table([['lines', 'all', ...PARTS, 'min - max'], ...rows]));
}

/** One after the other in one file, each at another place: a word is typed, and then taken back. */
function measured(parser: SyntaxParser, lines: number, rounds: number): readonly Times[] {
  const whole = textOf(lines);
  const kept = new KeptPrograms();
  let syntax = parser.parse(whole, 'bench.mmlock');
  const times: Times[] = [];
  const read = (text: string): Times => {
    const start = performance.now();
    syntax = parser.reparse(syntax, text);
    const parsed = performance.now();
    const model = analyze({
      file: 'bench.mmlock', text, source: syntax.file, kept,
      damaged: syntax.problems.map(({ range }) => range),
      use: () => ({ failure: 'no_file' }),
    });
    const analysed = performance.now();
    const found = [...syntax.problems, ...model.problems, ...staticFindings(model)];
    const end = performance.now();
    if (found.length > 0) throw new Error(found[0]?.message);
    return { parse: parsed - start, analyse: analysed - parsed, threads: end - analysed };
  };
  for (let round = 0; round < WARM_UP + rounds; round++) {
    const at = whole.indexOf(WORDS, (round * 7_919) % (whole.length - UNIT_LENGTH_MAX));
    const typed = read(whole.slice(0, at) + 'quickly ' + whole.slice(at));
    const back = read(whole);
    if (round >= WARM_UP) times.push(round % 2 === 0 ? typed : back);
  }
  syntax.dispose();
  return times;
}

const WORDS = 'find and split vmas';
const UNIT_LENGTH_MAX = 1_200;

/** At least so many lines, of units that are the same but for a number. */
export function textOf(lines: number, made = unit): string {
  let text = '';
  for (let k = 0; text.split('\n').length < lines; k++) text += made(k);
  return text;
}

/** A munmap beside a fault, as in the first look at the language; 38 lines. */
function unit(k: number): string {
  return `
enum vma_state_${k} { attached_${k}, detached_${k} }
lock mmap_${k}: rwsem
lock ptl_${k}: spinlock
type page_${k} = 0..1
shared vma_${k}: vma_state_${k} = attached_${k}   guarded by mmap_${k}
shared pte_${k}: page_${k}[2] = 0   guarded by ptl_${k}
proc zap_${k}(i: page_${k}) {
  acquire ptl_${k}
  pte_${k}[i] = 0
  release ptl_${k}
}
/// Detaches, then zaps.
thread munmap_${k} {
  acquire write mmap_${k}
  step "find and split vmas"
  vma_${k} = detached_${k}
  downgrade mmap_${k}
  for i in page_${k} { zap_${k}(i) }
  release mmap_${k}
}
thread fault_${k}(p: page_${k}) -> content | sigsegv {
  acquire read mmap_${k}
  if vma_${k} == detached_${k} {
    outcome sigsegv
  } else {
    acquire ptl_${k}
    if pte_${k}[p] == 0 { pte_${k}[p] = 1 }
    outcome content
    release ptl_${k}
  }
  release mmap_${k}
}
final gone_${k}: munmap_${k}.done => vma_${k} == detached_${k}
scenario both_${k} {
  munmap_${k}
  fault_${k}(0)
}
`;
}
