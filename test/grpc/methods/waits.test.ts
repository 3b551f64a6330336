/** `wait`: every method that ends tokens takes it, and is answered when who watches knows of it. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AwaitedVerifiers, RevocationWait, RevokeRequest } from '../../../gen/ts/symbolon/v1/token_service.ts';
import { MessageChannel } from '../../../gen/ts/symbolon/v1/user_service.ts';
import { MAX_WAITS } from '../../../src/core/services/waits.ts';
import type { OpenWatcher } from '../../../src/watch/registry.ts';
import { contractRegistry } from '../../contract/descriptors.ts';
import { makeTenant, WATCHERS } from '../../support.ts';
import { CREDENTIALS, failureOf, introspect, issue } from '../client.ts';
import { type DirectoryBed, device, type MethodName, openDirectoryBed, user } from './bed.ts';

let bed: DirectoryBed;
const watching = new Map<string, OpenWatcher>();
/** What was awaited last. */
let awaited: readonly [string, number] | undefined;
let isFrozen = false;

beforeAll(async () => {
  bed = await openDirectoryBed();
  for (const tenantId of ['shop', 'acme']) {
    watching.set(tenantId, WATCHERS.open(tenantId, 'one'));
  }
  WATCHERS.onAwaited((tenantId, revision) => {
    const watcher = watching.get(tenantId);
    if (watcher !== undefined && !isFrozen) {
      awaited = [tenantId, revision];
      watcher.sent(revision);
      watcher.acknowledged(revision);
    }
  });
  await makeTenant(bed.store, 'shop');
});

afterAll(async () => {
  for (const watcher of watching.values()) {
    watcher.close();
  }
  await bed.close();
});

const methodsWith = (field: string) =>
  ['Token', 'Tenant', 'Client', 'User', 'Device'].flatMap((noun) =>
    (contractRegistry().getService(`symbolon.v1.${noun}Service`)?.methods ?? []).filter(
      ({ methodKind, output }) => methodKind === 'unary' && output.fields.some(({ name }) => name === field),
    ),
  );

/** Those whose answer has the revision at which tokens ended, as the contract has them: `token.Revoke`. */
const ENDING = methodsWith('verifiers');

interface Ended {
  readonly revision: number;
  readonly verifiers: AwaitedVerifiers | undefined;
}

const WAIT = { wait: RevocationWait.VERIFIERS };
const PASSWORD = 'correct horse battery';
let count = 0;

async function newUser() {
  count += 1;
  const loginName = `waiting-${count}`;
  const email = `${loginName}@example.com`;
  const { user: made } = await bed.call('registerUser', { loginName, email, emailVerified: true, password: PASSWORD });
  return { id: made?.userId ?? '', ref: user.loginName(loginName) };
}

async function newDevice() {
  count += 1;
  const vendorId = `waiting-${count}`;
  await bed.call('registerDevice', { vendorId, password: PASSWORD });
  return device.vendorId(vendorId);
}

async function deviceWithToken() {
  const device = await newDevice();
  await bed.call('giveDeviceToken', { device });
  return device;
}

async function newClient() {
  const { client } = await bed.call('createClient', { tenantId: 'acme', confidential: true });
  return client?.clientId ?? '';
}

/** A gateway with a device behind it. */
async function house() {
  const house = { gateway: await newDevice(), endNode: await newDevice() };
  await bed.call('attachEndNode', house);
  return house;
}

/** What each is called with. */
const CALLS: Readonly<Record<string, () => Promise<Ended>>> = {
  revoke: async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    return bed.call('revoke', { target: { $case: 'token', value: accessToken }, ...WAIT });
  },
  revokeAll: async () => bed.call('revokeAll', { target: { $case: 'userId', value: (await newUser()).id }, ...WAIT }),
  disableTenant: () => bed.call('disableTenant', { tenantId: 'shop', ...WAIT }, bed.as.operator),
  addClientSecret: async () => bed.call('addClientSecret', { clientId: await newClient(), reset: true, ...WAIT }),
  disableClient: async () => bed.call('disableClient', { clientId: await newClient(), ...WAIT }),
  deleteClient: async () => bed.call('deleteClient', { clientId: await newClient(), ...WAIT }),
  changeUserPassword: async () =>
    bed.call('changeUserPassword', { user: (await newUser()).ref, newPassword: PASSWORD, ...WAIT }),
  completePasswordReset: async () => {
    const { id, ref } = await newUser();
    await bed.call('requestPasswordReset', { user: ref, channel: MessageChannel.EMAIL }, bed.as.public);
    const code = await bed.codeOf(id, 'reset_password');
    return bed.call('completePasswordReset', { user: ref, code, newPassword: PASSWORD, ...WAIT }, bed.as.public);
  },
  disableUser: async () => bed.call('disableUser', { user: (await newUser()).ref, ...WAIT }),
  deleteUser: async () => bed.call('deleteUser', { user: (await newUser()).ref, ...WAIT }),
  changeDevicePassword: async () =>
    bed.call('changeDevicePassword', { device: await newDevice(), newPassword: PASSWORD, ...WAIT }),
  attachEndNode: async () =>
    bed.call('attachEndNode', { gateway: await newDevice(), endNode: (await house()).endNode, ...WAIT }),
  detachEndNode: async () => bed.call('detachEndNode', { ...(await house()), ...WAIT }),
  addDeviceOwner: async () =>
    bed.call('addDeviceOwner', { device: await newDevice(), userId: (await newUser()).id, ...WAIT }),
  removeDeviceOwner: async () => {
    const owned = { device: await newDevice(), userId: (await newUser()).id };
    await bed.call('addDeviceOwner', owned);
    return bed.call('removeDeviceOwner', { ...owned, ...WAIT });
  },
  giveDeviceToken: async () => bed.call('giveDeviceToken', { device: await deviceWithToken(), ...WAIT }),
  revokeDeviceToken: async () => bed.call('revokeDeviceToken', { device: await deviceWithToken(), ...WAIT }),
  disableDevice: async () => bed.call('disableDevice', { device: await newDevice(), ...WAIT }),
  deleteDevice: async () => bed.call('deleteDevice', { device: await newDevice(), ...WAIT }),
};

