// The script inside the run panel: shows the body it is sent, keeps one row selected, and tells
// the extension what was clicked. Moves by mouse or keyboard: arrows, Home, End, Page keys, Enter.
import type { FromPage, ToPage } from './messages.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

/** Rows that Page Up and Page Down pass over. */
const PAGE_ROWS = 10;
const STEPS_OF_KEY: Readonly<Record<string, number>> = {
  ArrowUp: -1, ArrowDown: 1, PageUp: -PAGE_ROWS, PageDown: PAGE_ROWS,
  Home: -Infinity, End: Infinity,
};

const host = acquireVsCodeApi();
const main = document.getElementById('main');

function rows(): HTMLTableRowElement[] {
  return [...document.querySelectorAll<HTMLTableRowElement>('tr.row')];
}

function stepOf(row: HTMLTableRowElement): number {
  return Number(row.dataset['step']);
}

/** The selected row alone can be reached with Tab. */
function mark(chosen: HTMLTableRowElement): void {
  for (const row of rows()) {
    const selected = row === chosen;
    row.tabIndex = selected ? 0 : -1;
    row.setAttribute('aria-selected', String(selected));
  }
  chosen.focus({ preventScroll: true });
  showState();
  bringIntoView(chosen);
}

/**
 * The state after the selected step, at the bottom of the panel: only where the table does not show
 * all of it. A screen reader has it from the row.
 */
function showState(): void {
  const now = document.querySelector<HTMLElement>('aside.now');
  const row = document.querySelector('tr.row[aria-selected="true"]');
  if (now === null || row === null) return;
  now.hidden = !isCutOff(document.documentElement)
    && ![...document.querySelectorAll('td .value')].some(isCutOff);
  const names = [...document.querySelectorAll('thead th.state')];
  const cells = [...row.querySelectorAll('td.state')];
  now.replaceChildren(...cells.map((cell, at) => {
    const part = document.createElement('span');
    part.className = cell.className;
    part.textContent = `${names[at]?.textContent ?? ''} = ${cell.textContent ?? ''}`;
    return part;
  }));
  document.body.style.paddingBottom = `${now.getBoundingClientRect().height}px`;
}

function isCutOff(element: Element): boolean {
  return element.scrollWidth > element.clientWidth;
}

/** Up or down only: sideways one stays with the threads. */
function bringIntoView(row: HTMLTableRowElement): void {
  const { top, bottom } = row.getBoundingClientRect();
  const above = top - (document.querySelector('thead')?.getBoundingClientRect().height ?? 0);
  const now = document.querySelector('aside.now')?.getBoundingClientRect().height ?? 0;
  const below = bottom + now - document.documentElement.clientHeight;
  if (above < 0) window.scrollBy(0, above);
  else if (below > 0) window.scrollBy(0, below);
}

function select(row: HTMLTableRowElement, open: boolean): void {
  mark(row);
  host.postMessage({ do: 'select', step: stepOf(row), open });
}

function show(message: ToPage): void {
  if (main === null) return;
  switch (message.show) {
    case 'busy':
      main.setAttribute('aria-busy', 'true');
      return;
    case 'stale': {
      const stale = document.querySelector<HTMLElement>('.stale');
      if (stale !== null) stale.hidden = !message.stale;
      main.classList.toggle('old', message.stale);
      return;
    }
    case 'body': {
      main.innerHTML = message.body;
      main.setAttribute('aria-busy', 'false');
      main.classList.remove('old');
      const row = rows().find((each) => stepOf(each) === message.selected);
      if (row !== undefined) mark(row);
      return;
    }
    default: // The extension sends nothing else.
      return;
  }
}

function press(target: HTMLElement): void {
  switch (target.dataset['do']) {
    case 'again':
      host.postMessage({ do: 'again' });
      return;
    case 'random':
      host.postMessage({ do: 'random' });
      return;
    case 'choose':
      if (target.dataset['to'] === undefined) return;
      host.postMessage({ do: 'choose', violation: Number(target.dataset['to']) });
      return;
    default: // Not a button of ours.
      return;
  }
}

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  const button = target.closest<HTMLElement>('button[data-do]');
  if (button !== null) return press(button);
  const row = target.closest<HTMLTableRowElement>('tr.row');
  if (row !== null) select(row, false);
});

document.addEventListener('change', ({ target }) => {
  if (!(target instanceof HTMLSelectElement)) return;
  const violation = Number(target.value);
  if (violation >= 0) host.postMessage({ do: 'choose', violation });
});

document.addEventListener('keydown', (event) => {
  if (!(event.target instanceof HTMLTableRowElement)) return;
  if (event.altKey || event.ctrlKey || event.metaKey) return;
  if (event.key === 'Enter') return select(event.target, true);
  const by = STEPS_OF_KEY[event.key];
  if (by === undefined) return;
  const all = rows();
  const to = Math.min(Math.max(all.indexOf(event.target) + by, 0), all.length - 1);
  const row = all[to];
  if (row !== undefined) select(row, false);
  event.preventDefault();
});

window.addEventListener('resize', showState);
window.addEventListener('message', (event: MessageEvent<ToPage>) => show(event.data));
host.postMessage({ do: 'ready' });
