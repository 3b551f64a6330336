import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { authenticate, authenticateAsKnown, clientCredential } from '../../../src/core/operations/authenticate.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { revoke } from '../../../src/core/operations/revoke.ts';
import { digestOf, formatSecret } from '../../../src/core/secrets.ts';
import { make, makeClient, openTestBed, type TestBed } from '../../support.ts';
import {
  clientCredentialOf,
  cutOff,
  cutOffAndEnable,
  expectRefused,
  isActive,
  login,
  makeWorld,
  refreshed,
  type World,
} from '../fixtures.ts';
import { issue } from '../issue.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
});

function look(token: string, atLeastRevision?: number) {
  const request = atLeastRevision === undefined ? { token } : { token, atLeastRevision };
  return introspect(world.services, world.watcher, request);
}

it('tells all about a live token, field for field', async () => {
  const {
    accessToken,
    refreshToken: _,
    refreshExpireTime: __,
    ...tokens
  } = await login(world, world.backend, {
    scopes: ['write', 'read'],
  });

  expect(await look(accessToken)).toEqual({
    active: true,
    revision: 0,
    tenantId: world.tenantId,
    clientId: world.backend.caller.clientId,
    ...tokens,
  });
});

it('tells nothing about a dead one but the revision', async () => {
  const { accessToken } = await login(world);
  await revoke(world.services, world.backend, { by: 'token', token: accessToken });

  expect(await look(accessToken)).toEqual({ active: false, revision: 1 });
});

describe('says inactive of', () => {
  it('a refresh token', async () => {
    const { refreshToken = '' } = await login(world);
    expect(await look(refreshToken)).toEqual({ active: false, revision: 0 });
  });

  it('what was never issued, was changed, or is rubbish', async () => {
    const { accessToken } = await login(world);
    const swapped = accessToken.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));
    for (const token of [formatSecret('syu_', randomBytes(32)), swapped, 'x', accessToken.toLowerCase(), 'é']) {
      expect(await look(token)).toEqual({ active: false, revision: 0 });
    }
  });

  it('another tenant’s token', async () => {
    const { accessToken } = await login(await makeWorld(bed));
    expect(await look(accessToken)).toEqual({ active: false, revision: 0 });
  });

  it('a token that was replaced', async () => {
    const first = await login(world);
    const second = await refreshed(world, first);
    expect([await isActive(world, first.accessToken), await isActive(world, second.accessToken)]).toEqual([
      false,
      true,
    ]);
  });
});

describe('is for', () => {
  it('admins and those who have the role', async () => {
    const { accessToken: token } = await login(world);
    for (const call of [world.watcher, world.admin]) {
      expect(await introspect(world.services, call, { token })).toMatchObject({ active: true });
    }
    for (const call of [world.backend, world.app]) {
      await expectRefused(introspect(world.services, call, { token }), 'permission_denied');
    }
  });

  it('their bearer tokens too', async () => {
    const { accessToken: token } = await login(world);
    const own = await issue(world.services, world.watcher, { credential: clientCredentialOf(world.watcher) });
    const caller = await authenticate(world.services, { kind: 'bearer', digest: digestOf(own.accessToken) });

    expect(await introspect(world.services, { caller }, { token })).toMatchObject({ active: true });
  });
});

describe('at_least_revision', () => {
  it('is answered when the store is there', async () => {
    const { accessToken, familyId } = await login(world);
    const { revision } = await revoke(world.services, world.backend, { by: 'family_id', familyId });

    expect(await look(accessToken, revision)).toEqual({ active: false, revision });
    expect(await look('rubbish', revision)).toEqual({ active: false, revision });
  });

  it('is refused when the store is not, with the time to wait', async () => {
    const { accessToken } = await login(world);
    for (const token of [accessToken, 'rubbish', formatSecret('syu_', randomBytes(32))]) {
      await expect(look(token, 1)).rejects.toMatchObject({ code: 'revision_not_reached', retryAfterMs: 1_000 });
    }
  });
});

it('refuses nothing, too much, and a NUL as an invalid argument', async () => {
  for (const token of ['', 'x'.repeat(4_097), 'syu_\0']) {
    await expectRefused(look(token), 'invalid_argument');
  }
});

