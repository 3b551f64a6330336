import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Credential } from '../../../src/core/operations/credentials.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { Store } from '../../../src/core/services/store.ts';
import { tokenIdOf } from '../../../src/core/token-form.ts';
import { callerOf, make, makeClient, openMemoryTestBed, type TestBed } from '../../support.ts';
import {
  ANN,
  clientCredentialOf,
  cutOff,
  expectRefused,
  isActive,
  LAMP,
  login,
  makeWorld,
  PASSWORD,
  readingOf,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';
import { bytesOfRow, storedRows } from '../stored-rows.ts';
import { wrapStore } from '../wrapped-store.ts';

const HOUR = 3_600_000;

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

describe('a credential is answered with a token', () => {
  const prefixes = { USER: 'syu_', DEVICE: 'syd_', APPLICATION: 'syp_', ADMIN: 'sya_', ANONYMOUS: 'syn_' };
  const cases: [string, keyof typeof prefixes, (world: World) => [Credential, World['backend'], string, string]][] = [
    ['a user', 'USER', (w) => [ANN, w.backend, w.annId, w.backend.caller.clientId]],
    ['a user, by a public caller', 'USER', (w) => [ANN, w.app, w.annId, w.tenantId]],
    ['a device by its vendor’s id', 'DEVICE', (w) => [LAMP, w.backend, w.lampId, w.backend.caller.clientId]],
    ['a device by its id', 'DEVICE', (w) => [deviceOf(w), w.app, w.lampId, w.tenantId]],
    ['a client', 'APPLICATION', (w) => [...own(w.backend), w.backend.caller.clientId, w.backend.caller.clientId]],
    ['an admin', 'ADMIN', (w) => [...own(w.admin), w.admin.caller.clientId, w.admin.caller.clientId]],
    [
      'a client whose secret a public caller presents',
      'APPLICATION',
      (w) => [clientCredentialOf(w.backend), w.app, w.backend.caller.clientId, w.backend.caller.clientId],
    ],
    ['nobody', 'ANONYMOUS', (w) => [{ kind: 'anonymous', clientId: w.tenantId }, w.app, w.tenantId, w.tenantId]],
  ];

  it.each(cases)('of %s: %s', async (_, kind, of) => {
    const [credential, call, subjectId, clientId] = of(world);
    const answer = await issue(world.services, call, { credential, scopes: ['read'] });

    expect(answer).toMatchObject({ kind, subjectId, scopes: ['read'], issueTime: world.clock.now });
    expect(answer.accessToken.startsWith(prefixes[kind])).toBe(true);
    expect(answer.refreshToken === undefined).toBe(kind === 'ANONYMOUS');
    expect(answer.refreshExpireTime === null).toBe(kind === 'ANONYMOUS');
    const reading = await readingOf(world, answer.accessToken);
    const { familyId, expireTime: accessExpireTime, tokenId } = answer;
    expect(tokenId).toBe(tokenIdOf('access', familyId, 0));
    expect(reading?.family).toMatchObject({ familyId, kind, clientId, subjectId, accessExpireTime });
    expect(await isActive(world, answer.accessToken)).toBe(true);
  });

  function own(call: World['backend']): [Credential, World['backend']] {
    return [clientCredentialOf(call), call];
  }

  function deviceOf(w: World): Credential {
    return { kind: 'device', deviceId: w.lampId, password: PASSWORD };
  }
});

it('stores neither half of a pair, only its digest', async () => {
  const { accessToken, refreshToken = '' } = await login(world, world.backend, { requestId: 'r-1' });
  const dump = Buffer.concat((await storedRows(bed.store)).map(bytesOfRow));
  for (const secret of [accessToken, refreshToken, PASSWORD]) {
    expect(dump.includes(secret)).toBe(false);
  }
  expect(dump.includes(Buffer.from(digestOf(accessToken)))).toBe(true);
});

it('answers no refresh token where the tenant has refresh off', async () => {
  const off = await makeWorld(bed, { refreshEnabled: false });
  const answer = await login(off);

  expect([answer.refreshToken, answer.refreshExpireTime]).toEqual([undefined, null]);
});

describe('a user is known by', () => {
  it.each([
    ['ann'],
    ['ANN'],
    ['LOGIN_NAME:Ann'],
    ['ann@example.com'],
    ['EMAIL:ANN@EXAMPLE.COM'],
    ['+819012341234'],
    ['PHONE:+819012341234'],
    ['PHONE:JP-09012341234'],
    [' Ann\n'],
    ['\uff21\uff2e\uff2e'],
    ['ann@example\u3002com.'],
    ['\uff0b81 (0)90 1234 1234'],
  ])('%s', async (username) => {
    const credential = { kind: 'user', username, password: PASSWORD } as const;
    expect((await issue(world.services, world.app, { credential })).subjectId).toBe(world.annId);
  });

  it.each([['An n'], ['EMAIL:ann'], ['LOGIN_NAME:ann@example.com'], ['Lamp-1'], ['ann@example.org'], ['%']])(
    'no %j',
    async (username) => {
      const credential = { kind: 'user', username, password: PASSWORD } as const;
      await expectRefused(issue(world.services, world.app, { credential }), 'invalid_credentials');
    },
  );

  it('no id, which is a device’s way', async () => {
    for (const credential of [
      { kind: 'user', username: world.annId, password: PASSWORD },
      { kind: 'device', deviceId: world.annId, password: PASSWORD },
      { kind: 'device_by_vendor_id', vendorId: 'lamp-1', password: PASSWORD },
    ] as const) {
      await expectRefused(issue(world.services, world.app, { credential }), 'invalid_credentials');
    }
  });
});

describe('a client', () => {
  it('presents its own secret, and no other’s', async () => {
    const credential = clientCredentialOf(world.admin);
    await expectRefused(issue(world.services, world.backend, { credential }), 'permission_denied');
  });

  it('of another tenant is unknown, no matter who presents its secret', async () => {
    const other = await makeWorld(bed);
    for (const credential of [
      clientCredentialOf(other.backend),
      { kind: 'anonymous', clientId: other.tenantId },
    ] as const) {
      await expectRefused(issue(world.services, world.app, { credential }), 'invalid_credentials');
    }
  });

  it('that is confidential is not anonymous, and one that is public has no secret', async () => {
    for (const credential of [
      { kind: 'anonymous', clientId: world.backend.caller.clientId },
      { kind: 'client', clientId: world.tenantId, clientSecret: 'x' },
      { kind: 'client', clientId: world.backend.caller.clientId, clientSecret: 'x' },
      { kind: 'client', clientId: 'nobody', clientSecret: 'x' },
      { kind: 'anonymous', clientId: 'nobody' },
    ] as const) {
      await expectRefused(issue(world.services, world.app, { credential }), 'invalid_credentials');
    }
  });

  it('has its secret until the secret expires', async () => {
    const secret = 'a secret of its own, long enough';
    const { store } = world.services;
    const clientId = `${world.tenantId}-short`;
    const [tenantId, expireTime] = [world.tenantId, world.clock.now + HOUR];
    const client = { clientId, tenantId, displayName: 'x', confidential: true, roles: [], scopes: [] };
    await make(store, {
      kind: 'create_client',
      client,
      secret: { secretId: 'cs_1', digest: digestOf(secret), expireTime },
    });
    const credential = { kind: 'client', clientId, clientSecret: secret } as const;

    world.clock.advance(HOUR - 1);
    await issue(world.services, world.app, { credential });
    const caller = await callerOf(world.services, clientId, secret);
    world.clock.advance(1);
    await expectRefused(issue(world.services, world.app, { credential }), 'invalid_credentials');
    await expectRefused(issue(world.services, { caller }, { credential }), 'invalid_credentials');
    await expectRefused(callerOf(world.services, clientId, secret), 'caller_unauthenticated');
  });
});

describe('what can’t be is refused before anything is looked up', () => {
  const user = (username: string, password = 'x') => ({ credential: { kind: 'user', username, password } as const });
  it.each([
    ['no user name', user('')],
    ['a user name of 255 characters', user('a'.repeat(255))],
    ['a NUL in a user name', user('ann\0')],
    ['no password', user('ann', '')],
    ['a password of more than 1,024 bytes', user('ann', 'é'.repeat(513))],
    ['a NUL in a password', user('ann', 'pass\0word')],
    ['no device', { credential: { kind: 'device', deviceId: '', password: 'x' } as const }],
    ['no vendor id', { credential: { kind: 'device_by_vendor_id', vendorId: '', password: 'x' } as const }],
    ['no client', { credential: { kind: 'client', clientId: '', clientSecret: 'x' } as const }],
    ['no client secret', { credential: { kind: 'client', clientId: 'x', clientSecret: '' } as const }],
    ['nobody in particular of no client', { credential: { kind: 'anonymous', clientId: '' } as const }],
    ['a scope with a space', { scopes: ['read write'] }],
    ['more than 64 scopes', { scopes: Array.from({ length: 65 }, (_, i) => `s${i}`) }],
    ['an empty request id', { requestId: '' }],
    ['a request id of more than 128 characters', { requestId: 'x'.repeat(129) }],
  ])('%s', async (_, request) => {
    await expectRefused(login(world, world.backend, request), 'invalid_argument');
  });
});

it('issues nothing for a caller that was disabled or deleted while the password was checked', async () => {
  for (const cause of ['disabled', 'deleted'] as const) {
    const clientId = `${world.tenantId}-${cause}`;
    const secret = await makeClient(world.services.store, world.tenantId, clientId);
    const caller = await callerOf(world.services, clientId, secret);
    await make(world.services.store, cutOff(world, 'client', clientId, cause));

    await expectRefused(login(world, { caller }), 'caller_unauthenticated');
  }
});

it('issues what a client is now whose role was taken since it was known', async () => {
  const { services, tenantId, admin: call } = world;
  const { clientId } = call.caller;
  await make(services.store, { kind: 'update_client', tenantId, clientId, roles: [] });
  const store = atMost(10, services.store);

  expect(await issue({ ...services, store }, call, { credential: clientCredentialOf(call) })).toMatchObject({
    kind: 'APPLICATION',
  });
});

/** Else what is tried again without end would keep everything else waiting, and this case too. */
function atMost(times: number, store: Store): Store {
  let left = times;
  const execute: Store['execute'] = (command, options) => {
    left -= 1;
    return left < 0 ? Promise.reject(new Error('tried again and again')) : store.execute(command, options);
  };
  return wrapStore(store, { execute });
}

it('does nothing when the caller’s deadline has passed', async () => {
  await expectRefused(login(world, { ...world.backend, deadline: Date.now() - 1 }), 'deadline_exceeded');
});
