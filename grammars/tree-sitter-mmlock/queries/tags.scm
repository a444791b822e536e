; Names that a reader looks up, with the comment above them; and where they are used.

((doc_comment)* @doc . (thread_declaration name: (identifier) @name) @definition.function
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (proc_declaration name: (identifier) @name) @definition.function
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (struct_declaration name: (identifier) @name) @definition.class
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (enum_declaration name: (identifier) @name) @definition.class
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (flags_declaration name: (identifier) @name) @definition.class
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (type_declaration name: (identifier) @name) @definition.type
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (lock_declaration name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (shared_declaration name: (identifier) @name) @definition.variable
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (const_declaration name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (param_declaration name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (property_declaration name: (identifier) @name) @definition.constant
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (scenario_declaration name: (identifier) @name) @definition.module
  (#strip! @doc "^///\\s?"))
((doc_comment)* @doc . (workload_declaration name: (identifier) @name) @definition.module
  (#strip! @doc "^///\\s?"))

(call_statement proc: (identifier) @name) @reference.call
(call_expression proc: (identifier) @name) @reference.call
(run thread: (identifier) @name) @reference.call
(new_expression struct: (identifier) @name) @reference.class
(ref_type struct: (identifier) @name) @reference.class
(named_type (identifier) @name) @reference.type
