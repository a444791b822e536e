// For the tests beside: the parser with its wasm, the sample files, and an AST as short text.
import { readdirSync, readFileSync } from 'node:fs';
import { Language, Parser } from 'web-tree-sitter';
import { createParser, type SyntaxParser } from '../parse.ts';

const ROOT = new URL('../../../../', import.meta.url);

export function loadParser(): Promise<SyntaxParser> {
  return createParser({
    runtime: readFileSync(new URL('node_modules/web-tree-sitter/web-tree-sitter.wasm', ROOT)),
    grammar: readFileSync(new URL('grammars/mmlock.wasm', ROOT)),
  });
}

/** tree-sitter's own parser, for tests of what is read from its trees. */
export async function loadTreeSitter(): Promise<Parser> {
  await Parser.init();
  const grammar = readFileSync(new URL('grammars/mmlock.wasm', ROOT));
  return new Parser().setLanguage(await Language.load(grammar));
}

export function readSample(name: string): string {
  return readFileSync(new URL(`${name}.mmlock`, import.meta.url), 'utf8');
}

/** Every example and library module there is. */
export function readExamples(): string[] {
  const texts: string[] = [];
  for (const folder of ['examples', 'library']) {
    const url = new URL(`${folder}/`, ROOT);
    for (const name of readdirSync(url, { encoding: 'utf8', recursive: true })) {
      if (name.endsWith('.mmlock')) texts.push(readFileSync(new URL(name, url), 'utf8'));
    }
  }
  return texts;
}

/** Kinds and members without ranges; a name is its text, what is null or false is left out. */
export function show(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(show).join(' ')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  const members = new Map(Object.entries(value));
  const kind = members.get('kind');
  if (kind === 'name') return String(members.get('text')) || '""';
  if (kind === 'ident') return show(members.get('name'));
  if (kind === 'int' && members.get('size') === false) return String(members.get('value'));
  const parts = kind === undefined ? [] : [String(kind)];
  for (const [key, member] of members) {
    if (key === 'kind' || /range$/i.test(key) || key === 'head') continue;
    if (member === null || member === false) continue;
    parts.push(`${key}=${show(member)}`);
  }
  return `(${parts.join(' ')})`;
}

/** A small generator of random numbers: 0 <= n < limit, the same for the same seed. */
export function randomFrom(seed: number): (limit: number) => number {
  let state = seed >>> 0;
  return (limit) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}
