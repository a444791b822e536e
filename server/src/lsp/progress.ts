// A long answer on its way, shown by the client with a way to stop it.
import type { Connection } from 'vscode-languageserver';

export interface Tracked {
  progress(done: number, of: number): void;
  cancelled(): boolean;
  onCancel(stop: () => void): void;
  done(): void;
}

export async function trackProgress(
  connection: Connection, title: string, what = 'tried',
): Promise<Tracked> {
  const shown = await connection.window.createWorkDoneProgress();
  shown.begin(title, 0, undefined, true);
  let last = 0;
  return {
    progress(done, of) {
      const percent = Math.floor((100 * done) / Math.max(1, of));
      if (percent > last) shown.report(percent, `${done} of ${of} ${what}`);
      last = Math.max(last, percent);
    },
    cancelled: () => shown.token.isCancellationRequested,
    onCancel: (stop) => void shown.token.onCancellationRequested(stop),
    done: () => shown.done(),
  };
}
