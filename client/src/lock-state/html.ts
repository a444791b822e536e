// "Lock state here" as text: a pure function of what the server says of a place. Every word from a
// file is escaped; whatever can be is a button that shows a run to it.
import type {
  ClaimView, LockStateResult, LockStateView, ShownView,
} from '../../../server/src/lsp/protocol.ts';
import { escape } from '../trace/html.ts';

export function renderLockState(result: LockStateResult): string {
  if (result.kind === 'none') return `<p class="none">${escape(result.reason)}</p>`;
  const { state } = result;
  return [
    renderHead(state), section('Locks', renderLocks(state)),
    section('The others', renderOthers(state)), section('Values', renderValues(state)),
    section('Scenarios', list(state.scenarios.map((each) => `<li>${shown(each)}</li>`))),
  ].join('');
}

function renderHead({ statement, line, threads, summary, notes, pending }: LockStateView): string {
  const all = pending ? [...notes, 'Looking at all states…'] : notes;
  return [
    `<header><h1><code>${escape(statement)}</code></h1>`,
    `<p class="where">${escape(threads.join(', '))}, line ${line}</p>`,
    `<p class="summary">${escape(summary)}</p>`,
    ...all.map((note) => `<p class="note">${escape(note)}</p>`),
    '</header>',
  ].join('');
}

function section(title: string, body: string): string {
  return body === '' ? '' : `<section><h2>${title}</h2>${body}</section>`;
}

function list(items: readonly string[]): string {
  return items.length === 0 ? '' : `<ul>${items.join('')}</ul>`;
}

/** A button where a run shows it. */
function shown({ text, claim }: ShownView): string {
  return claim === null ? escape(text) : run(text, claim);
}

function run(text: string, { scenario, claim }: ClaimView): string {
  return `<button type="button" data-do="run" data-scenario="${escape(scenario)}" `
    + `data-claim="${escape(claim)}" title="Show a run to it, in ${escape(scenario)}">`
    + `${escape(text)}</button>`;
}

/** What the summary does not say: which lines make the difference, and the runs. */
function renderLocks({ locks }: LockStateView): string {
  if (locks.every(({ always }) => always)) return '';
  return list(locks.map(({ text, always, path, withIt, withoutIt }) => {
    const runs = [withIt === null ? '' : run('with it', withIt),
      withoutIt === null ? '' : run('without', withoutIt)].filter((each) => each !== '');
    const when = always ? 'always' : `sometimes ${escape(path)}`.trimEnd();
    return `<li><code>${escape(text)}</code> <span class="when">${when}</span>`
      + `${runs.length === 0 ? '' : ` ${runs.join(' ')}`}</li>`;
  }));
}

function renderOthers({ others }: LockStateView): string {
  return others.map(({ name, can, cannot }) => {
    const items = [
      ...can.map((each) => `<li class="can">${shown(each)}</li>`),
      ...cannot.map(({ text, why }) =>
        `<li class="cannot">${escape(text)}<span class="why">: ${escape(why)}</span></li>`),
    ];
    return `<h3><code>${escape(name)}</code></h3>${list(items)}`;
  }).join('');
}

function renderValues({ values }: LockStateView): string {
  if (values.length === 0) return '';
  const rows = values.map(({ name, values: can, narrowed }) =>
    `<tr${narrowed ? ' class="narrowed"' : ''}><th scope="row"><code>${escape(name)}</code></th>`
    + `<td>${can.map(shown).join(' <span class="or">or</span> ')}</td></tr>`);
  return `<table><tbody>${rows.join('')}</tbody></table>`;
}
