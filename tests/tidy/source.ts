// The files the house rules are about, parsed; and what a broken rule looks like.
import { readFileSync, readdirSync } from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import ts from 'typescript';

export interface Source {
  /** From the root of the repository, with `/`. */
  readonly path: string;
  readonly text: string;
  readonly tree: ts.SourceFile;
}

export interface Finding {
  readonly rule: string;
  readonly path: string;
  /** 1-based. */
  readonly line: number;
  /** What it is about where that has a name: a function, a file. */
  readonly name: string;
  readonly message: string;
  /** How much there is where there may only be so much, else 1. */
  readonly size: number;
}

export type Rule = (source: Source) => readonly Finding[];

const ROOT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const FOLDERS = ['simulator/src', 'server/src', 'client/src', 'tests', 'scripts'];
/** Written by scripts/, not by hand. */
const GENERATED = new Set(['server/src/service/bundled.ts']);

export function sourceOf(path: string, text: string): Source {
  return { path, text, tree: ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true) };
}

export function allSources(): readonly Source[] {
  const paths = FOLDERS.flatMap((folder) =>
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
      .map((path) => join(folder, path)));
  return [...paths, 'esbuild.mjs']
    .map((path) => relative('', path).split(sep).join('/'))
    .filter((path) => /\.(ts|mjs)$/.test(path) && !GENERATED.has(path))
    .sort()
    .map((path) => sourceOf(path, readFileSync(join(ROOT, path), 'utf8')));
}

/** Tests, and what only tests use. */
export function isTest(path: string): boolean {
  return /\.test\.ts$|(^|\/)testing(\/|\.ts$|\.[^/]*$)|-testing\.ts$/.test(path)
    || path.startsWith('tests/');
}

export interface Told {
  readonly rule: string;
  readonly message: string;
  readonly name?: string;
  readonly size?: number;
}

export function finding(source: Source, node: ts.Node, told: Told): Finding {
  const at = source.tree.getLineAndCharacterOfPosition(node.getStart(source.tree));
  return { path: source.path, line: at.line + 1, name: '', size: 1, ...told };
}

/** Every node, outer ones first. */
export function* nodesOf(root: ts.Node): Generator<ts.Node> {
  yield root;
  const children: ts.Node[] = [];
  ts.forEachChild(root, (child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}
