// Who is asked about a program, and where their answers part. Engines give a verdict; judges have
// ways of their own to say what they saw and compare with a verdict themselves.
import { check, type Program, type Verdict, type Violation } from '../../simulator/src/index.ts';
import type { Lowered } from '../../server/src/analysis/lowered.ts';
import { differences as oracleDifferences } from '../oracle/compare.ts';
import { opinionOf, type Opinion } from '../oracle/oracle.ts';
import { differences as spinDifferences } from '../spin/differences.ts';
import { askSpin, type Tools } from '../spin/spin.ts';

/** Larger programs are passed over. */
export const LIMITS = { maxStates: 20_000, maxMemory: 2 ** 28 };
/** The naive checker keeps every state as an object with a text for a key. */
const ORACLE_MAX_STATES = 600;

export interface Engine {
  readonly name: string;
  /** Whether it goes through the same states and steps as the plain search: counts are equal. */
  readonly exact: boolean;
  /** Asked about one program in so many: some take long to begin. */
  readonly every: number;
  opinion(program: Program): Verdict;
}

/** The first is what the others, and the judges, are compared with. */
export const ENGINES: readonly Engine[] = [
  {
    name: 'plain search', exact: true, every: 1,
    opinion: (program) => check(program, LIMITS, { engine: 'interpreted' }),
  },
  {
    name: 'generated code', exact: true, every: 4,
    opinion: (program) => check(program, LIMITS, { engine: 'generated', reduction: false }),
  },
  {
    name: 'generated code from the 40th state, lean from the 90th', exact: true, every: 4,
    opinion: (program) => check(program, LIMITS, { codeAt: 40, leanAt: 90, reduction: false }),
  },
  {
    name: 'reduced search', exact: false, every: 2,
    // Alone: a plain search that went on for the traces would find what is lost.
    opinion: (program) => check(program, LIMITS, { reduceAt: 1, traceStates: 0 }),
  },
];

export interface Judge {
  readonly name: string;
  /** null: too large to say. */
  differences(lowered: Lowered, verdict: Verdict): Promise<readonly string[] | null>;
}

/** null where it is too large, or has a step without an end, which is none to follow. */
function naiveOpinion(program: Program): Opinion | null {
  try {
    return opinionOf(program, ORACLE_MAX_STATES);
  } catch (wrong) {
    if (wrong instanceof RangeError) return null;
    throw wrong;
  }
}

export const ORACLE: Judge = {
  name: 'naive checker',
  async differences({ program }, verdict) {
    if (verdict.bound === null && verdict.states > ORACLE_MAX_STATES) return null;
    const opinion = naiveOpinion(program);
    return opinion === null ? null : oracleDifferences(program, opinion, verdict);
  },
};

/** Whether a thread could turn in a circle within one step. */
function mayTurn({ threads }: Program): boolean {
  return threads.some(({ code }) => {
    const silent = (pc: number): readonly number[] => {
      const instr = code[pc];
      if (instr === undefined || instr.op === 'end') return [];
      const nexts = instr.op === 'choose' ? instr.targets
        : instr.op === 'branch' ? [instr.next, instr.otherwise] : [instr.next];
      return nexts.filter((next) => code[next]?.rest === false);
    };
    return code.some((_, start) => {
      const seen = new Set<number>();
      for (const open = [start]; open.length > 0;) {
        for (const next of silent(open.pop() ?? start)) {
          if (next === start) return true;
          if (!seen.has(next)) open.push(next);
          seen.add(next);
        }
      }
      return false;
    });
  });
}

export const spinJudge = (tools: Tools, maxStates: number): Judge => ({
  name: 'SPIN',
  async differences(lowered, verdict) {
    if (verdict.bound !== null || verdict.states > maxStates) return null;
    const { program } = lowered;
    // It would follow such a step for ever.
    if (mayTurn(program) && naiveOpinion(program) === null) return null;
    const parted = spinDifferences(program, verdict, await askSpin(tools, lowered));
    if (parted.length === 0 || tools.second === null) return parted;
    const second = { compiler: tools.second, second: null };
    return spinDifferences(program, verdict, await askSpin(second, lowered));
  },
});

export const labelOf = ({ code, subject }: Pick<Violation, 'code' | 'subject'>): string =>
  (subject === null ? code : `${code}(${subject})`);

function lacking(what: string, all: readonly string[], of: readonly string[]): readonly string[] {
  const known = new Set(of);
  return [...new Set(all)].filter((it) => !known.has(it)).map((it) => `${what} ${it}`);
}

const outcomesOf = ({ outcomes }: Verdict): readonly string[] =>
  outcomes.map((it) => JSON.stringify(it));

/** A violation with its step and the length of its run, as exact engines must agree on it. */
const exactly = (violation: Violation): string =>
  `${labelOf(violation)} at ${violation.step} after ${violation.trace?.steps.length ?? '-'}`;

/** Where two verdicts on one program part; nothing is said of a search that was cut short. */
export function verdictDifferences(
  reference: Verdict, other: Verdict, exact: boolean,
): readonly string[] {
  if (reference.bound !== null || other.bound !== null) return [];
  const name = exact ? exactly : labelOf;
  const [ours, theirs] = [reference.violations.map(name), other.violations.map(name)];
  const counts = exact ? (['states', 'transitions', 'depth'] as const) : [];
  return [
    ...(reference.result === other.result ? [] : [`result ${other.result}`]),
    ...lacking('lacks', ours, theirs), ...lacking('alone has', theirs, ours),
    ...lacking('lacks outcomes', outcomesOf(reference), outcomesOf(other)),
    ...lacking('alone has outcomes', outcomesOf(other), outcomesOf(reference)),
    ...counts.filter((what) => reference[what] !== other[what])
      .map((what) => `${what} ${other[what]} for ${reference[what]}`),
  ];
}

export interface Asked {
  readonly verdict: Verdict;
  /** `ENGINE: what`. */
  readonly differences: readonly string[];
  /** Engines and judges that had something to say. */
  readonly judged: readonly string[];
}

export interface Question {
  readonly judges: readonly Judge[];
  /** Whose turn it is, by `Engine.every`. */
  readonly turn: number;
}

/** Asks everyone whose turn it is about one program. */
export async function askAll(lowered: Lowered, { judges, turn }: Question): Promise<Asked> {
  const [plain, ...others] = ENGINES;
  if (plain === undefined) throw new Error('there is no engine');
  const verdict = plain.opinion(lowered.program);
  const asked = others.filter(({ every }) => turn % every === 0);
  const differences = asked.flatMap((engine) =>
    verdictDifferences(verdict, engine.opinion(lowered.program), engine.exact)
      .map((what) => `${engine.name}: ${what}`));
  const judged = asked.map(({ name }) => name);
  for (const judge of judges) {
    const found = await judge.differences(lowered, verdict);
    if (found === null) continue;
    judged.push(judge.name);
    differences.push(...found.map((what) => `${judge.name}: ${what}`));
  }
  return { verdict, differences, judged };
}
