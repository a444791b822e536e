#!/bin/sh
# Generates the parser from grammar.js and compiles grammars/mmlock.wasm. Both are committed.
# usage: scripts/build-grammar.sh
# needs: the tree-sitter CLI (scripts/get-tree-sitter-cli.sh), node, and from Debian
#        clang-19 lld-19 wasi-libc. TREE_SITTER, CLANG and OUT name other programs and another file.
set -eu
cd "$(dirname "$0")/.."
cli=${TREE_SITTER:-$PWD/.cache/tree-sitter-cli/tree-sitter}
clang=${CLANG:-clang-19}
out=$(realpath -m "${OUT:-grammars/mmlock.wasm}")

cd grammars/tree-sitter-mmlock
"$cli" generate
cd src
# tree-sitter's own flags; web-tree-sitter loads the file as a dynamic library.
"$clang" --target=wasm32-unknown-wasi -isystem /usr/include/wasm32-wasi -o "$out" -fPIC -shared \
  -Os -Wl,--export=tree_sitter_mmlock -Wl,--allow-undefined -Wl,--no-entry -Wl,--strip-all \
  -nostdlib -fno-exceptions -fvisibility=hidden -I . parser.c
chmod 644 "$out"
ls -l "$out"
