#!/bin/bash
# Fetches a real VS Code (server and workbench) for the end-to-end tests, from npm alone.
#   usage: get-vscode-server.sh [DIR]        prints the path of its server-main.js
# It is the VS Code inside npm's code-server, without code-server: no install script is run, nothing
# is compiled. Without its native modules there is no terminal and no log file; no test needs them.
set -euo pipefail
version=4.100.3   # VS Code 1.100; the last one that runs on Node 20
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
dir=${1:-$here/.cache/vscode-server-$version}
vscode=$dir/package/lib/vscode
done=$dir/done

if [ ! -f "$done" ]; then
  rm -rf "$dir"
  mkdir -p "$dir"
  cd "$dir"
  npm pack --silent "code-server@$version" >&2
  tar xzf "code-server-$version.tgz" package/lib package/package.json
  rm "code-server-$version.tgz"
  for folder in "$vscode" "$vscode/extensions"; do
    # Not `npm ci`: the lock file that is shipped is out of step with its package.json.
    (cd "$folder" && npm install --ignore-scripts --omit=dev --no-audit --no-fund --silent >&2)
  done
  ln -sfn node_modules "$vscode/node_modules.asar"
  if rg=$(command -v rg); then # its own is downloaded by an install script
    mkdir -p "$vscode/node_modules/@vscode/ripgrep/bin"
    ln -sf "$rg" "$vscode/node_modules/@vscode/ripgrep/bin/rg"
  fi
  touch "$done"
fi
echo "$vscode/out/server-main.js"
