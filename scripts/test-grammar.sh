#!/bin/sh
# The grammar's tests that need more than `npm test`: corpus, highlighting and queries by the
# tree-sitter CLI, and the native binding against the wasm. About a minute, most of it for compiling
# the npm package `tree-sitter` once.
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
