/**
 * Hashing on threads of a lower priority than the one that answers calls: a flood of logins must not make Introspect wait. Linux
 * schedules threads one by one, and lets each give way of its own accord (setpriority(2)); elsewhere nothing changes.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';

const THREADS = '/proc/self/task';
/** What libuv names the threads that it hashes, reads files and resolves names on. */
const POOL_THREAD = 'libuv-worker';

/** About a sixth of the share that others have where they compete: less would starve logins while Introspect is busy. */
const NICENESS = 8;

/** To be called once the pool has started, which its first work does. */
export function lowerHashingPriority(): void {
  if (process.platform !== 'linux') {
    return;
  }
  try {
    for (const thread of readdirSync(THREADS)) {
      if (readFileSync(`${THREADS}/${thread}/comm`, 'utf8').trim() === POOL_THREAD) {
        setPriority(Number(thread), NICENESS);
      }
    }
  } catch {
    // A sandbox without /proc: logins are as right, only not as modest.
  }
}