/** These end nothing here, for what an admin attached stays. They wait for the revision that there is, which is acknowledged. */
const OF_OWNERS = ['addDeviceOwner', 'removeDeviceOwner'];

describe('a method that ends tokens', () => {
  it('is every one that answers a revision, but for what reads one', () => {
    const writing = methodsWith('revision')
      .map(({ name }) => name)
      .filter((name) => name !== 'Introspect');
    expect(ENDING.map(({ name }) => name)).toEqual(writing);
    expect(ENDING.filter(({ input }) => !input.fields.some(({ name }) => name === 'wait'))).toEqual([]);
    expect(Object.keys(CALLS).sort()).toEqual(ENDING.map(({ localName }) => localName).sort());
  });

  it.each(Object.keys(CALLS))('waits for who watches its tenant at %s', async (name) => {
    awaited = undefined;
    const answer = await CALLS[name]?.();
    expect(answer?.verifiers).toMatchObject({ acknowledged: 1, waitedOut: 0, unknownWaitedOut: false });
    const tenantId = name === 'disableTenant' ? 'shop' : 'acme';
    expect(awaited).toEqual(OF_OWNERS.includes(name) ? undefined : [tenantId, answer?.revision]);
  });

  it.each(ENDING.map(({ localName }) => localName as MethodName))(
    'refuses a wait that it does not know at %s',
    async (name) => {
      const as = name === 'disableTenant' ? bed.as.operator : bed.as.admin;
      expect(await failureOf(bed.call(name, { wait: 7 } as never, as))).toMatchObject({
        status: 'INVALID_ARGUMENT',
        message: 'wait must be a RevocationWait, and nothing was ended',
      });
    },
  );
});

describe('Revoke with a wait', () => {
  const revoke = (value: string, as = bed.as.admin, options: object = WAIT) =>
    bed.call('revoke', { target: { $case: 'token', value }, ...options }, as);

  it('tells of no wait where none was asked for', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    expect((await revoke(accessToken, bed.as.admin, {})).verifiers).toBeUndefined();
  });

  it('waits for the current revision when the token is dead or unknown', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    await revoke(accessToken, bed.as.admin, {});
    for (const token of [accessToken, 'made-up']) {
      watching.set('acme', WATCHERS.open('acme', 'one'));
      awaited = undefined;
      const { revision, revoked, verifiers } = await revoke(token);
      expect({ revoked, verifiers }).toMatchObject({ revoked: false, verifiers: { acknowledged: 1 } });
      expect(awaited).toEqual(['acme', revision]);
    }
  });

  it('waits out who does not acknowledge', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    isFrozen = true;
    const { verifiers } = await revoke(accessToken).finally(() => {
      isFrozen = false;
    });
    expect(verifiers).toMatchObject({ acknowledged: 0, waitedOut: 1, unknownWaitedOut: false });
    const { seconds = 0, nanos = 0 } = verifiers?.waited ?? {};
    expect(seconds * 1e9 + nanos).toBeGreaterThanOrEqual(1.2e9);
  });

  it('ends at the deadline, and the token has ended', async () => {
    const revokeWithin = (value: string, ms: number) =>
      new Promise((resolve, reject) => {
        const request = RevokeRequest.fromPartial({ target: { $case: 'token', value }, ...WAIT });
        const deadline = Date.now() + ms;
        bed.client.revoke(request, bed.as.admin, { deadline }, (error, answer) =>
          error ? reject(error) : resolve(answer),
        );
      });
    isFrozen = true;
    try {
      // Of a machine that stalls, the revocation may not have begun by then.
      for (let isActive = true; isActive; ) {
        const { accessToken } = await issue(bed, CREDENTIALS.user());
        expect(await failureOf(revokeWithin(accessToken, 1_100))).toMatchObject({ status: 'DEADLINE_EXCEEDED' });
        isActive = (await introspect(bed, accessToken)).active;
      }
    } finally {
      isFrozen = false;
    }
  });

  it('ends nothing when too many wait already', async () => {
    const { accessToken } = await issue(bed, CREDENTIALS.user());
    const leaves = await Promise.all(Array.from({ length: MAX_WAITS }, () => bed.services.waits.enter('acme', false)));
    const failure = await failureOf(revoke(accessToken));
    expect(failure).toMatchObject({ status: 'RESOURCE_EXHAUSTED', retryDelaySeconds: 1 });
    expect(await introspect(bed, accessToken)).toMatchObject({ active: true });
    for (const leave of leaves) {
      leave();
    }
    expect((await revoke(accessToken)).revoked).toBe(true);
  });

  it('gives its place back, however it ends', async () => {
    for (let i = 0; i < MAX_WAITS; i += 1) {
      await failureOf(bed.call('revoke', { target: { $case: 'token', value: '' }, ...WAIT }));
    }
    expect((await revoke('made-up')).revoked).toBe(false);
  });
});
