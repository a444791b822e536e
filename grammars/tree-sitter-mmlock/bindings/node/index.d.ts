// What the npm package `tree-sitter` takes: `new Parser().setLanguage(mmlock)`.

interface Language {
  /** The parser's own pointer. */
  readonly language: unknown;
  /** As in `src/node-types.json`. */
  readonly nodeTypeInfo: readonly unknown[];
}

declare const language: Language;
export default language;
