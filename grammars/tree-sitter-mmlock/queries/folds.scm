[
  (block)
  (struct_body)
  (scenario_body)
  (workload_body)
  (member_list)
  (block_comment)
] @fold
