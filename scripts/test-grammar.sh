#!/bin/sh
# The grammar's tests that need more than `npm test`: corpus, highlighting, tags and queries by the
# tree-sitter CLI, the native binding against the wasm, and the binding as the npm package brings it.
# About a minute, most of it for compiling the npm package `tree-sitter` once.
# usage: scripts/test-grammar.sh [--no-native]
# needs: the tree-sitter CLI (scripts/get-tree-sitter-cli.sh), cc, c++, make, python3, node with npm
set -eu
cd "$(dirname "$0")/.."
root=$PWD
cli=${TREE_SITTER:-$root/.cache/tree-sitter-cli/tree-sitter}
# The CLI looks for grammars where its configuration says; without one it only warns.
TREE_SITTER_DIR=$(mktemp -d)
trap 'rm -rf "$TREE_SITTER_DIR"' EXIT
export TREE_SITTER_DIR
echo "{ \"parser-directories\": [\"$root/grammars\"] }" > "$TREE_SITTER_DIR/config.json"

cd grammars/tree-sitter-mmlock
"$cli" test
for query in queries/*.scm; do
  "$cli" query --quiet "$query" test/highlight/*.mmlock > /dev/null
done
[ "${1:-}" != --no-native ] || exit 0

gyp="$(npm root -g)/npm/node_modules/node-gyp/bin/node-gyp.js"
prefix=$(dirname "$(dirname "$(command -v node)")")
headers=
[ ! -f "$prefix/include/node/node.h" ] || headers="--nodedir=$prefix"
if ! (cd "$root" && node -e "require('tree-sitter')") 2> /dev/null; then
  (cd "$root/node_modules/tree-sitter" && node "$gyp" rebuild $headers)
fi
node "$gyp" rebuild $headers
node --test bindings/node/binding_test.js

# As somebody who installs it has it: nothing but what is packed, compiled there.
npm pack --silent --pack-destination "$TREE_SITTER_DIR" > /dev/null
modules=$TREE_SITTER_DIR/node_modules
mkdir -p "$modules"
tar xzf "$TREE_SITTER_DIR"/tree-sitter-mmlock-*.tgz -C "$modules"
mv "$modules/package" "$modules/tree-sitter-mmlock"
for needed in tree-sitter node-addon-api node-gyp-build; do
  ln -s "$root/node_modules/$needed" "$modules/$needed"
done
(cd "$modules/tree-sitter-mmlock" && node "$gyp" rebuild $headers > /dev/null 2>&1)
cat > "$TREE_SITTER_DIR/use.mjs" << 'END'
import Parser from 'tree-sitter';
import mmlock from 'tree-sitter-mmlock';
const parser = new Parser();
parser.setLanguage(mmlock);
const { rootNode } = parser.parse('thread munmap { acquire write mmap_sem }');
if (rootNode.hasError || rootNode.type !== 'source_file') throw new Error(rootNode.toString());
console.log('the packed grammar parses');
END
node "$TREE_SITTER_DIR/use.mjs"
