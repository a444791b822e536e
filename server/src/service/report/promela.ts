// A scenario as a Promela model, with the lines of the spec in its comments.
import { toPromela } from '../../analysis/export/promela.ts';
import type { Opened } from '../check-file.ts';

export type Exported =
  | { readonly kind: 'model'; readonly text: string }
  | { readonly kind: 'none'; readonly why: string };

/** `name` is what the file is called in comments. */
export function exported(
  opened: Opened, { scenario, name }: { readonly scenario: string; readonly name: string },
): Exported {
  const job = opened.jobs.find((it) => it.scenario.name.text === scenario);
  if (job === undefined) {
    return { kind: 'none', why: `errors in the file touch ${scenario}` };
  }
  const { title } = job.scenario;
  const text = toPromela(job.lowered, {
    title: `${name}, scenario ${scenario}${title === null ? '' : `: ${title}`}`,
    collect: false,
    where: ({ file, range }) => {
      const short = file.split('/').at(-1) ?? file;
      return `${short}:${opened.linesOf(file).position(range.start).line + 1}`;
    },
  });
  return { kind: 'model', text };
}
