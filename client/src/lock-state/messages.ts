// What the page of "Lock state here" and the extension say to each other. What comes from the page
// is checked before it is believed.

export type ToPage =
  /** `said`: the same in one sentence, for those who hear it. */
  | { readonly show: 'body'; readonly body: string; readonly said: string }
  | { readonly show: 'busy' };

export type FromPage =
  /** The page has been loaded, for the first time or again. */
  | { readonly do: 'ready' }
  | { readonly do: 'run'; readonly scenario: string; readonly claim: string };

/** The message, or undefined if it is none. */
export function fromPage(message: unknown): FromPage | undefined {
  if (typeof message !== 'object' || message === null || !('do' in message)) return undefined;
  if (message.do === 'ready') return { do: 'ready' };
  if (message.do !== 'run' || !('scenario' in message) || !('claim' in message)) return undefined;
  const { scenario, claim } = message;
  if (typeof scenario !== 'string' || typeof claim !== 'string') return undefined;
  return { do: 'run', scenario, claim };
}
