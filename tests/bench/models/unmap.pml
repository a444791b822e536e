/* The protocol of unmap.mmlock, step for step. Parameters: -DPAGES= -DFAULTS= -DMAPPERS=
 * -DGROWERS= -DSERIAL= and -DRACY. A statement or a d_step is one step. */

bool writer;            /* mmap_lock is held for write */
byte readers;           /* how many hold it for read */
bool area = true;       /* a VMA covers the range */
bool grown;             /* the stack above has grown into it */
bool beside_stack;      /* the neighbour above is a stack */
byte pte;               /* bit p: page p is mapped */

#define COVERED (area || grown)

inline release_read() { readers-- }
inline release_write() { writer = false }

active proctype munmap() {
  byte i;
  do
  :: writer || readers > 0
  :: d_step { !writer && readers == 0 -> writer = true };
     if
     :: COVERED;
        d_step { area = false; grown = false };
#ifdef RACY
        d_step { writer = false; readers++; i = 0 };
#else
        if
        :: d_step { beside_stack -> i = 0 }
        :: !beside_stack; d_step { writer = false; readers++; i = 0 }
        fi;
#endif
        do
        :: d_step { i < PAGES - 1 -> pte = pte & ~(1 << i); i++ }
        :: d_step { i == PAGES - 1 -> pte = pte & ~(1 << i) }; break
        od;
        assert(pte == 0)
     :: else
     fi;
     if
     :: d_step { writer -> release_write() }
     :: d_step { !writer -> release_read() }
     fi
  od
}

active [FAULTS] proctype fault() {
  byte p;
  do
  :: if
     :: p = 0
#if PAGES > 1
     :: p = 1
#endif
#if PAGES > 2
     :: p = 2
#endif
#if PAGES > 3
     :: p = 3
#endif
#if PAGES > 4
     :: p = 4
#endif
#if PAGES > 5
     :: p = 5
#endif
#if PAGES > 6
     :: p = 6
#endif
#if PAGES > 7
     :: p = 7
#endif
     fi;
     if
     :: writer
     :: d_step { !writer -> readers++ };
        if
        :: COVERED;
           pte = pte | (1 << p);
           assert(((pte >> p) & 1) || p > SERIAL)
        :: else
        fi;
        release_read()
     fi
  od
}

#if MAPPERS > 0
active [MAPPERS] proctype mmap() {
  do
  :: writer || readers > 0
  :: d_step { !writer && readers == 0 -> writer = true };
     if
     :: !COVERED;
        d_step { area = true; beside_stack = !beside_stack; assert(!(area && grown)) }
     :: else
     fi;
     release_write()
  od
}
#endif

#if GROWERS > 0
active [GROWERS] proctype grow() {
  do
  :: writer
  :: d_step { !writer -> readers++ };
     if
     :: beside_stack && !COVERED;
        d_step { grown = true; assert(!(area && grown)) }
     :: else
     fi;
     release_read()
  od
}
#endif
