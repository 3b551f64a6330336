import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { USED_CODE_MEMORY_MS } from '../../../src/core/lifetimes.ts';
import type { Call } from '../../../src/core/operations/authenticate.ts';
import {
  beginDeviceAuthorization,
  decideDeviceAuthorization,
  findDeviceAuthorization,
} from '../../../src/core/operations/device-authorization.ts';
import { DEVICE_CODE_LIFETIME_MS, EXPIRED_CODE_MEMORY_MS } from '../../../src/core/rules/device-authorizations.ts';
import { CONSENTS } from '../../../src/core/tables/consents.ts';
import { newUserCode, showUserCode, toUserCode } from '../../../src/core/text/user-codes.ts';
import { make, makeUser, openMemoryTestBed, random, type TestBed } from '../../support.ts';
import { makeOAuthClient, signIn } from '../authorization-fixtures.ts';
import { cutOff, expectRefused, isTokenLive, makeWorld, refreshed, revisionOf, type World } from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;
let tv: Call;
let ann: Call;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
  tv = await makeOAuthClient(world, 'tv', { confidential: false });
  ann = await signIn(world);
});

const begin = (client: Call = tv, scopes: readonly string[] = []) =>
  beginDeviceAuthorization(world.services, client, { scopes });
const poll = (deviceCode: string, client: Call = tv) =>
  issue(world.services, client, { credential: { kind: 'device_code', deviceCode } });
const find = (userCode: string, user: Call = ann) => findDeviceAuthorization(world.services, user, userCode);
const decide = (userCode: string, decision: 'approve' | 'deny' = 'approve', user: Call = ann) =>
  decideDeviceAuthorization(world.services, user, userCode, decision);

/** Another code of the same form. */
const wrongCode = (code: string) => code.replace(/.$/, (last) => (last === 'B' ? 'C' : 'B'));

