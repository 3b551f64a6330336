/** What our advisory locks are called. */

/** "Symb": other programs may use the same database. */
export const LOCK_SPACE = 0x53796d62;
export const MIGRATION_LOCK = 1;
export const PURGE_LOCK = 2;
export const COPY_LOCK = 3;
