/** When it is looked up whether the caller of a stream still stands, and that no heartbeat is answered until it is known. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { SymbolonError } from '../../src/core/errors.ts';
import type { LogReading } from '../../src/core/services/revocation-log.ts';
import type { Standing } from '../../src/watch/standing.ts';
import { TENANT } from '../store/fixtures.ts';
import { HubBed, STANDS, turns } from './hub-bed.ts';

let bed: HubBed;
let change: (reading: LogReading) => LogReading;
beforeEach(async () => {
  change = (reading) => reading;
  bed = await HubBed.start((store) => ({
    readRevocations: async (...asked) => (await store.readRevocations(...asked)).map((reading) => change(reading)),
  }));
});
afterEach(() => bed[Symbol.asyncDispose]());

/** A reading of a store that does not push. */
async function poll(): Promise<void> {
  await bed.timing.pass(25);
  await turns();
}

interface LookUp {
  readonly stand: (standing: Standing) => void;
  readonly refuse: (error: SymbolonError) => void;
}

/** Whose look-ups the test answers. */
function askedStanding(fields: Partial<Standing>): { standing: Standing; lookUps: LookUp[] } {
  const lookUps: LookUp[] = [];
  const renew = () => new Promise<Standing>((stand, refuse) => lookUps.push({ stand, refuse }));
  return { standing: { ...STANDS, ...fields, renew }, lookUps };
}

const ended = () => new SymbolonError('caller_unauthenticated', 'It has ended');

it('who proved itself by a token is looked up once more when it follows the log: the token may have ended before', async () => {
  const { standing, lookUps } = askedStanding({ mayHaveEnded: true });
  const [good, bad] = [
    bed.watch({ standing, heartbeat: 1 }),
    bed.watch({ standing: { ...standing, credential: {} }, heartbeat: 1 }),
  ];
  await poll();
  for (const { sink } of [good, bad]) {
    expect(sink.messages.map(({ heartbeat }) => heartbeat)).toEqual([0]);
  }
  lookUps[0]?.stand(standing);
  lookUps[1]?.refuse(ended());
  await turns();
  expect(good.sink.last).toMatchObject({ heartbeat: 1 });
  expect(bad.sink.messages.map(({ heartbeat }) => heartbeat)).toEqual([0]);
  expect(bad.sink.error).toMatchObject({ code: 'caller_unauthenticated' });
});

it('what was looked up before the last change lets no heartbeat be answered', async () => {
  const { standing, lookUps } = askedStanding({ keys: [TENANT] });
  const { sink, say } = bed.watch({ standing });
  await poll();
  await bed.revoke();
  await poll();
  await bed.revoke();
  say({ heartbeat: 1 });
  await poll();
  await bed.timing.pass(50);
  expect(lookUps).toHaveLength(2);
  lookUps[0]?.stand(standing);
  await turns();
  expect(sink.revisions).toEqual([1, 2]);
  expect(sink.messages.filter(({ heartbeat }) => heartbeat > 0)).toEqual([]);
  lookUps[1]?.refuse(ended());
  await turns();
  expect(sink.error).toMatchObject({ code: 'caller_unauthenticated' });
  expect(sink.messages.filter(({ heartbeat }) => heartbeat > 0)).toEqual([]);
});

it('one that came before the others of its tenant is never sent back to where they are', async () => {
  const first = bed.watch();
  await poll();
  await bed.revoke(1_200);
  const late = bed.watch();
  await poll();
  expect(late.sink.last.step.revision).toBe(1_200);
  bed.registry.follow(TENANT, 1_200, () => {})();
  bed.registry.follow(TENANT, 1_100, () => {});
  await turns();
  for (let i = 0; i < 4; i++) {
    await poll();
  }
  expect(first.sink.revisions).toHaveLength(1_200);
  expect(late.sink.messages.map(({ step }) => step.revision)).toEqual(late.sink.messages.map(() => 1_200));
  await bed.revoke();
  await poll();
  expect(late.sink.last.step).toMatchObject({ previous: 1_200, revision: 1_201 });
});
