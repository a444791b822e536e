; Later patterns win over earlier ones for the same node.

(identifier) @variable

; Words

[
  "const" "param" "type" "enum" "flags" "struct" "lock" "shared" "order" "proc" "thread"
  "invariant" "final" "eventually" "reachable" "scenario" "workload"
] @keyword

"use" @keyword.import

[
  "background" "atomic" "typesafe" "guarded" "by" "under" "never"
] @keyword.modifier

[
  "acquire" "release" "downgrade" "nested" "let" "step" "await" "assert" "outcome" "free"
  "free_rcu" "takes" "with" "expect" "safe" "fails" "refines" "not" "cpus" "seed" "every" "x"
] @keyword

(rcu_statement) @keyword

[ "if" "else" "choose" "or" "try" ] @keyword.conditional
[ "while" "loop" "for" ] @keyword.repeat
[ "return" "goto" ] @keyword.return
(jump_statement) @keyword.repeat

[ "in" "has" "at" "forall" "exists" "count" "held" "holds" "new" "any" ] @keyword.operator

[ "READ_ONCE" "WRITE_ONCE" "cmpxchg" "exp" ] @function.builtin

(mode) @keyword.modifier
(guard_side side: _ @keyword.modifier)
(guard_rcu) @keyword.modifier
(setting setting: _ @keyword)
(property_declaration kind: _ @keyword)

; Values

(integer) @number
(duration) @number
(string) @string
(boolean) @boolean
(null) @constant.builtin

; Types

(bool_type) @type.builtin
(lock_kind) @type.builtin
(ref_type "ref" @keyword.modifier)
(ref_type struct: (identifier) @type)
(named_type (identifier) @type)
(new_expression struct: (identifier) @type)

; Names

(const_declaration name: (identifier) @constant)
(param_declaration name: (identifier) @constant)
(type_declaration name: (identifier) @type.definition)
(enum_declaration name: (identifier) @type.definition)
(flags_declaration name: (identifier) @type.definition)
(struct_declaration name: (identifier) @type.definition)
(member_list (identifier) @constant)
(lock_declaration name: (identifier) @variable.lock)
(field_declaration name: (identifier) @property)
(parameter name: (identifier) @variable.parameter)
(proc_declaration name: (identifier) @function)
(thread_declaration name: (identifier) @function)
(property_declaration name: (identifier) @function)
(scenario_declaration name: (identifier) @function)
(workload_declaration name: (identifier) @function)
(outcome name: (identifier) @constant)
(outcome_statement name: (identifier) @constant)
(module_name (identifier) @module)
(with name: (identifier) @constant)
(expect other: (identifier) @function)
(failure name: (identifier) @function)

(field_expression field: (identifier) @property)
(initializer field: (identifier) @property)
(subject (identifier) @property)

(acquire_statement lock: (variable (identifier) @variable.lock))
(release_statement lock: (variable (identifier) @variable.lock))
(downgrade_statement lock: (variable (identifier) @variable.lock))
(try_statement lock: (variable (identifier) @variable.lock))
(held_expression lock: (variable (identifier) @variable.lock))
(guard_lock lock: (variable (identifier) @variable.lock))
(guarded_by lock: (variable (identifier) @variable.lock))
(order_declaration class: (variable (identifier) @variable.lock))

(call_statement proc: (identifier) @function.call)
(call_expression proc: (identifier) @function.call)
(run thread: (identifier) @function.call)
(run alias: (identifier) @label)
(at_expression thread: (identifier) @function.call)

(labelled_statement label: (identifier) @label)
(step_statement label: (identifier) @label)
(goto_statement label: (identifier) @label)
(at_expression label: (identifier) @label)

; Signs

[
  "=" "+=" "-=" "==" "!=" "<" "<=" ">" ">=" "+" "-" "*" "/" "%" "&&" "||" "!" "=>" "->" "|" ".."
] @operator
[ "." "," ":" ";" ] @punctuation.delimiter
[ "(" ")" "[" "]" "{" "}" ] @punctuation.bracket

; Comments

(line_comment) @comment
(block_comment) @comment
(doc_comment) @comment.documentation
