// Tells the client that an answer would now be another one: once for all that has happened in the
// meantime, and only if the answer did change. Refreshes are costly for a client: it asks again for
// every open file.
import type { Connection } from 'vscode-languageserver';
import type { Clock } from '../service/workspace.ts';

/** What is asked for again. */
export type Asked = 'diagnostics' | 'lenses' | 'hints';

export interface RefreshOptions {
  readonly connection: Connection;
  readonly clock: Clock;
  /** Which the client can be told of. */
  readonly supports: Readonly<Record<Asked, boolean>>;
  /** The answer there would be now, as text to compare; null where the file is closed. */
  readonly answer: (file: string, asked: Asked) => string | null;
  /** Called for each file that something has happened to, together with the refreshes. */
  readonly onFlush: (file: string) => void;
}

export interface Refresher {
  /** The client was given this answer. */
  answered(file: string, asked: Asked, answer: string): void;
  /** Something has happened to the file. */
  note(file: string, delayMs: number): void;
  forget(file: string): void;
}

export function createRefresher(options: RefreshOptions): Refresher {
  const given: Record<Asked, Map<string, string>> = {
    diagnostics: new Map(), lenses: new Map(), hints: new Map(),
  };
  const noted = new Set<string>();
  let timer: { readonly due: number; readonly stop: () => void } | null = null;

  const changed = (asked: Asked): boolean => {
    let any = false;
    for (const file of noted) {
      const before = given[asked].get(file);
      if (before === undefined) continue; // The client has not asked yet, and will.
      if (options.answer(file, asked) === before) continue;
      given[asked].delete(file); // One refresh is enough until it has asked again.
      any = true;
    }
    return any;
  };
  const flush = (): void => {
    timer = null;
    const { connection, supports } = options;
    const ignore = (): void => {}; // A client that goes away while it is told.
    if (supports.diagnostics && changed('diagnostics')) {
      connection.languages.diagnostics.refresh().catch(ignore);
    }
    if (supports.lenses && changed('lenses')) {
      connection.sendRequest('workspace/codeLens/refresh').catch(ignore);
    }
    if (supports.hints && changed('hints')) {
      connection.languages.inlayHint.refresh().catch(ignore);
    }
    const files = [...noted];
    noted.clear();
    for (const file of files) options.onFlush(file);
  };
  return {
    answered(file, asked, answer) {
      given[asked].set(file, answer);
    },
    note(file, delayMs) {
      noted.add(file);
      const due = options.clock.now() + delayMs;
      if (timer !== null && timer.due <= due) return;
      timer?.stop();
      timer = { due, stop: options.clock.after(delayMs, flush) };
    },
    forget(file) {
      noted.delete(file);
      given.diagnostics.delete(file);
      given.lenses.delete(file);
      given.hints.delete(file);
    },
  };
}