describe('a device that asks for authorization', () => {
  it('gets two codes, and tokens once the user has approved it', async () => {
    const begun = await begin(tv, ['read']);
    expect(begun).toMatchObject({ intervalMs: 5_000, expireTime: world.clock.now + DEVICE_CODE_LIFETIME_MS });
    expect(begun.userCode).toMatch(/^[BCDFGHJKLMNPQRSTVWXZ]{4}-[BCDFGHJKLMNPQRSTVWXZ]{4}$/);
    await expectRefused(poll(begun.deviceCode), 'authorization_pending');
    expect(await find(begun.userCode)).toMatchObject({
      client: { clientId: tv.caller.clientId },
      scopes: ['read'],
      audience: null,
    });
    await decide(begun.userCode);
    const tokens = await poll(begun.deviceCode);
    expect(tokens).toMatchObject({ kind: 'USER', subjectId: world.annId, scopes: ['read'] });
    expect(await isTokenLive(world, tokens.accessToken)).toBe(true);
    const by = { tenantId: world.tenantId, subjectId: world.annId };
    expect(await bed.store.list(CONSENTS, by, { limit: 9 })).toMatchObject([{ scopes: ['read'] }]);
  });

  it('that the user denies gets nothing', async () => {
    const { deviceCode, userCode } = await begin();
    await decide(userCode, 'deny');
    await expectRefused(poll(deviceCode), 'access_denied');
    await expectRefused(find(userCode), 'invalid_code');
    const by = { tenantId: world.tenantId, subjectId: world.annId };
    expect(await bed.store.list(CONSENTS, by, { limit: 9 })).toEqual([]);
  });

  it('is told to slow down when it asks too soon, by 5 seconds more each time', async () => {
    const { deviceCode } = await begin();
    await expectRefused(poll(deviceCode), 'authorization_pending');
    world.clock.advance(4_000);
    await expect(poll(deviceCode)).rejects.toMatchObject({ code: 'slow_down', retryAfterMs: 10_000 });
    world.clock.advance(9_000);
    await expect(poll(deviceCode)).rejects.toMatchObject({ code: 'slow_down', retryAfterMs: 15_000 });
    world.clock.advance(15_000);
    await expectRefused(poll(deviceCode), 'authorization_pending');
  });

  it('may ask every 5 seconds', async () => {
    const { deviceCode } = await begin();
    for (let i = 0; i < 5; i++) {
      await expectRefused(poll(deviceCode), 'authorization_pending');
      world.clock.advance(5_000);
    }
  });

  it('is told when it is too late, for a while', async () => {
    const [late, approved] = [await begin(), await begin()];
    await decide(approved.userCode);
    world.clock.advance(DEVICE_CODE_LIFETIME_MS - 1);
    await expectRefused(poll(late.deviceCode), 'authorization_pending');
    world.clock.advance(1);
    await expectRefused(poll(late.deviceCode), 'expired_token');
    await expectRefused(poll(approved.deviceCode), 'expired_token');
    await expectRefused(find(late.userCode), 'invalid_code');
    await expectRefused(decide(late.userCode), 'invalid_code');
    world.clock.advance(EXPIRED_CODE_MEMORY_MS);
    await bed.store.purgeExpired(1_000);
    await expectRefused(poll(late.deviceCode), 'invalid_grant');
  });

  it('that asks again after its tokens ends them, for a day', async () => {
    const { deviceCode, userCode } = await begin();
    await decide(userCode);
    const tokens = await poll(deviceCode);
    world.clock.advance(USED_CODE_MEMORY_MS - 1);
    await bed.store.purgeExpired(1_000);
    const before = (await revisionOf(world)) ?? 0;
    await expectRefused(poll(deviceCode), 'invalid_grant');
    expect(await isTokenLive(world, tokens.accessToken)).toBe(false);
    expect(await revisionOf(world)).toBe(before + 1);
    await expectRefused(refreshed(world, tokens, tv), 'invalid_refresh_token');
    await expectRefused(poll(deviceCode), 'invalid_grant');
    expect(await revisionOf(world)).toBe(before + 1);
  });

  it('of several questions at once gets tokens once', async () => {
    const { deviceCode, userCode } = await begin();
    await decide(userCode);
    const results = await Promise.allSettled([1, 2, 3].map(() => poll(deviceCode)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is of a client that has the grant, and asks for what that registered', async () => {
    const web = await makeOAuthClient(world, 'web', { grants: ['authorization_code'] });
    await expectRefused(begin(web), 'unauthorized_client');
    await expectRefused(begin(world.app), 'unauthorized_client');
    await expectRefused(begin(tv, ['admin']), 'scope_not_allowed');
    await expectRefused(begin(tv, ['"']), 'invalid_argument');
    await expectRefused(
      beginDeviceAuthorization(world.services, tv, { resource: 'https://nobody.example' }),
      'invalid_target',
    );
    const { userCode } = await begin();
    expect(await find(userCode)).toMatchObject({ scopes: ['read', 'write'] });
  });

  it('is bound to its client and tenant', async () => {
    const { deviceCode, userCode } = await begin();
    const other = await makeWorld(bed);
    await expectRefused(find(userCode, await signIn(other)), 'invalid_code');
    await expectRefused(decide(userCode, 'approve', await signIn(other)), 'invalid_code');
    await decide(userCode);
    await expectRefused(poll(deviceCode, await makeOAuthClient(world, 'other')), 'invalid_grant');
    await expectRefused(poll(deviceCode, await makeOAuthClient(other, 'tv')), 'invalid_grant');
    await expectRefused(poll('rubbish'), 'invalid_grant');
    await poll(deviceCode);
  });

  it('gets nothing after what ends its user’s tokens', async () => {
    const { deviceCode, userCode } = await begin();
    await decide(userCode);
    await make(bed.store, cutOff(world, 'user', world.annId, 'revoked'));
    await expectRefused(poll(deviceCode), 'invalid_grant');
  });

  it('can’t be begun without an end from one address', async () => {
    const from = { ...tv, address: '192.0.2.1' };
    for (let i = 0; i < 120; i++) {
      await begin(from);
    }
    await expectRefused(begin(from), 'overloaded');
    await begin({ ...tv, address: '192.0.2.2' });
  });
});

describe('the code that a user types', () => {
  it('is decided on once', async () => {
    const { deviceCode, userCode } = await begin();
    await decide(userCode);
    await expectRefused(decide(userCode, 'deny'), 'invalid_code');
    await poll(deviceCode);
  });

  it('is decided on by one of several users at once', async () => {
    const { userCode } = await begin();
    const results = await Promise.allSettled(
      (['approve', 'deny', 'approve'] as const).map((decision) => decide(userCode, decision)),
    );
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  });

  it('is typed in any case, with and without hyphens and spaces', async () => {
    const { userCode } = await begin();
    for (const typed of [userCode.toLowerCase(), userCode.replace('-', ''), ` ${userCode.replace('-', ' ')} `]) {
      expect(await find(typed)).toBeDefined();
    }
  });

  it('is for a user who is signed in', async () => {
    const { userCode } = await begin();
    await expectRefused(find(userCode, world.backend), 'permission_denied');
    await expectRefused(decide(userCode, 'approve', tv), 'permission_denied');
  });

  it('can be guessed 20 times an hour by one user, whatever codes of its own it knows', async () => {
    const { services, tenantId } = world;
    const { userCode } = await begin();
    for (let i = 0; i < 20; i++) {
      await find(userCode);
      await expectRefused(find(wrongCode(userCode)), 'invalid_code');
    }
    await expectRefused(find(userCode), 'too_many_failed_logins');
    await expectRefused(decide(userCode), 'too_many_failed_logins');
    await makeUser(services, tenantId, { subjectId: `bob-${tenantId}`, loginName: 'bob', password: 'a long password' });
    const bob = await signIn(world, { username: 'bob', password: 'a long password' });
    expect(await find(userCode, bob)).toBeDefined();
    world.clock.advance(3_600_000);
    await expectRefused(find(userCode, bob), 'invalid_code');
    expect(await find((await begin()).userCode)).toBeDefined();
  });

  it('is of 20 letters, each as likely as the others', () => {
    const counts = new Map<string, number>();
    for (let i = 0; i < 5_000; i++) {
      for (const letter of newUserCode(random)) {
        counts.set(letter, (counts.get(letter) ?? 0) + 1);
      }
    }
    expect(counts.size).toBe(20);
    for (const count of counts.values()) {
      expect(Math.abs(count - 2_000)).toBeLessThan(300);
    }
  });

  it.each(['', 'BCDF', 'BCDF-GHJ', 'BCDF-GHJKL', 'ABCD-EFGH', 'BCDF-GHJ1'])('is not %j', (typed) => {
    expect(toUserCode(typed)).toBeUndefined();
  });

  it('is shown in two halves', () => {
    expect(showUserCode('BCDFGHJK')).toBe('BCDF-GHJK');
    expect(toUserCode('ｂｃｄｆ-ghjk')).toBe('BCDFGHJK');
  });
});
