// The script inside "Lock state here": shows the body it is sent, keeps the focus where it was, and
// tells the extension which run is wanted.
import type { FromPage, ToPage } from './messages.ts';

declare function acquireVsCodeApi(): { postMessage(message: FromPage): void };

const host = acquireVsCodeApi();
const main = document.getElementById('main');
/** Said once for each place; the page itself is no live region, or all of it would be read out. */
const status = document.createElement('p');
status.className = 'said';
status.setAttribute('role', 'status');
document.body.append(status);

function buttons(): HTMLButtonElement[] {
  return [...document.querySelectorAll<HTMLButtonElement>('button[data-do="run"]')];
}

function show(message: ToPage): void {
  if (main === null) return;
  if (message.show === 'busy') {
    main.setAttribute('aria-busy', 'true');
    return;
  }
  const focused = buttons().findIndex((each) => each === document.activeElement);
  main.innerHTML = message.body;
  main.setAttribute('aria-busy', 'false');
  if (focused !== -1) buttons()[Math.min(focused, buttons().length - 1)]?.focus();
  if (status.textContent !== message.said) status.textContent = message.said;
}

document.addEventListener('click', ({ target }) => {
  if (!(target instanceof HTMLElement)) return;
  const { scenario, claim } = target.closest<HTMLElement>('button[data-do="run"]')?.dataset ?? {};
  if (scenario !== undefined && claim !== undefined) {
    host.postMessage({ do: 'run', scenario, claim });
  }
});

window.addEventListener('message', (event: MessageEvent<ToPage>) => show(event.data));
host.postMessage({ do: 'ready' });
