// The compiled parser for the npm package `tree-sitter`: `new Parser().setLanguage(mmlock)`.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';

const require = createRequire(import.meta.url);
const binding = require('../../build/Release/tree_sitter_mmlock_binding.node');
binding.nodeTypeInfo = JSON.parse(
  readFileSync(new URL('../../src/node-types.json', import.meta.url), 'utf8'),
);

export default binding;
