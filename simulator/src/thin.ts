// A search made thin: it keeps its states, but counts its transitions. Then nothing is done for one
// that leads back, and a successor that is found in another order as well is not looked up. What
// needs the graph afterwards (traces) is searched again, as far as it is needed.
import type { Running } from './generated.ts';
import { dropTransitions } from './graph.ts';
import { canBeLean } from './lean.ts';
import { askedThreads } from './progress.ts';
import { commutingSteps } from './reduction/commuting.ts';
import type { SearchState } from './search.ts';
import { attendEnds } from './stuck.ts';
import { GLOBALS } from './wasm/memory.ts';
import { fillRows } from './wasm/rows.ts';
import { mayStayUnexpanded } from './wasm/sleep.ts';

/** Whether what it has met so far, and will be asked, needs no graph. */
function canBeThin(s: SearchState): boolean {
  return s.ledger.entries.length === 0 && canBeLean(s)
    && askedThreads(s.engine.program).length === 0;
}

/** Of a search in generated code that keeps its graph; null: it stays as it is. */
export function makeThin(s: SearchState): Running | null {
  const { instance: running, graph } = s;
  if (running === null || running.keeping === null || !canBeThin(s)) return null;
  const { loaded, keeping: { rowsAt, instance } } = running;
  attendEnds(s);
  const { program, machine: { layout } } = s.engine;
  if (rowsAt !== null && s.sleep && !mayStayUnexpanded(program)) {
    fillRows(loaded.memory.buffer, commutingSteps(program, layout.held), { layout, rowsAt });
  }
  instance.views.first.fill(0); // no state has a row yet
  loaded.globals[GLOBALS.thin]!.value = 1;
  dropTransitions(graph);
  return { ...running, loaded: { ...loaded, run: loaded.exported('runThin') } };
}
