/* The protocol of unmap-coarse.mmlock. Parameters: -DPAGES= -DFAULTS= -DMAPPERS= -DGROWERS=
 * -DSERIAL=. A d_step is one step, and so is a statement by itself. */

bool writer;            /* mmap_lock is held for write */
byte readers;           /* how many hold it for read */
bool area = true;       /* a VMA covers the range */
bool grown;             /* the stack above has grown into it */
bool beside_stack;      /* the neighbour above is a stack */
byte pte;               /* bit p: page p is mapped */

#define COVERED (area || grown)
#define PICK(q) d_step { !writer -> readers++; p = q }

active proctype munmap() {
  byte next;
idle:
  if :: d_step { !writer && readers == 0 -> writer = true } fi;
  if
  :: d_step { !COVERED -> writer = false }; goto idle
  :: d_step { COVERED -> area = false; grown = false; beside_stack = true }
  :: d_step { COVERED -> area = false; grown = false; beside_stack = false }
  fi;
  if
  :: d_step { !beside_stack -> writer = false; readers++ }
  :: beside_stack
  fi;
  do
  :: d_step { next < PAGES - 1 -> pte = pte & ~(1 << next); next++ }
  :: d_step { next == PAGES - 1 -> pte = pte & ~(1 << next); next = 0 }; break
  od;
  if
  :: d_step { writer -> assert(pte == 0); writer = false }
  :: d_step { !writer -> assert(pte == 0); readers-- }
  fi;
  goto idle
}

active [FAULTS] proctype fault() {
  byte p;
  do
  :: if
     :: PICK(0)
#if PAGES > 1
     :: PICK(1)
#endif
#if PAGES > 2
     :: PICK(2)
#endif
#if PAGES > 3
     :: PICK(3)
#endif
#if PAGES > 4
     :: PICK(4)
#endif
#if PAGES > 5
     :: PICK(5)
#endif
#if PAGES > 6
     :: PICK(6)
#endif
#if PAGES > 7
     :: PICK(7)
#endif
     fi;
     if
     :: COVERED;
        pte = pte | (1 << p);
        assert(((pte >> p) & 1) || p > SERIAL)
     :: else
     fi;
     d_step { readers--; p = 0 }
  od
}

#if MAPPERS > 0
active [MAPPERS] proctype mmap() {
  do
  :: d_step { !writer && readers == 0 -> writer = true };
     if
     :: !COVERED; d_step { area = true; beside_stack = false; assert(!(area && grown)) }
     :: else
     fi;
     writer = false
  od
}
#endif

#if GROWERS > 0
active [GROWERS] proctype grow() {
  do
  :: d_step { !writer -> readers++ };
     if
     :: beside_stack && !COVERED; d_step { grown = true; assert(!(area && grown)) }
     :: else
     fi;
     readers--
  od
}
#endif
