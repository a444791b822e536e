// Around each request: a mistake of ours is logged and answered with nothing, and what nobody waits
// for any more is not worked out.
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

export type Log = (message: string) => void;
export type Answer<T> = Promise<T | ResponseError<never>>;

export function createGuard(log: Log) {
  return <P, T>(
    fallback: T, body: (params: P, token?: CancellationToken) => T | Promise<T>,
  ) =>
    async (params: P, token?: CancellationToken): Answer<T> => {
      const cancelled = (): boolean => token?.isCancellationRequested === true;
      if (cancelled()) return stopped();
      try {
        const answer = await body(params, token);
        return cancelled() ? stopped() : answer;
      } catch (error) {
        log(error instanceof Error ? error.stack ?? error.message : String(error));
        return fallback;
      }
    };
}

function stopped(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}
