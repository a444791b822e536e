; Words such as TODO in comments, where the editor has a grammar for them.
([(line_comment) (block_comment) (doc_comment)] @injection.content
  (#set! injection.language "comment"))
