// What walking a thread alone found, in words: errors that happen on every path to their step, and
// locals that are stale after a lock was dropped and taken again.
import type { Code, Problem, Related } from '../text/problem.ts';
import type { FileId, Location, Range } from '../text/range.ts';
import type { SiteId } from '../../../simulator/src/program.ts';
import { holdingText, lockSentence } from './lock-sentences.ts';
import type { Lowered } from './lowered.ts';
import type { Model } from './model.ts';
import { printGuard } from './run-state.ts';
import { lockInMode } from './state-rows.ts';
import { hasMarks } from './marks.ts';
import { siteOf } from './trace.ts';
import type { Event, StaleUse } from './walk-core.ts';
import type { OneWalk, Walked } from './walks.ts';

/**
 * Errors of a thread of this file. What lies in a used file is shown at the thread that gets there;
 * what `isTold` knows of, by code and place, is left out.
 */
export function certainProblems(
  model: Model, { decl, file: own, walks }: Walked, isTold: (code: Code, at: Location) => boolean,
): readonly Problem[] {
  const [first, ...others] = walks.map(certainIn);
  if (first === undefined || own !== model.file) return [];
  const once = new Map([...first].filter(([key]) => others.every((other) => other.has(key))));
  return [...once.values()].flatMap(({ walked, event }): Problem[] => {
    const { file, range } = siteOf(walked.lowered, event.site);
    if (isTold(event.code, { file, range })) return [];
    const here = file === model.file;
    const message = sentence(walked, decl.name.text, event);
    return [{
      code: event.code, severity: 'error', message,
      related: here ? [] : [{ file, range, message }],
      range: here ? range : decl.name.range,
    }];
  });
}

interface Certain {
  readonly walked: OneWalk;
  readonly event: Event;
}

/** By what it is and its step, wherever the params put it in the program: the first of each. */
function certainIn(walked: OneWalk): ReadonlyMap<string, Certain> {
  const { lowered, thread } = walked;
  const found = new Map<string, Certain>();
  for (const event of walked.walk?.certain ?? []) {
    const { within = event.site } = lowered.program.threads[thread]?.code[event.pc] ?? {};
    const { file, range } = siteOf(lowered, within);
    const key = `${event.code} ${event.subject ?? ''} ${file} ${range.start} ${range.end}`;
    if (!found.has(key)) found.set(key, { walked, event });
  }
  return found;
}

function sentence({ lowered, thread }: OneWalk, who: string, event: Event): string {
  const { program } = lowered;
  const instr = program.threads[thread]?.code[event.pc] ?? null;
  const subject = event.subject ?? '';
  switch (event.code) {
    case 'lock_not_held':
    case 'lock_held_at_exit':
    case 'sleep_in_atomic':
    case 'lock_order':
      return lockSentence(program, {
        code: event.code, subject, who, instr, held: event.held,
        step: siteOf(lowered, event.site).text,
      });
    case 'guard': {
      const place = program.places.find((it) => it.name === subject);
      const guard = event.write ? place?.writeGuard : place?.readGuard;
      const needs = guard === undefined || guard === null ? '' : printGuard(program, guard);
      return `\`${subject}\` is ${event.write ? 'written' : 'read'} without \`${needs}\`: `
        + `${who} ${holdingText(program, event.held)}`;
    }
    default: { // A walk finds nothing else but `deadlock` with itself.
      const own = event.held.find((it) =>
        program.classes[program.locks[it.lock]?.cls ?? -1]?.name === subject);
      const how = own === undefined ? '' : ` (${lockInMode(program, own.lock, own.mode)})`;
      return event.subject === null
        ? `${who} waits for itself: it is inside rcu_read_lock`
        : `${who} waits for \`${subject}\`, which it holds itself${how}`;
    }
  }
}

/**
 * Each local once for each place where it is used, also in a proc that is called several times; in
 * this file only.
 */
export function staleProblems(model: Model, walks: readonly OneWalk[]): readonly Problem[] {
  const once = new Map<string, Problem>();
  for (const each of walks) {
    const { lowered, thread } = each;
    const walked = lowered.program.threads[thread];
    if (walked === undefined || !hasMarks(walked)) continue;
    for (const use of each.walk?.stale ?? []) {
      const { file, range } = siteOf(lowered, use.site);
      if (file !== model.file) continue;
      const key = `${lowered.cells[use.cell]?.name ?? ''} ${range.start}`;
      if (!once.has(key)) once.set(key, staleProblem(lowered, use, range));
    }
  }
  return [...once.values()];
}

function staleProblem(lowered: Lowered, { cell, mark }: StaleUse, range: Range): Problem {
  const name = lowered.cells[cell]?.name ?? '';
  const lock = lowered.program.locks[mark.retaken ?? -1]?.name ?? '';
  const at = (site: SiteId): { file: FileId; range: Range } => siteOf(lowered, site);
  return {
    code: 'stale_after_relock', severity: 'warning', range,
    message: `\`${name}\` was read under \`${lock}\`, which was dropped and taken again since: `
      + 'read it again before it is used',
    related: [
      { ...place(at(mark.readAt)), message: `\`${name}\` is read here` },
      { ...place(at(mark.droppedAt)), message: `\`${lock}\` is dropped here` },
      { ...place(at(mark.retakenAt)), message: `\`${lock}\` is taken again here` },
    ],
  };
}

function place({ file, range }: { file: FileId; range: Range }): Omit<Related, 'message'> {
  return { file, range };
}
