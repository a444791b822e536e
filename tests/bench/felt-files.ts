// The two subjects of the part `felt`: our server with a protocol, bash-language-server with a
// script of the same length; what is typed into them, and what is pointed at.
import type { Bench } from './bench.ts';
import { textOf } from './facts.ts';
import type { ServerCommand } from './lsp-process.ts';
import { works } from './stopwatch.ts';

export interface Subject {
  readonly name: string;
  readonly server: ServerCommand;
  readonly text: string;
  /** Of the unit k: a line that is typed letter by letter, below this one. */
  readonly line: (k: number) => string;
  readonly below: (k: number) => string;
  /** A use of a name that is declared elsewhere. */
  readonly pointedAt: (k: number) => string;
  readonly nUnits: number;
}

/** It may be named where it is not on the path. */
const BASH_LANGUAGE_SERVER = process.env['BASH_LANGUAGE_SERVER'] ?? 'bash-language-server';
const N_LINES = 2_000;

export function subjects({ models, children }: Bench): readonly Subject[] {
  return [
    ours([process.execPath, children.felt, models.root]),
    ...(works(BASH_LANGUAGE_SERVER, '--version') ? [bash([BASH_LANGUAGE_SERVER, 'start'])] : []),
  ];
}

function ours(command: readonly string[]): Subject {
  const text = textOf(N_LINES);
  return {
    name: 'mmlock', server: { command, languageId: 'mmlock' }, text,
    line: (k) => `\n  if vma_${k} == attached_${k} { return }`,
    below: (k) => `  vma_${k} = detached_${k}`,
    pointedAt: (k) => `ptl_${k}\n  pte`,
    nUnits: unitsOf(text, /^thread munmap_/gm),
  };
}

/** ShellCheck is another program, and waits half a second by itself: it is left out. */
function bash(command: readonly string[]): Subject {
  const text = textOf(N_LINES, bashUnit);
  return {
    name: 'bash-language-server',
    server: { command, languageId: 'shellscript', env: { SHELLCHECK_PATH: '', SHFMT_PATH: '' } },
    text,
    line: (k) => `\n  [ "$attached_${k}" == "no" ] && return`,
    below: (k) => `  attached_${k}="no"`,
    pointedAt: (k) => `zap_page_${k} "$i"`,
    nUnits: unitsOf(text, /^munmap_\d+\(/gm),
  };
}

const unitsOf = (text: string, head: RegExp): number => [...text.matchAll(head)].length;

/** What the unit of a protocol does, as a script would; 38 lines as well. */
function bashUnit(k: number): string {
  return `
# Detaches, then zaps.
attached_${k}="yes"
pages_${k}=(none none)
zap_page_${k}() {
  local index="$1"
  pages_${k}[$index]="none"
}
munmap_${k}() {
  local count="\${#pages_${k}[@]}"
  if [[ "$attached_${k}" == "no" ]]; then
    echo "nothing to detach" >&2
    return 1
  fi
  attached_${k}="no"
  for ((i = 0; i < count; i++)); do
    zap_page_${k} "$i"
  done
}
fault_${k}() {
  local page="$1"
  if [[ "$attached_${k}" == "no" ]]; then
    echo "sigsegv"
  else
    case "\${pages_${k}[$page]}" in
      none) pages_${k}[$page]="file" ;;
      *) echo "present" ;;
    esac
    echo "content"
  fi
}
both_${k}() {
  munmap_${k} &
  fault_${k} 0
  wait
}
both_${k}
`;
}
