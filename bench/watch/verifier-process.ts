/** A process with some verifiers of the SDK, each with a connection of its own. `fleet.ts` starts it. */
import { setTimeout as sleep } from 'node:timers/promises';
import { Verifier } from '../../sdk/typescript/src/index.ts';
import { monotonicMs, type Tells, type Told } from './messages.ts';

/** Between two checks of one verifier: so much later than it was may a denial be seen. */
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
  } else {
    await Promise.all(verifiers.map((verifier) => hold(verifier, told.token)));
    tell({ kind: 'held' });
    await denied(told.token);
  }
});

process.on('disconnect', () => process.exit());

/** Resolves when memory says that it is live. */
async function hold(verifier: Verifier, token: string): Promise<void> {
  for (;;) {
    const answer = verifier.check(token);
    if (!(answer instanceof Promise)) {
      return;
    }
    // One that fails is asked again.
    const caller = await answer.catch(() => null);
    if (caller === undefined) {
      throw new Error('a token that nobody revoked is denied');
    }
  }
}

async function denied(token: string): Promise<void> {
  const times = await Promise.all(verifiers.map((verifier) => untilDenied(verifier, token)));
  const last = (of: (time: { at: number; answeredAt: number }) => number) => Math.max(...times.map(of));
  tell({ kind: 'denied', at: last(({ at }) => at), answeredAt: last(({ answeredAt }) => answeredAt) });
}

async function untilDenied(verifier: Verifier, token: string): Promise<{ at: number; answeredAt: number }> {
  for (;;) {
    const at = monotonicMs();
    const answer = verifier.check(token);
    if (answer instanceof Promise && (await answer.catch(() => null)) === undefined) {
      return { at, answeredAt: monotonicMs() };
    }
    await sleep(PAUSE_MS);
  }
}
