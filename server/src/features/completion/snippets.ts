// Declarations and whole protocols to start from, as snippets. Each protocol is checked by a test:
// as it stands, it has no mistake and comes to what its scenarios expect.
import { phrase, RANK, type Completion } from './item.ts';

interface Protocol {
  readonly label: string;
  readonly about: string;
  readonly text: string;
}

export const PROTOCOLS: readonly Protocol[] = [
  {
    label: 'protocol: outline',
    about: 'Two threads as lists of steps, to be refined line by line.',
    text: `thread \${1:munmap} {
	step "\${2:detach the vmas}"
	step "\${3:zap the pages}"
}

thread \${4:fault} {
	step "\${5:find the vma}"
	step "\${6:map the page}"
}

scenario \${7:both} "\${8:what runs beside what}" {
	$1
	$4
	expect safe
}
$0`,
  },
  {
    label: 'protocol: one lock',
    about: 'Shared state that a mutex guards, and two instances of the thread that changes it.',
    text: `lock \${1:mmap_lock}: mutex
shared \${2:total_vm}: 0..2 = 0   guarded by $1

thread \${3:grow} {
	acquire $1
	$2 += 1
	release $1
}

final \${4:all_counted}: $2 == 2

scenario \${5:two_at_once} "\${6:two of them at once}" {
	$3 x 2
	expect safe
}
$0`,
  },
  {
    label: 'protocol: rwsem with downgrade',
    about: 'A writer that downgrades for its long part, and a reader beside it.',
    text: `lock \${1:mmap_lock}: rwsem

enum \${2:vma_state} { attached, detached }

shared \${3:vma}: $2 = attached   guarded by $1

thread \${4:munmap} {
	acquire write $1
	$3 = detached
	downgrade $1
	step "\${5:zap the pages}"
	release $1
}

thread \${6:fault} -> mapped | sigsegv {
	acquire read $1
	if $3 == detached { outcome sigsegv } else { outcome mapped }
	release $1
}

scenario \${7:unmap_and_fault} "\${8:a fault beside the unmap}" {
	$4
	$6
	expect safe
}
$0`,
  },
  {
    label: 'protocol: RCU lookup',
    about: 'A reader under rcu_read_lock beside the one that unlinks and frees with free_rcu.',
    text: `enum \${1:vma_state} { attached, detached }

struct \${2:vma}[1] {
	state: $1 = attached
}

shared atomic \${3:tree}: ref $2 = new $2 { }

thread \${4:lookup} -> found | gone {
	rcu_read_lock
	let v = READ_ONCE($3)
	if v == null {
		outcome gone
	} else {
		step "\${5:look at the object}" {
			if READ_ONCE(v.state) == attached { outcome found } else { outcome gone }
		}
	}
	rcu_read_unlock
}

thread \${6:unlink} {
	let v = READ_ONCE($3)
	WRITE_ONCE(v.state, detached)
	WRITE_ONCE($3, null)
	free_rcu v
}

scenario \${7:lookup_and_unlink} "\${8:a lookup beside the unlink}" {
	$4
	$6
	expect safe
}
$0`,
  },
  {
    label: 'protocol: per-object lock, tried first',
    about: 'The object’s own lock is tried under RCU; where it is taken, the reader falls back.',
    text: `lock \${1:mmap_lock}: rwsem

struct \${2:vma}[1] {
	lock vm_lock: rwsem
	detached: bool = false
		read under read $1 || read vm_lock
		write under write $1 && write vm_lock
}

shared atomic \${3:tree}: ref $2 = new $2 { }

thread \${4:fault} -> handled | retry {
	rcu_read_lock
	let v = READ_ONCE($3)
	if try acquire read v.vm_lock {
		if v.detached { outcome retry } else { outcome handled }
		release v.vm_lock
	} else {
		outcome retry
	}
	rcu_read_unlock
}

thread \${5:unmap} {
	acquire write $1
	let v = READ_ONCE($3)
	acquire write v.vm_lock
	v.detached = true
	release v.vm_lock
	release $1
}

scenario \${6:fault_and_unmap} "\${7:a fault beside the unmap}" {
	$4
	$5
	expect safe
}
$0`,
  },
];

export function protocolItems(): readonly Completion[] {
  return PROTOCOLS.map(({ label, about, text }) => {
    const item = phrase(label, text, RANK.far);
    const doc = `${about}\n\n\`\`\`mmlock\n${item.text.trimEnd()}\n\`\`\``;
    return { ...item, kind: 'snippet', detail: '', doc };
  });
}

/** In the order in which a protocol is mostly written down. */
const DECLARATIONS: readonly (readonly [word: string, snippet: string])[] = [
  ['lock', 'lock ${1:name}: ${2|mutex,spinlock,rwsem,rwlock|}'],
  ['shared', 'shared ${1:name}: ${2:type}'],
  ['shared atomic', 'shared atomic ${1:name}: ${2:type}'],
  ['thread', 'thread ${1:name} {\n\t$0\n}'],
  ['scenario', 'scenario ${1:name} "${2:title}" {\n\t$0\n\texpect safe\n}'],
  ['enum', 'enum ${1:name} { ${2:member} }'],
  ['flags', 'flags ${1:name} { ${2:FLAG} }'],
  ['struct', 'struct ${1:name}[${2:1}] {\n\t$0\n}'],
  ['proc', 'proc ${1:name}($2) {\n\t$0\n}'],
  ['param', 'param ${1:NAME}: ${2:1}..${3:4} = ${4:2}'],
  ['const', 'const ${1:NAME} = ${2:value}'],
  ['type', 'type ${1:name} = ${2:0}..${3:1}'],
  ['invariant', 'invariant ${1:name}: ${2:condition}'],
  ['final', 'final ${1:name}: ${2:condition}'],
  ['eventually', 'eventually ${1:name}: ${2:condition}'],
  ['reachable', 'reachable ${1:name}: ${2:condition}'],
  ['background thread', 'background thread ${1:name} {\n\t$0\n}'],
  ['order', 'order ${1:outer} -> ${2:inner}'],
  ['workload', 'workload ${1:name} "${2:title}" {\n\tcpus ${3:4}\n\t$0\n\tfor ${4:1s}\n}'],
];

export function declarationItems(): readonly Completion[] {
  return [
    { ...phrase('use', 'use ', RANK.likely), snippet: null },
    ...DECLARATIONS.map(([word, snippet]) => phrase(word, snippet, RANK.likely)),
    ...protocolItems(),
  ];
}
