-- The protocol of unmap.mmlock, step for step, for Murphi (Rumur). The bench writes the constants.
const
  PAGES: 2;
  FAULTS: 2;
  MAPPERS: 1;
  GROWERS: 1;
  RACY: 0;
  SERIAL: 1000;

type
  page: 0 .. PAGES - 1;
  fault_id: 0 .. FAULTS - 1;
  mapper_id: 0 .. MAPPERS - 1;
  grower_id: 0 .. GROWERS - 1;
  unmap_at: enum { u_idle, u_look, u_detach, u_neighbour, u_downgrade, u_zap, u_check, u_release };
  fault_at: enum { f_pick, f_idle, f_look, f_map, f_check, f_release };
  map_at: enum { m_idle, m_look, m_map, m_release };
  grow_at: enum { g_idle, g_look, g_grow, g_release };

var
  writer: boolean;
  readers: 0 .. FAULTS + GROWERS + 1;
  area: boolean;
  grown: boolean;
  beside_stack: boolean;
  pte: array [page] of boolean;
  unmap: record at: unmap_at; i: page; end;
  fault: array [fault_id] of record at: fault_at; p: page; end;
  mapper: array [mapper_id] of map_at;
  grower: array [grower_id] of grow_at;

function covered(): boolean; begin return area | grown; end;

procedure release_any(); begin
  if writer then writer := false; else readers := readers - 1; end;
end;

startstate begin
  writer := false; readers := 0;
  area := true; grown := false; beside_stack := false;
  for p: page do pte[p] := false; end;
  unmap.at := u_idle; unmap.i := 0;
  for f: fault_id do fault[f].at := f_pick; fault[f].p := 0; end;
  for m: mapper_id do mapper[m] := m_idle; end;
  for g: grower_id do grower[g] := g_idle; end;
end;

rule "munmap: the lock is taken" unmap.at = u_idle & (writer | readers != 0) ==> begin end;
rule "munmap: lock" unmap.at = u_idle & !writer & readers = 0 ==> begin
  writer := true; unmap.at := u_look;
end;
rule "munmap: look" unmap.at = u_look ==> begin
  if covered() then unmap.at := u_detach; else unmap.at := u_release; end;
end;
rule "munmap: detach" unmap.at = u_detach ==> begin
  area := false; grown := false;
  if RACY = 1 then unmap.at := u_downgrade; else unmap.at := u_neighbour; end;
end;
rule "munmap: neighbour" unmap.at = u_neighbour ==> begin
  if beside_stack then unmap.i := 0; unmap.at := u_zap; else unmap.at := u_downgrade; end;
end;
rule "munmap: downgrade" unmap.at = u_downgrade ==> begin
  writer := false; readers := readers + 1; unmap.i := 0; unmap.at := u_zap;
end;
rule "munmap: zap" unmap.at = u_zap ==> begin
  pte[unmap.i] := false;
  if unmap.i < PAGES - 1 then unmap.i := unmap.i + 1; else unmap.at := u_check; end;
end;
rule "munmap: check" unmap.at = u_check ==> begin
  assert "nothing is mapped behind munmap's back" forall p: page do !pte[p] end;
  unmap.at := u_release;
end;
rule "munmap: release" unmap.at = u_release ==> begin release_any(); unmap.at := u_idle; end;

ruleset f: fault_id do
  ruleset p: page do
    rule "fault: pick" fault[f].at = f_pick ==> begin fault[f].p := p; fault[f].at := f_idle; end;
  end;
  rule "fault: the lock is taken" fault[f].at = f_idle & writer ==> begin
    fault[f].at := f_pick;
  end;
  rule "fault: lock" fault[f].at = f_idle & !writer ==> begin
    readers := readers + 1; fault[f].at := f_look;
  end;
  rule "fault: look" fault[f].at = f_look ==> begin
    if covered() then fault[f].at := f_map; else fault[f].at := f_release; end;
  end;
  rule "fault: map" fault[f].at = f_map ==> begin
    pte[fault[f].p] := true; fault[f].at := f_check;
  end;
  rule "fault: check" fault[f].at = f_check ==> begin
    assert "a page stays while its VMA is there" pte[fault[f].p] | fault[f].p > SERIAL;
    fault[f].at := f_release;
  end;
  rule "fault: release" fault[f].at = f_release ==> begin
    readers := readers - 1; fault[f].at := f_pick;
  end;
end;

ruleset m: mapper_id do
  rule "mmap: the lock is taken" mapper[m] = m_idle & (writer | readers != 0) ==> begin end;
  rule "mmap: lock" mapper[m] = m_idle & !writer & readers = 0 ==> begin
    writer := true; mapper[m] := m_look;
  end;
  rule "mmap: look" mapper[m] = m_look ==> begin
    if covered() then mapper[m] := m_release; else mapper[m] := m_map; end;
  end;
  rule "mmap: map" mapper[m] = m_map ==> begin
    area := true; beside_stack := !beside_stack; mapper[m] := m_release;
  end;
  rule "mmap: release" mapper[m] = m_release ==> begin writer := false; mapper[m] := m_idle; end;
end;

ruleset g: grower_id do
  rule "grow: the lock is taken" grower[g] = g_idle & writer ==> begin end;
  rule "grow: lock" grower[g] = g_idle & !writer ==> begin
    readers := readers + 1; grower[g] := g_look;
  end;
  rule "grow: look" grower[g] = g_look ==> begin
    if beside_stack & !covered() then grower[g] := g_grow; else grower[g] := g_release; end;
  end;
  rule "grow: grow" grower[g] = g_grow ==> begin grown := true; grower[g] := g_release; end;
  rule "grow: release" grower[g] = g_release ==> begin
    readers := readers - 1; grower[g] := g_idle;
  end;
end;

invariant "no overlap" !(area & grown);
