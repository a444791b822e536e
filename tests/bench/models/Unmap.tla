---------------------------------- MODULE Unmap ----------------------------------
(* The protocol of unmap.mmlock, step for step, for TLC. Threads are numbers: 0 is   *)
(* munmap, then come the faults, the mappers and the growers. A step changes one     *)
(* thread and the shared record.                                                     *)
EXTENDS Integers, FiniteSets, TLC

CONSTANTS PAGES, FAULTS, MAPPERS, GROWERS, RACY, SERIAL

VARIABLES mm, pte, at, local

Page == 0 .. PAGES - 1
Unmap == 0
Fault == 1 .. FAULTS
Mapper == FAULTS + 1 .. FAULTS + MAPPERS
Grower == FAULTS + MAPPERS + 1 .. FAULTS + MAPPERS + GROWERS
Thread == {Unmap} \cup Fault \cup Mapper \cup Grower

Init ==
  /\ mm = [writer |-> FALSE, readers |-> 0,
           area |-> TRUE, grown |-> FALSE, beside_stack |-> FALSE]
  /\ pte = {}
  /\ at = [t \in Thread |-> IF t \in Fault THEN "pick" ELSE "idle"]
  /\ local = [t \in {Unmap} \cup Fault |-> 0]

Covered == mm.area \/ mm.grown
Free == ~mm.writer /\ mm.readers = 0

Go(t, from, to) == at[t] = from /\ at' = [at EXCEPT ![t] = to]
Stay(t, from) == at[t] = from /\ UNCHANGED <<at, mm, pte, local>>
Set(t, value) == local' = [local EXCEPT ![t] = value]

Write(t, then) == /\ Go(t, "idle", then) /\ Free
                  /\ mm' = [mm EXCEPT !.writer = TRUE]
                  /\ UNCHANGED <<pte, local>>
Read(t, then) == /\ Go(t, "idle", then) /\ ~mm.writer
                 /\ mm' = [mm EXCEPT !.readers = @ + 1]
                 /\ UNCHANGED <<pte, local>>
Release(t, then) == /\ Go(t, "release", then)
                    /\ mm' = IF mm.writer THEN [mm EXCEPT !.writer = FALSE]
                             ELSE [mm EXCEPT !.readers = @ - 1]
                    /\ UNCHANGED <<pte, local>>
Look(t, condition, then) == /\ Go(t, "look", IF condition THEN then ELSE "release")
                            /\ UNCHANGED <<mm, pte, local>>

Detach == /\ Go(Unmap, "detach", IF RACY THEN "downgrade" ELSE "neighbour")
          /\ mm' = [mm EXCEPT !.area = FALSE, !.grown = FALSE]
          /\ UNCHANGED <<pte, local>>
Neighbour == /\ Go(Unmap, "neighbour", IF mm.beside_stack THEN "zap" ELSE "downgrade")
             /\ IF mm.beside_stack THEN Set(Unmap, 0) ELSE UNCHANGED local
             /\ UNCHANGED <<mm, pte>>
Downgrade == /\ Go(Unmap, "downgrade", "zap")
             /\ mm' = [mm EXCEPT !.writer = FALSE, !.readers = @ + 1]
             /\ Set(Unmap, 0)
             /\ UNCHANGED pte
Zap == LET i == local[Unmap] IN
       /\ Go(Unmap, "zap", IF i < PAGES - 1 THEN "zap" ELSE "check")
       /\ pte' = pte \ {i}
       /\ IF i < PAGES - 1 THEN Set(Unmap, i + 1) ELSE UNCHANGED local
       /\ UNCHANGED mm
CheckZapped == /\ Go(Unmap, "check", "release")
               /\ Assert(pte = {}, "something is mapped behind munmap's back")
               /\ UNCHANGED <<mm, pte, local>>

Munmap == \/ Stay(Unmap, "idle") /\ ~Free
          \/ Write(Unmap, "look") \/ Look(Unmap, Covered, "detach")
          \/ Detach \/ Neighbour \/ Downgrade \/ Zap \/ CheckZapped
          \/ Release(Unmap, "idle")

Pick(f) == /\ Go(f, "pick", "idle")
           /\ \E p \in Page : Set(f, p)
           /\ UNCHANGED <<mm, pte>>
Retry(f) == Go(f, "idle", "pick") /\ mm.writer /\ UNCHANGED <<mm, pte, local>>
MapPage(f) == Go(f, "map", "check") /\ pte' = pte \cup {local[f]} /\ UNCHANGED <<mm, local>>
CheckPage(f) == /\ Go(f, "check", "release")
                /\ Assert(local[f] \in pte \/ local[f] > SERIAL, "a page is gone")
                /\ UNCHANGED <<mm, pte, local>>

Touch(f) == \/ Pick(f) \/ Retry(f) \/ Read(f, "look") \/ Look(f, Covered, "map")
            \/ MapPage(f) \/ CheckPage(f) \/ Release(f, "pick")

MapArea(m) == /\ Go(m, "map", "release")
              /\ mm' = [mm EXCEPT !.area = TRUE, !.beside_stack = ~@]
              /\ UNCHANGED <<pte, local>>
Mmap(m) == \/ Stay(m, "idle") /\ ~Free
           \/ Write(m, "look") \/ Look(m, ~Covered, "map") \/ MapArea(m) \/ Release(m, "idle")

GrowInto(g) == /\ Go(g, "grow", "release")
               /\ mm' = [mm EXCEPT !.grown = TRUE]
               /\ UNCHANGED <<pte, local>>
Grow(g) == \/ Stay(g, "idle") /\ mm.writer
           \/ Read(g, "look") \/ Look(g, mm.beside_stack /\ ~Covered, "grow")
           \/ GrowInto(g) \/ Release(g, "idle")

Next == \/ Munmap
        \/ \E f \in Fault : Touch(f)
        \/ \E m \in Mapper : Mmap(m)
        \/ \E g \in Grower : Grow(g)

Spec == Init /\ [][Next]_<<mm, pte, at, local>>

NoOverlap == ~(mm.area /\ mm.grown)
====================================================================================
