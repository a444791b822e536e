/**
 * @file The grammar of mmlock, a language for locking protocols of Linux memory management.
 * @license MIT
 *
 * It takes more than the language: a declaration without its name, an `if` without its block, a
 * bare word as a statement. What is half typed then keeps its shape, and the AST says what lacks.
 */
/// <reference types="tree-sitter-cli/dsl" />
// @ts-check

// C's levels; `=>` below them. A range ends where a comparison would.
const PREC = {
  quantifier: 1,
  implies: 2,
  or: 3,
  and: 4,
  equality: 5,
  comparison: 6,
  sum: 7,
  product: 8,
  unary: 9,
  index: 10,
};

const LEFT_ASSOCIATIVE = [
  ['||', PREC.or],
  ['&&', PREC.and],
  ['==', PREC.equality],
  ['!=', PREC.equality],
  ['<', PREC.comparison],
  ['<=', PREC.comparison],
  ['>', PREC.comparison],
  ['>=', PREC.comparison],
  ['+', PREC.sum],
  ['-', PREC.sum],
  ['*', PREC.product],
  ['/', PREC.product],
  ['%', PREC.product],
  // No operators of the language; taken to say what to write instead.
  ['|', PREC.or],
  ['&', PREC.and],
];

// Words no name may have. What is missing before one of them is then known to be missing.
// Left out on purpose, as natural names: `flags`, `order`, `lock`, `count`, `free`, `new`, `held`.
const DECLARATION_WORDS = [
  'use', 'const', 'param', 'type', 'enum', 'struct', 'shared', 'proc', 'thread', 'background',
  'invariant', 'final', 'eventually', 'reachable', 'scenario', 'workload',
];
const STATEMENT_WORDS = [
  'acquire', 'release', 'downgrade', 'let', 'choose', 'or', 'step', 'if', 'else', 'while', 'loop',
  'for', 'break', 'continue', 'goto', 'await', 'assert', 'outcome', 'return', 'free_rcu',
  'rcu_read_lock', 'rcu_read_unlock', 'synchronize_rcu', 'WRITE_ONCE',
];
const EXPRESSION_WORDS = [
  'in', 'has', 'any', 'true', 'false', 'null', 'forall', 'exists', 'READ_ONCE', 'cmpxchg', 'try',
];

// Words with a meaning of their own in some places that may still name a variable.
const SOFT_WORDS = [
  'flags', 'order', 'lock', 'at', 'takes', 'nested', 'new', 'held', 'holds', 'count', 'free',
];

const RESERVED = [
  ...DECLARATION_WORDS, ...STATEMENT_WORDS, ...EXPRESSION_WORDS, 'expect', 'guarded',
];

// Reserved words that may still name a member, a field or an outcome.
const MEMBER_WORDS = ['outcome', 'step', 'assert', 'any', 'try'];
// A field's name may also begin a declaration elsewhere.
const FIELD_WORDS = [...MEMBER_WORDS, 'type', 'shared', 'final', 'use'];

