/** Whatever ends a login, or the right of who asks about it: once that is answered, nothing says at once that a token is live. */
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { authenticate, type Call, knownCaller } from '../../../src/core/operations/authenticate.ts';
import { addClientSecret, expireClientSecret } from '../../../src/core/operations/client-secrets.ts';
import { enableClient, endClient, getClient, updateClient } from '../../../src/core/operations/clients.ts';
import { endDevice } from '../../../src/core/operations/devices.ts';
import { introspect, introspectNow } from '../../../src/core/operations/introspect.ts';
import { operatorOnMachine } from '../../../src/core/operations/machine-operator.ts';
import { changeUserPassword } from '../../../src/core/operations/passwords.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { disableTenant, enableTenant } from '../../../src/core/operations/tenants.ts';
import { revokeAll } from '../../../src/core/operations/tokens.ts';
import { endUser } from '../../../src/core/operations/users.ts';
import { openTestBed, type TestBed } from '../../support.ts';
import { ANN, LAMP, login, makeWorld, refreshed, type World } from '../fixtures.ts';

type Tokens = Awaited<ReturnType<typeof login>>;

let bed: TestBed;
let world: World;
let tokens: Tokens;
let other: Tokens;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

/** As a door does: by what is known of the caller. */
function now(token = tokens.accessToken) {
  const caller = knownCaller(world.services, world.watcher.caller.credential);
  try {
    return caller && introspectNow(world.services, { caller }, { token });
  } catch {
    // Left to the other way.
    return undefined;
  }
}

/** Kept, and so is another login of the tenant, of another subject and client. */
async function loginKept(credential = ANN): Promise<Tokens> {
  other = await login(world, world.app, { credential: credential === ANN ? LAMP : ANN });
  tokens = await login(world, world.backend, { credential });
  const caller = await authenticate(world.services, world.watcher.caller.credential);
  for (const { accessToken } of [other, tokens]) {
    await introspect(world.services, { caller }, { token: accessToken });
    expect(now(accessToken)?.active).toBe(true);
  }
  return tokens;
}

/** As by a check of another login: then it is not the tenant's new revision alone that tells of a change. */
async function renewTenant(): Promise<void> {
  await world.services.store.readFamily(world.tenantId, other.familyId);
}

async function machine(): Promise<Call> {
  return { caller: await operatorOnMachine(world.services, { tenantId: world.tenantId, name: 'root' }) };
}

const watcherId = () => world.watcher.caller.clientId;
const backendId = () => world.backend.caller.clientId;
const ann = () => ({ by: 'user_id', userId: world.annId }) as const;

const ENDINGS: Record<string, () => Promise<unknown>> = {
  'its token': () => revoke(world.services, world.backend, { by: 'token', token: tokens.accessToken }),
  'its id': () => revoke(world.services, world.admin, { by: 'family_id', familyId: tokens.familyId }),
  'all of its user': () => revokeAll(world.services, world.admin, { kind: 'user', id: world.annId }),
  'all of its client': () => revokeAll(world.services, world.admin, { kind: 'client', id: backendId() }),
  'all of its tenant': () => revokeAll(world.services, world.admin, { kind: 'tenant', id: world.tenantId }),
  'its user, disabled': () => endUser(world.services, world.admin, ann(), 'disabled'),
  'its user, deleted': () => endUser(world.services, world.admin, ann(), 'deleted'),
  'its client, disabled': () => endClient(world.services, world.admin, backendId(), 'disabled'),
  'its client, deleted': () => endClient(world.services, world.admin, backendId(), 'deleted'),
  'its client’s secrets, reset': () =>
    addClientSecret(world.services, world.admin, { clientId: backendId(), reset: true }),
  'its user’s password': () => changeUserPassword(world.services, world.admin, ann(), undefined, 'another one, long'),
  'its tenant, disabled': async () => disableTenant(world.services, await machine(), world.tenantId),
  'a refresh': () => refreshed(world, tokens),
  'an old refresh token': async () => {
    const second = await refreshed(world, await refreshed(world, tokens));
    await expect(refreshed(world, tokens)).rejects.toThrow();
    expect(now(second.accessToken)?.active).not.toBe(true);
  },
};

it.each(Object.keys(ENDINGS))('ended by %s', async (name) => {
  await loginKept();
  await ENDINGS[name]?.();
  expect(now()?.active).not.toBe(true);
  // Nor where all else was read again: the caller and the tenant, and then the token.
  const caller = await authenticate(world.services, world.watcher.caller.credential).catch(() => undefined);
  await renewTenant();
  expect(now()?.active).not.toBe(true);
  if (caller !== undefined) {
    expect((await introspect(world.services, { caller }, { token: tokens.accessToken })).active).toBe(false);
    expect(now()?.active).not.toBe(true);
  }
});

it.each(['disabled', 'deleted'] as const)('ended by its device, %s', async (cause) => {
  await loginKept(LAMP);
  await endDevice(world.services, world.admin, { by: 'device_id', deviceId: world.lampId }, cause);
  await renewTenant();
  expect(now()?.active).not.toBe(true);
});

it('stays ended when what was disabled is enabled again', async () => {
  await loginKept();
  await disableTenant(world.services, await machine(), world.tenantId);
  await enableTenant(world.services, await machine(), world.tenantId);
  await renewTenant();
  expect(now()?.active).not.toBe(true);
  await loginKept();
  await endClient(world.services, world.admin, backendId(), 'disabled');
  await enableClient(world.services, world.admin, backendId());
  await renewTenant();
  expect(now()?.active).not.toBe(true);
});

const CALLERS: Record<string, () => Promise<unknown>> = {
  'is disabled': () => endClient(world.services, world.admin, watcherId(), 'disabled'),
  'is deleted': () => endClient(world.services, world.admin, watcherId(), 'deleted'),
  'has no role any more': () => updateClient(world.services, world.admin, { clientId: watcherId(), roles: [] }),
  'has another secret': () => addClientSecret(world.services, world.admin, { clientId: watcherId(), reset: true }),
  'has none any more': async () => {
    const { secrets } = await getClient(world.services, world.admin, watcherId());
    await expireClientSecret(world.services, world.admin, watcherId(), secrets[0]?.secretId ?? '');
  },
};

it.each(Object.keys(CALLERS))('tells a caller nothing that %s', async (name) => {
  await loginKept();
  await CALLERS[name]?.();
  expect(now()).toBeUndefined();
  await renewTenant();
  expect([now(), now(other.accessToken)]).toEqual([undefined, undefined]);
});
