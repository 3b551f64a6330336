/** What the SDK does with peers that are not servers: little, and it heals. */
import { expect, it } from 'vitest';
import type { SymbolonError, Verifier } from '../../../sdk/typescript/server/src/index.ts';
import { eventually } from '../../process/program.ts';
import { MANNERS, type Manner, Peer } from './peer.ts';

const CHECKS = 100;

/** Sees one stream through, whichever it is, so that the verifier is open. */
async function heals(peer: Peer, verifier: Verifier): Promise<void> {
  const good = peer.becomeGood();
  await eventually('open', () => {
    const stream = good.streams.at(-1);
    if (stream?.isNew && stream.start !== undefined) {
      stream.send({ revision: 1, afresh: true });
    }
    return verifier.isOpen || undefined;
  });
}

it.concurrent.for([
  ['HTTP/2', true],
  ['TLS', false],
] as const)('of a peer that accepts and says nothing of %s it holds one connection', async ([, plaintext]) => {
  await using peer = await Peer.start('silent');
  const ends: SymbolonError[] = [];
  const verifier = peer.verifier({ plaintext, onWatchEnd: (error) => ends.push(error) });
  const asked = Promise.resolve(verifier.check('syu_one')).catch((error: SymbolonError) => error.code);
  await eventually('two ends', () => ends.length >= 2 || undefined);
  await eventually('a third connection', () => peer.connections === 3 || undefined);
  // The one before may be there for calls that are under way on it, and there are none.
  await eventually('one connection', () => peer.open.size === 1 || undefined);
  expect(peer.mostOpen).toBeLessThanOrEqual(2);
  expect(ends[0]?.message).toContain('answers no heartbeat');
  expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(await asked);
  if (plaintext) {
    await heals(peer, verifier);
  }
  verifier.close();
  await eventually('no connection', () => peer.open.size === 0 || undefined);
});

it.concurrent.for((Object.keys(MANNERS) as Manner[]).filter((manner) => manner !== 'silent'))(
  'of a peer that answers with %s it asks seldom, and heals',
  async (manner) => {
    await using peer = await Peer.start(manner);
    const ends: SymbolonError[] = [];
    using verifier = peer.verifier({ onWatchEnd: (error) => ends.push(error) });
    const answers: Promise<unknown>[] = [];
    for (let count = 0; count < CHECKS; count += 1) {
      answers.push(Promise.resolve(verifier.check('syu_one')).catch((error: SymbolonError) => error.code));
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    for (const answer of await Promise.all(answers)) {
      expect(['UNAVAILABLE', 'DEADLINE_EXCEEDED']).toContain(answer);
    }
    // As many as there are waits for them, and not one for each check and each of its repetitions.
    expect(peer.connections).toBeLessThan(CHECKS / 2);
    expect(peer.mostOpen).toBeLessThanOrEqual(2);
    expect(ends.every(({ code }) => code === 'UNAVAILABLE' || code === 'INTERNAL')).toBe(true);
    await heals(peer, verifier);
  },
);
