// Promela text as lines: statements end in `;`, blocks are indented, choices are spelt alike.
export type Lines = readonly string[];

export interface Option {
  readonly guard: string;
  readonly body: Lines;
}

export const indent = (lines: Lines): Lines =>
  lines.map((line) => (line === '' ? '' : `  ${line}`));

/** `:: guard -> body`, on one line where there is room. */
export function option({ guard, body }: Option): Lines {
  const [only, ...more] = body.length === 0 ? ['skip;'] : body;
  const short = `:: ${guard} -> ${only}`;
  if (more.length === 0 && short.length <= 90) return [short];
  return [`:: ${guard} ->`, ...indent(indent(body))];
}

/** `if :: ... fi`; an option without statements does nothing. */
export function choice(options: readonly Option[]): Lines {
  const lines = options.flatMap(option);
  if (lines.length <= 2) {
    const line = `if ${lines.join(' ')} fi;`;
    if (line.length <= 96) return [line];
  }
  return ['if', ...lines, 'fi;'];
}

/** Does nothing where the guard is false. */
export function when(guard: string, body: Lines): Lines {
  if (body.length === 0) return [];
  return choice([{ guard, body }, { guard: 'else', body: [] }]);
}

export function either(guard: string, yes: Lines, no: Lines): Lines {
  if (yes.length === 0 && no.length === 0) return [];
  return choice([{ guard, body: yes }, { guard: 'else', body: no }]);
}

/** `head { body }`. */
export const block = (head: string, body: Lines): Lines => [`${head} {`, ...indent(body), '}'];

/** A comment that nothing in it can end. */
export const comment = (text: string): string =>
  `/* ${text.replaceAll('*/', '* /').replaceAll('/*', '/ *').replaceAll('\n', ' ')} */`;

/** Joined by an operator, in parentheses; `none` where there is nothing to join. */
export function joined(parts: readonly string[], operator: string, none: string): string {
  const [only, ...more] = parts;
  if (only === undefined) return none;
  return more.length === 0 ? only : `(${parts.join(` ${operator} `)})`;
}

export const anyOf = (parts: readonly string[]): string => joined(parts, '||', 'false');
export const allOf = (parts: readonly string[]): string => joined(parts, '&&', 'true');

/** `#define name (text)`. */
export const define = (name: string, text: string): string =>
  `#define ${name} ${/^\(.*\)$/.test(text) ? text : `(${text})`}`;

/** `!!` is another operator in Promela. */
export const not = (text: string): string => (text.startsWith('!') ? `!(${text})` : `!${text}`);
