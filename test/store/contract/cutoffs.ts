import { beforeEach, expect, it } from 'vitest';
import type { Issue } from '../../../src/core/commands/issue.ts';
import type { Target } from '../../../src/core/model.ts';
import { findSubject } from '../../../src/core/services/lookups.ts';
import { execute, make } from '../../support.ts';
import {
  ANN,
  APP,
  begin,
  clientOf,
  cutOff,
  isPairLive,
  issueOf,
  makeAcme,
  readingOf,
  refreshOf,
  refusalOf,
  revisionOf,
  subjectOf,
  TENANT,
  type UnderTest,
} from '../fixtures.ts';
import { findById } from '../people.ts';

const LEVELS: readonly Target[] = [
  { kind: 'tenant', id: TENANT },
  { kind: 'client', id: APP },
  { kind: 'user', id: ANN },
];

export function cutoffs(test: UnderTest): void {
  let old: Issue;

  beforeEach(async () => {
    await makeAcme(test.store);
    old = await begin(test.store);
  });

  const isTokenLive = (issue: Issue) => isPairLive(test, issue);

  async function refreshing(issue: Issue): Promise<string | undefined> {
    return refusalOf(await execute(test.store, refreshOf(issue)));
  }

  it.each(LEVELS)('ends what was issued before a cutoff of its $kind, and nothing issued after', async (target) => {
    await make(test.store, cutOff(target.kind, target.id));
    const fresh = await begin(test.store);

    expect([await isTokenLive(old), await isTokenLive(fresh)]).toEqual([false, true]);
    expect([await refreshing(old), await refreshing(fresh)]).toEqual(['invalid_refresh_token', undefined]);
  });

  it.each(LEVELS)('tells the cutoff of a $kind and no other’s', async (target) => {
    await make(test.store, cutOff('user', ANN));
    await make(test.store, cutOff(target.kind, target.id));

    const reading = await readingOf(test.store, old.familyId);
    const cutoffOf = {
      tenant: reading?.tenant.cutoff,
      client: reading?.client?.cutoff,
      user: reading?.subject?.cutoff,
    };
    expect(cutoffOf).toEqual({ tenant: 0, client: 0, user: 1, [target.kind]: 2 });
  });

  it('combines the cutoffs of all levels by max, in whatever order they came', async () => {
    const orders = LEVELS.flatMap((last) => LEVELS.filter((first) => first !== last).map((first) => [first, last]));
    for (const [first, last] of orders) {
      const before = await begin(test.store);
      await make(test.store, cutOff(first?.kind ?? 'tenant', first?.id ?? ''));
      const between = await begin(test.store);
      await make(test.store, cutOff(last?.kind ?? 'tenant', last?.id ?? ''));
      const after = await begin(test.store);

      const lives = [await isTokenLive(before), await isTokenLive(between), await isTokenLive(after)];
      expect(lives, `${first?.kind}, then ${last?.kind}`).toEqual([false, false, true]);
    }
  });

  it('cuts off within one millisecond, and with a clock that was set back', async () => {
    await make(test.store, cutOff('user', ANN));
    const fresh = await begin(test.store);
    test.clock.advance(-3_600_000);
    await make(test.store, cutOff('user', ANN));

    expect(await isTokenLive(fresh)).toBe(false);
    expect(await isTokenLive(await begin(test.store))).toBe(true);
  });

  it.each(LEVELS)(
    'ends everything of a disabled $kind, and revives nothing when it is enabled again',
    async (target) => {
      await make(test.store, cutOff(target.kind, target.id, 'disabled'));
      expect(refusalOf(await execute(test.store, issueOf()))).toBe('invalid_credentials');
      expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);

      await make(test.store, { kind: 'enable', tenantId: TENANT, target });
      expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);
      expect(await isTokenLive(await begin(test.store))).toBe(true);
    },
  );

  it('ends everything of a deleted user, and revives nothing when one of the same id and name is made', async () => {
    await make(test.store, cutOff('user', ANN, 'deleted'));
    expect(await findById(test.store, ANN)).toBeUndefined();
    expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);

    await make(test.store, subjectOf());
    expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);
    expect(await isTokenLive(await begin(test.store))).toBe(true);
  });

  it('ends everything of a deleted client, secrets included, and revives nothing when the id is used again', async () => {
    const { secret } = clientOf(APP);
    await make(test.store, cutOff('client', APP, 'deleted'));
    expect(await test.store.readClient(APP)).toBeUndefined();
    expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);

    await make(test.store, { ...clientOf(APP), ...(secret && { secret }) });
    expect((await test.store.readClient(APP))?.secrets.map((each) => new Uint8Array(each.digest))).toEqual([
      secret?.digest,
    ]);
    expect([await isTokenLive(old), await refreshing(old)]).toEqual([false, 'invalid_refresh_token']);
    expect(await isTokenLive(await begin(test.store))).toBe(true);
  });

  it('frees the names of a deleted user', async () => {
    await make(test.store, subjectOf({ subjectId: 'user-bob', loginName: 'bob' }));
    await make(test.store, cutOff('user', 'user-bob', 'deleted'));
    expect(await findSubject(test.store, TENANT, { kind: 'login_name', key: 'bob' })).toBeUndefined();

    await make(test.store, subjectOf({ subjectId: 'user-bob-2', loginName: 'bob' }));
  });

  it('deletes no tenant, for another of its id could revive its tokens', async () => {
    const outcome = await execute(test.store, cutOff('tenant', TENANT, 'deleted'));

    expect(refusalOf(outcome)).toBe('invalid_argument');
    expect(await revisionOf(test.store)).toBe(0);
    expect(await isTokenLive(old)).toBe(true);
  });
}
