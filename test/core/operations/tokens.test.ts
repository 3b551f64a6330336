import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import { issue as issueOrAsk } from '../../../src/core/operations/issue.ts';
import { refresh } from '../../../src/core/operations/refresh.ts';
import { listTokens, revokeAll } from '../../../src/core/operations/tokens.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { enroll, expectRefused, login, makeWorld, PASSWORD, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';
import { codeOf, STEP_MS, secondStep } from '../second-factor-login.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

describe('live tokens', () => {
  it('are listed by id, without what has ended', async () => {
    const { services, admin, annId } = world;
    const [one, two] = [await login(world), await login(world)];
    const list = () => listTokens(services, admin, { kind: 'user', id: annId }, { pageSize: 0, pageToken: '' });
    expect((await list()).items.flatMap(({ tokens }) => tokens.map(({ tokenId }) => tokenId))).toEqual(
      expect.arrayContaining([one.tokenId, two.tokenId]),
    );
    await revokeAll(services, admin, { kind: 'user', id: annId });
    const { tokenId, familyId } = await login(world);
    const [listing] = (await list()).items;
    expect((await list()).items).toHaveLength(1);
    expect(listing?.family.familyId).toBe(familyId);
    expect(listing?.tokens.map((each) => each.tokenId)).toContain(tokenId);
    expect(JSON.stringify(await list())).not.toContain(one.accessToken);
  });

  it('tell the place of who logs in, also in a second step, and not of a service that does it in somebody’s name', async () => {
    const { services, app, backend, admin, annId, lampId } = world;
    const from = (call: Call) => ({ ...call, address: '192.0.2.7', agent: 'okhttp/4.12.0' });
    const user = { kind: 'user', username: 'ann', password: PASSWORD } as const;
    await issue(services, from(app), { credential: user });
    await issue(services, from(app), { credential: { kind: 'device', deviceId: lampId, password: PASSWORD } });
    for (const call of [backend, admin]) {
      await issue(services, from(call), { credential: user });
    }
    const placesOf = async (kind: 'user' | 'device' | 'client', id: string) => {
      const { items } = await listTokens(services, admin, { kind, id }, { pageSize: 0, pageToken: '' });
      return items.map(({ family: { placeAddress, placeAgent } }) => [placeAddress, placeAgent]).toSorted();
    };
    const place = ['192.0.2.7', 'okhttp/4.12.0'];
    const none = [null, null];
    expect(await placesOf('user', annId)).toEqual([none, none, place].toSorted());
    expect(await placesOf('device', lampId)).toEqual([place]);
    await issue(services, from(app), { credential: { kind: 'anonymous', clientId: world.tenantId } });
    expect(await placesOf('client', world.tenantId)).toEqual([none]);
    await revokeAll(services, admin, { kind: 'user', id: annId });
    const enrolled = await enroll(world, annId);
    world.clock.advance(STEP_MS);
    const asked = await issueOrAsk(services, from(app), { credential: user });
    const mfaToken = 'mfaToken' in asked ? asked.mfaToken : '';
    await secondStep(world, mfaToken, codeOf(world, enrolled), from(app));
    expect(await placesOf('user', annId)).toEqual([place]);
  });

  it('tell when they were refreshed last', async () => {
    const { services, backend, admin, annId } = world;
    const { refreshToken = '' } = await login(world);
    world.clock.advance(5_000);
    await refresh(services, backend, { refreshToken });
    const { items } = await listTokens(services, admin, { kind: 'user', id: annId }, { pageSize: 0, pageToken: '' });
    expect(items).toMatchObject([{ lastUseTime: world.clock.now, family: { issueTime: world.clock.now - 5_000 } }]);
  });

  it('of another tenant’s user are as unknown', async () => {
    const other = await makeWorld(bed);
    const page = { pageSize: 0, pageToken: '' };
    for (const id of [other.annId, 'nobody']) {
      await expectRefused(listTokens(world.services, world.admin, { kind: 'user', id }, page), 'not_found');
    }
  });
});
