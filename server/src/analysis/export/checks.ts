// The process that looks at every state: what must not be so where a thread rests, threads that are
// stuck, properties. Its steps change nothing, so it adds no state.
import type { ClassIdx, Pc, Property, ThreadIdx } from '../../../../simulator/src/program.ts';
import { unreachable } from '../../text/unreachable.ts';
import { mightBeStuck, NOT_FOLLOWED } from './collect-graph.ts';
import { noteOutcome } from './collect.ts';
import { propertyErrors, scopeOf, valueOf } from './expr.ts';
import {
  allOf, anyOf, block, comment, define, either, indent, not, when, type Lines,
} from './lines.ts';
import { holdsOneOf, spins } from './locks.ts';
import { checkFor, classOf, commentAt, tell, type Check, type Model } from './model.ts';
import { restingPcs } from './threads.ts';
import { walk, type Sink } from './walk.ts';

/** `over`, `nobody_can_go`, `judged`, `running`: of a state. */
export function stateMacros(model: Model): Lines {
  const { threads } = model.names;
  const mustEnd = model.program.threads.flatMap((thread, t) =>
    (thread.background ? [] : [threads[t]!.done]));
  const judged = propertyErrors(model).map(not);
  const running = judged.length === 0 ? '!stopped' : '(!stopped && judged)';
  return [
    define('over', allOf(mustEnd)),
    define('nobody_can_go', allOf(threads.map((names) => not(names.canGo)))),
    ...(judged.length === 0 ? [] : [define('judged', allOf(judged))]),
    define('running', running),
  ];
}

export function checksProctype(model: Model): Lines {
  const state = model.options.collect
    ? ['c_code { mm_state(); mm_id(); };', ...when('(over)', [noteOutcome(model)]),
      ...mayBeStuck(model)] : [];
  const lines = [
    ...model.program.threads.flatMap((_, t) => [...restChecks(model, t), ...endChecks(model, t)]),
    ...stuckChecks(model),
    ...model.program.properties.flatMap((property, i) => propertyChecks(model, property, i)),
  ];
  return ['', comment('what must hold in every state; changes nothing'),
    ...block('active proctype checks() provided (!stopped)',
      ['end:', 'do', ':: d_step { true ->',
        ...indent(indent(indent([...state, ...lines, 'skip;']))), '   }', 'od'])];
}

const title = (text: string, lines: Lines): Lines =>
  (lines.length === 0 ? [] : [comment(text), ...lines]);

function violation(model: Model, code: string, subject: string | null): Lines {
  return [tell(model, checkFor(model, code, subject))];
}

/** `sleep_in_atomic` and `lock_order`: judged where the step is reached. */
function restChecks(model: Model, t: ThreadIdx): Lines {
  const { code } = model.program.threads[t]!;
  return restingPcs(model, t).flatMap((pc) => {
    const instr = code[pc]!;
    const order = instr.op === 'acquire' ? orderCheck(model, t, classOf(model, instr.lock)) : null;
    const sleeps = instr.op === 'await' || instr.op === 'synchronize_rcu'
      || (instr.op === 'acquire' && !spins(model.classes[classOf(model, instr.lock)]!.kind));
    const lines = [...(sleeps ? sleepChecks(model, t) : []), ...(order ?? [])];
    return title(commentAt(model, instr.site), when(`(${here(model, t, pc)})`, lines));
  });
}

function here(model: Model, t: ThreadIdx, pc: Pc): string {
  const { code } = model.program.threads[t]!;
  const names = model.names.threads[t]!;
  const { op } = code[pc]!;
  return `${names.pc} == ${pc}${op === 'acquire' ? ` && ${names.waits} == 0` : ''}`
    + `${op === 'synchronize_rcu' ? ` && ${names.grace} == 0` : ''}`;
}

function sleepChecks(model: Model, t: ThreadIdx): Lines {
  const spinning = model.classes.flatMap((use, cls): Lines => {
    const held = spins(use.kind) ? holdsOneOf(model, cls, t) : null;
    return held === null ? [] : when(held, violation(model, 'sleep_in_atomic', use.name));
  });
  const reads = model.program.threads[t]!.code.some(({ op }) => op === 'rcu_lock');
  const rcu = reads ? when(`(${model.names.threads[t]!.rcu} > 0)`,
    violation(model, 'sleep_in_atomic', 'rcu')) : [];
  return [...spinning, ...rcu];
}

