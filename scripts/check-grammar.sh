#!/bin/sh
# Fails where the committed parser or mmlock.wasm is not what grammar.js generates.
# usage: scripts/check-grammar.sh        needs what build-grammar.sh needs
# Another version of a tool writes other files: the check is then skipped, and says so.
set -eu
cd "$(dirname "$0")/.."
expected_cli='tree-sitter 0.26.11'
expected_clang='19.1.7'
cli=${TREE_SITTER:-$PWD/.cache/tree-sitter-cli/tree-sitter}
clang=${CLANG:-clang-19}

found=$("$cli" --version 2>&1 || true)
if [ "$found" != "$expected_cli" ]; then
  echo "check-grammar: skipped: wants $expected_cli, found: $found"
  exit 0
fi
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/scripts" "$work/grammars"
cp scripts/build-grammar.sh "$work/scripts"
cp -r grammars/tree-sitter-mmlock "$work/grammars"
rm -rf "$work/grammars/tree-sitter-mmlock/src" "$work/grammars/tree-sitter-mmlock/build"

found=$("$clang" -dumpversion 2>&1 || true)
if [ "$found" = "$expected_clang" ]; then
  TREE_SITTER=$cli CLANG=$clang "$work/scripts/build-grammar.sh"
  cmp "$work/grammars/mmlock.wasm" grammars/mmlock.wasm
else
  echo "check-grammar: mmlock.wasm skipped: wants clang $expected_clang, found: $found"
  (cd "$work/grammars/tree-sitter-mmlock" && "$cli" generate)
fi
diff -r "$work/grammars/tree-sitter-mmlock/src" grammars/tree-sitter-mmlock/src
echo 'check-grammar: what is committed is what grammar.js generates'
