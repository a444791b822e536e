// Around each request: a mistake of ours is logged and answered with nothing, what nobody waits for
// any more is not worked out, and what is refused is refused with its reason.
import { LSPErrorCodes, ResponseError, type CancellationToken } from 'vscode-languageserver';

export type Log = (message: string) => void;
export type Answer<T> = Promise<T | ResponseError<never>>;

/** Thrown where a request is understood but not done; its message is for the person. */
export class Refusal extends Error {}

/** `closed`: why nothing is answered at all, before the first word and after the last; or null. */
export function createGuard(log: Log, closed: () => ResponseError<never> | null = () => null) {
  return <P, T>(
    fallback: T, body: (params: P, token?: CancellationToken) => T | Promise<T>,
  ) =>
    async (params: P, token?: CancellationToken): Answer<T> => {
      const refusal = closed();
      if (refusal !== null) return refusal;
      const cancelled = (): boolean => token?.isCancellationRequested === true;
      if (cancelled()) return stopped();
      try {
        const answer = await body(params, token);
        return cancelled() ? stopped() : answer;
      } catch (error) {
        if (error instanceof Refusal) return refused(error);
        log(error instanceof Error ? error.stack ?? error.message : String(error));
        return fallback;
      }
    };
}

function refused({ message }: Refusal): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestFailed, message);
}

function stopped(): ResponseError<never> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled');
}
