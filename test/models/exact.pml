/*
 * A worker's exact cache on SQLite and the revision that it answers with. The writer commits revision 1, which kills the token,
 * moves the slot and the revision in shared memory, and answers. The worker holds a reading and answers "active at r" from it.
 * E1  an "active at r" is never answered with r >= the killing revision (a verifier would keep it for good)
 * E2  a call that begins after the answer is not told "active"
 */
byte slot, rev; bit answered, committed;
active proctype writer() {
  atomic { committed = 1 }
#ifdef BUG_REV_FIRST
  rev = 1; slot = 1;
#else
  slot = 1; rev = 1;
#endif
  answered = 1
}
proctype worker() {
  byte r, s; bit late;
  /* the reading was made at slot 0 */
  late = answered;
#ifdef BUG_REV_LAST
  s = slot; r = rev;
#else
  r = rev; s = slot;
#endif
  if
  :: s == 0 -> assert(r < 1); assert(!late)
  :: else
  fi
}
init { run worker(); run worker() }
