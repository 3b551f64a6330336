import { setTimeout as sleep } from 'node:timers/promises';

/** Waits for what may never be answered, and no longer than that. */
export async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  const abort = new AbortController();
  await Promise.race([work, sleep(ms, undefined, { signal: abort.signal }).catch(() => undefined)]);
  abort.abort();
}
