// All files at hand, each read as if it were the one that is open: what a question over several
// files is asked of, and what they would be with some texts changed.
import type { FileId } from '../text/range.ts';
import type { View, Views } from '../features/rename.ts';
import type { SyntaxParser } from '../syntax/parse.ts';
import type { Files } from './files.ts';
import { readFile } from './front.ts';

export interface ViewsInput {
  readonly parser: SyntaxParser;
  readonly files: Files;
  readonly texts: ReadonlyMap<FileId, string>;
}

export function readViews({ parser, files, texts }: ViewsInput): Views {
  const parsed = new Map([...texts].map(([file, text]) => {
    const syntax = parser.parse(text, file);
    syntax.dispose();
    return [file, syntax] as const;
  }));
  return new Map([...parsed].map(([file, syntax]): readonly [FileId, View] => {
    const { model, problems } = readFile({
      file, syntax,
      use: (from, decl) => {
        const target = files.target(from, decl);
        const other = target === null ? undefined : parsed.get(target);
        if (target === null || other === undefined) return files.use(from, decl);
        return {
          file: target, text: other.text, source: other.file, syntaxProblems: other.problems,
        };
      },
    });
    return [file, { file, text: syntax.text, model, problems }];
  }));
}
