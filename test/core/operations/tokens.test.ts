import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listTokens, revokeAll } from '../../../src/core/operations/tokens.ts';
import { openMemoryTestBed, type TestBed } from '../../support.ts';
import { expectRefused, login, makeWorld, type World } from '../fixtures.ts';

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

  it('of another tenant’s user are as unknown', async () => {
    const other = await makeWorld(bed);
    const page = { pageSize: 0, pageToken: '' };
    for (const id of [other.annId, 'nobody']) {
      await expectRefused(listTokens(world.services, world.admin, { kind: 'user', id }, page), 'not_found');
    }
  });
});
