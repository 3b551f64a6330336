/**
 * What has reached the machine before the servers stop listening is in flight for its sender, although nobody here has read it yet.
 * Node accepts one connection in each turn of its event loop (libuv since 1.45), and closing a listener or a connection resets what
 * waits unread: its client would see ECONNRESET, and could not know whether its request was carried out.
 */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { setImmediate } from 'node:timers/promises';

/** Node tells it each connection that any server of this process accepts. */
const ACCEPTED = 'net.server.socket';
/** One shows that no connection waits any more; in the others the requests that came over the last one are read. */
const QUIET_TURNS = 3;
/** Connections that go on coming are not waited for. */
const MAX_DURATION_MS = 1_000;

/** Lets the servers take in the connections and requests that wait for this process. */
export async function takeIn(): Promise<void> {
  const giveUpTime = performance.now() + MAX_DURATION_MS;
  let quietTurns = 0;
  const onAccepted = () => {
    quietTurns = 0;
  };
  subscribe(ACCEPTED, onAccepted);
  try {
    while (quietTurns < QUIET_TURNS && performance.now() < giveUpTime) {
      await setImmediate();
      quietTurns += 1;
    }
  } finally {
    unsubscribe(ACCEPTED, onAccepted);
  }
}
