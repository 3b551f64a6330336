/** A process with some verifiers of the SDK, each with a connection of its own. `fleet.ts` starts it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Verifier } from '../../sdk/typescript/server/src/index.ts';
import { monotonicMs, type Tells, type Told } from './messages.ts';

/** Between two checks of one verifier: a denial may be seen so much later than it was. */
const PAUSE_MS = 1;

let verifiers: Verifier[] = [];

const tell = (message: Tells): void => void process.send?.(message);

process.on('message', async (told: Told) => {
  if (told.kind === 'open') {
    const { address, client, verifiers: count } = told;
    const { client_id: clientId, client_secret: clientSecret } = client;
    verifiers = Array.from({ length: count }, () => new Verifier({ address, clientId, clientSecret }));
    while (!verifiers.every(({ isOpen }) => isOpen)) {
      await sleep(10);
    }
    tell({ kind: 'opened' });
  } else if (told.kind === 'hold') {
    await Promise.all(verifiers.map((verifier) => hold(verifier, told.token)));
    tell({ kind: 'held' });
  } else {
    const denials = await untilDenied(told.token);
    const last = (of: (denial: Denial) => number) => Math.max(...denials.map(of));
    tell({ kind: 'denied', at: last(({ at }) => at), answeredAt: last(({ answeredAt }) => answeredAt) });
  }
});

process.on('disconnect', () => process.exit());

/** Resolves when memory says that it is live. */
async function hold(verifier: Verifier, token: string): Promise<void> {
  while (verifier.kept(token) === undefined) {
    // One that fails is asked again.
    const caller = await verifier.check(token).catch(() => null);
    if (caller === undefined) {
      throw new Error('a token that nobody revoked is denied');
    }
  }
}

interface Denial {
  readonly at: number;
  readonly answeredAt: number;
}

/** One timer for all of them: what looks costs little beside what is looked at. */
async function untilDenied(token: string): Promise<Denial[]> {
  const live = new Set(verifiers);
  const denials: Denial[] = [];
  while (denials.length < verifiers.length) {
    for (const verifier of live) {
      const at = monotonicMs();
      if (verifier.kept(token) === undefined) {
        live.delete(verifier);
        verifier.check(token).then(
          (caller) => (caller === undefined ? denials.push({ at, answeredAt: monotonicMs() }) : live.add(verifier)),
          () => live.add(verifier),
        );
      }
    }
    await sleep(PAUSE_MS);
  }
  return denials;
}
