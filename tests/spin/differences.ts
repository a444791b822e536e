// Where mmlock's verdict and SPIN's answer part.
import type { Program, Verdict, Violation } from '../../simulator/src/index.ts';
import type { Answer } from './spin.ts';

const labelOf = ({ code, subject }: Pick<Violation, 'code' | 'subject'>): string =>
  (subject === null ? code : `${code}(${subject})`);

function parted(what: string, ours: ReadonlySet<string>, spins: ReadonlySet<string>): string[] {
  return [
    ...[...ours].filter((it) => !spins.has(it)).map((it) => `${what}: SPIN lacks ${it}`),
    ...[...spins].filter((it) => !ours.has(it)).map((it) => `${what}: mmlock lacks ${it}`),
  ];
}

/** Whether some thread can turn in a circle: others may then run for ever beside a stuck one. */
export function hasLoop(program: Program): boolean {
  return program.threads.some(({ code }) => code.some((_, start) => {
    const seen = new Set<number>();
    const visit = (pc: number): boolean => {
      const instr = code[pc];
      if (instr === undefined || instr.op === 'end' || seen.has(pc)) return false;
      seen.add(pc);
      const nexts = instr.op === 'choose' ? instr.targets
        : instr.op === 'branch' ? [instr.next, instr.otherwise] : [instr.next];
      return nexts.some((next) => next === start || visit(next));
    };
    return visit(start);
  }));
}

const lacking = (whose: string, all: ReadonlySet<string>, of: ReadonlySet<string>): string[] =>
  [...all].filter((it) => !of.has(it)).map((it) => `deadlock: ${whose} lacks ${it}`);

const isDeadlock = (label: string): boolean => /^deadlock(?:\(|$)/.test(label);
const labelsOf = (those: readonly Violation[]): Set<string> => new Set(those.map(labelOf));

/** mmlock tells one circle, a shortest, of those that one wait closes. */
function isAmong(told: string, circle: string): boolean {
  const locks = (label: string): string[] =>
    label.slice('deadlock('.length, -1).split(', ').filter((lock) => lock !== '');
  return locks(told).every((lock) => locks(circle).includes(lock));
}

/** mmlock tells a circle and a stuck thread once where step and locks are the same. */
function deadlockParted(program: Program, verdict: Verdict, answer: Answer): string[] {
  const told = verdict.violations.filter(({ code }) => code === 'deadlock');
  const [all, circles] = [labelsOf(told), labelsOf(told.filter(({ cycle }) => cycle === true))];
  const stuck = labelsOf(told.filter(({ cycle }) => cycle !== true));
  const ends = new Set([...answer.seen].filter(isDeadlock));
  const spinCircles = new Set([...answer.cycles].map((locks) =>
    labelOf({ code: 'deadlock', subject: locks === '' ? null : locks })));
  const untold = new Set([...spinCircles].filter((circle) =>
    ![...circles].some((it) => isAmong(it, circle))));
  return [
    ...lacking('SPIN, circles,', circles, spinCircles), ...lacking('mmlock', untold, all),
    ...lacking('SPIN, stuck,', stuck, answer.stuck), ...lacking('mmlock', answer.stuck, all),
    ...lacking('mmlock', ends, all),
    // By assertions alone SPIN sees a stuck thread only in a state without steps.
    ...(hasLoop(program) ? [] : lacking('SPIN, last states,', stuck, ends)),
  ];
}

export function differences(program: Program, verdict: Verdict, answer: Answer): string[] {
  const { violations } = verdict;
  const plain = violations.filter(({ code }) =>
    code !== 'deadlock' && code !== 'reachable' && code !== 'eventually');
  const spinPlain = new Set([...answer.seen].filter((label) =>
    !isDeadlock(label) && !label.startsWith('reachable(')));
  const names = (kind: string): string[] =>
    program.properties.filter((property) => property.kind === kind).map(({ name }) => name);
  const unreached = new Set(names('reachable').filter((name) =>
    !answer.seen.has(`reachable(${name})`)));
  const ofKind = (kind: string): Set<string> => new Set(violations
    .filter(({ code }) => code === kind).map(({ subject }) => subject ?? ''));
  return [
    ...(verdict.states === answer.states ? []
      : [`states: mmlock ${verdict.states}, SPIN ${answer.states}`]),
    ...(verdict.transitions === answer.steps ? []
      : [`transitions: mmlock ${verdict.transitions}, SPIN ${answer.steps}`]),
    ...parted('violations', labelsOf(plain), spinPlain),
    ...deadlockParted(program, verdict, answer),
    ...parted('reachable', ofKind('reachable'), unreached),
    ...parted('eventually', ofKind('eventually'), answer.unfulfilled),
    ...parted('outcomes', new Set(verdict.outcomes.map((it) => JSON.stringify(it))),
      answer.outcomes),
  ];
}
