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

/** mmlock tells one circle, a shortest, of those that one wait closes. */
function isAmong(told: string, circle: string): boolean {
  const locks = new Set(circle.split(', '));
  return told.split(', ').every((lock) => locks.has(lock));
}

export function differences(program: Program, verdict: Verdict, answer: Answer): string[] {
  const { violations } = verdict;
  const labels = (those: readonly Violation[]): Set<string> => new Set(those.map(labelOf));
  const plain = violations.filter(({ code }) =>
    code !== 'deadlock' && code !== 'reachable' && code !== 'eventually');
  const deadlocks = violations.filter(({ code }) => code === 'deadlock');
  const stuck = labels(deadlocks.filter(({ cycle }) => cycle !== true));
  const cycles = new Set(deadlocks.filter(({ cycle }) => cycle === true)
    .map(({ subject }) => subject ?? ''));
  const seen = [...answer.seen];
  const isDeadlock = (label: string): boolean => /^deadlock(?:\(|$)/.test(label);
  const spinStuck = new Set(seen.filter(isDeadlock));
  const spinPlain = new Set(seen.filter((label) =>
    !isDeadlock(label) && !label.startsWith('reachable(')));
  const names = (kind: string): string[] =>
    program.properties.filter((property) => property.kind === kind).map(({ name }) => name);
  const unreached = new Set(names('reachable').filter((name) =>
    !answer.seen.has(`reachable(${name})`)));
  const ofKind = (kind: string): Set<string> => new Set(violations
    .filter(({ code }) => code === kind).map(({ subject }) => subject ?? ''));
  // SPIN sees a stuck thread only in a state without steps.
  const stuckApart = parted('stuck', stuck, spinStuck).filter((it) =>
    !(hasLoop(program) && it.includes('SPIN lacks')));
  return [
    ...(verdict.states === answer.states ? []
      : [`states: mmlock ${verdict.states}, SPIN ${answer.states}`]),
    ...(verdict.transitions === answer.steps ? []
      : [`transitions: mmlock ${verdict.transitions}, SPIN ${answer.steps}`]),
    ...parted('violations', labels(plain), spinPlain),
    ...stuckApart,
    ...parted('cycles', cycles, new Set([...answer.cycles].filter((circle) =>
      cycles.has(circle) || ![...cycles].some((told) => isAmong(told, circle))))),
    ...parted('reachable', ofKind('reachable'), unreached),
    ...parted('eventually', ofKind('eventually'), answer.unfulfilled),
    ...parted('outcomes', new Set(verdict.outcomes.map((it) => JSON.stringify(it))),
      answer.outcomes),
  ];
}