function orderCheck(model: Model, t: ThreadIdx, cls: ClassIdx): Lines {
  const wrong = model.program.orders.flatMap(({ outer, inner }) => {
    const held = outer === cls ? holdsOneOf(model, inner, t) : null;
    return held === null ? [] : [held];
  });
  if (wrong.length === 0) return [];
  return when(anyOf(wrong), violation(model, 'lock_order', model.classes[cls]!.name));
}

/** `lock_held_at_exit` and `missing_outcome`. */
function endChecks(model: Model, t: ThreadIdx): Lines {
  const { decl, outcomes, code } = model.program.threads[t]!;
  const names = model.names.threads[t]!;
  const held = model.classes.flatMap((use, cls): Lines => {
    const holds = holdsOneOf(model, cls, t);
    return holds === null ? [] : when(holds, violation(model, 'lock_held_at_exit', use.name));
  });
  const rcu = code.some(({ op }) => op === 'rcu_lock')
    ? when(`(${names.rcu} > 0)`, violation(model, 'lock_held_at_exit', 'rcu')) : [];
  const missing = outcomes.length === 0 ? []
    : when(`(${names.outcome} == 0)`, violation(model, 'missing_outcome', decl));
  return title(`${names.name} at its end`,
    when(names.done, [...held, ...rcu, ...missing]));
}

/** Who would be stuck here with no step to come, put down for the end of the search. */
function mayBeStuck(model: Model): Lines {
  const all = model.program.threads.flatMap((_, t) => stuckAs(model, t).flatMap(
    ({ guard, check }) => when(guard, [mightBeStuck(t, check.id)])));
  return either('running', all, [NOT_FOLLOWED]);
}

/** Why a thread that is not done would be stuck: by the lock it waits for. */
function stuckAs(
  model: Model, t: ThreadIdx,
): readonly { readonly guard: string; readonly check: Check }[] {
  const { background, code } = model.program.threads[t]!;
  const names = model.names.threads[t]!;
  if (background) return [];
  const waits = code.flatMap((instr, pc) => {
    if (instr.op !== 'acquire') return [];
    const { name } = model.classes[classOf(model, instr.lock)]!;
    const guard = `(${names.pc} == ${pc} && ${names.waits} != 0)`;
    return [{ guard, check: checkFor(model, 'deadlock', name) }];
  });
  const elsewhere = [not(names.done), ...waits.map(({ guard }) => `!${guard}`)];
  return [...waits, { guard: allOf(elsewhere), check: checkFor(model, 'deadlock', null) }];
}

/** In a state without steps whoever must end and has not is stuck. */
function stuckChecks(model: Model): Lines {
  const stuck = model.program.threads.flatMap((_, t) => stuckAs(model, t).flatMap(
    ({ guard, check }) => when(guard, [tell(model, check)])));
  return title('nobody can go on', when('(running && nobody_can_go)', stuck));
}

function propertyChecks(model: Model, property: Property, index: number): Lines {
  const { kind, name, site } = property;
  const scope = scopeOf(model, null);
  const end = `property_${index}_end`;
  const sink: Sink = {
    cut: (code, subject) => [...violation(model, code, subject), `goto ${end};`],
    access: () => [],
  };
  const errors = walk(property.expr, scope, sink);
  const holds = `(${valueOf(property.expr, scope)})`;
  const judged = [...errors, ...judgement(), ...(errors.length > 0 ? [`${end}: skip;`] : [])];
  return title(`${kind} ${name}: ${commentAt(model, site)}`,
    kind === 'final' ? when('(over)', judged) : judged);

  function judgement(): Lines {
    switch (kind) {
      case 'invariant': case 'final':
        return when(not(holds), violation(model, kind, name));
      case 'reachable':
        return when(holds, [tell(model, checkFor(model, kind, name, true))]);
      case 'eventually': return [];
      default: return unreachable(kind);
    }
  }
}
