// The run panel's page, as text: a pure function of the run. Every word from a file is escaped;
// colours and sizes are in view.css, which knows the classes given here.
import type { RunView, ViolationView } from '../../../server/src/lsp/protocol.ts';
import { tableOf, type Bar, type Cell, type Row, type RunTable } from './table.ts';

const MOVES = { step: '', waits: 'waits', granted: 'granted', next: 'next' } as const;
/** Colours there are for locks; further ones begin again. */
const HUES = 5;
/** Bars side by side in a lane that have a place of their own. */
const SLOTS = 4;

export function escape(text: string): string {
  return text
    .replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;').replaceAll("'", '&#39;');
}

export interface PageParts {
  readonly nonce: string;
  readonly cspSource: string;
  readonly script: string;
  readonly style: string;
  readonly title: string;
}

/** The page before anything is in it: nothing from elsewhere, no script but ours. */
export function page({ nonce, cspSource, script, style, title }: PageParts): string {
  const csp = `default-src 'none'; style-src ${cspSource}; script-src 'nonce-${nonce}'`;
  return [
    '<!DOCTYPE html>',
    '<html lang="en"><head><meta charset="utf-8">',
    `<meta http-equiv="Content-Security-Policy" content="${escape(csp)}">`,
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<link rel="stylesheet" href="${escape(style)}">`,
    `<title>mmlock: ${escape(title)}</title></head>`,
    '<body><main id="main" aria-busy="true"></main>',
    `<script nonce="${nonce}" src="${escape(script)}"></script></body></html>`,
  ].join('\n');
}

/** The panel where there is nothing to run. */
export function renderNone(reason: string): string {
  return `<header><p class="reason" role="status">${escape(reason)}</p>${againButton()}</header>`;
}

export function renderRun(run: RunView): string {
  return renderHead(run) + renderTable(run, tableOf(run));
}

function renderHead(run: RunView): string {
  const title = run.title === '' ? '' : ` <span class="title">${escape(run.title)}</span>`;
  return [
    '<header>',
    `<h1><code>${escape(run.scenario)}</code>${title}</h1>`,
    renderOutcome(run),
    renderVerdict(run),
    '<p class="stale" role="status" hidden>The text has changed since. ',
    `${againButton()}</p>`,
    renderControls(run),
    '</header>',
  ].join('');
}

/** Not where the outcome above and the choice below say all of it. */
function renderVerdict({ verdictText, seed, shown }: RunView): string {
  if (seed === null && shown !== null && verdictText.startsWith('fails')) return '';
  return `<p class="verdict">${escape(verdictText)}</p>`;
}

function renderOutcome(run: RunView): string {
  const violation = run.shown === null ? undefined : run.violations[run.shown];
  if (run.shows !== null) {
    return `<p class="outcome fine">A shortest run to: ${escape(run.shows)}.</p>`;
  }
  const random = run.seed === null ? '' : `A random run, seed ${run.seed}`;
  if (violation === undefined) {
    const count = run.violations.length === 0 ? 'nothing is violated' : 'this one violates nothing';
    return `<p class="outcome fine">${random}: ${count}.</p>`;
  }
  const meets = random === '' ? '' : `<span class="random">${random}, meets</span> `;
  const expected = violation.expected ? ' <span class="expected">as expected:</span>' : '';
  const kind = violation.expected ? 'wanted' : 'bad';
  return `<p class="outcome ${kind}">${meets}<code class="code">${escape(violation.code)}</code>`
    + `${expected} <span class="message">${prose(violation.message)}</span></p>`;
}

/** Words in backquotes are code. */
function prose(text: string): string {
  return escape(text).replace(/`([^`]+)`/g, '<code>$1</code>');
}

function againButton(): string {
  return '<button type="button" data-do="again">Run again</button>';
}

function renderControls(run: RunView): string {
  const another = run.seed === null ? 'A random run' : 'Another run';
  const random = `<button type="button" data-do="random">${another}</button>`;
  return `<div class="controls">${renderChooser(run)}${random}</div>`;
}

/** Which violation, where there is a choice: also the way back to them from a random run. */
function renderChooser(run: RunView): string {
  const { violations } = run;
  const at = run.seed === null ? run.shown ?? -1 : -1;
  if (violations.length === 0 || (violations.length === 1 && at === 0)) return '';
  const other = run.shows === null ? 'a random run' : 'this run';
  const none = at === -1 ? `<option value="-1" selected>${other}</option>` : '';
  const names = violations.map(subjectOf);
  const options = violations.map(({ line }, index) => {
    const name = names[index] ?? '';
    const place = names.indexOf(name) === names.lastIndexOf(name) ? '' : `, line ${line + 1}`;
    return `<option value="${index}"${index === at ? ' selected' : ''}>${index + 1} of `
      + `${violations.length}: ${escape(name)}${place}</option>`;
  });
  return [
    '<span class="chooser">',
    step('Previous violation', '&#8249;', at - 1, at > 0),
    `<select data-do="choose" aria-label="Which violation">${none}${options.join('')}</select>`,
    step('Next violation', '&#8250;', at + 1, at + 1 < violations.length),
    '</span>',
  ].join('');
}

function step(label: string, sign: string, to: number, enabled: boolean): string {
  return `<button type="button" data-do="choose" data-to="${to}" aria-label="${label}" `
    + `title="${label}"${enabled ? '' : ' disabled'}>${sign}</button>`;
}

function subjectOf({ code, subject }: ViolationView): string {
  return subject === null ? code : `${code}(${subject})`;
}

function renderTable(run: RunView, table: RunTable): string {
  const lanes = table.lanes.map((lane, at) =>
    `<th scope="col" class="lane bars${widest(table, at)}">${escape(lane)}</th>`);
  const columns = table.columns.map(({ name, lock }) =>
    `<th scope="col" class="state${lock === null ? '' : ` lock hue${lock % HUES}`}">`
    + `${escape(name)}</th>`);
  const head = `<tr><th scope="col" class="number">#</th>${lanes.join('')}${columns.join('')}</tr>`;
  const rows = table.rows.map((row) => renderRow(run, table, row));
  return [
    `<table role="grid"${isWanted(run) ? ' class="wanted"' : ''} `,
    'aria-label="The run, step by step" ',
    `aria-rowcount="${table.rows.length + 1}"><thead>${head}</thead>`,
    `<tbody>${rows.join('')}</tbody></table>`,
    renderEnd(run),
    renderConstant(table),
    // Filled by the page's script where the state's columns do not fit beside the threads.
    '<aside class="now" aria-hidden="true" hidden></aside>',
  ].join('');
}

/** It ends as the scenario expects. */
function isWanted({ violations, shown }: RunView): boolean {
  return shown !== null && violations[shown]?.expected === true;
}

/** How many bars stand side by side in the lane where there are most. */
function widest({ rows }: RunTable, lane: number): number {
  const ends = rows.flatMap(({ bars }) => (bars[lane] ?? []).map(({ slot }) => slot + 1));
  return Math.min(Math.max(0, ...ends), SLOTS);
}

function renderRow(run: RunView, table: RunTable, row: Row): string {
  const { view } = row;
  const classes = ['row', view?.move ?? 'start', row.bad ? 'bad' : '', row.loop ? 'loop' : ''];
  const lanes = run.lanes.map((_, lane) => renderLane(table, row, lane));
  const cells = row.cells.map((cell) => renderCell(cell));
  return `<tr class="${classes.filter((name) => name !== '').join(' ')}" data-step="${row.step}" `
    + `tabindex="-1" aria-selected="false" aria-label="${escape(narrate(table, row))}">`
    + `<th scope="row" class="number">${view?.move === 'next' ? '' : row.step + 1}</th>`
    + `${lanes.join('')}${cells.join('')}</tr>`;
}

function renderLane(table: RunTable, row: Row, lane: number): string {
  const width = `bars${widest(table, lane)}`;
  const bars = (row.bars[lane] ?? []).filter(({ slot }) => slot < SLOTS).map(renderBar).join('');
  const { view } = row;
  if (view === null || view.lane !== lane) return `<td class="lane ${width}">${bars}</td>`;
  const move = MOVES[view.move];
  const label = move === '' ? '' : `<span class="move">${move}</span> `;
  return `<td class="lane ${width} here">${bars}<span class="text">${label}`
    + `<code>${escape(view.text)}</code></span></td>`;
}

function renderBar({ lock, name, mode, slot }: Bar): string {
  const title = mode === 'waits' ? `waits for ${name}` : `holds ${name} (${mode})`;
  return `<span class="bar ${mode} hue${lock % HUES} slot${slot}" title="${escape(title)}"></span>`;
}

function renderCell({ value, changed }: Cell): string {
  const classes = changed ? 'state changed' : 'state';
  const text = escape(value);
  return `<td class="${classes}"><span class="value" title="${text}">${text}</span></td>`;
}

/** The row as a sentence, for those who hear it. */
function narrate(table: RunTable, { view, bad, step }: Row): string {
  if (view === null) return 'Start';
  const head = view.move === 'next' ? 'Next' : `Step ${step + 1}`;
  const move = view.move === 'next' ? '' : MOVES[view.move];
  const who = move === '' ? view.thread : `${view.thread} ${move}`;
  const changes = table.columns
    .filter(({ name }) => name in view.changes)
    .map(({ name }) => `${name} becomes ${view.changes[name] ?? ''}`);
  const said = [
    `${head}, ${who}: ${view.text}`,
    ...changes,
    ...(bad ? ['here it is violated'] : []),
  ];
  return said.join('; ');
}

function renderEnd(run: RunView): string {
  if (run.cut) {
    return `<p class="end">Drawn no further than ${run.steps.length} steps.</p>`;
  }
  if (run.loop === null) return '';
  const words = run.loop >= run.steps.length
    ? 'So it stays for ever.'
    : `From here it goes on with step ${run.loop + 1} again, for ever.`;
  return `<p class="end">${words}</p>`;
}

function renderConstant({ constant }: RunTable): string {
  if (constant.length === 0) return '';
  const all = constant.map(({ name, value }) => `<code>${escape(name)} = ${escape(value)}</code>`);
  return `<p class="constant">Unchanged: ${all.join(', ')}</p>`;
}
