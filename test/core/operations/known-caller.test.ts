/** Callers by what was known of their clients, which the reading of the token confirms. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  authenticate,
  type CallerCredential,
  clientCredential,
  knownCaller,
} from '../../../src/core/operations/authenticate.ts';
import { introspect } from '../../../src/core/operations/introspect.ts';
import { digestOf } from '../../../src/core/secrets.ts';
import type { Services } from '../../../src/core/services/services.ts';
import { make, makeClient, openMemoryTestBed, type TestBed } from '../../support.ts';
import { cutOff, cutOffAndEnable, expectRefused, login, makeWorld, type World } from '../fixtures.ts';
import { madeUp } from '../made-up.ts';

let bed: TestBed;
let world: World;

beforeAll(async () => {
  bed = await openMemoryTestBed();
});
afterAll(() => bed.close());
beforeEach(async () => {
  world = await makeWorld(bed);
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

    for (const text of [token, 'rubbish', madeUp('access')]) {
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

/** As gRPC does it. */
async function authenticateAsKnown(services: Services, credential: CallerCredential | undefined) {
  return knownCaller(services, credential) ?? authenticate(services, credential);
}
