; Scopes: a thread or proc, a block in it, a quantifier.
(thread_declaration) @local.scope
(proc_declaration) @local.scope
(block) @local.scope
(for_statement) @local.scope
(quantifier_expression) @local.scope
(count_expression) @local.scope

(parameter name: (identifier) @local.definition)
(let_statement name: (identifier) @local.definition)
(for_statement name: (identifier) @local.definition)
(quantifier_expression name: (identifier) @local.definition)
(count_expression name: (identifier) @local.definition)

(variable (identifier) @local.reference)
