// What the run panel's page and the extension say to each other. What comes from the page is
// checked before it is believed.

export type ToPage =
  /** `body` is the whole of the page; `selected` a step, -1 for the start. */
  | { readonly show: 'body'; readonly body: string; readonly selected: number }
  | { readonly show: 'busy' }
  | { readonly show: 'stale'; readonly stale: boolean };

export type FromPage =
  /** The page has been loaded, for the first time or again. */
  | { readonly do: 'ready' }
  /** A step was selected (-1: the start); `open`: and its line is wanted with the focus. */
  | { readonly do: 'select'; readonly step: number; readonly open: boolean }
  | { readonly do: 'choose'; readonly violation: number }
  | { readonly do: 'random' }
  | { readonly do: 'again' };

/** The message, or undefined if it is none. */
export function fromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null || !('do' in message)) return undefined;
  switch (message.do) {
    case 'ready':
    case 'random':
    case 'again':
      return { do: message.do };
    case 'select':
      if (!('step' in message) || typeof message.step !== 'number') return undefined;
      return { do: 'select', step: message.step, open: 'open' in message && message.open === true };
    case 'choose':
      if (!('violation' in message) || typeof message.violation !== 'number') return undefined;
      return { do: 'choose', violation: message.violation };
    default: // Anything may be posted.
      return undefined;
  }
}
