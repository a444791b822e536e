// All that one move, and all that one state by itself, shows to be wrong.
import type { Program } from '../../simulator/src/index.ts';
import { keyFor, raceKey, racesAt } from './oracle.ts';
import { allDone, brokenProperties, judge } from './properties.ts';
import { classNameOf, type State } from './state.ts';
import { movesOf, toldOnReaching, type Move } from './step.ts';

/** As the naive checker names them: with the step, or with all sites of a race. */
function ofMove(program: Program, before: State, move: Move): string[] {
  const broken = move.cut ? [] : program.properties.filter((property) =>
    property.kind === 'invariant' && judge(program, before, property) === true
    && judge(program, move.to, property) === false);
  const cycles = move.cycles.map((cycle) => {
    const names = cycle.flatMap((edge) =>
      (edge.lock === null ? [] : [classNameOf(program, edge.lock)]));
    const subject = names.length > 0 ? [...new Set(names)].sort().join(', ') : null;
    return { code: 'deadlock', subject, step: move.site };
  });
  return [
    ...move.told, ...cycles,
    ...broken.map(({ kind, name }) => ({ code: kind, subject: name, step: move.site })),
  ].map(keyFor);
}

function ofState(program: Program, state: State, isFirst: boolean): string[] {
  const threads = program.threads.map((_, thread) => thread);
  const moves = threads.flatMap((thread) => movesOf(program, state, thread));
  const false_ = program.properties.filter((property) =>
    ((property.kind === 'final' && allDone(program, state))
      || (property.kind === 'invariant' && isFirst))
    && judge(program, state, property) === false);
  return [
    ...brokenProperties(program, state),
    ...threads.flatMap((thread) => toldOnReaching(program, state, thread)),
    ...false_.map(({ kind, name, site }) => ({ code: kind, subject: name, step: site })),
  ].map(keyFor).concat(racesAt(program, moves).map(raceKey));
}

const isBroken = (program: Program, state: State): boolean =>
  brokenProperties(program, state).length > 0;

export const evaluateAll = { ofMove, ofState, isBroken };
