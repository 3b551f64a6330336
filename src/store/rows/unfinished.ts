/** What marks a store as a copy that is not finished: a table in it, which goes when the copy was verified. Nothing serves it till then. */

/** One row for each table: how far it was copied, and from where. */
export const PROGRESS_TABLE = 'copy_progress';

export const UNFINISHED =
  'it is an unfinished copy of another store, which nothing may serve. Run the same `symbolon store copy` again, which goes on with it';