export default grammar({
  name: 'mmlock',

  extras: $ => [/[\s\uFEFF]/, $.line_comment, $.doc_comment, $.block_comment],

  word: $ => $.identifier,

  reserved: {
    global: _ => RESERVED,
    // After a dot, in an enumeration and as an outcome a few more words are names.
    member: _ => RESERVED.filter(word => !MEMBER_WORDS.includes(word)),
  },

  supertypes: $ => [
    $.declaration, $.scenario_item, $.workload_item, $.statement, $.expression, $.type, $.guard,
  ],

  // All are forks of a word or two. First those at a name that lacks: `shared` and a new line that
  // starts with `order`; then those at words that have a meaning of their own in some places only;
  // last those at a brace behind an `if` without its condition.
  conflicts: $ => [
    [$.const_declaration],
    [$.param_declaration],
    [$.type_declaration],
    [$.enum_declaration],
    [$.flags_declaration],
    [$.struct_declaration],
    [$.struct_body],
    [$.lock_declaration],
    [$.shared_declaration],
    [$.proc_declaration],
    [$.thread_declaration],
    [$.scenario_declaration],
    [$.workload_declaration],

    [$.variable, $.held_expression],
    [$.variable, $.new_expression],
    [$.variable, $.at_expression],
    [$.variable, $.free_statement],
    [$.return_statement],
    [$.statement, $.timed_statement],
    [$.acquire_statement],
    [$.field_declaration],
    [$.guard_sides],
    [$.run],

    [$.block, $.set_expression],
    [$.assignment, $.expression],
    [$.unknown_statement, $.expression],
    [$.call_statement, $.call_expression],
  ],

  rules: {
    source_file: $ => repeat(choice($.declaration, ';')),

    declaration: $ => choice(
      $.use_declaration,
      $.const_declaration,
      $.param_declaration,
      $.type_declaration,
      $.enum_declaration,
      $.flags_declaration,
      $.struct_declaration,
      $.lock_declaration,
      $.shared_declaration,
      $.order_declaration,
      $.proc_declaration,
      $.thread_declaration,
      $.property_declaration,
      $.scenario_declaration,
      $.workload_declaration,
    ),

    use_declaration: $ => seq('use', optional(field('target', choice($.module_name, $.string)))),
    module_name: $ => sep1($.identifier, '.'),

    // Words of the language that may still be names where a declaration could also end.
    _name: $ => choice(
      $.identifier,
      ...[...SOFT_WORDS, 'x'].map(word => prec.dynamic(1, alias(word, $.identifier))),
    ),

    // The same where no declaration can end.
    _local_name: $ => choice(
      $.identifier, ...SOFT_WORDS.map(word => alias(word, $.identifier)),
    ),

    const_declaration: $ => seq('const', name($), optional(initial($))),

    param_declaration: $ => seq(
      'param',
      name($),
      optional(seq(':', field('range', $.range))),
      optional(initial($)),
    ),

    type_declaration: $ => seq('type', name($), optional(seq('=', field('type', $.type)))),

    enum_declaration: $ => seq('enum', name($), optional(field('members', $.member_list))),
    flags_declaration: $ => seq('flags', name($), optional(field('members', $.member_list))),
    member_list: $ => braced(commaSep($._list_name)),
    _list_name: $ => choice(
      $._member_name,
      ...['flags', 'order', 'lock'].map(word => alias(word, $.identifier)),
    ),
    _member_name: $ => reserved('member', $.identifier),
    _dotted_name: $ => choice(
      $._member_name, ...FIELD_WORDS.map(word => alias(word, $.identifier)),
    ),

    struct_declaration: $ => seq(
      'struct',
      name($),
      optional(field('count', $.length)),
      optional(field('typesafe', 'typesafe')),
      optional(field('body', $.struct_body)),
    ),
    // Its closing brace may lack too, in a fork: `type` goes on with a field or with a declaration.
    struct_body: $ => choice(
      seq('{', repeat(choice($.lock_declaration, $.field_declaration, ';')), '}'),
      prec.dynamic(-100, seq('{', repeat(choice($.lock_declaration, $.field_declaration, ';')))),
    ),
    field_declaration: $ => seq(
      choice(
        seq(field('name', $._field_name), optional(seq(':', field('type', $.type)))),
        // `type: page_type`; without the `:` the declaration that begins so.
        seq(field('name', alias(choice(...FIELD_WORDS), $.identifier)), ':', field('type', $.type)),
      ),
      optional(initial($)),
      optional(field('guard', $._guard)),
    ),
    _field_name: $ => choice(
      $.identifier,
      ...['read', 'write', 'flags', 'order'].map(word => alias(word, $.identifier)),
    ),
    length: $ => seq('[', field('value', $.expression), ']'),

    lock_declaration: $ => seq(
      'lock',
      // Before a lock without a name and a field of that name.
      optional(prec.dynamic(2, field('name', $._name))),
      optional(field('count', $.length)),
      optional(seq(':', optional(field('kind', choice($.lock_kind, $.identifier))))),
    ),
    lock_kind: _ => choice('mutex', 'spinlock', 'rwsem', 'rwlock'),

    shared_declaration: $ => seq(
      'shared',
      optional(choice(
        field('name', choice(
          $._name,
          ...['atomic', 'read', 'write'].map(word => alias(word, $.identifier)),
        )),
        seq(field('atomic', 'atomic'), field('name', $._name)),
      )),
      optional(seq(':', field('type', $.type))),
      optional(initial($)),
      optional(field('guard', $._guard)),
    ),

    _guard: $ => choice($.guarded_by, $.guard_sides),
    guarded_by: $ => seq('guarded', optional('by'), field('lock', $._place)),
    guard_sides: $ => repeat1($.guard_side),
    // Before fields of these names without types: `read`, `under`, ...
    guard_side: $ => prec.dynamic(1, seq(
      field('side', choice('read', 'write')),
      'under',
      field('condition', $.guard),
    )),
    guard: $ => choice($.guard_binary, $.guard_lock, $.guard_rcu, $.guard_parenthesized),
    guard_binary: $ => choice(
      prec.left(PREC.or, binary($.guard, '||', $.guard)),
      prec.left(PREC.and, binary($.guard, '&&', $.guard)),
    ),
    guard_lock: $ => seq(optional(field('mode', $.mode)), field('lock', $._place)),
    guard_rcu: _ => 'rcu',
    guard_parenthesized: $ => seq('(', field('inner', $.guard), ')'),

    order_declaration: $ => seq('order', sep1(field('class', $._place), '->')),

    proc_declaration: $ => seq(
      'proc',
      name($),
      optional(field('parameters', $.parameters)),
      optional(seq('->', field('result', $.type))),
      optional(field('body', $.block)),
    ),
    thread_declaration: $ => seq(
      optional(field('background', 'background')),
      'thread',
      name($),
      optional(field('parameters', $.parameters)),
      optional(field('outcomes', $.outcomes)),
      optional(field('body', $.block)),
    ),
    parameters: $ => enclosed('(', commaSep($.parameter), ')'),
    parameter: $ => seq(field('name', $._local_name), optional(seq(':', field('type', $.type)))),
    outcomes: $ => seq('->', sep1($.outcome, '|')),
    outcome: $ => seq(optional(field('never', 'never')), field('name', $._member_name)),

    property_declaration: $ => prec.right(seq(
      field('kind', choice('invariant', 'final', 'eventually', 'reachable')),
      name($),
      optional(seq(':', field('expression', $.expression))),
    )),

    scenario_declaration: $ => seq(
      'scenario',
      name($),
      optional(field('title', $.string)),
      optional(field('body', $.scenario_body)),
    ),
    scenario_body: $ => braced(repeat(choice($.scenario_item, ';'))),
    scenario_item: $ => choice($.with, $.run, $.property_declaration, $.expect),
    with: $ => prec.right(seq('with', name($), optional(initial($)))),
    run: $ => seq(
      optional(seq(field('alias', $._run_name), ':')),
      field('thread', $._run_name),
      optional(field('arguments', $.arguments)),
      optional($._times),
    ),
    _times: $ => prec.dynamic(1, seq('x', field('count', $.expression))),
    _run_name: $ => choice($.identifier, alias('x', $.identifier)),

    expect: $ => prec.right(seq(
      'expect',
      choice(
        'safe',
        seq('fails', commaSepNoTrail($.failure)),
        seq(optional('not'), 'refines', field('other', $.identifier)),
      ),
    )),
    failure: $ => seq(
      field('name', $._failure_name),
      // Several are the locks of a deadlock.
      optional(seq(
        '(', choice(sep1(field('subject', $.subject), ','), field('subject', $.string)), ')',
      )),
    ),
    // Codes, and a name, that are words of the language elsewhere.
    _failure_name: $ => choice(
      $.identifier,
      ...['assert', 'invariant', 'final', 'eventually', 'reachable', 'x'].map(
        word => alias(word, $.identifier),
      ),
    ),
    subject: $ => sep1($._dotted_name, '.'),

    workload_declaration: $ => seq(
      'workload',
      name($),
      optional(field('title', $.string)),
      optional(field('body', $.workload_body)),
    ),
    workload_body: $ => braced(repeat(choice($.workload_item, ';'))),
    workload_item: $ => choice($.with, $.setting, $.arrival),
    setting: $ => seq(
      field('setting', choice('cpus', 'for', 'seed')),
      field('value', $.expression),
    ),
    arrival: $ => prec.right(seq(
      field('run', $.run),
      repeat(choice(
        seq('at', field('at', $.expression)),
        seq('every', field('every', $.expression)),
      )),
    )),

    type: $ => choice($.bool_type, $.ref_type, $.array_type, $.named_type, $.range),
    bool_type: _ => 'bool',
    ref_type: $ => seq('ref', field('struct', $.identifier)),
    array_type: $ => seq(field('element', $.type), field('length', $.length)),
    // Above `variable`: `page[2]` in a type is an array, not the start of a range.
    named_type: $ => prec(1, $.identifier),

    block: $ => braced(repeat(choice($.statement, ';'))),

    statement: $ => choice($._untimed_statement, $.labelled_statement, $.timed_statement),
    _untimed_statement: $ => choice(
      $.acquire_statement,
      $.release_statement,
      $.downgrade_statement,
      $.try_statement,
      $.assignment,
      $.write_once_statement,
      $.let_statement,
      $.choose_statement,
      $.step_statement,
      $.if_statement,
      $.while_statement,
      $.loop_statement,
      $.for_statement,
      $.jump_statement,
      $.goto_statement,
      $.call_statement,
      $.await_statement,
      $.assert_statement,
      $.outcome_statement,
      $.return_statement,
      $.free_statement,
      $.rcu_statement,
      $.unknown_statement,
    ),

    timed_statement: $ => seq(
      field('statement', $._untimed_statement),
      'takes',
      field('takes', choice($.range, $.exponential, $.expression)),
    ),
    // Before a call behind `return takes`, a variable's value.
    exponential: $ => prec.dynamic(2, seq('exp', '(', field('mean', $.expression), ')')),

    labelled_statement: $ => prec.right(seq(
      field('label', $._local_name),
      ':',
      optional(field('statement', $.statement)),
    )),

    mode: _ => choice('read', 'write'),
    acquire_statement: $ => seq('acquire', lock($), optional(field('nested', 'nested'))),
    release_statement: $ => seq('release', lock($)),
    downgrade_statement: $ => seq(
      'downgrade', field('lock', choice($._place, $.parenthesized_lock)),
    ),
    parenthesized_lock: $ => seq('(', field('inner', $._place), ')'),
    try_statement: $ => prec.right(seq(
      'if',
      'try',
      optional('acquire'),
      lock($),
      optional(field('nested', 'nested')),
      optional(seq(field('then', $.block), optional(field('otherwise', $.else_clause)))),
    )),

    // `==`, `++` and `--` only to say what to write instead.
    assignment: $ => choice(
      seq(
        field('target', $._place),
        field('operator', choice('=', '+=', '-=', '==')),
        field('value', $.expression),
      ),
      seq(field('target', $._place), field('operator', choice('++', '--'))),
    ),
    write_once_statement: $ => seq('WRITE_ONCE', field('arguments', $.arguments)),
    let_statement: $ => prec.right(seq(
      'let',
      name($),
      optional(seq(':', field('type', $.type))),
      optional(initial($)),
    )),

    choose_statement: $ => prec.right(seq('choose', $.block, repeat(seq('or', $.block)))),
    step_statement: $ => prec.right(seq(
      'step',
      optional(field('label', $._local_name)),
      choice(
        seq(field('text', $.string), optional(field('body', $.block))),
        field('body', $.block),
      ),
    )),

    if_statement: $ => prec.right(seq(
      'if',
      optional(field('condition', $.expression)),
      optional(seq(field('then', $.block), optional(field('otherwise', $.else_clause)))),
    )),
    else_clause: $ => seq('else', choice($.block, $.if_statement, $.try_statement)),
    while_statement: $ => prec.right(seq(
      'while',
      optional(field('condition', $.expression)),
      optional(field('body', $.block)),
    )),
    loop_statement: $ => prec.right(seq('loop', optional(field('body', $.block)))),
    for_statement: $ => prec.right(seq(
      'for',
      name($),
      optional(seq('in', field('domain', $._domain))),
      optional(field('body', $.block)),
    )),
    _domain: $ => choice($.range, $.named_type),

    jump_statement: _ => choice('break', 'continue'),
    goto_statement: $ => seq('goto', field('label', $._local_name)),
    call_statement: $ => seq(field('proc', $.identifier), field('arguments', $.arguments)),
    await_statement: $ => seq('await', field('condition', $.expression)),
    assert_statement: $ => seq(
      'assert',
      field('condition', $.expression),
      optional(seq(',', field('text', $.string))),
    ),
    outcome_statement: $ => seq('outcome', field('name', $._member_name)),
    return_statement: $ => choice(
      'return',
      prec.dynamic(1, seq('return', field('value', $.expression))),
    ),
    free_statement: $ => seq(choice('free', 'free_rcu'), field('value', $.expression)),
    rcu_statement: $ => seq(
      choice('rcu_read_lock', 'rcu_read_unlock', 'synchronize_rcu'),
      optional($.no_arguments),
    ),
    no_arguments: _ => seq('(', ')'),
    // No statement at all: a misspelt word, or one that is still being typed.
    unknown_statement: $ => prec.dynamic(-10, choice(
      $._place,
      $.else_clause,
      $.block,
      $.read_once_expression,
      $.cmpxchg_expression,
    )),

    expression: $ => choice(
      $.integer,
      $.duration,
      $.boolean,
      $.null,
      $._place,
      $.unary_expression,
      $.binary_expression,
      $.has_expression,
      $.in_expression,
      $.quantifier_expression,
      $.count_expression,
      $.set_expression,
      $.list_expression,
      $.new_expression,
      $.any_expression,
      $.read_once_expression,
      $.cmpxchg_expression,
      $.call_expression,
      $.held_expression,
      $.at_expression,
      $.parenthesized_expression,
      $.string, // No value; texts stand behind `assert` and `step` only.
    ),

    // What can be assigned to, acquired or read once.
    _place: $ => choice($.variable, $.index_expression, $.field_expression),
    // Words of the language that may still name a variable or an enumeration's member.
    variable: $ => choice(
      $.identifier,
      ...SOFT_WORDS.map(word => alias(word, $.identifier)),
    ),
    index_expression: $ => prec(PREC.index, seq(
      field('base', $._place), '[', field('index', $.expression), ']',
    )),
    field_expression: $ => seq(field('base', $._place), '.', field('field', $._dotted_name)),

    unary_expression: $ => prec(PREC.unary, seq(
      field('operator', choice('!', '-')),
      field('operand', $.expression),
    )),
    binary_expression: $ => choice(
      prec.right(PREC.implies, binary($.expression, '=>', $.expression)),
      ...LEFT_ASSOCIATIVE.map(
        ([operator, level]) => prec.left(level, binary($.expression, operator, $.expression)),
      ),
    ),
    has_expression: $ => prec.left(PREC.comparison, seq(
      field('base', $.expression), 'has', field('flag', $.expression),
    )),
    in_expression: $ => prec.left(PREC.comparison, seq(
      field('value', $.expression), 'in', field('domain', choice($.set_expression, $.range)),
    )),
    range: $ => prec.left(PREC.comparison, seq(
      field('low', $.expression), '..', field('high', $.expression),
    )),
    quantifier_expression: $ => prec.right(PREC.quantifier, seq(
      field('quantifier', choice('forall', 'exists')),
      optional(field('name', $._local_name)),
      optional(seq('in', field('domain', $._domain))),
      optional(seq(':', field('body', $.expression))),
    )),
    count_expression: $ => seq(
      'count',
      '(',
      field('name', $._local_name),
      'in',
      field('domain', $._domain),
      ':',
      field('body', $.expression),
      ')',
    ),
    // Below `block`: `while { }` lacks its condition, not its block.
    set_expression: $ => prec.dynamic(-1, seq('{', commaSep($.expression), '}')),
    list_expression: $ => seq('[', commaSep($.expression), ']'),
    new_expression: $ => prec.dynamic(1, prec.right(seq(
      'new',
      field('struct', $.identifier),
      optional(field('body', $.initializers)),
    ))),
    initializers: $ => seq('{', repeat(seq($.initializer, optional(','))), '}'),
    initializer: $ => seq(field('field', $._dotted_name), '=', field('value', $.expression)),
    any_expression: $ => prec.right(seq('any', field('domain', $._domain))),
    read_once_expression: $ => seq('READ_ONCE', field('arguments', $.arguments)),
    cmpxchg_expression: $ => seq('cmpxchg', field('arguments', $.arguments)),
    call_expression: $ => seq(field('proc', $.identifier), field('arguments', $.arguments)),
    arguments: $ => seq('(', commaSep($.expression), ')'),
    held_expression: $ => prec.dynamic(1, seq(field('who', choice('held', 'holds')), lock($))),
    at_expression: $ => prec.dynamic(1, seq(
      field('thread', $.identifier), 'at', field('label', $._local_name),
    )),
    parenthesized_expression: $ => seq('(', field('inner', $.expression), ')'),

    boolean: _ => choice('true', 'false'),
    null: _ => 'null',
    identifier: _ => /[A-Za-z_][A-Za-z0-9_]*/,
    // A duration first: of two tokens of one length the earlier is taken.
    duration: _ => /[0-9]+(\.[0-9]+)?(ns|us|ms|s)|[0-9]+\.[0-9]+[A-Za-z0-9_]*/,
    // Any word that starts with a digit; whether it is a number is for the reader of the tree.
    integer: _ => /[0-9][A-Za-z0-9_]*/,
    // The closing quote and the closing `*/` may be missing: the damage ends with the line or file.
    string: _ => /"([^"\\\r\n]|\\[^\r\n])*"?/,
    line_comment: _ => /\/\/([^\/\r\n][^\r\n]*|\/\/[^\r\n]*)?/,
    doc_comment: _ => /\/\/\/([^\/\r\n][^\r\n]*)?/,
    block_comment: _ => /\/\*([^*]|\*+[^*\/])*(\*+\/)?/,
  },
});

/** The name of what is declared; without it the rest of the declaration keeps its shape. */
function name($) {
  return optional(field('name', $._name));
}

/** The closing sign may lack before whatever cannot stand inside. */
function enclosed(open, rule, close) {
  return choice(
    seq(open, rule, close),
    prec.dynamic(-100, prec(-1, seq(open, rule))),
  );
}

function braced(rule) {
  return enclosed('{', rule, '}');
}

function initial($) {
  return seq('=', field('value', $.expression));
}

/** As a call, only to say what to write instead. */
function lock($) {
  return seq(
    optional(field('mode', $.mode)), field('lock', choice($._place, $.parenthesized_lock)),
  );
}

function binary(left, operator, right) {
  return seq(field('left', left), field('operator', operator), field('right', right));
}

function sep1(rule, separator) {
  return seq(rule, repeat(seq(separator, rule)));
}

/** Rules between commas; one after the last is allowed. */
function commaSep(rule) {
  return optional(seq(sep1(rule, ','), optional(',')));
}

function commaSepNoTrail(rule) {
  return optional(sep1(rule, ','));
}
