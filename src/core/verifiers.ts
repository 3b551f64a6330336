/** The times of verifiers and watchers: what the contract promises of them, and what follows from it. In milliseconds. */

/** B: for how long after the sending of an answered heartbeat a verifier may answer from memory. It may take less, and never more. */
export const MAX_BOUND_MS = 1_000;

/** W: the barrier's longest wait. It is B and 9 % that each of two clocks may be wrong by: 1.2 = 1.09 / 0.91. */
export const MAX_WAIT_MS = 1_200;

/** H: a verifier sends a heartbeat this often, whether or not those before were answered. */
export const HEARTBEAT_MS = 250;

/** What a watcher may send. */
export const MAX_HEARTBEATS_PER_SECOND = 20;

/** What a watcher may leave unread. */
export const MAX_UNSENT_BYTES = 256 * 1024;