describe('a caller that is known from before', () => {
  let credential: ReturnType<typeof clientCredential>;
  let clientId: string;
  let token: string;

  beforeEach(async () => {
    clientId = `${world.tenantId}-known`;
    credential = clientCredential(
      clientId,
      await makeClient(world.services.store, world.tenantId, clientId, ['introspect']),
    );
    token = (await login(world)).accessToken;
    expect(await introspectAsKnown(token)).toMatchObject({ active: true });
  });

  async function introspectAsKnown(text: string) {
    const caller = await authenticateAsKnown(world.services, credential);
    return introspect(world.services, { caller }, { token: text });
  }

  it.each(['disabled', 'deleted'] as const)('is refused as soon as it is %s', async (cause) => {
    await make(world.services.store, cutOff(world, 'client', clientId, cause));

    for (const text of [token, 'rubbish', formatSecret('syu_', randomBytes(32))]) {
      await expectRefused(introspectAsKnown(text), 'caller_unauthenticated');
    }
  });

  it('is refused when that happened after it was authenticated', async () => {
    const caller = await authenticateAsKnown(world.services, credential);
    await make(world.services.store, cutOff(world, 'client', clientId, 'disabled'));

    for (const text of [token, 'rubbish']) {
      await expectRefused(introspect(world.services, { caller }, { token: text }), 'caller_unauthenticated');
    }
  });

  it('is refused when its tenant is disabled', async () => {
    await make(world.services.store, cutOff(world, 'tenant', world.tenantId, 'disabled'));

    for (const text of [token, 'rubbish']) {
      await expectRefused(introspectAsKnown(text), 'caller_unauthenticated');
    }
  });

  it('is known again when it is enabled, and sees what happened in between', async () => {
    await cutOffAndEnable(world, 'client', clientId);
    expect(await introspectAsKnown(token)).toMatchObject({ active: true, revision: 1 });
    await cutOffAndEnable(world, 'tenant', world.tenantId);
    expect(await introspectAsKnown(token)).toEqual({ active: false, revision: 2 });
  });

  it('is refused with another secret, at once and after the right one', async () => {
    const wrong = clientCredential(clientId, 'wrong');
    await expectRefused(authenticateAsKnown(world.services, wrong), 'caller_unauthenticated');
    expect(await introspectAsKnown(token)).toMatchObject({ active: true });
    await expectRefused(authenticateAsKnown(world.services, wrong), 'caller_unauthenticated');
  });

  it('is refused when its secret has expired, though nothing was written', async () => {
    const secret = 'a secret of its own, long enough';
    const { tenantId } = world;
    const expireTime = world.clock.now + 1_000;
    const short = clientCredential(`${clientId}-short`, secret);
    await make(world.services.store, {
      kind: 'create_client',
      client: {
        clientId: `${clientId}-short`,
        tenantId,
        displayName: 'x',
        confidential: true,
        roles: ['introspect'],
        scopes: [],
      },
      secret: { secretId: 'cs_1', digest: digestOf(secret), expireTime },
    });
    const caller = await authenticateAsKnown(world.services, short);
    expect(await introspect(world.services, { caller }, { token })).toMatchObject({ active: true });
    world.clock.advance(1_000);

    await expectRefused(authenticateAsKnown(world.services, short), 'caller_unauthenticated');
  });

  it('that another tenant made anew under the same id sees that tenant only', async () => {
    const other = await makeWorld(bed);
    await make(world.services.store, cutOff(world, 'client', clientId, 'deleted'));
    const { store } = world.services;
    await make(store, {
      kind: 'create_client',
      client: {
        clientId,
        tenantId: other.tenantId,
        displayName: 'x',
        confidential: true,
        roles: ['introspect'],
        scopes: [],
      },
      secret: {
        secretId: 'cs_1',
        digest: digestOf(credential.kind === 'client' ? credential.secret : ''),
        expireTime: null,
      },
    });

    expect(await introspectAsKnown(token)).toEqual({ active: false, revision: 0 });
    expect(await introspectAsKnown((await login(other)).accessToken)).toMatchObject({ tenantId: other.tenantId });
  });

  it('without a credential, or with an unknown one, is nobody', async () => {
    await expectRefused(authenticateAsKnown(world.services, undefined), 'caller_unauthenticated');
    const nobody = clientCredential('nobody', 'x');
    await expectRefused(authenticateAsKnown(world.services, nobody), 'caller_unauthenticated');
  });
});

it('asks anew without a staleness when a reading is of no tenant, and so at most once', async () => {
  const { accessToken: token } = await login(world, world.backend);
  const asked: unknown[] = [];
  const store = Object.create(world.services.store, {
    readToken: {
      value: (tenantId: string, digest: Uint8Array, bounds?: unknown) => {
        asked.push(bounds);
        return bounds === undefined
          ? world.services.store.readToken(tenantId, digest)
          : Promise.resolve({ reading: undefined, revision: 0, clientVersion: -1 });
      },
    },
    readClient: { value: (clientId: string) => world.services.store.readClient(clientId) },
  });
  const request = { token, maxStalenessMs: 1_000, atLeastRevision: 0 };
  expect(await introspect({ ...world.services, store }, world.watcher, request)).toMatchObject({ active: true });
  expect(asked).toEqual([{ maxStalenessMs: 1_000, atLeastRevision: 0 }, undefined]);
});
