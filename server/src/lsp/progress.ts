// A long answer on its way, shown by the client with a way to stop it.
import type { Connection } from 'vscode-languageserver';

export interface Tracked {
  progress(done: number, of: number): void;
  cancelled(): boolean;
  done(): void;
}

export async function trackProgress(connection: Connection, title: string): Promise<Tracked> {
  const shown = await connection.window.createWorkDoneProgress();
  shown.begin(title, 0, undefined, true);
  let last = 0;
  return {
    progress(done, of) {
      const percent = Math.floor((100 * done) / Math.max(1, of));
      if (percent > last) shown.report(percent, `${done} of ${of} tried`);
      last = Math.max(last, percent);
    },
    cancelled: () => shown.token.isCancellationRequested,
    done: () => shown.done(),
  };
}
